"""What a subscription costs, as its page tells it: each tax apart, the day of the first payment, what is due today."""

from html import escape

from shop.sandbox.errors import Json
from shop.sandbox.hosted.billing_wording import day, per, rate_name
from shop.sandbox.hosted.markup import Words, price_tag
from shop.sandbox.hosted.wording import money


def bill(session: Json, words: Words) -> str:
    """The lines of every period, their taxes, the promise, and what is due today."""
    later = session["_due_later"]
    lines = "".join(_line(item, words) for item in session["_items"])
    taxes = "".join(amount_row(rate_name(tax["rate"], words), tax["amount"], words) for tax in later["taxes"])
    total = (
        amount_row(words["recurring_total"], later["total"], words, is_strong=True) if later["taxes"] else ""
    )
    return (
        f'<section class="bill" aria-labelledby="bill"><h2 id="bill">{escape(words["bill"])}</h2>'
        f'<ul class="lines">{lines}{taxes}{total}</ul><p class="promise">{escape(promise(session, words))}</p>'
        f"{price_tag(session['amount_total'], words)}</section>"
    )


def _line(item: Json, words: Words) -> str:
    price = item["price"]
    many = f"{item['quantity']} × {money(price['unit_amount'], words)}, " if item["quantity"] > 1 else ""
    details = " · ".join(
        text for text in (item.get("_details"), many + per(price["recurring"], words)) if text
    )
    return amount_row(item["description"], price["unit_amount"] * item["quantity"], words, details=details)


def amount_row(name: str, cents: int, words: Words, *, details: str = "", is_strong: bool = False) -> str:
    """One row of a bill: what it is, what it costs, and a smaller word about it."""
    more = f'<span class="line-more">{escape(details)}</span>' if details else ""
    kind = ' class="line-total"' if is_strong else ""
    return (
        f'<li{kind}><span class="line-name">{escape(name)}{more}</span>'
        f'<span class="line-amount">{escape(money(cents, words))}</span></li>'
    )


def promise(session: Json, words: Words) -> str:
    """« Essai gratuit jusqu’au 3 mars 2027, puis 44,84 $ par mois, taxes comprises. »"""
    later, told = session["_due_later"], session["_told"]
    said = {"amount": money(later["total"], words), "period": per(later["recurring"], words)}
    if told["trial_end"]:
        return words["trial_promise"].format(day=day(told["trial_end"], words), **said)
    if told["trial_period_days"]:
        return words["days_promise"].format(count=told["trial_period_days"], **said)
    return words["promise"].format(**said)


def button(session: Json, words: Words) -> str:
    """What pressing the button does today."""
    if session["amount_total"] == 0:
        return words["trial_button"]
    return words["pay"].format(amount=money(session["amount_total"], words))
