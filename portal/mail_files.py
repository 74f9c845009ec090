"""Mails as files, one `.eml` each, which any mail program opens: the demo's letter box."""

import time
from collections.abc import Sequence
from email.message import Message
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Writes each mail under EMAIL_FILE_PATH; the names sort by the moment of sending."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        directory = Path(str(settings.EMAIL_FILE_PATH))
        directory.mkdir(parents=True, exist_ok=True)
        for mail in email_messages:
            self._write(directory, mail.message())
        return len(email_messages)

    def _write(self, directory: Path, message: Message) -> None:
        # Written under another name first: whoever watches the directory never reads half a mail.
        path = directory / f"{time.time_ns()}.eml"
        draft = path.with_suffix(".tmp")
        draft.write_bytes(message.as_bytes().replace(b"\n", b"\r\n"))
        draft.rename(path)
