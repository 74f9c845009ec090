"""Readings as rows: asked by somebody, read by the worker one at a time, kept for a while. The only writer of them.

Nothing here takes anything over: what was found waits for the merchant's word.
"""

import datetime as dt
import logging
import secrets
import time
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from PIL import Image
from wagtail.models import Site

from directory.enums import ReadingStatus
from directory.models import Merchant, SiteReading, SiteReadingPicture
from directory.models.own_site import private_storage
from directory.own_site import addresses
from directory.own_site.fetching import PICTURES, SECONDS
from directory.own_site.findings import Findings
from directory.own_site.reading import read_site, whole_address
from directory.own_site.refusals import REASONS, CannotRead
from directory.own_site.visits import Visit
from home.pictures import NotAPicture, safe_upload
from home.tenancy import across_portals, portal_scope, unjoined

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 2
DEAD_AFTER = dt.timedelta(minutes=3)
A_DAY = dt.timedelta(days=1)
MOST_A_DAY = 8
"""For one merchant; for one person, as long as there is no merchant yet."""
MOST_A_DAY_OF_NOBODY = 40
"""In the whole portal, of people who are not known yet."""
MOST_A_DAY_IN_PORTAL = 400
SECONDS_OF_PICTURES = 3.0
"""In one round of the worker, which has orders to see to."""
PICTURES_ARRIVE_FOR = dt.timedelta(seconds=90)
MOST_PICTURES = 70
SMALLEST_SIDE = 64
PICTURES_KEPT = dt.timedelta(days=30)
ROWS_KEPT = dt.timedelta(days=365)


class TooManyReadings(CannotRead):
    code = "souvent"
    words = _(
        "Ce site a été lu plusieurs fois aujourd’hui. Revenez demain, ou remplissez votre page à la main."
    )


REASONS[TooManyReadings.code] = TooManyReadings.words


# ------------------------------------------------------------------------------------------------ asking


def ask(
    site: Site, url: str, by: Any, merchant: Merchant | None = None, *, now: dt.datetime
) -> SiteReading:  # fmt: skip
    """The reading that the worker will do soon; the one under way when this site is being read already.

    In the portal's scope. ``by`` is the user who asks, or None. Raises CannotRead for what is no public address, and
    TooManyReadings; no network is asked here.
    """
    address = addresses.read(whole_address(url)).url
    under_way = _under_way(by, merchant)
    if under_way is not None and under_way.url == address:
        return under_way
    _refuse_too_many(by, merchant, now)
    try:
        with transaction.atomic():
            if under_way is not None:
                _move(
                    under_way, (under_way.status,), ReadingStatus.FAILED, failure="remplacee", touched_at=now
                )
            return _asked(site, address, by, merchant, now)
    except IntegrityError:
        raced = _under_way(by, merchant)
        if raced is None:
            raise
        return raced


def _asked(site: Site, url: str, by: Any, merchant: Merchant | None, now: dt.datetime) -> SiteReading:
    before = latest(merchant) if merchant else None
    if merchant is not None:
        forget_pictures(SiteReading.objects.filter(merchant=merchant))
    made: SiteReading = SiteReading.objects.create(
        site=site, url=url, asked_by=by, merchant=merchant, asked_at=now, touched_at=now,
        taken=before.taken if before else {},
    )  # fmt: skip
    return made


def latest(merchant: Merchant) -> SiteReading | None:
    """The merchant's newest reading, wherever it stands."""
    found: SiteReading | None = SiteReading.objects.filter(merchant=merchant).first()
    return found


def _under_way(by: Any, merchant: Merchant | None) -> SiteReading | None:
    rows = _whose(by, merchant).filter(status__in=ReadingStatus.open())
    return rows.first() if merchant or by else None


def _whose(by: Any, merchant: Merchant | None) -> QuerySet[SiteReading]:
    rows: QuerySet[SiteReading] = SiteReading.objects.all()
    return rows.filter(merchant=merchant) if merchant else rows.filter(merchant=None, asked_by=by)


def _refuse_too_many(by: Any, merchant: Merchant | None, now: dt.datetime) -> None:
    today = _whose(by, merchant).filter(asked_at__gt=now - A_DAY)
    in_portal = SiteReading.objects.filter(asked_at__gt=now - A_DAY)
    most = MOST_A_DAY if merchant or by else MOST_A_DAY_OF_NOBODY
    if today.count() >= most or in_portal.count() >= MOST_A_DAY_IN_PORTAL:
        raise TooManyReadings


def findings_of(reading: SiteReading) -> Findings:
    """Empty until the site was read."""
    return Findings.from_json(reading.findings)


