"""What a merchant writes of its page: each form changes one part of the working copy, and nothing else."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Collection

from directory.models import Merchant, MerchantPage
from directory.models.pages import MerchantPhoto
from home.models import CustomImage
from home.pictures import NotAPicture, keep_picture
from portal.merchant_space import story_text

LONGEST_PASSAGE = 6000
MOST_PHOTOS = 12
MOST = 2**31 - 1


class PageForm(forms.Form):
    """``copy`` is the working copy; ``apply`` writes the valid answers on it."""

    seen = forms.IntegerField(required=False, max_value=MOST, widget=forms.HiddenInput)
    asked: tuple[str, ...] = ()
    """Fields that may be empty in what is posted, and yet are asked for."""

    def __init__(
        self, *args: Any, copy: MerchantPage, shelf: Collection | None = None, **kwargs: Any
    ) -> None:
        self.copy, self.shelf = copy, shelf
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    @property
    def merchant(self) -> Merchant:
        return self.copy.merchant

    def parts(self) -> list[dict[str, Any]]:
        """What the screen shows, in its order: fields to fill, and words to leave alone."""
        return [{"field": field, "asked": field.name in self.asked} for field in self.visible_fields()]

    def apply(self) -> None:
        raise NotImplementedError


class TextForm(PageForm):
    """One sentence, and the story in paragraphs."""

    intro = forms.CharField(
        label=gettext_lazy("Votre commerce en une phrase"),
        max_length=200,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("C’est ce que les gens lisent en premier. Ce que vous faites, et pour qui."),
        error_messages={
            "required": gettext_lazy(
                "Écrivez une phrase, comme «\u00a0Des fromages de chèvre faits ici\u00a0»."
            ),
            "max_length": gettext_lazy("Une phrase plus courte\u00a0: 200 caractères au plus."),
        },
    )

    def __init__(self, *args: Any, copy: MerchantPage, **kwargs: Any) -> None:
        super().__init__(*args, copy=copy, **kwargs)
        self.blocks: list[story_text.Block] = list(copy.body.raw_data)
        self.story = story_text.parts_of(self.blocks)
        self.initial.setdefault("intro", copy.intro)
        passages = [part for part in self.story if part.is_text]
        for number, part in enumerate(passages, start=1):
            self.fields[f"story_{number}"] = _passage(number, len(passages))
            self.initial.setdefault(f"story_{number}", part.words)

    def parts(self) -> list[dict[str, Any]]:
        """The story's passages, with what stands between them."""
        shown: list[dict[str, Any]] = [{"field": self["intro"]}]
        number = 0
        for part in self.story:
            number += part.is_text
            shown.append({"field": self[f"story_{number}"]} if part.is_text else {"words": part.words})
        return shown

    def apply(self) -> None:
        count = sum(part.is_text for part in self.story)
        texts = [self.cleaned_data[f"story_{number}"] for number in range(1, count + 1)]
        self.copy.intro = " ".join(self.cleaned_data["intro"].split())
        self.copy.body = story_text.written(self.blocks, texts)


def _passage(number: int, count: int) -> forms.CharField:
    label = _("Votre histoire") if number == 1 else _("La suite de votre histoire")
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST_PASSAGE,
        widget=forms.Textarea({"rows": 12 if count == 1 else 7}),
        help_text=_("Laissez une ligne vide entre deux paragraphes.") if number == 1 else "",
        error_messages={"max_length": _("Un texte plus court\u00a0: 6\u00a0000 caractères au plus.")},
    )


class PhotoForm(PageForm):
    """With a photo, kept as soon as it arrives: it need not be sent again when another answer is wrong."""

    kept = forms.IntegerField(required=False, max_value=MOST, widget=forms.HiddenInput)
    picture: CustomImage | None = None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        upload = cleaned.get("photo")
        if upload:
            self._take(upload)
        elif cleaned.get("kept"):
            mine = CustomImage.objects.filter(merchant=self.merchant.pk, site=self.merchant.site_id)
            self.picture = mine.filter(pk=cleaned["kept"]).first()
        return cleaned

    def _take(self, upload: Any) -> None:
        try:
            self.picture = keep_picture(
                upload, title=self.title_of_photo(), merchant_id=self.merchant.pk, collection=self.shelf
            )
        except NotAPicture as refusal:
            self.add_error("photo", refusal.reason)

    def title_of_photo(self) -> str:
        return str(self.merchant.name)


def _photo_field(label: Any, *, help_text: Any = "") -> forms.FileField:
    return forms.FileField(
        label=label,
        required=False,
        allow_empty_file=True,
        help_text=help_text,
        widget=forms.FileInput({"accept": "image/*"}),
    )


def _shows_field(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Ce que montre la photo"),
        required=required,
        max_length=160,
        help_text=gettext_lazy(
            "Pour les personnes qui ne la voient pas\u00a0: «\u00a0Le comptoir et ses fromages\u00a0»."
        ),
        error_messages={
            "required": gettext_lazy(
                "Dites ce que montre la photo, comme «\u00a0Notre vitrine en été\u00a0»."
            ),
            "max_length": gettext_lazy("Plus court\u00a0: 160 caractères au plus."),
        },
    )


