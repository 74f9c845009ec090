"""What the Journal's manager writes down for the report: public money, the local share with its source, and quotes.

A published month keeps what was written then: what is changed here counts for months that are still to be published.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from directory.models import Merchant
from home import audit
from home.form_fields import PortalChoiceField
from home.models import PortalRole
from home.money import cad
from home.tenancy import current_site_id
from portal.impact import words
from portal.impact.models import LocalMultiplier, MerchantQuote, PublicMoney
from portal.merchant_space.forms import CentsField
from portal.staff_desk.lists import HouseList
from portal.staff_desk.rights import for_roles
from portal.staff_desk.screens import screen

MANAGER = (PortalRole.MANAGER,)
TITLE = gettext_lazy("Ce que le bilan doit savoir")
DAY = {"type": "date"}
WHOLE_BPS = 10_000


class DayField(forms.DateField):
    """A day, as browsers send it."""

    widget = forms.DateInput(attrs=DAY, format="%Y-%m-%d")


def _refusals(text: Any) -> dict[str, Any]:
    return dict.fromkeys(("required", "invalid", "amount", "invalid_choice"), text)


class HundredthsField(CentsField):
    """Dollars or per cents, kept in hundredths and shown as one types them."""

    def prepare_value(self, value: Any) -> Any:
        return f"{value // 100},{value % 100:02d}".removesuffix(",00") if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        return super().clean(str(value or "").replace("%", ""))


class LinkField(forms.URLField):
    """Where a source is read, if anywhere."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Lien vers la source"),
            required=False,
            assume_scheme="https",
            error_messages=_refusals(
                gettext_lazy("Écrivez une adresse complète, comme https://exemple.ca/page.")
            ),
        )


class PublicMoneyForm(forms.ModelForm):
    amount_cents = HundredthsField(
        label=gettext_lazy("Montant, en dollars"),
        max_length=20,
        help_text=gettext_lazy("Le tout, comme 120\u00a0000."),
        error_messages=_refusals(gettext_lazy("Écrivez un montant, comme 120000 ou 1250,50.")),
    )
    first_day = DayField(
        label=gettext_lazy("Du"), error_messages=_refusals(gettext_lazy("Écrivez le premier jour payé."))
    )
    last_day = DayField(
        label=gettext_lazy("Au (compris)"),
        help_text=gettext_lazy("Chaque jour porte la même part du montant."),
        error_messages=_refusals(gettext_lazy("Écrivez le dernier jour payé.")),
    )
    link = LinkField()

    class Meta:
        model = PublicMoney
        fields = ("amount_cents", "first_day", "last_day", "source", "link")
        error_messages = {
            "source": {"required": gettext_lazy("Dites qui a payé, et où c’est écrit.")},
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("Le dernier jour vient avant le premier."))
        return cleaned


class MultiplierForm(forms.ModelForm):
    share_bps = HundredthsField(
        label=gettext_lazy("Part qui reste dans la région, en pour cent"),
        help_text=gettext_lazy("D’un dollar dépensé chez un commerce d’ici, comme 45 ou 45,5."),
        error_messages=_refusals(gettext_lazy("Écrivez un pourcentage, comme 45 ou 45,5.")),
    )
    dated = DayField(
        label=gettext_lazy("Date de la source"),
        error_messages=_refusals(gettext_lazy("Écrivez la date de la source.")),
    )
    link = LinkField()

    class Meta:
        model = LocalMultiplier
        fields = ("share_bps", "source", "link", "dated")
        error_messages = {
            "source": {"required": gettext_lazy("Sans source, ce chiffre ne paraît pas.")},
        }

    def clean_share_bps(self) -> int:
        share = int(self.cleaned_data["share_bps"])
        if share > WHOLE_BPS:
            raise ValidationError(_("Une part ne dépasse pas 100\u00a0%."))
        return share


class QuoteForm(forms.ModelForm):
    merchant = PortalChoiceField(
        Merchant.objects.none(),
        label=gettext_lazy("Commerce"),
        error_messages=_refusals(gettext_lazy("Choisissez le commerce qui parle.")),
    )
    consented_on = DayField(
        label=gettext_lazy("Date de l’accord"),
        error_messages=_refusals(gettext_lazy("Écrivez le jour où la personne a dit oui.")),
    )

    class Meta:
        model = MerchantQuote
        fields = ("merchant", "words", "said_by", "consent", "consented_on", "is_shown", "sort_order")
        error_messages = {
            "words": {"required": gettext_lazy("Écrivez ce que la personne a dit.")},
            "said_by": {"required": gettext_lazy("Dites qui parle.")},
            "consent": {"required": gettext_lazy("Sans accord, ces mots ne paraissent pas.")},
        }

    def clean_merchant(self) -> Merchant:
        merchant: Merchant = self.cleaned_data["merchant"]
        if merchant.suspended_at or merchant.removed_at:
            raise ValidationError(_("Ce commerce n’a plus de page\u00a0: il ne peut être cité."))
        return merchant

    def clean_consented_on(self) -> Any:
        day = self.cleaned_data["consented_on"]
        if day > timezone.localdate():
            raise ValidationError(_("L’accord ne peut pas être à venir."))
        return day


