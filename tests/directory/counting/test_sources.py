"""Where somebody came from: every way a page, an act or a basket can say it."""

import datetime as dt
from typing import Any

import pytest
from django.test import RequestFactory

from directory.counting.credit import sign_credit
from directory.counting.sources import Origin, origin_of_act, origin_of_page
from directory.enums import Source

SITE_ID = 7
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
HERE = "http://testserver"
STORY = sign_credit(Source.STORY, 31, site_id=SITE_ID, now=NOW)
CAMPAIGN = sign_credit(Source.CAMPAIGN, 32, site_id=SITE_ID, now=NOW - dt.timedelta(hours=2))
OLD = sign_credit(Source.STORY, 33, site_id=SITE_ID, now=NOW - dt.timedelta(hours=5))
FOREIGN = sign_credit(Source.STORY, 34, site_id=8, now=NOW)

OUTSIDE = Origin(Source.OUTSIDE)


def asked(address: str = "/vu/x.gif", **headers: str) -> Any:
    return RequestFactory().get(
        address, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


@pytest.mark.parametrize(
    ("referer", "came_from", "expected"),
    [
        ("", "", OUTSIDE),
        (f"{HERE}/commerces/x/", "", OUTSIDE),
        (f"{HERE}/commerces/x/?v=infolettre", "", Origin(Source.NEWSLETTER)),
        (f"{HERE}/commerces/x/?v=affiche", "", Origin(Source.FLYER)),
        (f"{HERE}/histoires/x/?v=une", "", Origin(Source.FRONT)),
        (f"{HERE}/histoires/x/?v=recherche", "", Origin(Source.SEARCH)),
        (f"{HERE}/histoires/x/?v=autre", "", OUTSIDE),
        (f"{HERE}/commerces/x/?de={STORY}", "", Origin(Source.STORY, 31)),
        (f"{HERE}/commerces/x/?de={CAMPAIGN}&v=une", "", Origin(Source.CAMPAIGN, 32)),
        (f"{HERE}/commerces/x/?de={OLD}", "", OUTSIDE),
        (f"{HERE}/commerces/x/?de={OLD}&v=infolettre", "", Origin(Source.NEWSLETTER)),
        (f"{HERE}/commerces/x/?de={FOREIGN}", "", OUTSIDE),
        (f"{HERE}/commerces/x/?de={STORY}x", "", OUTSIDE),
        (f"http://ailleurs.test/?de={STORY}", "", OUTSIDE),
        ("http://[", "", OUTSIDE),
        (f"{HERE}/?{'&'.join(['a=1'] * 50)}", "", OUTSIDE),
        (f"{HERE}/commerces/x/", "/", Origin(Source.FRONT)),
        (f"{HERE}/commerces/x/", "/en/", Origin(Source.FRONT)),
        (f"{HERE}/commerces/x/", "/recherche/?q", Origin(Source.SEARCH)),
        (f"{HERE}/commerces/x/", "/en/recherche/", Origin(Source.SEARCH)),
        (f"{HERE}/commerces/x/", "/commerces/?q", Origin(Source.SEARCH)),
        (f"{HERE}/commerces/x/", "/commerces/", Origin(Source.PORTAL)),
        (f"{HERE}/commerces/x/", "/commerces/y/", Origin(Source.PORTAL)),
        (f"{HERE}/commerces/x/?de={STORY}", "/", Origin(Source.STORY, 31)),
        (f"{HERE}/", "", OUTSIDE),  # the front page itself was not reached from the front page
        (f"{HERE}/recherche/?q=pain", "/", Origin(Source.FRONT)),
    ],
)
def test_a_page_was_reached_from(referer: str, came_from: str, expected: Origin) -> None:
    request = asked(referer=referer, x_came_from=came_from)

    assert origin_of_page(request, site_id=SITE_ID, now=NOW) == expected


@pytest.mark.parametrize(
    ("page", "link", "headers", "carried", "expected"),
    [
        ("/commerces/x/", "", {}, "", OUTSIDE),
        ("/", "", {}, "", Origin(Source.FRONT)),
        ("/en/", "", {}, "", Origin(Source.FRONT)),
        ("/commerces/", "", {}, "", Origin(Source.PORTAL)),
        ("/commerces/?q=pain", "", {}, "", Origin(Source.SEARCH)),
        ("/recherche/?q=pain", "", {}, "", Origin(Source.SEARCH)),
        ("/tournee/?commerce=x", "", {}, "", Origin(Source.PORTAL)),
        ("/commerces/x/", "?par=/", {}, "", Origin(Source.FRONT)),
        ("/commerces/x/", "?par=/recherche/?q", {}, "", Origin(Source.SEARCH)),
        ("/commerces/x/", "?par=", {}, "", OUTSIDE),
        ("/commerces/x/", "?par=https://evil.test/", {}, "", OUTSIDE),
        ("/commerces/x/?v=une", "", {}, "", Origin(Source.FRONT)),
        ("/histoires/x/", f"?de={STORY}", {}, "", Origin(Source.STORY, 31)),
        (f"/commerces/x/?de={STORY}", "?par=/", {}, "", Origin(Source.STORY, 31)),
        (f"/commerces/x/?de={STORY}", f"?visite={CAMPAIGN}", {}, "", Origin(Source.STORY, 31)),
        ("/commerces/x/", f"?visite={STORY}", {}, "", Origin(Source.STORY, 31)),
        ("/commerces/x/?v=une", f"?visite={STORY}", {}, "", Origin(Source.STORY, 31)),
        ("/commerces/x/?v=infolettre", f"?visite={STORY}", {}, "", Origin(Source.NEWSLETTER)),
        ("/commerces/x/", "?visite=affiche", {}, "", Origin(Source.FLYER)),
        ("/commerces/", f"?visite={OLD}", {}, "", Origin(Source.PORTAL)),
        ("/commerces/x/", "", {"x_credit": STORY}, "", Origin(Source.STORY, 31)),
        ("/commerces/x/", "", {"x_came_from": "/"}, "", Origin(Source.FRONT)),
        ("/boutique/x/y/", "", {}, CAMPAIGN, Origin(Source.CAMPAIGN, 32)),
        ("/boutique/x/y/", "", {}, "infolettre", Origin(Source.NEWSLETTER)),
        ("/boutique/x/y/", "", {}, FOREIGN, OUTSIDE),
    ],
)
def test_an_act_was_led_to_by(
    page: str, link: str, headers: dict[str, str], carried: str, expected: Origin
) -> None:
    request = asked(f"/sortie/x/{link}", referer=f"{HERE}{page}", **headers)

    assert origin_of_act(request, site_id=SITE_ID, now=NOW, carried=carried) == expected
