"""Who is on the way in: somebody stuck at the photo, somebody who waits for a call at a shop's public number."""

from datetime import datetime, timedelta

from django.db import transaction
from wagtail.models import Site

from directory import claims, questions, registrations
from directory.enums import ClaimProof
from directory.models import Category, Claim, Merchant, Registration, Sector
from directory.questions import Question
from home.tenancy import unjoined
from portal.models import User

STUCK_FOR = timedelta(days=9)
STUCK, ASKING = "atelier-du-cuir@demo.test", "depanneur@demo.test"
ANSWERS = {
    "name": "Atelier du cuir Bégin",
    "website_url": "",
    "street_address": "88, avenue Bégin",
    "postal_code": "G6V 4C4",
    "phone": "+14185550163",
    "hours": {str(day): ["10:00-17:00"] for day in range(1, 6)},
    "intro": "Ceintures et sacs cousus à la main, réparés pour la vie.",
}


@transaction.atomic
def begin(town: str, site: Site, *, now: datetime) -> int:
    """In Lévis, two people. How many are on their way; twice is normal."""
    if town != "levis":
        return 0
    _stop_at_the_photo(site, now)
    return _wait_for_a_call(now) + 1


def _stop_at_the_photo(site: Site, now: datetime) -> None:
    user = _person(STUCK)
    if Registration.objects.filter(user=user).exists():
        return
    row = registrations.begin(site, user=user, now=now)
    category, sector = Category.objects.order_by("pk").first(), Sector.objects.order_by("pk").first()
    if category is None or sector is None:
        return
    known = {**ANSWERS, "category": category.pk, "sector": sector.pk}
    for question in [*Question][: [*Question].index(Question.PHOTO)]:
        row = registrations.answer(row, question, {key: known[key] for key in questions.KEYS[question]})
    unjoined(Registration).filter(pk=row.pk).update(
        created_at=now - STUCK_FOR, opened_at=now - STUCK_FOR, updated_at=now - STUCK_FOR
    )


def _wait_for_a_call(now: datetime) -> int:
    """Somebody says that a page is theirs, and asks for the code to be read at the public number."""
    user = _person(ASKING)
    if Claim.objects.filter(user=user).exists():
        return 1
    unclaimed = Merchant.objects.visible().filter(claimed_at=None).exclude(phone="").order_by("pk")
    merchant = next(iter(unclaimed[3:4]), None)
    if merchant is None:
        return 0
    claims.ask_for(claims.begin(merchant, user=user, now=now), ClaimProof.PHONE, now=now)
    return 1


def _person(email: str) -> User:
    known: User | None = User.objects.filter(email=email).first()
    return known or User.objects.create_user(email)
