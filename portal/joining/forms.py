"""One form for each question of a registration: it reads what was typed, and gives plain values to keep.

``values`` of a valid form holds the keys of its question and no other. What was found elsewhere stands in the form
already: « is this right? ».
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Collection

from directory import timetable
from directory.enums import Tier, Weekday
from directory.hours import Span
from directory.models import Category, Registration, Sector
from directory.postal_codes import normal_postal_code
from directory.questions import PHOTO_SHOWS, Question
from home.found import SHARED
from home.pictures import NotAPicture, keep_picture
from portal.joining import offers, sectors
from portal.joining.preview import ranges
from portal.merchant_space.form_fields import DeskForm, HourField, WebField, phone_field, text

PHOTO_CUTS = ("fill-720x540|format-webp", "fill-160x160|format-webp", SHARED)


class QuestionForm(DeskForm):
    """``row``: the registration whose answers fill the fields."""

    keys: tuple[str, ...] = ()

    def __init__(self, *args: Any, row: Registration, shelf: Collection | None = None, **kwargs: Any) -> None:
        self.row, self.shelf = row, shelf
        known = {key: row.answers[key] for key in self.keys if row.answers.get(key)}
        super().__init__(*args, initial={**known, **kwargs.pop("initial", {})}, **kwargs)

    def values(self) -> dict[str, Any]:
        """Of a valid form, as they are kept."""
        return {key: self.cleaned_data[key] for key in self.keys}


class NameForm(QuestionForm):
    keys = ("name",)
    name = text(
        gettext_lazy("Nom du commerce"),
        longest=120,
        required=True,
        help_text=gettext_lazy("Celui de l’enseigne, que les gens connaissent."),
        error_messages={
            "required": gettext_lazy("Écrivez le nom de votre commerce, comme Fleuriste Pelletier."),
            "max_length": gettext_lazy("Plus court\u00a0: 120 caractères au plus."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs |= {"autocomplete": "organization"}

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())


class WebForm(QuestionForm):
    keys = ("website_url",)
    website_url = WebField(
        label=gettext_lazy("Adresse du site"),
        help_text=gettext_lazy(
            "Comme monsite.ca. Ce qui est public là-bas, vous n’aurez pas à l’écrire ici."
        ),
    )


class AddressForm(QuestionForm):
    keys = ("street_address", "postal_code")
    street_address = text(
        gettext_lazy("Numéro et rue"),
        longest=160,
        required=True,
        error_messages={
            "required": gettext_lazy("Écrivez le numéro et la rue, comme 12, rue Saint-Laurent."),
            "max_length": gettext_lazy("Plus court\u00a0: 160 caractères au plus."),
        },
    )
    postal_code = text(
        gettext_lazy("Code postal"),
        longest=12,
        required=True,
        error_messages={
            "required": gettext_lazy("Écrivez le code postal, comme G6V 6C4."),
            "max_length": gettext_lazy("Un code postal s’écrit comme G6V 6C4."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["street_address"].widget.attrs |= {"autocomplete": "street-address"}
        self.fields["postal_code"].widget.attrs |= {
            "autocomplete": "postal-code",
            "autocapitalize": "characters",
        }

    def clean_postal_code(self) -> str:
        try:
            return normal_postal_code(self.cleaned_data["postal_code"])
        except ValueError:
            raise forms.ValidationError(_("Un code postal s’écrit comme G6V 6C4.")) from None


class RowChoiceForm(QuestionForm):
    """One of the portal's own rows, by its key; another portal's is no choice."""

    key = ""
    words: Any = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[self.key] = forms.TypedChoiceField(
            label=self.label(), choices=self.choices(), coerce=int, widget=forms.RadioSelect,
            error_messages={"required": self.words, "invalid_choice": self.words},
        )  # fmt: skip

    def label(self) -> Any:
        raise NotImplementedError

    def choices(self) -> list[tuple[int, str]]:
        raise NotImplementedError


class SectorForm(RowChoiceForm):
    keys, key = ("sector",), "sector"
    words = gettext_lazy("Choisissez le secteur où se trouve votre commerce.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.guessed = sectors.guess(self.row.answers.get("postal_code", ""))
        if self.guessed is not None:
            self.initial.setdefault("sector", self.guessed)

    def label(self) -> Any:
        return _("Secteur")

    def choices(self) -> list[tuple[int, str]]:
        return list(Sector.objects.values_list("pk", "name"))


class CategoryForm(RowChoiceForm):
    keys, key = ("category",), "category"
    words = gettext_lazy("Choisissez ce qui vous ressemble le plus; vous pourrez changer.")

    def label(self) -> Any:
        return _("Catégorie")

    def choices(self) -> list[tuple[int, str]]:
        return list(Category.objects.values_list("pk", "name"))


class PhoneForm(QuestionForm):
    keys = ("phone",)
    phone = phone_field(required=True)

    def values(self) -> dict[str, Any]:
        return {"phone": self.cleaned_data["phone"].as_e164}


WEEKDAYS = [str(day.value) for day in Weekday][:5]


class HoursForm(QuestionForm):
    """One span, copied to the days that are ticked; or what is known already, looked at."""

    KEEP, STATE, NONE = "exact", "heures", "sans"

    how = forms.ChoiceField(label="", widget=forms.RadioSelect)
    days = forms.MultipleChoiceField(
        label=gettext_lazy("Les jours où vous ouvrez"),
        choices=[(str(day.value), day.label.capitalize()) for day in Weekday],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        initial=WEEKDAYS,
    )
    opens = HourField(label=gettext_lazy("de"))
    closes = HourField(label=gettext_lazy("à"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = timetable.week_of_facts(self.row.answers.get("hours") or {})
        choices = [
            (self.STATE, _("J’ouvre à ces heures")),
            (self.NONE, _("Pas d’heures fixes, ou sur rendez-vous")),
        ]
        if self.known:
            choices = [
                (self.KEEP, _("Oui, ce sont mes heures")),
                (self.STATE, _("Non, les voici")),
                choices[1],
            ]
        field = self.fields["how"]
        field.choices = choices  # type: ignore[attr-defined]
        field.label = _("Est-ce exact?") if self.known else _("Vos heures")
        self.initial.setdefault("how", choices[0][0])

    @property
    def known_days(self) -> list[Any]:
        return ranges(self.known) if self.known else []

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("how") != self.STATE:
            return cleaned
        if not cleaned.get("days") and "days" not in self.errors:
            self.add_error(
                "days", _("Cochez au moins un jour, ou choisissez «\u00a0pas d’heures fixes\u00a0».")
            )
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        if opens is None and "opens" not in self.errors:
            self.add_error("opens", _("Écrivez l’heure d’ouverture, comme 9:00."))
        if closes is None and "closes" not in self.errors:
            self.add_error("closes", _("Écrivez l’heure de fermeture, comme 17:30."))
        if opens is not None and opens == closes:
            self.add_error("closes", _("C’est la même heure deux fois\u00a0: écrivez quand vous fermez."))
        return cleaned

    def values(self) -> dict[str, Any]:
        how = self.cleaned_data["how"]
        if how == self.KEEP:
            return {"hours": self.row.answers.get("hours") or {}}
        if how == self.NONE:
            return {"hours": {}}
        span = _written(Span(self.cleaned_data["opens"], self.cleaned_data["closes"]))
        return {"hours": {day: [span] for day in sorted(self.cleaned_data["days"])}}


def _written(span: Span) -> str:
    return f"{_clock(span.opens)}-{_clock(span.closes)}"


def _clock(time: dt.time) -> str:
    return f"{time:%H:%M}"


class SentenceForm(QuestionForm):
    keys = ("intro",)
    intro = forms.CharField(
        label=gettext_lazy("En une phrase"),
        max_length=200,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy(
            "Comme vous le diriez à quelqu’un qui entre\u00a0: ce que vous faites, et pour qui."
        ),
        error_messages={
            "required": gettext_lazy(
                "Écrivez une phrase, comme «\u00a0Des fromages de chèvre faits ici\u00a0»."
            ),
            "max_length": gettext_lazy("Une phrase plus courte\u00a0: 200 caractères au plus."),
        },
    )

    def clean_intro(self) -> str:
        return " ".join(str(self.cleaned_data["intro"]).split())


class PhotoForm(QuestionForm):
    """A photo taken now or before; none is an answer too. It is kept as soon as it arrives."""

    keys = ("photo", "photo_shows")
    photo = forms.FileField(
        label=gettext_lazy("Prendre une photo"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput({"accept": "image/*", "capture": "environment"}),
    )
    album = forms.FileField(
        label=gettext_lazy("Choisir une photo"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput({"accept": "image/*"}),
    )
    photo_shows = forms.ChoiceField(
        label=gettext_lazy("Elle montre"),
        required=False,
        widget=forms.RadioSelect,
        choices=(
            ("devanture", gettext_lazy("La devanture")), ("interieur", gettext_lazy("L’intérieur")),
            ("produits", gettext_lazy("Des produits")), ("equipe", gettext_lazy("L’équipe")),
        ),
        help_text=gettext_lazy("Pour le dire aux personnes qui ne la voient pas."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.pop("photo", None)
        self.initial.setdefault("photo_shows", next(iter(PHOTO_SHOWS)))
        self.picture_pk: int | None = self.row.answers.get("photo")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        upload = cleaned.get("photo") or cleaned.get("album")
        if upload is not None and not self.errors:
            self._take(upload)
        return cleaned

    def _take(self, upload: Any) -> None:
        try:
            picture = keep_picture(
                upload,
                title=self.row.answers.get("name") or _("Photo"),
                collection=self.shelf,
                cut=PHOTO_CUTS,
            )
        except NotAPicture as refusal:
            self.add_error("photo", refusal.reason)
        else:
            self.picture_pk = picture.pk

    def values(self) -> dict[str, Any]:
        return {
            "photo": self.picture_pk,
            "photo_shows": self.cleaned_data["photo_shows"] or next(iter(PHOTO_SHOWS)),
        }


class TierForm(QuestionForm):
    keys = ("tier",)
    tier = forms.ChoiceField(
        label=gettext_lazy("Votre option"),
        choices=Tier.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choisissez une des trois; vous pourrez changer quand vous voudrez."),
            "invalid_choice": gettext_lazy("Choisissez une des trois options."),
        },
    )

    @property
    def offers(self) -> list[dict[str, Any]]:
        """Each option with its radio button, its price and what it brings."""
        told = {offer.tier: offer for offer in offers.of(self.row.merchant)}
        return [{"button": button, "offer": told[Tier(button.data["value"])]} for button in self["tier"]]


class ShopForm(QuestionForm):
    keys = ("shop_url",)
    shop_url = WebField(
        label=gettext_lazy("Adresse de la boutique"),
        required=True,
        help_text=gettext_lazy("Là où les gens achètent déjà, comme boutique.monsite.ca."),
        error_messages={
            "required": gettext_lazy("Écrivez l’adresse de votre boutique, comme monsite.ca/boutique.")
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if website := self.row.answers.get("website_url"):
            self.initial.setdefault("shop_url", website)


class LegalNameForm(QuestionForm):
    keys = ("legal_name",)
    same = forms.BooleanField(required=False)
    legal_name = text(
        gettext_lazy("Nom légal"),
        longest=160,
        help_text=gettext_lazy(
            "Celui du registre des entreprises, ou votre nom si le commerce est à votre nom."
        ),
        error_messages={"max_length": gettext_lazy("Plus court\u00a0: 160 caractères au plus.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.row.answers.get("name", "")
        self.fields["same"].label = _("C’est le même\u00a0: %(name)s") % {"name": name}
        self.fields["legal_name"].widget.attrs |= {"autocomplete": "organization"}
        if self.initial.get("legal_name") == name and name:
            self.initial.update(same=True, legal_name="")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("same"):
            cleaned["legal_name"] = self.row.answers.get("name", "")
        elif not cleaned.get("legal_name") and "legal_name" not in self.errors:
            self.add_error("legal_name", _("Écrivez le nom légal, ou cochez que c’est le même."))
        return cleaned


FORMS: Mapping[Question, type[QuestionForm]] = {
    Question.NAME: NameForm,
    Question.WEB: WebForm,
    Question.ADDRESS: AddressForm,
    Question.SECTOR: SectorForm,
    Question.PHONE: PhoneForm,
    Question.CATEGORY: CategoryForm,
    Question.HOURS: HoursForm,
    Question.SENTENCE: SentenceForm,
    Question.PHOTO: PhotoForm,
    Question.TIER: TierForm,
    Question.SHOP: ShopForm,
    Question.LEGAL_NAME: LegalNameForm,
}
"""The contract has a screen of its own (``portal.joining.contract``)."""
