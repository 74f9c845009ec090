"""The demo's mails, read in the browser. Only where DEMO=1: elsewhere these addresses do not exist."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from home.tenancy import current_site

SHOWN = 100
LARGEST_KEY = 10**20
"""Keys are nanoseconds since 1970: nothing longer is the name of a file of ours."""
HTML_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
)
"""Mails carry their style in their tags, which no other page may."""


@dataclass(frozen=True, slots=True)
class DemoMail:
    """One mail of the demo; ``key`` is its file's name without extension."""

    key: str
    host: str
    at: datetime
    subject: str
    to: str
    text: str
    html: str


@never_cache
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest mails first."""
    newest_first = sorted(
        _directory().glob("*.eml"), key=lambda path: (len(path.stem), path.stem), reverse=True
    )
    mails = list(islice(filter(_is_of_portal, map(_read, newest_first)), SHOWN))
    return render(request, "portal/demo_mailbox.html", {"mails": mails})


@never_cache
@require_safe
def mail(request: HttpRequest, key: int) -> HttpResponse:
    return render(request, "portal/demo_mail.html", {"mail": _find(key)})


@never_cache
@require_safe
def mail_html(request: HttpRequest, key: int) -> HttpResponse:
    """The mail as a mail program shows it."""
    response = HttpResponse(_find(key).html)
    response["Content-Security-Policy"] = HTML_POLICY
    return response


def _directory() -> Path:
    """Raises Http404 where this is no demo, or its mails are not files."""
    if not (settings.DEMO and settings.EMAIL_FILE_PATH):
        raise Http404
    return Path(str(settings.EMAIL_FILE_PATH))


def _find(key: int) -> DemoMail:
    path = _directory() / f"{key}.eml"
    if key > LARGEST_KEY or not path.is_file():
        raise Http404
    found = _read(path)
    if not _is_of_portal(found):
        raise Http404
    return found


def _is_of_portal(mail: DemoMail) -> bool:
    """The shop's mails carry their portal's host in their Message-ID: no town reads another's letters."""
    return mail.host == current_site().hostname


def _read(path: Path) -> DemoMail:
    message = message_from_bytes(path.read_bytes(), policy=modern)
    return DemoMail(
        key=path.stem,
        host=str(message["message-id"] or "").strip("<> ").rpartition("@")[2],
        at=datetime.fromtimestamp(path.stat().st_mtime, tz=UTC),
        subject=str(message["subject"] or ""),
        to=str(message["to"] or ""),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
