import pytest
from django.core.signing import Signer
from django.test import override_settings

from directory.counting import tokens
from directory.counting.credit import sign_credit
from directory.counting.tokens import Counted
from directory.enums import Act, Source, Subject
from home.links import seal
from tests.directory.counting.test_credit import NOON

SHOP = Counted(Subject.MERCHANT, 12, 12)
ALL = tuple(Act)


@pytest.mark.parametrize("subject", Subject)
@pytest.mark.parametrize("merchant_id", [None, 98_765])
def test_a_token_says_what_is_counted(subject: Subject, merchant_id: int | None) -> None:
    counted = Counted(subject, 4_321, merchant_id)
    token = tokens.signed(counted, site_id=3)

    assert tokens.read(f"seen.{token}", site_id=3, acts=ALL) == (Act.SEEN, counted)
    assert len(token) < 35


def test_a_token_is_the_same_for_everybody_and_of_its_key() -> None:
    before = tokens.signed(SHOP, site_id=3)
    with override_settings(SECRET_KEY="another"):
        assert tokens.signed(SHOP, site_id=3) != before
        assert tokens.read(f"seen.{before}", site_id=3, acts=ALL) is None
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=["achetons-tests"]):
        assert tokens.read(f"seen.{before}", site_id=3, acts=ALL) == (Act.SEEN, SHOP)
    assert tokens.signed(SHOP, site_id=3) == before


def test_addresses_are_short_and_need_no_quoting() -> None:
    assert tokens.image_address(Act.CALL, SHOP, site_id=3).startswith("/vu/call.mc-c.")
    assert tokens.leaving_address(Act.SITE, 12, site_id=3).startswith("/sortie/site.mc-c.")
    assert len(tokens.leaving_address(Act.DIRECTIONS, 12, site_id=3)) < 60


FORGED = [
    "",
    ".",
    "seen.",
    "seen.m1",
    "seen.mc-c.",
    "seen." + tokens.signed(SHOP, site_id=3)[:-1],
    "seen." + tokens.signed(SHOP, site_id=3) + "A",
    "seen." + tokens.signed(SHOP, site_id=3).replace("mc-c", "md-d"),
    "seen." + tokens.signed(SHOP, site_id=4),
    "seen." + seal("order", 12, 1),
    "seen." + Signer(sep=".").sign("mc-c"),
    "seen." + sign_credit(Source.STORY, 12, site_id=3, now=NOON),
    "bought." + tokens.signed(SHOP, site_id=3),
    "SEEN." + tokens.signed(SHOP, site_id=3),
    "seen.é" + tokens.signed(SHOP, site_id=3),
    "seen.\x00",
    "seen.\r\nSet-Cookie: a=b." + tokens.signed(SHOP, site_id=3),
]
"""Forged, cut, of another portal, for another purpose."""


@pytest.mark.parametrize("token", FORGED)
def test_whatever_was_not_signed_here_is_none(token: str) -> None:
    assert tokens.read(token, site_id=3, acts=ALL) is None


def test_an_act_that_the_address_is_not_for_is_none() -> None:
    token = f"site.{tokens.signed(SHOP, site_id=3)}"

    assert tokens.read(token, site_id=3, acts=(Act.SEEN, Act.CALL)) is None
    assert tokens.read(token, site_id=3, acts=(Act.SITE,)) == (Act.SITE, SHOP)
