"""What a merchant's own site says, brought to the questions that come: to be looked at, never taken over by itself."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy

from directory import own_site, questions, registrations
from directory.enums import RegistrationStatus
from directory.models import Registration, SiteReading
from home.tenancy import site_for

NOT_READ = gettext_lazy("On n’a pas pu lire ce site tout de suite\u00a0: continuez, rien ne manque.")
NAMES = {
    "legal_name": "legal_name",
    "street_address": "street_address",
    "postal_code": "postal_code",
    "phone": "phone",
    "intro": "intro",
    "hours": "week",
    "shop_url": "shop_url",
}
"""Our answers by the names of what is found. The name was typed already, and stays."""


def ask(request: HttpRequest, row: Registration) -> bool:
    """Somebody goes and reads the site; the questions do not wait. False where it is not to be read."""
    try:
        own_site.ask(site_for(request), row.answers["website_url"], by=row.user, now=timezone.now())
    except own_site.CannotRead:
        return False
    return True


def learn(row: Registration) -> Registration:
    """The registration with what was found meanwhile, where it knew nothing; as it is where there is nothing new."""
    if row.status != RegistrationStatus.STARTED or not row.answers.get("website_url"):
        return row
    reading = SiteReading.objects.filter(asked_by=row.user, merchant=None).exclude(read_at=None).first()
    found = _found(reading) if reading else {}
    if not any(not row.answers.get(key) and not _was_answered(row, key) for key in found):
        return row
    return registrations.learn(row, found)


def _was_answered(row: Registration, key: str) -> bool:
    return any(
        key in keys and questions.is_answered(row.answers, question)
        for question, keys in questions.KEYS.items()
    )


def _found(reading: SiteReading) -> dict[str, Any]:
    findings = own_site.findings_of(reading)
    return {key: value for key, name in NAMES.items() if (value := findings.value(name))}
