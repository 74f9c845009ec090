"""What a shop prints, and the hand-over at its counter: packing slip, list of the day, receipt, age check, undo."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from home.models import AuditEntry
from home.money import cad
from home.tenancy import portal_scope
from portal.merchant_space.agenda import by_day, due_at
from shop.enums import Fulfillment, OrderStatus
from shop.models import Order, PickupSlot
from shop.payments import disputes, refunds
from shop.sandbox.server import Sandbox
from tests.factories import MembershipFactory
from tests.portal.towns import Purchase, Town, make_purchase

NBSP = "\u00a0"


@pytest.fixture
def desk(here: Town) -> Client:
    return here.signed_in(here.owner)


def page(client: Client, town: Town, rest: str) -> str:
    answer = client.get(f"/mon-commerce/{town.merchant.slug}/{rest}")
    assert answer.status_code == 200, rest
    return answer.content.decode()


def change(town: Town, bought: Purchase, **fields: object) -> None:
    with portal_scope(town.site):
        Order.objects.filter(pk=bought.order.pk).update(**fields)


def stored(town: Town, bought: Purchase) -> Order:
    with portal_scope(town.site):
        return Order.objects.get(pk=bought.order.pk)


def test_packing_slip_says_who_when_and_what(desk: Client, here: Town, bought_here: Purchase) -> None:
    slip = page(desk, here, f"commandes/{bought_here.order.number}/bon/")
    for said in (bought_here.order.number, f"Acheteuse {here.canary}", f"Produit {here.canary}", "2 ×"):
        assert said in slip
    assert "$" not in slip.partition("<main")[2].partition("</main>")[0]


def test_delivery_shows_its_address_on_every_paper(desk: Client, here: Town, bought_here: Purchase) -> None:
    address = {
        "name": "Marie", "street_address": "12, rue du Fleuve", "city": "Lévis", "province": "QC",
        "postal_code": "G6V 6C4",
    }  # fmt: skip
    change(
        here,
        bought_here,
        fulfillment=Fulfillment.DELIVERY,
        delivery_address=address,
        pickup_from=None,
        promised_at=timezone.now(),
    )
    number = bought_here.order.number
    for rest in ("", "liste-du-jour/", f"commandes/{number}/", f"commandes/{number}/bon/"):
        assert "12, rue du Fleuve" in page(desk, here, rest), rest
    assert "Elle part en livraison" in page(desk, here, f"commandes/{number}/")


def test_list_of_the_day_holds_that_day_and_links_to_the_others(
    desk: Client, here: Town, bought_here: Purchase, sandbox
) -> None:
    other = make_purchase(here, sandbox)
    now = timezone.localtime().replace(hour=12, minute=0)
    change(here, bought_here, pickup_from=now)
    change(here, other, pickup_from=now + timedelta(days=3))
    today = page(desk, here, "liste-du-jour/")
    day = (now + timedelta(days=3)).date().isoformat()
    assert bought_here.order.number in today
    assert other.order.number not in today
    assert f'href="?jour={day}"' in today
    later = page(desk, here, f"liste-du-jour/?jour={day}")
    assert other.order.number in later
    assert bought_here.order.number not in later
    assert bought_here.order.number in page(desk, here, "liste-du-jour/?jour=hier")


def test_orders_stand_in_the_order_in_which_they_are_due(here: Town, bought_here: Purchase, sandbox) -> None:
    late, slotted = make_purchase(here, sandbox), make_purchase(here, sandbox)
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    with portal_scope(here.site):
        slot = PickupSlot.objects.create(
            shop=here.merchant.shop, starts_at=noon - timedelta(hours=1), ends_at=noon, capacity=3, taken=1
        )
        change(here, bought_here, pickup_from=noon)
        change(here, late, pickup_from=noon - timedelta(days=2))
        change(here, slotted, pickup_from=noon - timedelta(hours=5), slot=slot)
        days = by_day(Order.objects.select_related("slot"), now=noon)
        assert [[row.pk for row in day.orders] for day in days] == [
            [late.order.pk],
            [slotted.order.pk, bought_here.order.pk],
        ]
        assert due_at(Order.objects.select_related("slot").get(pk=slotted.order.pk)) == slot.starts_at
    assert days[0].label.startswith("En retard depuis le ")
    assert days[1].label.startswith("Aujourd’hui, ")


def test_shop_keeps_the_same_receipt_as_its_shopper(desk: Client, here: Town, bought_here: Purchase) -> None:
    theirs = here.visitor().get(f"/commande/{bought_here.token}/recu/{bought_here.order.number}/")
    assert page(desk, here, f"commandes/{bought_here.order.number}/recu/") == theirs.content.decode()


def hand_over(client: Client, town: Town, bought: Purchase, **answers: str):
    address = f"/mon-commerce/{town.merchant.slug}/commandes/{bought.order.number}/etat/"
    return client.post(address, {"to": "fulfilled", **answers})


def test_alcohol_is_handed_over_with_the_box_ticked_and_recorded(
    desk: Client, here: Town, bought_here: Purchase
) -> None:
    change(here, bought_here, adult_required=True)
    desk.post(
        f"/mon-commerce/{here.merchant.slug}/commandes/{bought_here.order.number}/etat/", {"to": "ready"}
    )
    refused = hand_over(desk, here, bought_here)
    assert refused.status_code == 422
    assert "Cochez la case quand vous avez vu une pièce d’identité" in refused.content.decode()
    assert stored(here, bought_here).status == OrderStatus.READY
    assert hand_over(desk, here, bought_here, age="on").status_code == 302
    row = stored(here, bought_here)
    assert (row.status, row.adult_checked_by_id) == (OrderStatus.FULFILLED, here.owner.pk)
    assert row.adult_checked_at is not None
    with portal_scope(here.site):
        entry = AuditEntry.objects.get(action="order.fulfilled")
    assert entry.after == {"status": "fulfilled", "adult_checked": True}


def test_ready_is_taken_back_and_traced(desk: Client, here: Town, bought_here: Purchase) -> None:
    base = f"/mon-commerce/{here.merchant.slug}/commandes/{bought_here.order.number}/"
    desk.post(f"{base}etat/", {"to": "ready"})
    answer = desk.post(f"{base}pas-prete/", follow=True)
    assert "est de nouveau à préparer" in answer.content.decode()
    assert stored(here, bought_here).status == OrderStatus.PAID
    hand_over(desk, here, bought_here)
    refused = desk.post(f"{base}pas-prete/", follow=True)
    assert f"La commande {bought_here.order.number} est déjà remise." in refused.content.decode()
    with portal_scope(here.site):
        actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["order.ready", "order.paid", "order.fulfilled"]


@pytest.mark.parametrize("rest", ["liste-du-jour/", "{order}bon/", "{order}recu/", "{order}pas-prete/"])
def test_strangers_find_no_paper(here: Town, there: Town, bought_here: Purchase, rest: str) -> None:
    with portal_scope(here.site):
        other = MembershipFactory()
    order = f"commandes/{bought_here.order.number}/"
    for user in (other.user, there.owner):
        client = here.signed_in(user)
        address = f"/mon-commerce/{here.merchant.slug}/{rest.format(order=order)}"
        assert client.get(address).status_code in ({405} if "pas-prete" in rest else {404})
        assert client.post(address).status_code in ({404} if "pas-prete" in rest else {405})
    assert stored(here, bought_here).status == OrderStatus.PAID


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_as_many_questions_for_any_number_of_orders(
    desk: Client, here: Town, sandbox, rows: int, django_assert_num_queries
) -> None:
    for _n in range(rows):
        make_purchase(here, sandbox)
    page(desk, here, "liste-du-jour/")
    with django_assert_num_queries(LIST_QUERIES):
        page(desk, here, "liste-du-jour/")


LIST_QUERIES = 8


def test_what_left_with_the_shop_is_on_the_way_not_at_the_counter(
    desk: Client, here: Town, bought_here: Purchase
) -> None:
    change(here, bought_here, fulfillment=Fulfillment.DELIVERY)
    desk.post(
        f"/mon-commerce/{here.merchant.slug}/commandes/{bought_here.order.number}/etat/", {"to": "ready"}
    )
    home = page(desk, here, "")
    assert "1 commande en route" in home
    assert "au comptoir" not in home
    assert "Elle est livrée" in home


def refund_units(town: Town, bought: Purchase, units: int) -> None:
    with portal_scope(town.site):
        (line,) = bought.order.lines.all()
        wish = refunds.Units({line.pk: units})
        refunds.request(bought.order, wish, reason="retour", restock=True, now=timezone.now())


def test_refunded_units_do_not_go_into_the_bag(desk: Client, here: Town, bought_here: Purchase) -> None:
    slip = f"commandes/{bought_here.order.number}/bon/"
    refund_units(here, bought_here, 1)
    for rest in (slip, ""):
        shown = page(desk, here, rest)
        assert ("1 ×" in shown, "2 ×" in shown, "1 remboursé" in shown) == (True, False, True), rest
    refund_units(here, bought_here, 1)
    assert "tout a été remboursé" in page(desk, here, slip)


def test_a_contested_payment_is_told_with_its_end(
    desk: Client, here: Town, bought_here: Purchase, sandbox: Sandbox
) -> None:
    address = f"commandes/{bought_here.order.number}/"
    assert "conteste ce paiement" not in page(desk, here, address)
    with portal_scope(here.site):
        payment = bought_here.checkout.payment_intents.get()
    told = sandbox.dispute(payment.charge_id)
    disputes.sync_dispute(payment, told["id"], now=timezone.now())
    assert "La personne conteste ce paiement" in page(desk, here, address)
    sandbox.close_dispute(told["id"], "lost")
    disputes.sync_dispute(payment, told["id"], now=timezone.now())
    total = cad(bought_here.order.total_cents)
    assert f"Contestation perdue{NBSP}: la banque a rendu {total}" in page(desk, here, address)
