"""Archives as rows: asked by an owner, made by the worker one at a time, kept a week. The only writer of them.

Asking is not leaving: a merchant takes everything along whenever it likes, as a copy of its own.
"""

import logging
import secrets
import tempfile
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.enums import MembershipRole
from directory.models import Membership, Merchant
from home import audit
from home.tenancy import across_portals, portal_scope, unjoined
from portal.leaving import contents
from portal.leaving.models import Package, PackageStatus, private_storage
from shop.letters import Letter, post_to_each
from shop.payments.sessions import portal_url

logger = logging.getLogger(__name__)

KEPT = timedelta(days=7)
MOST_ATTEMPTS = 2
DEAD_AFTER = timedelta(minutes=15)
MOST_A_DAY = 4
"""For one merchant: each costs the worker some seconds, and the disk its photos."""
A_DAY = timedelta(days=1)
SHOWN = 10


class TooMany(Exception):
    """It was asked several times today: the newest is as good."""


# ------------------------------------------------------------------------------------------------ asking


@transaction.atomic
def ask(merchant: Merchant, *, by_id: int, now: datetime) -> bool:
    """The worker makes it soon. False while one is under way. Raises TooMany."""
    rows = Package.objects.filter(merchant=merchant)
    if rows.filter(status__in=PackageStatus.open()).exists():
        return False
    if rows.filter(asked_at__gt=now - A_DAY).exclude(status=PackageStatus.FAILED).count() >= MOST_A_DAY:
        raise TooMany
    try:
        with transaction.atomic():
            row = Package.objects.create(
                site_id=merchant.site_id, merchant=merchant, asked_by_id=by_id, asked_at=now, touched_at=now
            )
    except IntegrityError:  # another click was first
        return False
    audit.note("package.asked", row, actor_id=by_id, merchant_id=merchant.pk)
    return True


def of(merchant: Merchant) -> list[Package]:
    """The newest first."""
    return list(Package.objects.filter(merchant=merchant)[:SHOWN])


def ready(merchant: Merchant, *, now: datetime) -> QuerySet[Package]:
    """Those that can be fetched at that moment."""
    rows: QuerySet[Package] = Package.objects.filter(merchant=merchant, status=PackageStatus.READY)
    return rows.filter(ready_at__gt=now - KEPT)


def is_over(package: Package, *, now: datetime) -> bool:
    """Its week is past, whether its file was taken away yet or not."""
    return package.ready_at is not None and package.ready_at <= now - KEPT


def note_taken(package: Package, *, by_id: int) -> None:
    audit.note(
        "package.taken",
        package,
        actor_id=by_id,
        merchant_id=package.merchant_id,
        after={"size": package.size},
    )


# ------------------------------------------------------------------------------------------------ the worker's part


def work(now: datetime) -> int:
    """A worker's job: takes away what is past its week, and makes one archive. How many things it did."""
    done = _forget(now)
    _wake_the_dead(now)
    package = _claim(now)
    if package is not None:
        with portal_scope(package.site_id):
            _make(package, now)
        done += 1
    return done


def _claim(now: datetime) -> Package | None:
    """The one that waits longest, this worker's alone from now on."""
    with across_portals(), transaction.atomic():
        rows = Package.objects.select_for_update(skip_locked=True, of=("self",))
        waiting = rows.filter(status=PackageStatus.WAITING).order_by("asked_at", "pk")
        package: Package | None = waiting.first()
        if package is not None:
            _move(
                package,
                PackageStatus.WAITING,
                PackageStatus.MAKING,
                touched_at=now,
                attempts=package.attempts + 1,
            )
    return package


def _wake_the_dead(now: datetime) -> None:
    """What a worker died over is made once more, then given up."""
    dead = unjoined(Package).filter(status=PackageStatus.MAKING, touched_at__lt=now - DEAD_AFTER)
    dead.filter(attempts__lt=MOST_ATTEMPTS).update(status=PackageStatus.WAITING, touched_at=now)
    dead.update(status=PackageStatus.FAILED, touched_at=now)


