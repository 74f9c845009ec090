"""Files that are sold: kept beside the photos, never among them, since no address may serve them freely."""

from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _


class FilesThatAreSold(FileSystemStorage):
    """The directory next to MEDIA_ROOT, wherever that is."""

    @cached_property
    def base_location(self) -> str:
        return f"{settings.MEDIA_ROOT}-private"


def private_storage() -> Storage:
    return storages["private"]


MOST_BYTES = 50 * 1024 * 1024

BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "zip": (b"PK\x03\x04",),
    "epub": (b"PK\x03\x04",),
    "mp3": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
    "jpg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
}
"""What may be sold as a file, by the ending of its name, and how each begins."""


class NotSellable(ValueError):
    """Nothing was kept; ``reason`` tells the merchant, in French, what to send instead."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def checked(upload: "UploadedFile[Any]") -> str:
    """A plain name to keep the file under. Raises NotSellable for what is empty, too heavy, or not what its name says.

    Nobody opens it here: it is handed over as it came, as a download, never as a page of the portal.
    """
    stem, _dot, ending = str(upload.name or "").rpartition(".")
    ending = {"jpeg": "jpg"}.get(ending.lower(), ending.lower())
    if not upload.size:
        raise NotSellable(_("Ce fichier est vide\u00a0: choisissez-en un autre."))
    if upload.size > MOST_BYTES:
        raise NotSellable(_("Ce fichier est trop lourd\u00a0: 50\u00a0Mo au plus."))
    if ending not in BEGINNINGS:
        raise NotSellable(_("Choisissez un fichier PDF, EPUB, ZIP, MP3, JPG ou PNG."))
    upload.seek(0)
    begins = upload.read(16)
    upload.seek(0)
    if not begins.startswith(BEGINNINGS[ending]):
        raise NotSellable(
            _("Ce fichier n’est pas un vrai %(ending)s\u00a0: enregistrez-le de nouveau, puis renvoyez-le.")
            % {"ending": ending.upper()}
        )
    return f"{slugify(stem)[:60] or 'fichier'}.{ending}"
