"""What the Journal of Lévis finds on its desk: two pages that wait, one it refused, and a merchant it trusts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from wagtail.models import TaskState, WorkflowState

from directory import moderation
from directory.models import Merchant, MerchantPage
from home import audit
from portal.models import User

EDITOR = "journal@levis.demo.test"


@dataclass(frozen=True, slots=True)
class Wish:
    """A sentence that an owner would like on its page, asked so many days ago."""

    slug: str
    owner: str
    intro: str
    days_ago: int
    then: Callable[["Wish", MerchantPage, User, datetime], None] | None = None


def _refuse(wish: Wish, page: MerchantPage, owner: User, now: datetime) -> None:
    _wait(wish, page, owner, now)
    moderation.refuse(page.pk, user=_person(EDITOR), seen=_latest(page), comment=COMMENT)
    TaskState.objects.filter(workflow_state__object_id=str(page.pk)).update(
        finished_at=now - timedelta(days=1)
    )


COMMENT = (
    "Bonjour! Belle idée. Mais «\u00a0la meilleure coupe en ville\u00a0», on ne peut pas l’écrire\u00a0: dites plutôt "
    "ce qui vous distingue. Merci!"
)


def _wait(wish: Wish, page: MerchantPage, owner: User, now: datetime) -> None:
    moderation.send(page.pk, user=owner, seen=_latest(page))
    states = WorkflowState.objects.filter(object_id=str(page.pk), base_content_type__model="page")
    since = now - timedelta(days=wish.days_ago)
    TaskState.objects.filter(workflow_state__in=states).update(started_at=since)
    states.update(created_at=since)


def _publish(wish: Wish, page: MerchantPage, owner: User, now: datetime) -> None:
    merchant = Merchant.objects.get(pk=page.merchant_id)
    moderation.trust(merchant, actor_id=_person(EDITOR).pk, now=now - timedelta(days=40))
    page.refresh_from_db()
    before, after = page.live_revision_id, _latest(page)
    moderation.send(page.pk, user=owner, seen=after)
    audit.note(
        "page.published",
        page,
        actor_id=owner.pk,
        merchant_id=merchant.pk,
        before={"live_revision": before},
        after={"revision": after},
    )


WISHES = (
    Wish(
        "boutique-chez-ursule",
        "boutique@demo.test",
        "Des vêtements cousus ici, réparés ici, et maintenant un atelier du samedi pour apprendre à coudre.",
        2,
    ),
    Wish(
        "librairie-la-virgule-bleue",
        "librairie@demo.test",
        "Une librairie où l’on vous tend le livre que vous ne cherchiez pas, et un thé pendant que vous le feuilletez.",
        0,
    ),
    Wish(
        "salon-chez-ti-peigne",
        "salon@demo.test",
        "La meilleure coupe en ville, sans rendez-vous, et le café est offert.",
        3,
        _refuse,
    ),
    Wish(
        "vignoble-des-trois-marees",
        "vignoble@demo.test",
        "Un vignoble face au fleuve. La vendange est rentrée\u00a0: venez goûter le moût du matin jusqu’à dimanche.",
        0,
        _publish,
    ),
)


@transaction.atomic
def ask(town: str, *, now: datetime) -> int:
    """How many owners asked for something now; none who did before, or whose page somebody changed."""
    return sum(_ask(wish, now) for wish in WISHES) if town == "levis" else 0


def _ask(wish: Wish, now: datetime) -> bool:
    page = MerchantPage.objects.filter(merchant__slug=wish.slug, latest_revision=None).first()
    if page is None:
        return False
    owner = _person(wish.owner)
    page.intro = wish.intro
    moderation.keep(page, user=owner, seen=None)
    (wish.then or _wait)(wish, page, owner, now)
    return True


def _person(email: str) -> User:
    person: User = get_user_model().objects.get(email=email)
    return person


def _latest(page: MerchantPage) -> int:
    return int(MerchantPage.objects.values_list("latest_revision_id", flat=True).get(pk=page.pk))
