"""What the list holds about a person is the person's: read, taken back, forgotten."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from editorial.models import Subscriber, Subscription
from editorial.newsletter import privacy, subscribers
from home.models import Consent
from home.tenancy import across_portals
from portal.privacy import erasure, holdings, retention
from tests.editorial.newsletter.conftest import ask, confirmed
from tests.portal.people import person


def test_a_person_reads_and_takes_along_what_the_list_holds(in_levis: Site, bellechasse: Site) -> None:
    confirmed(in_levis)
    confirmed(bellechasse)
    confirmed(in_levis, "jean@exemple.test")
    held = holdings.holdings_of(person("Marie@exemple.test"))
    assert [row["courriel"] for row in held["infolettre"]] == ["marie@exemple.test"]
    assert len(held["consentements"]) == 1
    assert "lien confirmé" in str(held["consentements"][0]["comment"])


def test_a_consent_taken_back_in_the_account_leaves_the_letter(in_levis: Site) -> None:
    confirmed(in_levis)
    confirmed(in_levis, "jean@exemple.test")
    client = Client(headers={"host": "localhost"})
    client.force_login(person())
    for consent in Consent.objects.all():
        client.post(f"/compte/mes-renseignements/consentements/{consent.pk}/reprendre/")
    assert [row.email for row in subscribers.subscribed()] == ["jean@exemple.test"]
    assert Consent.objects.filter(withdrawn_at=None).get().email == "jean@exemple.test"


def test_an_erased_person_is_on_no_list(in_levis: Site, bellechasse: Site) -> None:
    confirmed(in_levis)
    confirmed(bellechasse)
    confirmed(in_levis, "jean@exemple.test")
    erasure.erase(person(), now=timezone.now())
    with across_portals():
        assert [row.email for row in Subscriber.objects.all()] == ["jean@exemple.test"]
        assert Consent.objects.filter(email="marie@exemple.test").count() == 0
        assert Consent.objects.filter(withdrawn_at=None).count() == 1


def test_what_is_past_is_forgotten_and_the_rest_stays(in_levis: Site) -> None:
    now = timezone.now()
    ask(in_levis, "oublie@exemple.test", now=now - timedelta(days=8))
    ask(in_levis, "attend@exemple.test", now=now - timedelta(days=6))
    confirmed(in_levis, "reste@exemple.test")
    gone = confirmed(in_levis, "parti@exemple.test")
    subscribers.leave(gone, now=now)
    Subscriber.objects.filter(pk=gone.pk).update(created_at=now - timedelta(days=300))
    Subscription.objects.filter(subscriber=gone).update(
        confirmed_at=now - timedelta(days=200), left_at=now - timedelta(days=91)
    )
    with across_portals():
        assert privacy.forget_old(now) > 0
        assert privacy.forget_old(now) == 0
    assert sorted(row.email for row in Subscriber.objects.all()) == [
        "attend@exemple.test",
        "reste@exemple.test",
    ]


def test_the_rule_stands_in_the_table_that_everyone_reads() -> None:
    assert any("infolettre" in str(rule.what) for rule in retention.TABLE)
