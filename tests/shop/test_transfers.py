"""A merchant is paid its share once, or the books say what is owed and why."""

import pytest
from django.utils import timezone

from home.models import PortalSettings
from shop import outbox
from shop.enums import TransferStatus
from shop.models import Cart, Checkout, Debt, Order, OutboxMessage, Shop, Transfer
from shop.payments import effects, refunds, transfers
from shop.payments.handlers import deliver_outbox
from shop.payments.reconcile import reconcile
from shop.sandbox.server import Sandbox
from tests.factories import MembershipFactory
from tests.shop.conftest import Stall, complete, place, posts

TRANSFERS = "/v1/transfers"


@pytest.fixture
def checkout(cart: Cart, portal: PortalSettings, sandbox: Sandbox) -> Checkout:
    """Paid; nothing of the outbox was delivered yet."""
    return complete(place(cart, portal), sandbox)


def order_of(checkout: Checkout, stall: Stall) -> Order:
    return checkout.orders.get(merchant=stall.merchant)


def transfer_of(stall: Stall) -> Transfer:
    return Transfer.objects.get(order__merchant=stall.merchant)


def deliver() -> int:
    outbox.hurry(now=timezone.now())
    return deliver_outbox(now=timezone.now())


def test_each_share_leaves_out_of_the_charge_in_the_checkouts_group(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    deliver()
    asked = posts(sandbox, TRANSFERS)[0]["params"]
    payment = checkout.payment_intents.get()
    assert (asked["amount"], asked["destination"]) == (str(24_00 - 1_20), cheese.account)
    assert (asked["source_transaction"], asked["transfer_group"]) == (
        payment.charge_id,
        str(checkout.public_id),
    )
    assert "application_fee_amount" not in asked


def test_a_refused_transfer_is_a_debt_that_says_why(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall, candles: Stall
) -> None:
    sandbox.set_capabilities(cheese.account, stripe_transfers="restricted")
    assert deliver() == 5
    debt = Debt.objects.get()
    assert (debt.merchant, debt.amount_cents, debt.settled_at) == (cheese.merchant, 24_00 - 1_20, None)
    assert "capabilities" in debt.reason
    assert (transfer_of(cheese).status, transfer_of(candles).status) == ("failed", "sent")
    assert deliver() == 0
    assert (Debt.objects.count(), len(posts(sandbox, TRANSFERS))) == (1, 2)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "kind", ["500_before", "500_after", "429", "hang", "hang_after", "reset", "reset_after"]
)
def test_whatever_goes_wrong_a_share_is_sent_once(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall, kind: str
) -> None:
    sandbox.fail("POST", TRANSFERS, kind, times=3, seconds=1)
    for _i in range(20):
        deliver()
        sandbox.clear_faults()
        if not OutboxMessage.objects.filter(sent_at=None).exists():
            break
    assert (transfer_of(cheese).status, Debt.objects.count()) == (TransferStatus.SENT, 0)
    assert balance_of(cheese, sandbox) == 24_00 - 1_20


def balance_of(stall: Stall, sandbox: Sandbox) -> int:
    """What the merchant's account holds, by the sandbox's own books."""
    ledger = sandbox.ledger()
    assert ledger["is_balanced"]
    return int(ledger["holders"][f"balance:{stall.account}"])


def test_refunded_before_it_left_a_share_stays(checkout: Checkout, sandbox: Sandbox, cheese: Stall) -> None:
    refunds.request(order_of(checkout, cheese), reason="retour", restock=True, now=timezone.now())
    deliver()
    assert transfer_of(cheese).status == TransferStatus.CANCELED
    assert len(posts(sandbox, TRANSFERS)) == 1


def test_sent_but_not_recorded_and_refunded_meanwhile_a_share_is_taken_back(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after Stripe's transfer, then refunded: nobody may be left with money that is not theirs."""
    monkeypatch.setattr(transfers, "note_sent", lambda *_row, **_fields: 1 / 0)
    deliver()
    monkeypatch.undo()
    assert transfer_of(cheese).status == TransferStatus.PENDING
    refunds.request(order_of(checkout, cheese), reason="retour", restock=True, now=timezone.now())
    deliver()
    deliver()
    sent = transfer_of(cheese)
    assert (sent.status, sent.amount_cents, sent.reversed_cents) == (TransferStatus.SENT, 22_80, 22_80)
    assert balance_of(cheese, sandbox) == 0


def test_a_share_of_nothing_is_not_sent(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox, cheese: Stall
) -> None:
    Shop.objects.filter(merchant=cheese.merchant).update(commission_bps=10_000)
    complete(place(cart, portal), sandbox)
    deliver()
    assert list(Transfer.objects.values_list("order__merchant__name", flat=True)) == ["Chandelles Lauzon"]


def test_an_account_taken_away_before_payment_is_a_debt(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox, cheese: Stall
) -> None:
    checkout = place(cart, portal)
    Shop.objects.filter(merchant=cheese.merchant).update(stripe_account_id="")
    complete(checkout, sandbox)
    deliver()
    assert Debt.objects.get().merchant == cheese.merchant


def test_a_shop_of_many_people_does_not_hold_up_its_payment(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox, cheese: Stall
) -> None:
    for number in range(12):
        MembershipFactory(merchant=cheese.merchant, user__email=f"{number:02}{'x' * 40}@exemple.test")
    checkout = complete(place(cart, portal), sandbox)
    message = OutboxMessage.objects.get(
        kind=effects.MAIL_MERCHANT, payload={"order": order_of(checkout, cheese).pk}
    )
    addresses = message.recipient.split(", ")
    assert len(message.recipient) <= 254
    assert (len(addresses), {len(address) for address in addresses}) == (4, {55})


def test_a_transfer_nobody_noted_is_found_again_after_its_key_was_forgotten(
    checkout: Checkout, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(transfers, "note_sent", lambda *_row, **_fields: 1 / 0)
        deliver()
    sandbox.advance(25 * 3600)
    deliver()
    assert Transfer.objects.filter(status=TransferStatus.SENT).count() == 2
    assert len(posts(sandbox, TRANSFERS)) == 2
    assert not Debt.objects.exists()


def test_money_is_never_given_up_and_reconcile_names_what_waits(checkout: Checkout, sandbox: Sandbox) -> None:
    OutboxMessage.objects.filter(kind=effects.TRANSFER).update(attempts=99)
    sandbox.fail("POST", TRANSFERS, "500_before", times=30)
    report = reconcile(now=timezone.now())
    assert len([failure for failure in report.failures if failure.startswith("tr:")]) == 2
    sandbox.clear_faults()
    sandbox.advance(25 * 3600)  # Stripe says a stored error again until it forgets the key.
    assert reconcile(now=timezone.now()).failures == []
    assert Transfer.objects.filter(status=TransferStatus.SENT).count() == 2


def test_a_refunded_order_is_owed_no_share_that_could_not_be_sent(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    sandbox.set_capabilities(cheese.account, stripe_transfers="restricted")
    deliver()
    assert Debt.objects.filter(settled_at=None).count() == 1
    refunds.request(order_of(checkout, cheese), reason="test", restock=True, now=timezone.now())
    deliver()
    assert not Debt.objects.filter(settled_at=None).exists()
