"""Invoices and their payments, as the API shows them, and what callers may do to one."""

import copy

from shop.sandbox.billing.collecting import attempt, kept_purse, purse_of
from shop.sandbox.billing.customers import require_card
from shop.sandbox.billing.invoicing import KIND, SUBSCRIPTION, finalize, give_up
from shop.sandbox.cards import decline_message
from shop.sandbox.errors import Json, Refusal, invalid
from shop.sandbox.events import emit_change
from shop.sandbox.objects import answer, limit_of, listing, page
from shop.sandbox.rules import merged_metadata
from shop.sandbox.simulated.registry import PAGING, simulates
from shop.sandbox.world import Call

PATH = "/v1/invoices"
PAYMENT, PAYMENTS = "invoice_payment", "/v1/invoice_payments"


@simulates("get", PATH + "/{invoice}")
def retrieve_invoice(call: Call) -> Json:
    """One invoice."""
    return answer(call, _required(call))


def _required(call: Call) -> Json:
    return call.require(KIND, call.path["invoice"], param="invoice")


@simulates("get", PATH, *PAGING, "created", "customer", "status", "subscription", "collection_method")
def list_invoices(call: Call) -> Json:
    """Newest first."""
    where = {SUBSCRIPTION: call.params["subscription"]} if "subscription" in call.params else {}
    return page(call, KIND, PATH, filters=("customer", "status", "collection_method"), **where)


@simulates("get", PATH + "/{invoice}/lines", "limit")
def list_lines(call: Call) -> Json:
    """The lines of an invoice."""
    lines = _required(call)["lines"]
    limit = limit_of(call.params)
    return listing(lines["data"][:limit], lines["url"], has_more=len(lines["data"]) > limit)


@simulates(
    "post", PATH + "/{invoice}", "auto_advance", "default_payment_method", "description", "footer", "metadata"
)
def update_invoice(call: Call) -> Json:
    """What may still change: who pays and what is written below, not the amounts."""
    invoice, params = _required(call), call.params
    before = copy.deepcopy(invoice)
    if invoice["status"] != "draft" and {"description", "footer"} & set(params):
        raise invalid("Finalized invoices can't be updated in this way", code="invoice_not_editable")
    if card := params.get("default_payment_method"):
        require_card(call, card, invoice["customer"], param="default_payment_method")
    names = ("auto_advance", "default_payment_method", "description", "footer")
    invoice |= {name: params[name] for name in names if name in params}
    invoice["metadata"] = merged_metadata(invoice["metadata"], params)
    emit_change(call, "invoice.updated", before, call.store.put(invoice, call.account))
    return answer(call, invoice)


@simulates("post", PATH + "/{invoice}/finalize", "auto_advance")
def finalize_invoice(call: Call) -> Json:
    """A draft gets its number before its hour is over; its card is asked when somebody pays it."""
    invoice = _required(call)
    if invoice["status"] != "draft":
        raise invalid("This invoice is already finalized, you can't re-finalize a non-draft invoice.")
    return answer(call, finalize(call, invoice))


@simulates("post", PATH + "/{invoice}/pay", "payment_method", "off_session")
def pay_invoice(call: Call) -> Json:
    """Asks the card now. A refused one is Stripe's 402, and has happened nonetheless."""
    invoice = _required(call)
    if invoice["status"] == "draft":
        finalize(call, invoice)
    if invoice["status"] == "paid":
        raise invalid("Invoice is already paid")
    if invoice["status"] != "open":
        raise invalid(f"This invoice is {invoice['status']} and can no longer be paid.")
    purse = kept_purse(call, invoice)
    if card := call.params.get("payment_method"):
        purse = purse_of(require_card(call, card, invoice["customer"], param="payment_method"))
    outcome = attempt(call, invoice, purse)
    if outcome == "paid":
        return answer(call, invoice)
    if purse is None:
        raise Refusal(
            "There is no `default_payment_method` set on this Customer or Invoice. Please set a "
            "`default_payment_method` on this Customer or Invoice and try again.",
            has_happened=True,
        )
    code = "invoice_payment_intent_requires_action" if outcome == "must_authenticate" else purse.card.code
    raise Refusal(
        decline_message(purse.card), status=402, kind="card_error", code=code,
        decline_code=purse.card.decline_code, payment_intent=invoice["_intent"], has_happened=True,
    )  # fmt: skip


@simulates("post", PATH + "/{invoice}/void")
def void_invoice(call: Call) -> Json:
    """An open invoice that was a mistake."""
    return _give_up(call, "void")


@simulates("post", PATH + "/{invoice}/mark_uncollectible")
def mark_uncollectible(call: Call) -> Json:
    """An open invoice that nobody will pay."""
    return _give_up(call, "uncollectible")


def _give_up(call: Call, status: str) -> Json:
    invoice = _required(call)
    if invoice["status"] not in ("open", "uncollectible") or invoice["status"] == status:
        raise invalid(
            f"You can only pass in open invoices. This invoice isn't open: it is {invoice['status']}."
        )
    give_up(call, invoice, "void" if status == "void" else "uncollectible")
    return answer(call, invoice)


@simulates("get", PAYMENTS + "/{invoice_payment}")
def retrieve_payment(call: Call) -> Json:
    """What ties an invoice to its payment intent."""
    return answer(call, call.require(PAYMENT, call.path["invoice_payment"]))


@simulates("get", PAYMENTS, *PAGING, "created", "invoice", "status", "payment.type", "payment.payment_intent")
def list_payments(call: Call) -> Json:
    """Newest first, of an invoice or of a payment intent if asked."""
    given = call.params.get("payment", {})
    where = {f"payment.{name}": value for name, value in given.items()}
    return page(call, PAYMENT, PAYMENTS, filters=("invoice", "status"), **where)
