"""The contract: French first, its words kept as they were shown, the language chosen after."""

from datetime import date

import pytest
from django.test import Client

from directory.models import Agreement, Plan
from home.models import PortalSettings
from home.tenancy import portal_scope
from portal.joining import contract, offers
from portal.models import User
from tests.portal.joining.walk import SEAL, answer_all, newcomer
from tests.portal.towns import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(here: Town) -> tuple[Client, User, str]:
    """Somebody who has come to the contract, and its address."""
    client, user = newcomer(here)
    row = answer_all(client, here, user, until="contrat")
    return client, user, f"/inscription/{row.pk}/contrat/"


def seal_of(client: Client, address: str) -> str:
    found = SEAL.search(client.get(address).content.decode())
    assert found
    return found[1]


def agreements(town: Town) -> list[Agreement]:
    with portal_scope(town.site):
        return list(Agreement.objects.all())


def test_english_is_not_shown_before_french(here: Town, reader) -> None:
    client, _user, address = reader
    assert client.get(f"{address}?langue=en").url == address
    english = client.get(address, {"langue": "en", "vu": seal_of(client, address)}).content.decode()
    assert "What this is about" in english


def test_english_is_accepted_once_french_was_shown(here: Town, reader) -> None:
    client, user, address = reader
    seal = seal_of(client, address)
    client.post(address, {"accepte": "1", "langue": "en", "vu": seal})
    (agreed,) = agreements(here)
    assert (agreed.language, agreed.accepted_by, agreed.version) == ("en", user, contract.VERSION)
    assert agreed.words.startswith("Agreement between")
    assert agreed.french_shown_at <= agreed.accepted_at


@pytest.mark.parametrize("seal", ["", "forged", "x" * 4000])
def test_nothing_is_accepted_that_was_not_shown(here: Town, reader, seal: str) -> None:
    client, _user, address = reader
    assert client.post(address, {"accepte": "1", "langue": "fr", "vu": seal}).url == address
    assert agreements(here) == []


def test_seal_of_another_registration_is_none(here: Town, reader) -> None:
    client, _user, address = reader
    other, other_user = newcomer(here, "autre@exemple.test")
    row = answer_all(other, here, other_user, until="contrat")
    seal = seal_of(other, f"/inscription/{row.pk}/contrat/")
    client.post(address, {"accepte": "1", "langue": "fr", "vu": seal})
    assert agreements(here) == []


def test_words_that_changed_since_are_read_again(here: Town, reader) -> None:
    client, _user, address = reader
    seal = seal_of(client, address)
    PortalSettings.objects.filter(site=here.site).update(commission_bps=900)
    assert client.post(address, {"accepte": "1", "langue": "fr", "vu": seal}).url == address
    assert agreements(here) == []


def test_prices_are_told_with_the_free_period(here: Town) -> None:
    PortalSettings.objects.filter(site=here.site).update(free_until=date(2100, 4, 30))
    with portal_scope(here.site):
        Plan.objects.create(site=here.site, tier="transactional", monthly_price_cents=39_00)
        listing, _linked, selling = offers.of()
    assert listing.price == "gratuit, sans fin"
    assert selling.price == (
        "gratuit jusqu’au 30 avril 2100, puis 39\u00a0$ par mois plus taxes, seulement si vous le choisissez"
    )
