"""Pictures: made safe before they are kept, and read together with their renditions instead of one by one."""

import io
import struct
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import pillow_heif
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import slugify
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps
from wagtail.blocks import StreamValue, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.models import Collection

from home.models import CustomImage

pillow_heif.register_heif_opener()

MOST_BYTES = 25 * 1024 * 1024
MOST_PIXELS = 25_000_000
LONGEST_SIDE = 2400
"""What is kept: enough for the largest screen, light enough to cut renditions from in a moment."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF")
MAY_MOVE = ("PNG", "WEBP", "GIF", "AVIF")
"""Formats whose several frames are an animation; a phone's several frames are one photo and its small copies."""

BROKEN = (OSError, SyntaxError, ValueError, EOFError, RuntimeError, struct.error)
"""What decoders raise on a file that is cut off or lies about itself."""


class NotAPicture(ValueError):
    """Nothing was kept; ``reason`` tells the person, in French, what to send instead."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def safe_upload(file: "UploadedFile[Any]") -> "ContentFile[bytes]":
    """The picture turned upright and written anew as JPEG, without what the camera or anybody else put in the file.

    At most LONGEST_SIDE pixels wide and high, in sRGB, on white where it was transparent. Raises NotAPicture for what
    is empty, too heavy, too large, animated, cut off, or no picture at all, whatever its name says.
    """
    _refuse_weight(file.size or 0)
    written = io.BytesIO()
    with _opened(file) as picture:
        _refuse_size_and_motion(picture)
        _clean(picture).save(written, "JPEG", quality=88, optimize=True, progressive=True)
    name = slugify(str(file.name or "").rsplit(".", 1)[0])[:40] or "photo"
    return ContentFile(written.getvalue(), name=f"{name}.jpg")


def _refuse_weight(size: int) -> None:
    if not size:
        raise NotAPicture(_("Ce fichier est vide\u00a0: reprenez la photo, ou choisissez-en une autre."))
    if size > MOST_BYTES:
        raise NotAPicture(_("Cette photo pèse plus de 25\u00a0Mo\u00a0: envoyez-la en plus petit."))


def _opened(file: "BinaryIO | UploadedFile[Any]") -> Image.Image:
    """Its header alone is read. Bombs are refused by the size they announce."""
    try:
        file.seek(0)
        return Image.open(file, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotAPicture(_too_large()) from error
    except BROKEN as error:
        raise NotAPicture(
            _("Ce fichier n’est pas une photo que nous savons lire. Envoyez une image JPEG, PNG ou HEIC.")
        ) from error


def _refuse_size_and_motion(picture: Image.Image) -> None:
    if picture.width * picture.height > MOST_PIXELS:
        raise NotAPicture(_too_large())
    try:
        moves = picture.format in MAY_MOVE and getattr(picture, "n_frames", 1) > 1
    except BROKEN as error:
        raise NotAPicture(_cut_off()) from error
    if moves:
        raise NotAPicture(_("Cette image bouge\u00a0: envoyez une photo qui ne bouge pas."))


def _too_large() -> str:
    return _("Cette photo a plus de 25 millions de pixels\u00a0: envoyez-la en plus petit.")


def _cut_off() -> str:
    return _("Cette photo est arrivée abîmée\u00a0: envoyez-la de nouveau, ou choisissez-en une autre.")


def _clean(picture: Image.Image) -> Image.Image:
    """Nothing but pixels: upright, small enough, sRGB, opaque. Raises NotAPicture for what cannot be decoded."""
    try:
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        profile = picture.info.get("icc_profile")
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        pixels = Image.new("RGB", upright.size, "white")
        opaque = _in_srgb(_opaque(upright, pixels), profile)
    except (Image.DecompressionBombError, *BROKEN) as error:
        raise NotAPicture(_cut_off()) from error
    return opaque


def _opaque(picture: Image.Image, ground: Image.Image) -> Image.Image:
    if picture.mode == "CMYK":
        return picture.convert("RGB")
    if picture.mode.startswith("I;16"):
        return picture.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    layer = picture.convert("RGBA")
    ground.paste(layer, mask=layer.getchannel("A"))
    return ground


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as they were seen on the phone; a profile that makes no sense is dropped."""
    if not profile:
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    kept = Image.new("RGB", picture.size)
    kept.paste(turned or picture)
    return kept


def keep_picture(
    file: "UploadedFile[Any]",
    *,
    title: str,
    merchant_id: int | None = None,
    collection: Collection | None = None,
    cut: Iterable[str] = (),
) -> CustomImage:
    """A new picture of the portal in scope, made safe. ``cut``: the renditions that its pages will show.

    They are cut now, so that no shopper waits for them. Raises NotAPicture, and keeps nothing then.
    """
    safe = safe_upload(file)
    return keep_safe(safe, title=title, merchant_id=merchant_id, collection=collection, cut=cut)


def keep_safe(
    safe: "ContentFile[bytes]",
    *,
    title: str,
    merchant_id: int | None = None,
    collection: Collection | None = None,
    cut: Iterable[str] = (),
) -> CustomImage:
    """As ``keep_picture``, of what ``safe_upload`` gave before: it is not written anew a second time."""
    picture = CustomImage(title=title[:120] or safe.name, file=safe, merchant_id=merchant_id)
    if collection is not None:
        picture.collection = collection
    picture.save()
    if specs := tuple(cut):
        picture.get_renditions(*specs)
    return picture


def pictures_of(value: Any) -> Iterator[CustomImage]:
    """Every picture of a StreamField's value, however deep. Blocks of a kind are read together."""
    if isinstance(value, CustomImage):
        yield value
    elif isinstance(value, StreamValue):
        yield from (image for child in value for image in pictures_of(child.value))
    elif isinstance(value, ListValue):
        yield from (image for child in value for image in pictures_of(child))
    elif isinstance(value, StructValue):
        yield from (image for child in value.values() for image in pictures_of(child))
