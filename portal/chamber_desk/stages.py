"""Where a merchant stands with the portal, from facts alone: eight stages, and the place where one is stuck.

This module says what each stage is, in Python, about one merchant's facts. ``standings`` says the same in SQL, about
all of them; a test holds the two together.

Before somebody holds the page (``claimed_at``), the way in decides: nobody is there (unclaimed), an invitation waits
(invited), questions or a proof are under way (registering), an answer is expected of the Journal or the Chamber
(waiting). After that the page decides: not seen yet (registering, or waiting while the Journal looks), seen (live),
and a shopper can buy (selling). Whoever has not moved on for longer than the patience of the place where it stands is
stuck there; whoever shows that it goes, or is silent for long, is leaving, and so is who left lately.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.entitlements import RANK
from directory.enums import DepartureReason, Tier


class Stage(TextChoices):
    UNCLAIMED = "unclaimed", _("Pas réclamés")
    INVITED = "invited", _("Invités")
    REGISTERING = "registering", _("S’inscrivent")
    WAITING = "waiting", _("Attendent une réponse")
    LIVE = "live", _("En ligne")
    SELLING = "selling", _("Vendent ici")
    STUCK = "stuck", _("Bloqués")
    LEAVING = "leaving", _("Sur le départ")

    @property
    def label_of_one(self) -> Any:
        """As it is said of one merchant."""
        return OF_ONE[self]


OF_ONE = {
    Stage.UNCLAIMED: _("Pas réclamé"),
    Stage.INVITED: _("Invité"),
    Stage.REGISTERING: _("S’inscrit"),
    Stage.WAITING: _("Attend une réponse"),
    Stage.LIVE: _("En ligne"),
    Stage.SELLING: _("Vend ici"),
    Stage.STUCK: _("Bloqué"),
    Stage.LEAVING: _("Sur le départ"),
}


class Place(TextChoices):
    """Where one is stuck, and why one is leaving; each is said after « bloqué » or as it is."""

    GRADUATED = "graduated", _("vend maintenant sur son propre site")
    GONE = "gone", _("est parti")
    ENDING = "ending", _("son abonnement prend fin")
    LESS = "less", _("a choisi une option de moins")
    AWAY = "away", _("en vacances pour longtemps")
    REFUSED = "refused", _("au changement que le Journal demande")
    ANSWER = "answer", _("à la réponse du Journal ou de la Chambre")
    QUESTIONS = "questions", _("à l’inscription")
    PROOF = "proof", _("à la preuve que c’est son commerce")
    INVITATION = "invitation", _("à l’invitation sans réponse")
    PAGE = "page", _("à la publication de sa page")
    PLAN = "plan", _("au forfait de l’option choisie")
    ACCOUNT = "account", _("au compte pour être payé")
    PRODUCTS = "products", _("aux produits")
    PHOTO = "photo", _("aux photos")
    HOURS = "hours", _("aux heures d’ouverture")
    FIRST_SALE = "first_sale", _("à la première vente")
    SILENT = "silent", _("ne donne plus signe de vie")


PATIENCE: dict[Place, timedelta] = {
    Place.REFUSED: timedelta(days=3),
    Place.ANSWER: timedelta(days=5),
    Place.QUESTIONS: timedelta(days=3),
    Place.PROOF: timedelta(days=3),
    Place.INVITATION: timedelta(days=7),
    Place.PAGE: timedelta(days=3),
    Place.PLAN: timedelta(days=3),
    Place.ACCOUNT: timedelta(days=3),
    Place.PRODUCTS: timedelta(days=3),
    Place.PHOTO: timedelta(days=3),
    Place.HOURS: timedelta(days=3),
    Place.FIRST_SALE: timedelta(days=30),
    Place.SILENT: timedelta(days=120),
}
"""How long one may stay at a place before one is stuck there."""

LEAVING = frozenset({Place.GRADUATED, Place.GONE, Place.ENDING, Place.LESS, Place.AWAY, Place.SILENT})
LEFT_COUNTS_FOR = timedelta(days=60)
LONG_HOLIDAY = timedelta(days=60)
LESSER_CHOICE_COUNTS_FOR = timedelta(days=60)
REFUSAL_COUNTS_FOR = timedelta(days=60)


class Facts(Protocol):
    """What ``PipelineRow`` says of a merchant, as far as its stage is concerned."""

    tier: str
    chosen_tier: str
    vacation_from: date | None
    vacation_until: date | None
    created_at: datetime
    invited_at: datetime | None
    invitation_ends_at: datetime | None
    answered_at: datetime | None
    proving_since: datetime | None
    waiting_since: datetime | None
    refused_at: datetime | None
    claimed_at: datetime | None
    left_at: datetime | None
    left_reason: str
    live_since: datetime | None
    has_photo: bool
    has_hours: bool
    acted_at: datetime | None
    tier_moved_at: datetime | None
    lowered_at: datetime | None
    has_account: bool
    products: int
    selling_since: datetime | None
    first_sale_at: datetime | None
    last_sale_at: datetime | None
    subscription_ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """``place`` is "" unless stuck or leaving. ``since``: for ENDING, the moment when it ends."""

    stage: Stage
    since: datetime
    place: Place | None = None


def standing(facts: Facts, now: datetime) -> Standing:
    """Where the merchant stands at that moment."""
    if facts.claimed_at is None:
        return _gone(facts, now) or _stuck(_on_the_way_in(facts, now), now) or _coming_in(facts, now)
    return _going(facts, now) or _stuck(_with_the_page(facts, now), now) or _being_there(facts)


def is_selling(facts: Facts) -> bool:
    """A shopper could buy something there: its page is seen, it may be paid, something is on sale."""
    on_sale = facts.tier == Tier.TRANSACTIONAL and facts.has_account and facts.products > 0
    return facts.live_since is not None and on_sale


def _gone(facts: Facts, now: datetime) -> Standing | None:
    """It left, and nobody is coming in since."""
    comes_in = facts.waiting_since or facts.answered_at or facts.proving_since
    if facts.left_at is None or comes_in or facts.left_at <= now - LEFT_COUNTS_FOR:
        return None
    has_own_shop = facts.left_reason == DepartureReason.GRADUATED
    return Standing(Stage.LEAVING, facts.left_at, Place.GRADUATED if has_own_shop else Place.GONE)


def _coming_in(facts: Facts, now: datetime) -> Standing:
    if facts.waiting_since:
        return Standing(Stage.WAITING, facts.waiting_since)
    if begun := facts.answered_at or facts.proving_since or _refused(facts, now):
        return Standing(Stage.REGISTERING, begun)
    if invited := _invited(facts, now):
        return Standing(Stage.INVITED, invited)
    return Standing(Stage.UNCLAIMED, facts.created_at)


def _being_there(facts: Facts) -> Standing:
    if facts.live_since is None:
        if facts.waiting_since:
            return Standing(Stage.WAITING, facts.waiting_since)
        return Standing(Stage.REGISTERING, facts.claimed_at or facts.created_at)
    if is_selling(facts):
        return Standing(Stage.SELLING, facts.selling_since or facts.live_since)
    return Standing(Stage.LIVE, facts.live_since)


def _invited(facts: Facts, now: datetime) -> datetime | None:
    """Since when an invitation that still holds waits."""
    ends = facts.invitation_ends_at
    return facts.invited_at if ends is None or ends > now else None


def _refused(facts: Facts, now: datetime) -> datetime | None:
    """Long after a refusal nobody comes back to it."""
    at = facts.refused_at
    return at if at is not None and at > now - REFUSAL_COUNTS_FOR else None


def _stuck(places: "Places", now: datetime) -> Standing | None:
    """At the first place where it has been for longer than the patience of that place."""
    for place, since in places:
        if since is not None and since <= now - PATIENCE[place]:
            return Standing(Stage.LEAVING if place in LEAVING else Stage.STUCK, since, place)
    return None


Places = list[tuple[Place, datetime | None]]


def _on_the_way_in(facts: Facts, now: datetime) -> Places:
    """The furthest step alone counts: who waits for an answer is not stuck at an old invitation."""
    if facts.waiting_since:
        return [(Place.ANSWER, facts.waiting_since)]
    if facts.answered_at:
        return [(Place.QUESTIONS, facts.answered_at)]
    if facts.proving_since:
        return [(Place.PROOF, facts.proving_since)]
    return [(Place.REFUSED, _refused(facts, now)), (Place.INVITATION, _invited(facts, now))]


def _with_the_page(facts: Facts, now: datetime) -> Places:
    """In the order in which one thing is in the way of the next."""
    is_seen, chosen_at = facts.live_since is not None, _latest(facts.claimed_at, facts.tier_moved_at)
    sells = facts.tier == Tier.TRANSACTIONAL
    return [
        (Place.REFUSED, _refused(facts, now)),
        (Place.ANSWER, facts.waiting_since),
        (Place.PAGE, None if is_seen or facts.waiting_since else facts.claimed_at),
        (Place.PLAN, chosen_at if _wants_more(facts) else None),
        (Place.ACCOUNT, chosen_at if sells and not facts.has_account else None),
        (Place.PRODUCTS, chosen_at if sells and not facts.products else None),
        (Place.PHOTO, None if facts.has_photo else facts.live_since),
        (Place.HOURS, None if facts.has_hours else facts.live_since),
        (Place.FIRST_SALE, facts.selling_since if is_selling(facts) and not facts.first_sale_at else None),
        (Place.SILENT, _latest(facts.claimed_at, facts.acted_at, facts.last_sale_at)),
    ]


def _going(facts: Facts, now: datetime) -> Standing | None:
    if facts.subscription_ends_at and facts.subscription_ends_at > now:
        return Standing(Stage.LEAVING, facts.subscription_ends_at, Place.ENDING)
    if facts.lowered_at and facts.lowered_at > now - LESSER_CHOICE_COUNTS_FOR:
        return Standing(Stage.LEAVING, facts.lowered_at, Place.LESS)
    if left_on := _long_holiday(facts, timezone.localdate(now)):
        return Standing(Stage.LEAVING, timezone.make_aware(datetime.combine(left_on, time())), Place.AWAY)
    return None


def _long_holiday(facts: Facts, today: date) -> date | None:
    """The first day of the holiday it is on, where that is a long one."""
    first, last = facts.vacation_from, facts.vacation_until
    if first is None or last is None or not first <= today <= last:
        return None
    return first if last - first >= LONG_HOLIDAY else None


def _wants_more(facts: Facts) -> bool:
    """It chose an option that is not given to it: the page fell back (``directory.tiers``)."""
    return bool(facts.chosen_tier) and RANK[Tier(facts.chosen_tier)] > RANK[Tier(facts.tier)]


def _latest(*moments: datetime | None) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)