def pictures_of(reading: SiteReading) -> dict[str, SiteReadingPicture]:
    """Those that have come, by their address on the site."""
    return {row.url: row for row in reading.pictures.exclude(file="")}


def failure_words(reading: SiteReading) -> str:
    """Why it could not be read, and what to do; "" where it could."""
    return str(REASONS.get(reading.failure, CannotRead.words)) if reading.failure else ""


def is_under_way(reading: SiteReading | None) -> bool:
    return reading is not None and reading.status in ReadingStatus.open()


# ------------------------------------------------------------------------------------------------ the worker's part


def work(now: dt.datetime) -> int:
    """A worker's job: one site, or some of the pictures of one. How many steps were made."""
    _wake_the_dead(now)
    reading = _claim(now)
    if reading is not None:
        with portal_scope(reading.site_id):
            _read(reading, now)
        return 1
    return _bring_pictures(now)


def _claim(now: dt.datetime) -> SiteReading | None:
    """The one that waits longest, this worker's alone from now on."""
    with across_portals(), transaction.atomic():
        rows = SiteReading.objects.select_for_update(skip_locked=True).filter(status=ReadingStatus.WAITING)
        reading: SiteReading | None = rows.order_by("asked_at", "pk").first()
        if reading is not None:
            more = {"attempts": reading.attempts + 1, "touched_at": now}
            _move(reading, (ReadingStatus.WAITING,), ReadingStatus.READING, **more)
    return reading


def _wake_the_dead(now: dt.datetime) -> None:
    """What a worker died over is read once more, then given up."""
    dead = unjoined(SiteReading).filter(status=ReadingStatus.READING, touched_at__lt=now - DEAD_AFTER)
    dead.filter(attempts__lt=MOST_ATTEMPTS).update(status=ReadingStatus.WAITING, touched_at=now)
    dead.update(status=ReadingStatus.FAILED, failure=CannotRead.code, touched_at=now)


def _read(reading: SiteReading, now: dt.datetime) -> None:
    try:
        findings = read_site(reading.url, Visit(), today=timezone.localdate(now))
    except CannotRead as refusal:
        _fail(reading, refusal.code, now)
    except (
        Exception
    ):  # Whatever a strange site makes our readers do, the worker goes on; the trace says what to mend.
        logger.exception("reading %s died", reading.pk)
        _again_or_fail(reading, now)
    else:
        _keep(reading, findings, now)


def _again_or_fail(reading: SiteReading, now: dt.datetime) -> None:
    if reading.attempts < MOST_ATTEMPTS:
        _move(reading, (ReadingStatus.READING,), ReadingStatus.WAITING, touched_at=now)
    else:
        _fail(reading, CannotRead.code, now)


def _fail(reading: SiteReading, code: str, now: dt.datetime) -> None:
    _move(reading, (ReadingStatus.READING,), ReadingStatus.FAILED, failure=code, touched_at=now)


@transaction.atomic
def _keep(reading: SiteReading, findings: Findings, now: dt.datetime) -> None:
    wanted = _picture_addresses(findings)
    to = ReadingStatus.PICTURES if wanted else ReadingStatus.READ
    if _move(reading, (ReadingStatus.READING,), to, findings=findings.as_json(), read_at=now, touched_at=now):
        SiteReadingPicture.objects.bulk_create(
            SiteReadingPicture(reading=reading, url=url, position=number) for number, url in enumerate(wanted)
        )


def _picture_addresses(findings: Findings) -> list[str]:
    """The page's first, then one for each product; each once."""
    of_page = [findings.value("logo"), findings.value("cover"), *(photo.value for photo in findings.photos)]
    urls = filter(None, [*of_page, *(product.photo for product in findings.products)])
    return list(dict.fromkeys(urls))[:MOST_PICTURES]


def _move(reading: SiteReading, since: Iterable[str], to: ReadingStatus, **fields: Any) -> bool:
    """False when it stands elsewhere by now: another was quicker, or it was replaced."""
    rows = unjoined(SiteReading).filter(pk=reading.pk, status__in=since)
    moved = rows.update(status=to, **fields)
    for name, value in {"status": to, **fields}.items() if moved else ():
        setattr(reading, name, value)
    return bool(moved)


# ------------------------------------------------------------------------------------------------ pictures


