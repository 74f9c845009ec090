"""/mon-commerce/: a merchant's own paid orders, one button each."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from home.models import AuditEntry
from home.tenancy import portal_scope
from shop import orders
from shop.enums import OrderStatus
from shop.models import Order, StatusChange
from tests.factories import MembershipFactory, UserFactory
from tests.portal.conftest import make_staff
from tests.portal.towns import Purchase, Town, make_purchase, place


@pytest.fixture
def desk(here: Town) -> Client:
    return here.signed_in(here.owner)


def home_of(town: Town) -> str:
    return f"/mon-commerce/{town.merchant.slug}/"


def move(client: Client, town: Town, purchase: Purchase, to: str) -> HttpResponse:
    address = f"{home_of(town)}commandes/{purchase.order.number}/etat/"
    return client.post(address, {"to": to}, follow=True)


def state(town: Town, purchase: Purchase) -> tuple[str, int, int]:
    """Status, changes logged, audit rows."""
    with portal_scope(town.site):
        order = Order.objects.get(pk=purchase.order.pk)
        return order.status, StatusChange.objects.filter(order=order).count(), AuditEntry.objects.count()


def test_paid_order_is_there_with_one_button(desk: Client, here: Town, bought_here: Purchase) -> None:
    html = desk.get(home_of(here)).content.decode()
    assert "1 commande à préparer" in html
    assert bought_here.order.number in html
    assert f"Acheteuse {here.canary}" in html
    assert html.count('name="to"') == 1
    assert "C’est prêt" in html


def test_order_has_one_button_and_what_to_put_in_the_bag(
    desk: Client, here: Town, bought_here: Purchase
) -> None:
    html = desk.get(f"{home_of(here)}commandes/{bought_here.order.number}/").content.decode()
    assert html.count('name="to"') == 1
    assert f"Produit {here.canary}" in html
    assert f"acheteuse-{here.canary}@exemple.test" in html


def test_ready_then_handed_over(desk: Client, here: Town, bought_here: Purchase) -> None:
    move(desk, here, bought_here, "ready")
    assert "1 commande attend au comptoir" in desk.get(home_of(here)).content.decode()
    assert "Remise au client" in desk.get(home_of(here)).content.decode()
    move(desk, here, bought_here, "fulfilled")
    html = desk.get(home_of(here)).content.decode()
    assert "Dernières remises" in html
    assert 'name="to"' not in html
    assert state(here, bought_here) == (OrderStatus.FULFILLED, 4, 2)


def test_move_is_audited_with_who_did_it(desk: Client, here: Town, bought_here: Purchase) -> None:
    move(desk, here, bought_here, "ready")
    with portal_scope(here.site):
        entry = AuditEntry.objects.get()
    assert (entry.actor, entry.merchant, entry.action) == (here.owner, here.merchant, "order.ready")
    assert (entry.object_type, entry.object_id) == ("order", str(bought_here.order.pk))
    assert (entry.before, entry.after) == ({"status": "paid"}, {"status": "ready"})


def test_pressing_twice_does_it_once(desk: Client, here: Town, bought_here: Purchase) -> None:
    move(desk, here, bought_here, "ready")
    once = state(here, bought_here)
    answer = move(desk, here, bought_here, "ready")
    assert answer.status_code == 200
    assert state(here, bought_here) == once == (OrderStatus.READY, 3, 1)


def test_move_and_its_audit_stand_or_fall_together(
    desk: Client, here: Town, bought_here: Purchase, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(here, bought_here)

    def broken(**_fields: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(AuditEntry.objects, "create", broken)
    with pytest.raises(RuntimeError):
        move(desk, here, bought_here, "ready")
    monkeypatch.undo()
    assert state(here, bought_here) == before


def test_move_that_no_longer_holds_says_where_the_order_stands(
    desk: Client, here: Town, bought_here: Purchase
) -> None:
    with portal_scope(here.site):
        orders.move(bought_here.order, to=OrderStatus.FULFILLED, cause="test", now=timezone.now())
    answer = move(desk, here, bought_here, "ready")
    assert f"La commande {bought_here.order.number} est déjà remise." in answer.content.decode()
    assert state(here, bought_here) == (OrderStatus.FULFILLED, 3, 0)


@pytest.mark.parametrize("to", ["", "paid", "pending", "canceled", "refunded", "READY", "\x00"])
def test_other_moves_do_not_exist(desk: Client, here: Town, bought_here: Purchase, to: str) -> None:
    before = state(here, bought_here)
    assert move(desk, here, bought_here, to).status_code == 404
    assert state(here, bought_here) == before


def test_unpaid_order_is_nobodys_concern(desk: Client, here: Town) -> None:
    checkout = place(here)
    with portal_scope(here.site):
        number = checkout.orders.get().number
    assert number not in desk.get(home_of(here)).content.decode()
    assert desk.get(f"{home_of(here)}commandes/{number}/").status_code == 404
    assert desk.post(f"{home_of(here)}commandes/{number}/etat/", {"to": "ready"}).status_code == 404


@pytest.mark.parametrize("who", ["shopper", "other merchant", "other portal's merchant", "journal"])
def test_stranger_finds_nothing_and_changes_nothing(
    here: Town, there: Town, bought_here: Purchase, who: str
) -> None:
    with portal_scope(here.site):
        strangers = {
            "shopper": UserFactory,
            "other merchant": lambda: MembershipFactory().user,
            "other portal's merchant": lambda: there.owner,
            "journal": lambda: make_staff(here.site, "editor"),
        }
        client = here.signed_in(strangers[who]())
    before = state(here, bought_here)
    page = f"{home_of(here)}commandes/{bought_here.order.number}/"
    answers = [client.get(home_of(here)), client.get(page), client.post(f"{page}etat/", {"to": "ready"})]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert all(f"Acheteuse {here.canary}" not in answer.content.decode() for answer in answers)
    assert state(here, bought_here) == before


def test_order_of_another_merchant_is_not_found_in_ones_own_shop(
    desk: Client, here: Town, bought_here: Purchase
) -> None:
    with portal_scope(here.site):
        other = MembershipFactory()
    client = here.signed_in(other.user)
    before = state(here, bought_here)
    address = f"/mon-commerce/{other.merchant.slug}/commandes/{bought_here.order.number}/"
    assert client.get(address).status_code == 404
    assert client.post(f"{address}etat/", {"to": "ready"}).status_code == 404
    assert state(here, bought_here) == before


def test_suspended_merchant_finds_nothing(desk: Client, here: Town, bought_here: Purchase) -> None:
    with portal_scope(here.site):
        type(here.merchant).objects.update(suspended_at=timezone.now())
    before = state(here, bought_here)
    page = f"{home_of(here)}commandes/{bought_here.order.number}/"
    assert desk.get(home_of(here)).status_code == 404
    assert desk.get(page).status_code == 404
    assert desk.post(f"{page}etat/", {"to": "ready"}).status_code == 404
    assert desk.get("/mon-commerce/").url == "/compte/"
    assert f"/mon-commerce/{here.merchant.slug}/" not in desk.get("/compte/").content.decode()
    assert state(here, bought_here) == before


def test_person_of_two_shops_switches_between_them(desk: Client, here: Town) -> None:
    with portal_scope(here.site):
        second = MembershipFactory(user=here.owner, merchant__name="Zèbre").merchant
    html = desk.get(home_of(here)).content.decode()
    assert f'href="/mon-commerce/{second.slug}/"' in html
    assert desk.get("/mon-commerce/").url == home_of(here)


def test_person_of_two_portals_sees_each_at_home(here: Town, there: Town, bought_there: Purchase) -> None:
    with portal_scope(there.site):
        MembershipFactory(user=here.owner, merchant=there.merchant)
    client = here.signed_in(here.owner)
    assert client.get(home_of(there)).status_code == 404
    assert there.canary not in client.get(home_of(here)).content.decode()


def test_anonymous_signs_in_first(here: Town, bought_here: Purchase) -> None:
    for address in ("/mon-commerce/", home_of(here), f"{home_of(here)}commandes/{bought_here.order.number}/"):
        assert here.visitor().get(address).url == f"/compte/connexion/?next={address}"


def test_somebody_to_call_is_on_every_screen(desk: Client, here: Town, bought_here: Purchase) -> None:
    for address in (home_of(here), f"{home_of(here)}commandes/{bought_here.order.number}/"):
        html = desk.get(address).content.decode()
        assert f"Personne {here.canary}" in html
        assert 'href="tel:+14185550100"' in html


@pytest.mark.parametrize("rows", [1, 3])
def test_home_asks_as_many_questions_for_any_number_of_orders(
    desk: Client, here: Town, sandbox, rows: int, django_assert_num_queries
) -> None:
    for _n in range(rows):
        make_purchase(here, sandbox)
        ready = make_purchase(here, sandbox)
        with portal_scope(here.site):
            orders.move(ready.order, to=OrderStatus.READY, cause="test", now=timezone.now())
    desk.get(home_of(here))
    with django_assert_num_queries(HOME_QUERIES):
        desk.get(home_of(here))


HOME_QUERIES = 23
