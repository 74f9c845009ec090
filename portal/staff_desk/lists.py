"""Short lists that the Journal keeps for its portal: redirections, and pages that a search shows first.

Written as plain views over rows of the portal in scope: nothing is looked up that is not of it.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from directory.models import SearchPick, SearchSynonym
from directory.searching import synonyms as meanings
from home import audit
from home.choosers import OwnPageChooser
from home.models import PortalRole
from home.tenancy import current_site, current_site_id
from portal.staff_desk.rights import for_roles
from portal.staff_desk.screens import screen
from portal.staffing import JOURNAL

Rows = models.QuerySet[Any]


class PortalPageField(forms.ModelChoiceField):
    """A page of the portal in scope; any other does not exist."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Page.objects.none(), widget=OwnPageChooser(), **kwargs)

    def to_python(self, value: Any) -> Page | None:
        if value in self.empty_values:
            return None
        pages = Page.objects.descendant_of(current_site().root_page, inclusive=True)
        found = pages.filter(pk=value).first() if str(value).isdecimal() and len(str(value)) < 10 else None
        if found is None:
            raise ValidationError(_("Choisissez une page de ce portail."), code="not_here")
        return found


class RedirectForm(forms.ModelForm):
    redirect_page = PortalPageField(label=gettext_lazy("Vers une page du portail"), required=False)
    redirect_link = forms.URLField(
        label=gettext_lazy("Ou vers une autre adresse"),
        help_text=gettext_lazy("Complète, comme https://exemple.ca/page."),
        required=False,
        max_length=255,
        assume_scheme="https",
    )

    class Meta:
        model = Redirect
        fields = ("old_path", "redirect_page", "redirect_link", "is_permanent")
        labels = {
            "old_path": gettext_lazy("Ancienne adresse"),
            "is_permanent": gettext_lazy("Pour toujours"),
        }
        help_texts = {
            "old_path": gettext_lazy("Sans le nom du site, comme /commerces/ancien-nom."),
            "is_permanent": gettext_lazy("Les moteurs de recherche oublient alors l’ancienne adresse."),
        }
        error_messages = {
            "old_path": {"required": gettext_lazy("Écrivez l’ancienne adresse, comme /ancien-nom.")}
        }

    def clean_old_path(self) -> str:
        written = str(self.cleaned_data["old_path"]).strip()
        if not written.startswith("/") or written.startswith("//"):
            raise ValidationError(_("L’ancienne adresse commence par une barre, comme /ancien-nom."))
        normal = str(Redirect.normalise_path(written))
        if portal_redirects().filter(old_path=normal).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Cette ancienne adresse est déjà redirigée."))
        return normal

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = [bool(cleaned.get(name)) for name in ("redirect_page", "redirect_link")]
        if not self.errors and sum(chosen) != 1:
            self.add_error(
                "redirect_page", _("Choisissez une page, ou écrivez une adresse\u00a0: l’une des deux.")
            )
        return cleaned


class PickForm(forms.ModelForm):
    page = PortalPageField(
        label=gettext_lazy("Page à montrer en premier"),
        error_messages={"required": gettext_lazy("Choisissez la page à montrer.")},
    )

    class Meta:
        model = SearchPick
        fields = ("words", "page", "reason", "sort_order")
        help_texts = {
            "words": gettext_lazy("Tels que les gens les écrivent; les accents ne comptent pas."),
            "reason": gettext_lazy(
                "Les gens la lisent sous le titre, comme «\u00a0Tout sur la fête des sucres\u00a0»."
            ),
            "sort_order": gettext_lazy("Le plus petit vient en premier."),
        }
        error_messages = {
            "words": {"required": gettext_lazy("Écrivez les mots cherchés, comme «\u00a0sucre\u00a0».")}
        }

    def clean_words(self) -> str:
        return " ".join(str(self.cleaned_data["words"]).split())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        same = SearchPick.objects.filter(words=cleaned.get("words"), page=cleaned.get("page"))
        if not self.errors and same.exclude(pk=self.instance.pk).exists():
            self.add_error("page", _("Cette page est déjà montrée pour ces mots."))
        return cleaned


class SynonymForm(forms.ModelForm):
    class Meta:
        model = SearchSynonym
        fields = ("words", "means")
        help_texts = {
            "words": gettext_lazy(
                "Tels que les gens les écrivent, comme «\u00a0char\u00a0»; les accents ne comptent pas."
            ),
            "means": gettext_lazy(
                "Avec des virgules entre eux, comme «\u00a0auto, garage, mécanique\u00a0»."
            ),
        }
        error_messages = {
            "words": {"required": gettext_lazy("Écrivez les mots que les gens cherchent.")},
            "means": {"required": gettext_lazy("Écrivez ce qu’il faut chercher aussi.")},
        }

    def clean_words(self) -> str:
        words = " ".join(str(self.cleaned_data["words"]).split())
        if not list(meanings.phrases(words)):
            raise ValidationError(_("Écrivez au moins un mot qui veut dire quelque chose."))
        if meanings.is_stated(words, but=self.instance.pk):
            raise ValidationError(_("Ces mots sont déjà dans la liste."))
        return words

    def clean_means(self) -> str:
        means = " ".join(str(self.cleaned_data["means"]).split())
        if not list(meanings.phrases(means)):
            raise ValidationError(_("Écrivez au moins un mot à chercher aussi."))
        return means

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 - as Django calls it
        row = super().save(commit)
        meanings.forget_meanings()
        return row