def _bring_pictures(now: dt.datetime) -> int:
    """Some seconds' worth for the reading that waits longest; how many came or never will."""
    with across_portals():
        reading = (
            SiteReading.objects.filter(status=ReadingStatus.PICTURES).order_by("touched_at", "pk").first()
        )
    if reading is None or not _touch(reading, now):
        return 0
    is_late = reading.read_at is None or now - reading.read_at >= PICTURES_ARRIVE_FOR
    with portal_scope(reading.site_id):
        done = 0 if is_late else _bring_some(reading)
        if is_late or not reading.pictures.filter(is_waiting=True).exists():
            unjoined(SiteReadingPicture).filter(reading=reading, is_waiting=True).update(is_waiting=False)
            _move(reading, (ReadingStatus.PICTURES,), ReadingStatus.READ, touched_at=now)
    return done


def _touch(reading: SiteReading, now: dt.datetime) -> bool:
    """False when another worker is at it."""
    rows = unjoined(SiteReading).filter(
        pk=reading.pk, touched_at=reading.touched_at, status=ReadingStatus.PICTURES
    )
    return bool(rows.update(touched_at=now))


def _bring_some(reading: SiteReading) -> int:
    end, done = time.monotonic() + SECONDS_OF_PICTURES, 0
    visit = Visit(most_documents=MOST_PICTURES, seconds=SECONDS_OF_PICTURES + SECONDS)
    for row in reading.pictures.filter(is_waiting=True):
        if time.monotonic() > end:
            break
        # First: a picture that a worker dies over is not looked at twice.
        unjoined(SiteReadingPicture).filter(pk=row.pk).update(is_waiting=False)
        _bring(row, visit)
        done += 1
    return done


def _bring(row: SiteReadingPicture, visit: Visit) -> None:
    """A picture that does not come, or is none, stays without its file."""
    try:
        document = visit.get(row.url, kinds=PICTURES)
        safe = safe_upload(SimpleUploadedFile("photo", document.body, content_type=document.kind))
    except (CannotRead, NotAPicture):
        return
    with Image.open(BytesIO(safe.read())) as picture:
        is_too_small = min(picture.size) < SMALLEST_SIDE
    if not is_too_small:
        safe.seek(0)
        row.file.save(f"{secrets.token_hex(16)}.jpg", safe, save=False)
        unjoined(SiteReadingPicture).filter(pk=row.pk).update(file=row.file.name)


# ------------------------------------------------------------------------------------------------ what was taken


@transaction.atomic
def note_taken(reading: SiteReading, taken: dict[str, Any], *, now: dt.datetime) -> None:
    """From now on the merchant holds this of its site."""
    SiteReading.objects.filter(pk=reading.pk).update(taken=taken, taken_at=now)
    reading.taken, reading.taken_at = taken, now


@transaction.atomic
def hand_over(by: Any, merchant: Merchant, *, holds: Mapping[str, Any]) -> SiteReading | None:
    """What somebody had read before there was a merchant is that merchant's; None where there is nothing to hand over.

    ``holds``: what the merchant has now, by the names of findings; what is as the site says counts as taken from it.
    """
    rows = SiteReading.objects.filter(merchant=None, asked_by=by).exclude(read_at=None)
    reading: SiteReading | None = rows.first() if by and latest(merchant) is None else None
    if reading is None:
        return None
    found = findings_of(reading)
    reading.taken = {name: value for name, value in holds.items() if value and found.value(name) == value}
    unjoined(SiteReading).filter(pk=reading.pk).update(merchant=merchant, taken=reading.taken)
    reading.merchant = merchant
    return reading


# ------------------------------------------------------------------------------------------------ forgetting


def forget_old(now: dt.datetime) -> int:
    """In the scope it is called in: pictures after a month, readings after a year; how many rows.

    A merchant's newest reading stays: it tells what of its page came from its site.
    """
    gone = forget_pictures(SiteReading.objects.filter(asked_at__lt=now - PICTURES_KEPT))
    rows = SiteReading.objects.exclude(merchant=None).order_by("merchant_id", "-asked_at", "-pk")
    newest = list(rows.distinct("merchant_id").values_list("pk", flat=True))
    old = SiteReading.objects.filter(asked_at__lt=now - ROWS_KEPT).exclude(pk__in=newest)
    return gone + old.delete()[0]


def forget_pictures(readings: QuerySet[SiteReading]) -> int:
    """Rows and files; a file goes once its row is surely gone."""
    rows = SiteReadingPicture.objects.filter(reading__in=readings)
    names = [str(row.file.name) for row in rows if row.file]
    count, _by_model = rows.delete()
    transaction.on_commit(lambda: _delete_files(names))
    return count


def _delete_files(names: Iterable[str]) -> None:
    for name in names:
        private_storage().delete(name)
