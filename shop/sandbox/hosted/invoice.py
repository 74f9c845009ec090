"""The page of an invoice: what is billed, each tax apart, and a way to pay while it is open. It prints well."""

from html import escape

from shop.sandbox.billing import settling
from shop.sandbox.billing.collecting import Outcome, kept_purse
from shop.sandbox.billing.invoicing import KIND
from shop.sandbox.errors import Json, missing_object
from shop.sandbox.hosted import card_form
from shop.sandbox.hosted.billing_wording import LISTED_CARDS, day, rate_name, words_for
from shop.sandbox.hosted.card_form import CardForm
from shop.sandbox.hosted.fields import read_typed, summary
from shop.sandbox.hosted.markup import Words, bank_question, document, listed, price_tag, redirect
from shop.sandbox.hosted.plan_bill import amount_row
from shop.sandbox.hosted.wording import money
from shop.sandbox.messages import Request, Response
from shop.sandbox.store import Query
from shop.sandbox.world import Call, World


def _found(world: World, token: str, request: Request) -> tuple[Call, Json, Words]:
    """The invoice behind an address. Raises Refusal (404)."""
    found = world.store.find(Query(KIND, None, {"_token": token}, limit=1))
    if not found:
        raise missing_object("invoice", token)
    invoice = found[0]
    call = Call(world, world.store.owner(invoice["id"]), {}, request_id="")
    customer = call.require("customer", invoice["customer"])
    locale = next(iter(customer.get("preferred_locales", [])), None)
    return call, invoice, words_for(locale, request.headers.get("accept-language", ""))


def show(world: World, token: str, request: Request) -> Response:
    """The invoice, and the ways to pay it while it is open."""
    call, invoice, words = _found(world, token, request)
    form = CardForm()
    if request.query == "refus" and invoice["status"] == "open":
        form.refuse(settling.REFUSED, words)
    return _page(call, invoice, form, words)


def _page(call: Call, invoice: Json, form: CardForm, words: Words, *, status: int = 200) -> Response:
    title = words["invoice_title"].format(number=invoice["number"])
    body = (
        f'<header class="masthead"><span></span><p class="till">{escape(words["portal_till"])}</p></header>'
        f'<main class="sheet invoice"><h1>{escape(title)}</h1>'
        f"{summary(form.errors, words, title='invoice_errors')}"
        f'<p class="lead">{escape(_standing(invoice, words))}</p>'
        f'<div class="columns">{_bill(call, invoice, words)}{_ways_to_pay(call, invoice, form, words)}</div></main>'
    )
    return document(
        words, f"{words['invoice_errors']} {title}" if form.errors else title, body, status=status
    )


def _standing(invoice: Json, words: Words) -> str:
    if invoice["status"] == "paid":
        return words["paid_on"].format(day=day(invoice["status_transitions"]["paid_at"], words))
    if invoice["status"] != "open":
        return words["invoice_closed"]
    said = words["owed"].format(amount=money(invoice["amount_remaining"], words))
    if invoice["next_payment_attempt"]:
        said += " " + words["next_attempt"].format(day=day(invoice["next_payment_attempt"], words))
    return said


def _bill(call: Call, invoice: Json, words: Words) -> str:
    lines = "".join(_line(call, line, words) for line in invoice["lines"]["data"])
    taxes = "".join(_tax(call, tax, words) for tax in invoice["total_taxes"])
    subtotal = amount_row(words["subtotal"], invoice["subtotal"], words) if taxes else ""
    total = amount_row(words["invoice_total"], invoice["total"], words, is_strong=True)
    credit = (
        amount_row(words["credit"], invoice["starting_balance"], words) if invoice["starting_balance"] else ""
    )
    issued = escape(words["invoice_of"].format(day=day(invoice["effective_at"], words)))
    due = price_tag(invoice["amount_remaining"], dict(words) | {"total": words["invoice_due"]})
    return (
        f'<section class="bill" aria-labelledby="bill"><h2 id="bill">{issued}</h2>{_facts(invoice, words)}'
        f'<ul class="lines">{lines}{subtotal}{taxes}{total}{credit}</ul>'
        f"{due if invoice['status'] == 'open' else ''}{_footer(invoice)}</section>"
    )


def _facts(invoice: Json, words: Words) -> str:
    """Who is billed, and what the seller writes on its invoices: its tax numbers, for one."""
    name = invoice["customer_name"] or invoice["customer_email"] or invoice["customer"]
    facts = [(words["invoice_to"], name)]
    facts += [(field["name"], field["value"]) for field in invoice["custom_fields"] or []]
    rows = "".join(f"<div><dt>{escape(term)}</dt><dd>{escape(said)}</dd></div>" for term, said in facts)
    said = f'<p class="whose">{escape(invoice["description"])}</p>' if invoice["description"] else ""
    return f'<dl class="facts">{rows}</dl>{said}'