def portal_redirects() -> Rows:
    """The portal's own; one that counts for every portal is the operator's."""
    return Redirect.objects.filter(site=current_site_id())


def portal_picks() -> Rows:
    return SearchPick.objects.all()


class HouseList:
    """A list with its form, under one namespace. ``tell`` gives a row's two columns."""

    roles: tuple[PortalRole, ...] = JOURNAL

    def __init__(
        self,
        namespace: str,
        title: Any,
        lead: Any,
        columns: tuple[Any, Any],
        rows: Callable[[], Rows],
        form_class: type[forms.ModelForm],
        tell: Callable[[Any], tuple[str, str]],
    ) -> None:
        self.namespace, self.title, self.lead, self.columns = namespace, title, lead, columns
        self.rows, self.form_class, self.tell = rows, form_class, tell

    def urls(self) -> list[URLPattern]:
        mine = for_roles(*self.roles)
        return [
            path("", require_GET(mine(self.index)), name="index"),
            path("ajouter/", require_http_methods(["GET", "POST"])(mine(self.add)), name="add"),
            path("<int:pk>/", require_http_methods(["GET", "POST"])(mine(self.edit)), name="edit"),
            path("<int:pk>/retirer/", require_POST(mine(self.remove)), name="remove"),
        ]

    def index(self, request: HttpRequest) -> HttpResponse:
        rows = [
            {"cells": self.tell(row), "url": reverse(f"{self.namespace}:edit", args=[row.pk])}
            for row in self.rows()
        ]
        add = reverse(f"{self.namespace}:add")
        return screen(
            request, "house_list", self.title, lead=self.lead, columns=self.columns, rows=rows, add_url=add
        )

    def add(self, request: HttpRequest) -> HttpResponse:
        row = self.form_class._meta.model(site_id=current_site_id())
        return self._form_screen(request, row, _("Ajouter"))

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._form_screen(request, get_object_or_404(self.rows(), pk=pk), _("Modifier"))

    def remove(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(self.rows(), pk=pk)
        with transaction.atomic():
            audit.note(
                f"{self.namespace}.removed",
                row,
                actor_id=request.user.pk,
                before=dict(zip(("what", "to"), self.tell(row), strict=True)),
            )
            row.delete()
        messages.success(request, _("C’est retiré."))
        return redirect(f"{self.namespace}:index")

    def _form_screen(self, request: HttpRequest, row: Any, title: str) -> HttpResponse:
        form = self.form_class(request.POST or None, instance=row, label_suffix="")
        if request.method == "POST" and form.is_valid() and self._saved(request, form):
            messages.success(request, _("C’est enregistré."))
            return redirect(f"{self.namespace}:index")
        remove = reverse(f"{self.namespace}:remove", args=[row.pk]) if row.pk else ""
        return screen(
            request,
            "house_form",
            title,
            under=((reverse(f"{self.namespace}:index"), self.title),),
            status=422 if form.errors else 200,
            form=form,
            remove_url=remove,
        )

    def _saved(self, request: HttpRequest, form: Any) -> bool:
        """False when somebody stated the same at this very moment."""
        try:
            with transaction.atomic():
                row = form.save()
                facts = dict(zip(("what", "to"), self.tell(row), strict=True))
                audit.note(f"{self.namespace}.kept", row, actor_id=request.user.pk, after=facts)
        except IntegrityError:
            form.add_error(None, _("C’est déjà dans la liste."))
            return False
        return True


def _tell_redirect(row: Redirect) -> tuple[str, str]:
    page = row.redirect_page
    return str(row.old_path), str(page.title if page else row.redirect_link)


def _tell_pick(row: SearchPick) -> tuple[str, str]:
    return str(row.words), str(row.page.title)


def _tell_synonym(row: SearchSynonym) -> tuple[str, str]:
    return str(row.words), str(row.means)


redirects = HouseList(
    "portal_redirects",
    gettext_lazy("Redirections"),
    gettext_lazy("Une ancienne adresse qui mène encore quelque part. Celles de ce portail seulement."),
    (gettext_lazy("Ancienne adresse"), gettext_lazy("Mène à")),
    lambda: portal_redirects().select_related("redirect_page").order_by("old_path", "pk"),
    RedirectForm,
    _tell_redirect,
)
picks = HouseList(
    "search_picks",
    gettext_lazy("Coups de pouce à la recherche"),
    gettext_lazy("Pour certains mots, une page vient en premier. Jamais vendu, jamais selon le forfait."),
    (gettext_lazy("Mots cherchés"), gettext_lazy("Page montrée")),
    lambda: portal_picks().select_related("page"),
    PickForm,
    _tell_pick,
)
synonyms = HouseList(
    "search_synonyms",
    gettext_lazy("Synonymes de la recherche"),
    gettext_lazy(
        "Qui cherche les mots de gauche trouve aussi ceux de droite, après ce qui répond mot pour mot."
    ),
    (gettext_lazy("Quand on cherche"), gettext_lazy("Chercher aussi")),
    lambda: SearchSynonym.objects.order_by("folded_words", "pk"),
    SynonymForm,
    _tell_synonym,
)
