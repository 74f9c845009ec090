"""/mon-commerce/…/remboursement/: a merchant gives back its own sale, seen to the cent first, done once."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from home.models import AuditEntry
from home.tenancy import portal_scope
from portal.merchant_space.forms import CentsField
from shop.enums import OrderStatus, RefundSource
from shop.models import LineItem, Order, Refund
from tests.factories import MembershipFactory
from tests.portal.towns import Purchase, Town

NBSP = "\u00a0"


@pytest.fixture
def desk(here: Town) -> Client:
    return here.signed_in(here.owner)


def address(town: Town, bought: Purchase) -> str:
    return f"/mon-commerce/{town.merchant.slug}/commandes/{bought.order.number}/remboursement/"


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def preview(client: Client, town: Town, bought: Purchase, **answers: object) -> HttpResponse:
    values = {"step": "apercu", "reason": "il n’en reste plus", **answers}
    return client.post(address(town, bought), values)


def form_of(page: HttpResponse) -> dict[str, str]:
    """The hidden fields of the preview's form, as a browser sends them back."""
    inside = text(page).partition('value="rembourser"')
    fields = re.findall(r'<input type="hidden" name="([\w]+)" value="([^"]*)"', inside[2])
    return {"step": "rembourser", **dict(fields)}


def confirm(client: Client, town: Town, bought: Purchase, page: HttpResponse) -> HttpResponse:
    return client.post(address(town, bought), form_of(page), follow=True)


def refunds_of(town: Town) -> list[Refund]:
    with portal_scope(town.site):
        return list(Refund.objects.order_by("pk").select_related("order"))


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("7,50", 750), ("7.50", 750), (f"7,50{NBSP}$", 750), ("1 234,50", 123450), ("7", 700), ("7,5", 750)],
)
def test_amounts_are_taken_as_people_write_them(typed: str, cents: int) -> None:
    assert CentsField().clean(typed) == cents


@pytest.mark.parametrize("typed", ["sept", "-5", "7,505", "0", "0,00", "1e3", "7,50 €", "١٢"[:0] or "$"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError, match="Ce montant ne se lit pas"):
        CentsField().clean(typed)


def test_one_unit_is_shown_with_its_taxes_then_refunded(
    desk: Client, here: Town, bought_here: Purchase
) -> None:
    with portal_scope(here.site):
        line = LineItem.objects.get(order=bought_here.order)
    page = preview(desk, here, bought_here, what="articles", restock="on", **{f"units_{line.pk}": "1"})
    assert page.status_code == 200
    assert f"Rembourser 20,00{NBSP}$" in text(page)
    assert refunds_of(here) == []
    done = confirm(desk, here, bought_here, page)
    assert f"20,00{NBSP}$ remboursés de la commande {bought_here.order.number}." in text(done)
    (refund,) = refunds_of(here)
    assert (refund.amount_cents, refund.source, refund.actor_id) == (
        20_00,
        RefundSource.MERCHANT,
        here.owner.pk,
    )
    assert refund.reason == "il n’en reste plus"
    with portal_scope(here.site):
        line.refresh_from_db()
        entry = AuditEntry.objects.get(action="order.refund")
        assert (line.refunded_quantity, refund.lines.get().restocked) == (1, True)
    assert entry.before == {"status": "paid", "refunded_cents": 0}
    assert (entry.after["status"], entry.after["refunded_cents"]) == ("paid", 20_00)


def test_cannot_supply_begins_with_the_whole_and_a_reason(
    desk: Client, here: Town, bought_here: Purchase
) -> None:
    form = text(desk.get(f"{address(here, bought_here)}?rupture"))
    assert "Le commerce ne peut pas fournir cette commande." in form
    assert re.search(r'value="tout"[^>]*checked', form)
    confirm(desk, here, bought_here, preview(desk, here, bought_here, what="tout"))
    with portal_scope(here.site):
        order = Order.objects.get(pk=bought_here.order.pk)
    assert (order.status, order.refunded_cents) == (OrderStatus.REFUNDED, order.total_cents)


def test_the_same_press_twice_refunds_once(desk: Client, here: Town, bought_here: Purchase) -> None:
    page = preview(desk, here, bought_here, what="montant", amount="5,00")
    confirm(desk, here, bought_here, page)
    again = confirm(desk, here, bought_here, page)
    assert "Un remboursement vient d’être fait" in text(again)
    assert [row.amount_cents for row in refunds_of(here)] == [5_00]


def test_another_sum_than_the_one_on_the_button_is_shown_again(
    desk: Client, here: Town, bought_here: Purchase
) -> None:
    page = preview(desk, here, bought_here, what="montant", amount="5,00")
    again = desk.post(address(here, bought_here), {**form_of(page), "amount": "6,00"})
    assert f"Rembourser 6,00{NBSP}$" in text(again)
    assert refunds_of(here) == []


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({}, "Choisissez ce que vous remboursez."),
        ({"what": "montant"}, "Écrivez un montant, comme 7,50."),
        ({"what": "montant", "amount": "beaucoup"}, "Ce montant ne se lit pas"),
        ({"what": "montant", "amount": "40,01"}, f"Il reste 40,00{NBSP}$ à rembourser"),
        ({"what": "articles"}, "Écrivez combien d’unités vous remboursez."),
        ({"what": "articles", "units": "3"}, "Il n’en reste que 2 à rembourser."),
        ({"what": "articles", "units": "-1"}, "Écrivez 0 ou plus."),
        ({"what": "articles", "units": "deux"}, "Écrivez un nombre entier"),
        ({"what": "tout", "reason": " "}, "Écrivez une raison"),
        ({"what": "tout", "reason": "x" * 121}, "Écrivez une raison plus courte"),
        ({"what": "autre"}, "Sélectionnez un choix valide"),
    ],
)
def test_what_does_not_hold_is_said_and_kept(
    desk: Client, here: Town, bought_here: Purchase, answers: dict[str, str], sentence: str
) -> None:
    with portal_scope(here.site):
        pk = LineItem.objects.get(order=bought_here.order).pk
    values = {f"units_{pk}" if name == "units" else name: value for name, value in answers.items()}
    page = preview(desk, here, bought_here, **values)
    assert page.status_code == 422
    assert sentence in text(page)
    assert answers.get("amount", "il n’en reste plus") in text(page) or "reason" in answers
    assert refunds_of(here) == []


def test_helper_may_refund_and_strangers_find_nothing(here: Town, there: Town, bought_here: Purchase) -> None:
    with portal_scope(here.site):
        other, helper = MembershipFactory(), MembershipFactory(merchant=here.merchant, role="helper")
    for user in (other.user, there.owner):
        client = here.signed_in(user)
        assert client.get(address(here, bought_here)).status_code == 404
        assert preview(client, here, bought_here, what="tout").status_code == 404
    crossed = address(here, bought_here).replace(here.merchant.slug, other.merchant.slug)
    assert here.signed_in(other.user).post(crossed, {"what": "tout"}).status_code == 404
    assert refunds_of(here) == []
    assert here.signed_in(helper.user).get(address(here, bought_here)).status_code == 200


def test_units_of_another_order_are_not_refunded(
    desk: Client, here: Town, there: Town, bought_here: Purchase, bought_there: Purchase
) -> None:
    with portal_scope(there.site):
        foreign = LineItem.objects.get(order=bought_there.order).pk
    page = preview(desk, here, bought_here, what="articles", **{f"units_{foreign}": "1"})
    assert page.status_code == 422
    assert refunds_of(here) == refunds_of(there) == []
