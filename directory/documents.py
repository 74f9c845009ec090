"""Papers of a merchant's file: kept in private, told by what is in them and never by their name.

A picture is written anew, without what the camera put in it. A text document is taken only where it holds no program.
Nobody opens one here: it is handed over as a download, to whoever may read the file.
"""

import hashlib
import io
import secrets
import zipfile
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from directory.models import Merchant, MerchantDocument
from home import audit
from home.pictures import NotAPicture, safe_upload

MOST_BYTES = 10 * 1024 * 1024
MOST_PARTS = 5000
"""A text document is an archive of some dozens of parts."""

PDF, WORD, PICTURE = "pdf", "docx", "jpg"
TYPES = {
    PDF: "application/pdf",
    WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    PICTURE: "image/jpeg",
}
WORD_PARTS = frozenset({"[Content_Types].xml", "word/document.xml"})
PROGRAMS = ("vbaproject.bin", "vbadata.xml", ".exe", ".dll", ".js", ".vbs")
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF")


class NotADocument(ValueError):
    """Nothing was kept; ``reason`` tells in French what to send instead."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def keep(merchant: Merchant, upload: "UploadedFile[Any]", *, title: str, by_id: int) -> MerchantDocument:
    """One more paper in the file. Raises NotADocument."""
    kind, body = _checked(upload)
    content = body.read()
    row = MerchantDocument(
        site_id=merchant.site_id, merchant=merchant, title=title.strip()[:120] or _plain_name(upload, kind),
        size=len(content), digest=hashlib.sha256(content).hexdigest(), added_by_id=by_id,
    )  # fmt: skip
    place = f"dossiers/{merchant.site_id}/{merchant.pk}/{secrets.token_hex(16)}.{kind}"
    row.file.save(place, ContentFile(content), save=False)
    row.save()
    audit.note("merchant_document.added", row, actor_id=by_id, merchant_id=merchant.pk, after=_facts(row))
    return row


@transaction.atomic
def remove(row: MerchantDocument, *, by_id: int | None) -> None:
    """The paper and its file are gone; the trail keeps its name, size and digest."""
    audit.note(
        "merchant_document.removed", row, actor_id=by_id, merchant_id=row.merchant_id, before=_facts(row)
    )
    delete_with_file(row)


def delete_with_file(row: MerchantDocument) -> None:
    """The file goes when the row has: a transaction that fails keeps both."""
    storage, name = row.file.storage, row.file.name
    row.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def _facts(row: MerchantDocument) -> audit.Facts:
    return {"title": row.title, "size": row.size, "sha256": row.digest}


def kind_of(row: MerchantDocument) -> str:
    """« pdf », « docx » or « jpg », as it was found to be when it came."""
    return PurePosixPath(row.file.name or "").suffix.removeprefix(".")


def filename_of(row: MerchantDocument) -> str:
    """A plain name to save it under: « contrat-de-bail.pdf »."""
    return f"{slugify(row.title)[:80] or 'document'}.{kind_of(row)}"


def _plain_name(upload: "UploadedFile[Any]", kind: str) -> str:
    stem = PurePosixPath(str(upload.name or "").replace("\\", "/")).stem
    return "".join(letter for letter in stem if letter.isprintable())[:80].strip() or kind.upper()


def _checked(upload: "UploadedFile[Any]") -> "tuple[str, File[bytes]]":
    """What it is, and what to keep of it."""
    if not upload.size:
        raise NotADocument(_("Ce fichier est vide\u00a0: choisissez-en un autre."))
    if upload.size > MOST_BYTES:
        raise NotADocument(_("Ce fichier pèse plus de 10\u00a0Mo\u00a0: envoyez-le en plus petit."))
    upload.seek(0)
    begins = upload.read(16)
    upload.seek(0)
    if begins.startswith(b"%PDF-"):
        return PDF, _pdf(upload)
    if begins.startswith(b"PK\x03\x04"):
        return WORD, _word(upload)
    if begins.startswith(PICTURES) or begins[4:8] == b"ftyp":
        return PICTURE, _picture(upload)
    raise NotADocument(_("Envoyez un PDF, une photo ou un document Word (.docx)."))


def _pdf(upload: "UploadedFile[Any]") -> "File[bytes]":
    upload.seek(max(0, (upload.size or 0) - 2048))
    is_whole = b"%%EOF" in upload.read()
    upload.seek(0)
    if not is_whole:
        raise NotADocument(_("Ce PDF est arrivé abîmé\u00a0: enregistrez-le de nouveau, puis renvoyez-le."))
    return upload


def _word(upload: "UploadedFile[Any]") -> "File[bytes]":
    """Its table of contents alone is read: nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(upload.read())) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise NotADocument(_("Ce document est arrivé abîmé\u00a0: enregistrez-le de nouveau.")) from error
    upload.seek(0)
    if not set(names) >= WORD_PARTS or len(names) > MOST_PARTS:
        raise NotADocument(_("Envoyez un PDF, une photo ou un document Word (.docx)."))
    if any(name.lower().endswith(PROGRAMS) for name in names):
        raise NotADocument(_("Ce document contient un programme (macros)\u00a0: enregistrez-le en PDF."))
    return upload


def _picture(upload: "UploadedFile[Any]") -> "File[bytes]":
    try:
        return safe_upload(upload)
    except NotAPicture as refusal:
        raise NotADocument(refusal.reason) from refusal
