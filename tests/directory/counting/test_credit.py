import datetime as dt

import pytest
from django.core.signing import Signer

from directory.counting.credit import LETTER_LASTS, VISIT, Credit, read_credit, sign_credit
from directory.enums import Source

NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


OF_A_VISIT = [source for source in Source.credited() if source != Source.NEWSLETTER]


@pytest.mark.parametrize("source", OF_A_VISIT)
def test_credit_says_what_led_here_and_when_it_was_left(source: Source) -> None:
    token = sign_credit(source, 1234, site_id=7, now=NOON)

    assert read_credit(token, site_id=7, now=NOON + VISIT) == Credit(source, 1234, NOON)
    assert len(token) < 40
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


@pytest.mark.parametrize("source", sorted(set(Source) - set(Source.credited())))
def test_sources_that_are_never_credited_are_not_signed(source: Source) -> None:
    with pytest.raises(ValueError, match="nothing is credited"):
        sign_credit(source, 1, site_id=7, now=NOON)


def test_credit_ends_with_the_visit_and_never_comes_from_the_future() -> None:
    token = sign_credit(Source.STORY, 5, site_id=7, now=NOON)

    assert read_credit(token, site_id=7, now=NOON + VISIT + dt.timedelta(seconds=1)) is None
    assert read_credit(token, site_id=7, now=NOON - dt.timedelta(minutes=2)) is None


def test_letter_is_left_when_it_is_read_for_sixty_days() -> None:
    token = sign_credit(Source.NEWSLETTER, 1234, site_id=7, now=NOON)
    last = NOON + LETTER_LASTS

    assert read_credit(token, site_id=7, now=last) == Credit(Source.NEWSLETTER, 1234, last)
    assert read_credit(token, site_id=7, now=last + dt.timedelta(seconds=1)) is None


def test_credit_of_another_portal_or_forged_or_cut_is_none() -> None:
    token = sign_credit(Source.STORY, 5, site_id=7, now=NOON)
    said, signature = token.split(".")
    forged = [
        "",
        ".",
        token[:-1],
        token + "a",
        said,
        f"c{said[1:]}.{signature}",
        f"s6{said[2:]}.{signature}",
        Signer(salt="achetons.link.order", sep=".").sign("5-0"),
        "é" * 40,
        "\x00",
    ]

    assert [read_credit(one, site_id=7, now=NOON) for one in forged] == [None] * len(forged)
    assert read_credit(token, site_id=8, now=NOON) is None