def _footer(invoice: Json) -> str:
    return f'<p class="hint footer">{escape(invoice["footer"])}</p>' if invoice["footer"] else ""


def _line(call: Call, line: Json, words: Words) -> str:
    product = call.store.any(line["pricing"]["price_details"]["product"]) or {"name": line["description"]}
    name = str(product["name"])
    if line["parent"]["subscription_item_details"]["proration"]:
        name = words["unused_line" if line["amount"] < 0 else "remaining_line"].format(name=name)
    elif line["amount"] == 0:
        name = words["trial_line"].format(name=name)
    period = {edge: day(instant, words) for edge, instant in line["period"].items()}
    return amount_row(name, line["amount"], words, details=words["period_of"].format(**period))


def _tax(call: Call, tax: Json, words: Words) -> str:
    rate = call.require("tax_rate", tax["tax_rate_details"]["tax_rate"])
    return amount_row(rate_name(rate, words), tax["amount"], words)


def _ways_to_pay(call: Call, invoice: Json, form: CardForm, words: Words) -> str:
    if invoice["status"] != "open":
        return ""
    address, amount = f"/c/invoice/{invoice['_token']}", money(invoice["amount_remaining"], words)
    purse = kept_purse(call, invoice)
    kept = ""
    if purse is not None:
        said = words["pay_kept"].format(amount=amount, last4=purse.card.last4)
        kept = (
            f'<form method="post" action="{address}" class="kept">'
            f'<button class="button button-plain" name="act" value="kept">{escape(said)}</button></form>'
        )
    keeps = (
        '<p class="consent"><input type="checkbox" id="keep" name="keep" value="yes" checked>'
        f'<label for="keep">{escape(words["keep_card"])}</label></p>'
    )
    button = words["pay_invoice"].format(amount=amount)
    pay = card_form.render(form, address, words, button=button, more=keeps)
    return f"{pay}{kept}{listed(LISTED_CARDS, words, title='cards', hint='cards_hint')}"


def pay(world: World, token: str, request: Request) -> Response:
    """Asks the kept card, or the one that was typed, once it could be one."""
    call, invoice, words = _found(world, token, request)
    if invoice["status"] != "open":
        return redirect(f"/c/invoice/{token}")
    typed = read_typed(request)
    if typed.get("act") == "kept":
        with world.store.transaction():
            outcome = settling.pay_with_kept_card(call, invoice["id"])
        return _after(call, invoice, CardForm(), words, outcome)
    form = CardForm(card_form.read_values(typed))
    form.values = {name: value for name, value in form.values.items() if name != "email"}
    if not form.check(world.clock.now()):
        return _page(call, invoice, form, words, status=422)
    holder = {name: form.values[name] for name in ("name", "postal_code", "expiry")}
    with world.store.transaction():
        outcome = settling.pay_with_new_card(
            call, invoice["id"], form.values["number"], holder, keeps=typed.get("keep") == "yes"
        )
    return _after(call, invoice, form, words, outcome)


def _after(call: Call, invoice: Json, form: CardForm, words: Words, result: tuple[Outcome, str]) -> Response:
    outcome, code = result
    address = f"/c/invoice/{invoice['_token']}"
    if outcome == "paid":
        return redirect(address)
    if outcome == "must_authenticate":
        return redirect(f"{address}/authentication")
    form.refuse(code, words)
    return _page(call, call.require(KIND, invoice["id"]), form, words, status=402)


def ask(world: World, token: str, request: Request) -> Response:
    """The bank's question about this invoice, while there is one."""
    call, invoice, words = _found(world, token, request)
    intent = call.store.get("payment_intent", invoice["_intent"] or "", call.account)
    if invoice["status"] != "open" or intent is None or intent["status"] != "requires_action":
        return redirect(f"/c/invoice/{token}")
    amount = invoice["amount_remaining"]
    text = words["bank_text"].format(amount=money(amount, words))
    words = dict(words) | {"total": words["invoice_due"]}
    return bank_question(words, f"/c/invoice/{token}/authentication", text, amount)


def authenticate(world: World, token: str, request: Request) -> Response:
    """The answer to the bank."""
    outcome = read_typed(request).get("outcome")
    call, invoice, _ = _found(world, token, request)
    if outcome not in ("authorize", "refuse"):
        return redirect(f"/c/invoice/{token}/authentication")
    with world.store.transaction():
        is_paid = settling.answer_bank(call, invoice["id"], is_authorized=outcome == "authorize")
    return redirect(f"/c/invoice/{token}" + ("" if is_paid else "?refus"))
