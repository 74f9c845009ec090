"""Readings as rows: asked, read by the worker, tried again once, forgotten in time; each in its own portal."""

import datetime as dt
import io
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone
from PIL import Image
from wagtail.models import Site

from directory import own_site
from directory.enums import ReadingStatus
from directory.models import Merchant, SiteReading, SiteReadingPicture
from directory.own_site import checks, readings
from directory.own_site.refusals import BadAddress, PrivateAddress
from home.tenancy import across_portals, portal_scope
from tests.directory.own_site.web import Reply, Web, html
from tests.factories import MerchantFactory, UserFactory

NOW = dt.datetime(2026, 11, 23, 15, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def jpeg(width: int = 300, height: int = 200, color: str = "teal") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), color).save(file, "JPEG")
    return file.getvalue()


PAGE = """<title>Chez Léo</title><meta name="description" content="Des chaises de bois faites une à une à Lévis.">
<img src="/logo.png" alt="Logo"><img src="/vitrine.jpg"><img src="/mouche.jpg"><img src="/absente.jpg">"""


@pytest.fixture
def shop(web: Web) -> Web:
    web.replies.update(
        {
            "/": html(PAGE),
            "/logo.png": Reply(jpeg(90, 90), kind="image/png"),
            "/vitrine.jpg": Reply(jpeg(), kind="image/jpeg"),
            "/mouche.jpg": Reply(jpeg(1, 1), kind="image/jpeg"),
        }
    )
    return web


@pytest.fixture
def merchant(in_levis: Site) -> Merchant:
    return MerchantFactory()


def ask(merchant: Merchant | None, url: str, by: Any = None, now: dt.datetime = NOW) -> SiteReading:
    return own_site.ask(Site.objects.get(hostname="localhost"), url, by, merchant, now=now)


def worked(reading: SiteReading, now: dt.datetime = NOW) -> SiteReading:
    """After the worker has had its rounds."""
    for _round in range(6):
        readings.work(now)
    reading.refresh_from_db()
    return reading


def test_site_is_read_with_its_pictures(merchant: Merchant, shop: Web) -> None:
    reading = worked(ask(merchant, shop.url))
    assert (reading.status, reading.failure, reading.read_at) == (ReadingStatus.READ, "", NOW)
    assert own_site.findings_of(reading).value("name") == "Chez Léo"
    came = {url.removeprefix(shop.url) for url in own_site.pictures_of(reading)}
    assert came == {"/logo.png", "/vitrine.jpg"}
    for row in own_site.pictures_of(reading).values():
        with row.file.open("rb") as file, Image.open(file) as picture:
            assert (picture.format, row.file.name.startswith("own_site/")) == ("JPEG", True)


def test_nothing_of_the_merchant_changes_by_being_read(merchant: Merchant, shop: Web) -> None:
    before = {name: value for name, value in vars(merchant).items() if not name.startswith("_")}
    worked(ask(merchant, shop.url))
    now = vars(Merchant.objects.get(pk=merchant.pk))
    assert {name: now[name] for name in before} == before


def test_asking_asks_no_network(merchant: Merchant, shop: Web) -> None:
    ask(merchant, shop.url)
    assert shop.asked == []


def test_asked_twice_is_once(merchant: Merchant, shop: Web) -> None:
    assert ask(merchant, shop.url) == ask(merchant, f"{shop.url}/")
    assert SiteReading.objects.count() == 1


def test_other_address_takes_the_place_of_the_one_under_way(merchant: Merchant, shop: Web) -> None:
    first, second = ask(merchant, shop.url), ask(merchant, f"{shop.url}/autre")
    first.refresh_from_db()
    assert (first.status, second.status) == (ReadingStatus.FAILED, ReadingStatus.WAITING)
    assert own_site.latest(merchant) == second


def test_somebody_without_a_merchant_yet_may_ask(in_levis: Site, shop: Web) -> None:
    by = UserFactory()
    reading = worked(ask(None, shop.url, by))
    assert (reading.merchant, reading.status) == (None, ReadingStatus.READ)
    assert ask(None, shop.url, by).pk != reading.pk


