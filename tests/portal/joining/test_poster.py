"""The poster: its code leads to the page, whatever its name; it is for who has the page, once there is one."""

import re
import zlib

import pytest
from django.test import Client
from django.utils.translation import override

from directory.models import Membership, Merchant
from home.models import PortalSettings
from home.tenancy import portal_scope
from portal.joining import poster
from portal.joining.papers import qr_svg
from tests.factories import MerchantFactory
from tests.portal.towns import Town

pytestmark = pytest.mark.django_db


def pages_of(content: bytes) -> int:
    """Of a PDF, whose objects lie in packed streams."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    opened = b"".join(zlib.decompressobj().decompress(stream) for stream in streams if stream[:1] == b"x")
    return len(re.findall(rb"/Type ?/Page\b", opened + content))


def address(merchant: Merchant, part: str = "") -> str:
    return f"/mon-commerce/{merchant.slug}/affiche/{part}"


@pytest.fixture
def owner(here: Town) -> Client:
    return here.signed_in(here.owner)


def test_both_papers_are_one_page_of_pdf(here: Town, owner: Client) -> None:
    for size in poster.SIZES:
        answer = owner.get(address(here.merchant, f"{size}.pdf"))
        assert answer["Content-Type"] == "application/pdf"
        assert pages_of(answer.content) == 1


def test_code_says_that_it_was_read_from_a_poster_and_nothing_more(here: Town, owner: Client) -> None:
    told = owner.get(address(here.merchant)).context
    assert told["address"].endswith(f"/commerces/{here.merchant.slug}/?v=affiche")
    assert str(told["qr"]) == str(qr_svg(told["address"]))


def test_window_is_french_whatever_its_merchant_reads(here: Town, owner: Client) -> None:
    PortalSettings.objects.filter(site=here.site).update(offers_english=True)
    in_french, in_english = (
        owner.get(at).context for at in (address(here.merchant), f"/en{address(here.merchant)}")
    )
    assert in_english["address"] == in_french["address"]
    with override("en"):
        assert "On achète ici." in poster._paper(in_english["desk"], in_english["page_row"], "affiche")


def test_longest_name_is_no_second_page(here: Town, owner: Client) -> None:
    with portal_scope(here.site):
        Merchant.objects.filter(pk=here.merchant.pk).update(
            name="Coopérative des artisanes " * 4 + "de Lévis"
        )
    for size in poster.SIZES:
        content = owner.get(address(here.merchant, f"{size}.pdf")).content
        assert pages_of(content) == 1


def test_no_page_no_poster_and_the_screen_says_why(here: Town, owner: Client) -> None:
    with portal_scope(here.site):
        merchant = MerchantFactory()
        Membership.objects.create(merchant=merchant, user=here.owner)
    assert "dès que votre page est en ligne" in owner.get(address(merchant)).content.decode()
    assert owner.get(address(merchant, "affiche.pdf")).status_code == 404


@pytest.mark.parametrize("part", ["", "affiche.pdf", "carte.pdf"])
def test_stranger_finds_no_poster(here: Town, there: Town, part: str) -> None:
    assert there.signed_in(there.owner).get(address(here.merchant, part)).status_code == 404
    assert here.signed_in(there.owner).get(address(here.merchant, part)).status_code == 404


def test_size_that_does_not_exist_is_404(here: Town, owner: Client) -> None:
    assert owner.get(address(here.merchant, "geante.pdf")).status_code == 404