class ManagersList(HouseList):
    roles = MANAGER


class QuotesList(ManagersList):
    def _saved(self, request: HttpRequest, form: Any) -> bool:
        form.instance.recorded_by_id = request.user.pk
        return super()._saved(request, form)


def _tell_money(row: PublicMoney) -> tuple[str, str]:
    days = {"first": words.day(row.first_day), "last": words.day(row.last_day)}
    return row.source, f"{cad(row.amount_cents)}, {_('du %(first)s au %(last)s') % days}"


def _tell_quote(row: MerchantQuote) -> tuple[str, str]:
    return f"{row.said_by}, {row.merchant.name}", row.words


public_money = ManagersList(
    "impact_money",
    gettext_lazy("Argent public"),
    gettext_lazy(
        "Ce que la Ville et d’autres ont payé pour le portail. Le bilan le divise par l’argent reçu."
    ),
    (gettext_lazy("Source"), gettext_lazy("Montant et jours")),
    lambda: PublicMoney.objects.order_by("-first_day", "pk"),
    PublicMoneyForm,
    _tell_money,
)
quotes = QuotesList(
    "impact_quotes",
    gettext_lazy("Paroles de commerces"),
    gettext_lazy("Le bilan public montre les deux premières. Jamais sans l’accord de la personne, noté ici."),
    (gettext_lazy("Qui parle"), gettext_lazy("Ses mots")),
    lambda: MerchantQuote.objects.select_related("merchant"),
    QuoteForm,
    _tell_quote,
)


@require_http_methods(["GET", "POST"])
@for_roles(*MANAGER)
def local_share(request: HttpRequest) -> HttpResponse:
    """The one share of the portal, with its source; taken away, nothing is estimated any more."""
    row = LocalMultiplier.objects.first() or LocalMultiplier(site_id=current_site_id())
    form = MultiplierForm(request.POST or None, instance=row, label_suffix="")
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            kept = form.save()
            facts = {"what": words.share(kept.share_bps), "to": kept.source}
            audit.note("impact_share.kept", kept, actor_id=request.user.pk, after=facts)
        messages.success(request, _("C’est enregistré."))
        return _back()
    return screen(
        request,
        "house_form",
        _("Part qui reste dans la région"),
        under=((reverse("impact_desk:settings"), TITLE),),
        status=422 if form.errors else 200,
        form=form,
        remove_url=reverse("impact_desk:local_share_remove") if row.pk else "",
    )


@require_http_methods(["POST"])
@for_roles(*MANAGER)
def local_share_remove(request: HttpRequest) -> HttpResponse:
    row = LocalMultiplier.objects.first()
    if row is not None:
        with transaction.atomic():
            facts = {"what": words.share(row.share_bps), "to": row.source}
            audit.note("impact_share.removed", row, actor_id=request.user.pk, before=facts)
            row.delete()
        messages.success(request, _("C’est retiré."))
    return _back()


@require_http_methods(["GET"])
@for_roles(*MANAGER)
def index(request: HttpRequest) -> HttpResponse:
    """The three, with what is written down now."""
    share = LocalMultiplier.objects.first()
    sections = [
        {
            "title": public_money.title,
            "url": reverse("impact_money:index"),
            "rows": [_tell_money(row) for row in public_money.rows()],
            "none": _("Aucune somme\u00a0: le bilan ne calcule rien."),
        },
        {
            "title": _("Part qui reste dans la région"),
            "url": reverse("impact_desk:local_share"),
            "rows": [(share.source, words.share(share.share_bps))] if share else [],
            "none": _("Aucune étude\u00a0: le bilan n’estime rien."),
        },
        {
            "title": quotes.title,
            "url": reverse("impact_quotes:index"),
            "rows": [_tell_quote(row) for row in quotes.rows()],
            "none": _("Aucune parole\u00a0: le bilan s’en passe."),
        },
    ]
    return screen(request, "impact_settings", TITLE, under=_under(), sections=sections)


def _under() -> tuple[tuple[str, Any], ...]:
    return ((reverse("impact_desk:index"), gettext_lazy("Bilan")),)


def _back() -> HttpResponse:
    return redirect("impact_desk:settings")


def urls() -> list[URLPattern]:
    return [
        path("reglages/", index, name="settings"),
        path("reglages/part/", local_share, name="local_share"),
        path("reglages/part/retirer/", local_share_remove, name="local_share_remove"),
    ]
