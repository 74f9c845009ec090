import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from editorial.models import Subscriber, Subscription
from editorial.newsletter import links, subscribers
from home.tenancy import portal_scope
from shop.payments.handlers import deliver_outbox
from tests.portal.favourites.conftest import Browser

pytestmark = pytest.mark.django_db


def test_follower_confirms_by_mail_before_anything_is_sent(browser: Browser) -> None:
    town = browser.town
    address = f"/favoris/suivre/{town.merchant.slug}/"
    assert f"du nouveau de Commerce {town.canary}" in browser.page(address)
    answer = browser.post(address, {"email": "Marie@Exemple.test"})
    assert answer["Location"] == "/infolettre/merci/"
    with portal_scope(town.site):
        row = Subscription.objects.select_related("subscriber").get()
        assert (row.merchant_id, row.asked_where) == (town.merchant.pk, "suivre")
        assert not subscribers.followers_of(town.merchant).exists()
    deliver_outbox(now=timezone.now())
    assert mail.outbox[-1].to == ["marie@exemple.test"]
    with portal_scope(town.site):
        subscribers.confirm(row.subscriber, [row.pk], now=timezone.now())
        assert subscribers.followers_of(town.merchant).get() == row.subscriber


def test_what_cannot_be_followed_or_read_says_so(browser: Browser, settings) -> None:
    town = browser.town
    address = f"/favoris/suivre/{town.merchant.slug}/"
    answer = browser.post(address, {"email": "marie"})
    assert answer.status_code == 422
    assert "écrivez-la comme marie@exemple.ca" in answer.content.decode()
    assert browser.post(address, {"email": "m@exemple.test", "site_web": "x"}).status_code == 302
    settings.ACCOUNT_RATE_LIMITS = {"newsletter": "0/h/ip"}
    assert "Attendez une heure" in browser.post(address, {"email": "m@exemple.test"}).content.decode()
    with portal_scope(town.site):
        assert not Subscriber.objects.exists()
        type(town.merchant).objects.filter(pk=town.merchant.pk).update(suspended_at=timezone.now())
    assert browser.client.get(address).status_code == 404


def test_address_is_given_to_a_merchant_only_by_a_consent_of_its_own(browser: Browser) -> None:
    town = browser.town
    address = f"/favoris/suivre/{town.merchant.slug}/"
    assert 'name="own"' in browser.page(address)
    assert "checked" not in browser.page(address)
    browser.post(address, {"email": "marie@exemple.test", "own": "on"})
    browser.post(address, {"email": "paul@exemple.test"})
    with portal_scope(town.site):
        now, waiting = timezone.now(), Subscription.objects.select_related("subscriber")
        assert sorted(waiting.values_list("subscriber__email", "purpose")) == [
            ("marie@exemple.test", "merchant_news"),
            ("marie@exemple.test", "merchant_own"),
            ("paul@exemple.test", "merchant_news"),
        ]
        marie = Subscriber.objects.get(email="marie@exemple.test")
        path = reverse("newsletter:confirm", args=[links.token(links.CONFIRM, marie)])
    page = browser.client.get(path).content.decode()
    with portal_scope(town.site):
        news, own = Subscription.objects.filter(subscriber=marie).order_by("purpose")
    assert f'<input type="hidden" name="quoi" value="{news.pk}">' in page
    assert f'<input type="checkbox" name="quoi" value="{own.pk}">' in page
    browser.client.post(path, {"quoi": [news.pk]})
    with portal_scope(town.site):
        assert subscribers.followers_of(town.merchant).get() == marie
        assert not subscribers.given_to(town.merchant).exists()
        assert subscribers.confirm(marie, [own.pk], now=now) == 1
        given = subscribers.given_to(town.merchant).get()
        assert "donne mon adresse" in given.consent.words
        assert subscribers.leave(marie, now=now, only=[news.pk]) == 1
        assert not subscribers.subscribed().exists()
        assert subscribers.leave(marie, now=now, only=[own.pk]) == 1
        assert not subscribers.given_to(town.merchant).exists()