@pytest.mark.usefixtures("in_production")
@pytest.mark.parametrize("url", ["localhost", "http://127.1/", "http://[::1]/", "10.0.0.1", "routeur.local"])
def test_inside_is_refused_as_it_is_asked(merchant: Merchant, url: str) -> None:
    with pytest.raises((PrivateAddress, BadAddress)):
        ask(merchant, url)
    assert not SiteReading.objects.exists()


@pytest.mark.usefixtures("in_production")
def test_scheme_need_not_be_typed(merchant: Merchant) -> None:
    assert ask(merchant, " Boutique.example ").url == "https://boutique.example/"


def test_too_often_is_told(merchant: Merchant, shop: Web) -> None:
    for number in range(readings.MOST_A_DAY):
        ask(merchant, f"{shop.url}/{number}")
    with pytest.raises(own_site.TooManyReadings):
        ask(merchant, f"{shop.url}/encore")
    assert ask(merchant, f"{shop.url}/demain", now=NOW + dt.timedelta(days=1, minutes=1))
    assert ask(MerchantFactory(), shop.url)


def test_people_who_are_not_known_share_a_measure(
    in_levis: Site, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readings, "MOST_A_DAY_OF_NOBODY", 1)
    ask(None, web.url)
    with pytest.raises(own_site.TooManyReadings):
        ask(None, web.url)
    assert ask(None, web.url, UserFactory())


def test_portal_has_its_measure_too(merchant: Merchant, shop: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readings, "MOST_A_DAY_IN_PORTAL", 2)
    ask(merchant, shop.url)
    ask(MerchantFactory(), shop.url)
    with pytest.raises(own_site.TooManyReadings):
        ask(MerchantFactory(), shop.url)


@pytest.mark.parametrize(
    ("replies", "code"),
    [
        ({"/": Reply(status=404)}, "absente"),
        ({"/": Reply(status=503)}, "refus"),
        ({"/": Reply(b"x", kind="application/pdf")}, "sorte"),
        ({"/robots.txt": Reply(b"User-agent: *\nDisallow: /", kind="text/plain")}, "robots"),
        ({"/": html("<p></p>")}, "rien"),
    ],
)
def test_reason_is_kept_and_told(merchant: Merchant, web: Web, replies: dict[str, Any], code: str) -> None:
    web.replies.update(replies)
    reading = worked(ask(merchant, web.url))
    assert (reading.status, reading.failure, reading.attempts) == (ReadingStatus.FAILED, code, 1)
    assert len(own_site.failure_words(reading)) > 30