class CoverForm(PhotoForm):
    photo = _photo_field(gettext_lazy("Photo principale"), help_text=gettext_lazy("En largeur, c’est mieux."))
    alt = _shows_field(required=False)
    remove = forms.BooleanField(label=gettext_lazy("Retirer la photo"), required=False)

    def __init__(self, *args: Any, copy: MerchantPage, **kwargs: Any) -> None:
        super().__init__(*args, copy=copy, **kwargs)
        self.initial.setdefault("alt", copy.cover_alt)
        if copy.cover_id is None:
            del self.fields["remove"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        stays = self.picture is not None or (self.copy.cover_id and not cleaned.get("remove"))
        if stays and not cleaned.get("alt") and "alt" not in self.errors:
            self.add_error("alt", self.fields["alt"].error_messages["required"])
        if not stays and not self.errors and self.copy.cover_id is None:
            self.add_error("photo", _("Choisissez une photo."))
        return cleaned

    def apply(self) -> None:
        if self.picture is not None:
            self.copy.cover = self.picture
        elif self.cleaned_data.get("remove"):
            self.copy.cover = None
        self.copy.cover_alt = self.cleaned_data["alt"] if self.copy.cover else ""


class PersonForm(PhotoForm):
    name = forms.CharField(
        label=gettext_lazy("Prénom"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("De la personne que les gens rencontrent chez vous."),
        error_messages={"max_length": gettext_lazy("Plus court\u00a0: 60 caractères au plus.")},
        widget=forms.TextInput({"autocomplete": "given-name"}),
    )
    role = forms.CharField(
        label=gettext_lazy("Son rôle"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Comme «\u00a0fromager depuis 1998\u00a0»."),
        error_messages={"max_length": gettext_lazy("Plus court\u00a0: 80 caractères au plus.")},
    )
    photo = _photo_field(gettext_lazy("Portrait"), help_text=gettext_lazy("Un visage, de près."))
    remove = forms.BooleanField(label=gettext_lazy("Retirer le portrait"), required=False)

    def __init__(self, *args: Any, copy: MerchantPage, **kwargs: Any) -> None:
        super().__init__(*args, copy=copy, **kwargs)
        self.initial.setdefault("name", copy.owner_name)
        self.initial.setdefault("role", copy.owner_role)
        if copy.owner_photo_id is None:
            del self.fields["remove"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        stays = self.picture is not None or (self.copy.owner_photo_id and not cleaned.get("remove"))
        if not cleaned.get("name") and (stays or cleaned.get("role")) and "name" not in self.errors:
            self.add_error("name", _("Écrivez le prénom de la personne."))
        return cleaned

    def title_of_photo(self) -> str:
        return f"{self.cleaned_data.get('name') or ''} – {self.merchant.name}".strip(" –")

    def apply(self) -> None:
        if self.picture is not None:
            self.copy.owner_photo = self.picture
        elif self.cleaned_data.get("remove"):
            self.copy.owner_photo = None
        self.copy.owner_name, self.copy.owner_role = self.cleaned_data["name"], self.cleaned_data["role"]


class GalleryForm(PhotoForm):
    """One more photo, last."""

    asked = ("photo",)
    photo = _photo_field(gettext_lazy("Nouvelle photo"))
    alt = _shows_field(required=True)
    caption = forms.CharField(
        label=gettext_lazy("Légende"),
        required=False,
        max_length=160,
        help_text=gettext_lazy("Elle se lit sous la photo."),
        error_messages={"max_length": gettext_lazy("Plus court\u00a0: 160 caractères au plus.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.picture is None and "photo" not in self.errors:
            self.add_error("photo", _("Choisissez une photo."))
        if self.copy.gallery.count() >= MOST_PHOTOS:
            self.add_error(None, _("Votre galerie a déjà 12 photos\u00a0: retirez-en une d’abord."))
        return cleaned

    def apply(self) -> None:
        photos = list(self.copy.gallery.all())
        photos.append(
            MerchantPhoto(
                image=self.picture, alt=self.cleaned_data["alt"], caption=self.cleaned_data["caption"]
            )
        )
        set_gallery(self.copy, photos)


class PhotoWordsForm(PageForm):
    """What a photo of the gallery shows, and its caption."""

    alt = _shows_field(required=True)
    caption = forms.CharField(
        label=gettext_lazy("Légende"), required=False, max_length=160,
        error_messages={"max_length": gettext_lazy("Plus court\u00a0: 160 caractères au plus.")},
    )  # fmt: skip

    def __init__(self, *args: Any, copy: MerchantPage, photo: MerchantPhoto, **kwargs: Any) -> None:
        super().__init__(*args, copy=copy, **kwargs)
        self.photo = photo
        self.initial.setdefault("alt", photo.alt)
        self.initial.setdefault("caption", photo.caption)

    def apply(self) -> None:
        self.photo.alt, self.photo.caption = self.cleaned_data["alt"], self.cleaned_data["caption"]
        set_gallery(self.copy, list(self.copy.gallery.all()))


def set_gallery(copy: MerchantPage, photos: list[MerchantPhoto]) -> None:
    """The gallery is these photos, in this order."""
    for order, photo in enumerate(photos):
        photo.sort_order = order
    copy.gallery.set(photos)