def _make(package: Package, now: datetime) -> None:
    merchant = Merchant.objects.select_related("site", "category", "sector").get(pk=package.merchant_id)
    try:
        name, size = _written(merchant, now)
    except (
        Exception
    ):  # Whatever stands in the way of one archive, the worker goes on; the trace says what to mend.
        logger.exception("package %s cannot be made", package.pk)
        to = PackageStatus.WAITING if package.attempts < MOST_ATTEMPTS else PackageStatus.FAILED
        _move(package, PackageStatus.MAKING, to, touched_at=now)
        return
    if not _keep(package, merchant, name, size):
        private_storage().delete(name)


def _written(merchant: Merchant, now: datetime) -> tuple[str, int]:
    """Where the file stands among the private ones, and its size. It is written beside memory, and moved as it is."""
    with tempfile.TemporaryFile() as made:
        contents.write(made, merchant, now=now)
        size = made.tell()
        made.seek(0)
        place = f"departs/{merchant.site_id}/{merchant.pk}/{secrets.token_hex(16)}.zip"
        return private_storage().save(place, File(made)), size


@transaction.atomic
def _keep(package: Package, merchant: Merchant, name: str, size: int) -> bool:
    """False when it stands elsewhere by now: another worker took it for dead."""
    now = timezone.now()
    more = {"file": name, "size": size, "ready_at": now, "touched_at": now}
    if not _move(package, PackageStatus.MAKING, PackageStatus.READY, **more):
        return False
    audit.note("package.made", package, actor_id=None, merchant_id=merchant.pk, after={"size": size})
    _tell(package, merchant, now)
    return True


def _tell(package: Package, merchant: Merchant, now: datetime) -> None:
    """To the owner who asked; to nobody where that one is no owner any more."""
    owners = Membership.objects.filter(
        merchant=merchant, role=MembershipRole.OWNER, user=package.asked_by_id, user__is_active=True
    )
    to = list(owners.values_list("user__email", flat=True))
    address = portal_url(merchant.site) + reverse("merchant:take_along", args=[merchant.slug])
    post_to_each(
        lambda: _letter(merchant, address),
        to=to,
        site_id=merchant.site_id,
        key=f"package:{package.pk}",
        now=now,
    )


def _letter(merchant: Merchant, address: str) -> Letter:
    told = {"name": merchant.name}
    return Letter(
        _("Tout ce que %(name)s a ici est prêt à emporter") % told,
        (
            _("Page, produits, photos, commandes, résultats\u00a0: tout est dans un seul fichier."),
            _(
                "Il vous attend sept jours. Ensuite on l’efface, et vous pouvez le redemander quand vous voulez."
            ),
        ),
        _("Prendre mon fichier"),
        address,
    )


def _forget(now: datetime) -> int:
    """Files that are a week old; the row stays."""
    with across_portals():
        old = list(
            Package.objects.filter(status=PackageStatus.READY, ready_at__lte=now - KEPT).order_by("pk")
        )
    return sum(_take_away(package, now) for package in old)


def _take_away(package: Package, now: datetime) -> bool:
    name = str(package.file.name)
    if not _move(package, PackageStatus.READY, PackageStatus.GONE, file="", touched_at=now):
        return False
    private_storage().delete(name)
    return True


def forget_rows(now: datetime) -> int:
    """In the scope it is called in: a year after they were asked; their files went long before."""
    old = Package.objects.filter(asked_at__lt=now - timedelta(days=365))
    return old.exclude(status__in=(*PackageStatus.open(), PackageStatus.READY)).delete()[0]


def _move(package: Package, since: str, to: PackageStatus, **fields: Any) -> bool:
    """False when it stands elsewhere by now."""
    moved = unjoined(Package).filter(pk=package.pk, status=since).update(status=to, **fields)
    for name, value in {"status": to, **fields}.items() if moved else ():
        setattr(package, name, value)
    return bool(moved)