def test_reading_that_dies_is_tried_once_more_then_given_up(
    merchant: Merchant, shop: Web, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def die(*_told: Any, **_how: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(readings, "read_site", die)
    reading = worked(ask(merchant, shop.url))
    assert (reading.status, reading.failure, reading.attempts) == (ReadingStatus.FAILED, "illisible", 2)
    assert [record.message for record in caplog.records] == [f"reading {reading.pk} died"] * 2


def test_reading_whose_worker_died_is_taken_up(merchant: Merchant, shop: Web) -> None:
    reading = ask(merchant, shop.url)
    assert readings._claim(NOW) == reading
    readings.work(NOW + MINUTE)
    reading.refresh_from_db()
    assert reading.status == ReadingStatus.READING
    assert worked(reading, NOW + 4 * MINUTE).status == ReadingStatus.READ


def test_reading_that_killed_two_workers_is_given_up(merchant: Merchant, shop: Web) -> None:
    reading = ask(merchant, shop.url)
    for minutes in (0, 4):
        readings._wake_the_dead(NOW + minutes * MINUTE)
        assert readings._claim(NOW + minutes * MINUTE) == reading
    assert worked(reading, NOW + 8 * MINUTE).status == ReadingStatus.FAILED
    assert shop.asked == []


def test_picture_that_killed_a_worker_is_not_looked_at_again(
    merchant: Merchant, shop: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = ask(merchant, shop.url)
    readings.work(NOW)
    with monkeypatch.context() as patch:
        patch.setattr(readings, "_bring", lambda *_it: sys.exit())
        with pytest.raises(SystemExit):
            readings.work(NOW)
    assert worked(reading).status == ReadingStatus.READ
    assert len(own_site.pictures_of(reading)) == 1


def test_pictures_that_never_end_are_not_waited_for(merchant: Merchant, shop: Web) -> None:
    reading = ask(merchant, shop.url)
    readings.work(NOW)
    assert worked(reading, NOW + 2 * MINUTE).status == ReadingStatus.READ
    assert own_site.pictures_of(reading) == {}


def test_two_workers_never_read_one_site_both(merchant: Merchant, shop: Web) -> None:
    ask(merchant, shop.url)
    assert readings._claim(NOW) is not None
    assert readings._claim(NOW) is None


def test_each_portal_has_its_own(levis: Site, bellechasse: Site, shop: Web) -> None:
    with portal_scope(bellechasse):
        other = MerchantFactory()
        theirs = own_site.ask(bellechasse, shop.url, None, other, now=NOW)
        worked(theirs)
        assert theirs.status == ReadingStatus.READ
    with portal_scope(levis):
        mine = MerchantFactory()
        assert own_site.latest(mine) is None
        assert not SiteReading.objects.exists()
        assert not SiteReadingPicture.objects.exists()


def test_what_was_taken_goes_on_to_the_next_reading(merchant: Merchant, shop: Web) -> None:
    first = worked(ask(merchant, shop.url))
    own_site.note_taken(first, {"intro": "Des chaises"}, now=NOW)
    assert ask(merchant, shop.url).taken == {"intro": "Des chaises"}


def test_what_was_read_while_registering_becomes_the_merchants(merchant: Merchant, shop: Web) -> None:
    by = UserFactory()
    reading = worked(ask(None, shop.url, by))
    intro = own_site.findings_of(reading).value("intro")
    assert own_site.hand_over(UserFactory(), merchant, holds={}) is None
    handed = own_site.hand_over(by, merchant, holds={"intro": intro, "phone": "+14185550100", "email": ""})
    assert (handed, own_site.latest(merchant).taken) == (reading, {"intro": intro})
    assert own_site.hand_over(by, merchant, holds={}) is None
    assert ask(merchant, shop.url).taken == {"intro": intro}


def test_pictures_go_with_the_next_reading(
    merchant: Merchant, shop: Web, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    first = worked(ask(merchant, shop.url))
    row = next(iter(own_site.pictures_of(first).values()))
    with django_capture_on_commit_callbacks(execute=True):
        ask(merchant, shop.url)
    assert not row.file.storage.exists(row.file.name)
    assert not first.pictures.exists()


def test_old_readings_are_forgotten_but_a_merchants_last(merchant: Merchant, shop: Web) -> None:
    long_ago = NOW - dt.timedelta(days=400)
    oldest = ask(merchant, f"{shop.url}/a", now=long_ago - MINUTE)
    last = ask(merchant, f"{shop.url}/b", now=long_ago)
    nobodys = ask(None, shop.url, UserFactory(), now=long_ago)
    young = ask(None, shop.url, UserFactory(), now=NOW)
    SiteReadingPicture.objects.create(reading=last, url="x", position=0)
    with across_portals():
        assert readings.forget_old(NOW) >= 3
        assert set(SiteReading.objects.all()) == {last, young}
        assert not SiteReadingPicture.objects.exists()
        assert readings.forget_old(NOW) == 0
    assert {oldest.pk, nobodys.pk}.isdisjoint(SiteReading.objects.values_list("pk", flat=True))


def test_allowance_stops_the_boot_everywhere_but_in_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(checks.only_tests_read_loopback()) == []
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "portal.settings.base")
    assert [error.id for error in checks.only_tests_read_loopback()] == ["directory.E001"]
    with override_settings(OWN_SITE_MAY_READ_LOOPBACK=False):
        assert list(checks.only_tests_read_loopback()) == []


def test_no_other_settings_allow_it() -> None:
    from pathlib import Path

    import portal.settings

    folder = Path(next(iter(portal.settings.__path__)))
    told = [path.name for path in folder.glob("*.py") if "OWN_SITE_MAY_READ_LOOPBACK" in path.read_text()]
    assert told == ["test.py"]


def test_worker_knows_the_job(settings) -> None:
    assert "directory.own_site.readings.work" in settings.WORKER_JOBS
    assert timezone.is_aware(NOW)
