"""The card form: what was typed, what is wrong with it, and how it is shown again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from datetime import UTC, datetime
from html import escape

from shop.sandbox.cards import is_plausible_cvc, is_plausible_number, parse_expiry
from shop.sandbox.errors import Json
from shop.sandbox.hosted.fields import field
from shop.sandbox.hosted.markup import Words
from shop.sandbox.rules import EMAIL

POSTAL_CODE = re.compile(r"^[A-Za-z]\d[A-Za-z][ -]?\d[A-Za-z]\d$|^\d{5}(-\d{4})?$")
LONGEST = 200
NAMES = ("email", "number", "expiry", "cvc", "name", "postal_code")
ATTRIBUTES = {
    "email": 'type="email" autocomplete="email" inputmode="email"',
    "number": 'autocomplete="cc-number" inputmode="numeric" maxlength="23"',
    "expiry": 'autocomplete="cc-exp" inputmode="numeric" maxlength="9"',
    "cvc": 'autocomplete="cc-csc" inputmode="numeric" maxlength="4"',
    "name": 'autocomplete="cc-name"',
    "postal_code": 'autocomplete="postal-code" autocapitalize="characters"',
}
REFUSED_FIELD = {"incorrect_cvc": "cvc", "expired_card": "expiry"}


@dataclass
class CardForm:
    """Values by field name, and a sentence (its key) for each field that is wrong."""

    values: Mapping[str, str] = default(default_factory=dict)
    errors: dict[str, str] = default(default_factory=dict)
    has_card: bool = True
    """False where nothing is to be paid and no card is asked for."""

    def check(self, now: int) -> bool:
        """True when a bank may be asked; otherwise `errors` says why not."""
        if self.has_card:
            self._check_card(now)
        if "email" in self.values and not EMAIL.match(self.values["email"].strip()):
            self.errors["email"] = "email_wrong"
        self.errors = {name: self.errors[name] for name in NAMES if name in self.errors}
        return not self.errors

    def _check_card(self, now: int) -> None:
        values = {name: self.values.get(name, "").strip() for name in NAMES}
        if not is_plausible_number(values["number"]):
            self.errors["number"] = "number_wrong" if values["number"] else "number_empty"
        if expiry := _expiry_problem(values["expiry"], now):
            self.errors["expiry"] = expiry
        if not is_plausible_cvc(values["cvc"]):
            self.errors["cvc"] = "cvc_wrong"
        if not values["name"]:
            self.errors["name"] = "name_empty"
        if not POSTAL_CODE.match(values["postal_code"]):
            self.errors["postal_code"] = "postal_code_wrong"

    def refuse(self, code: str, words: Words) -> None:
        """The bank said no: the sentence goes beside the field it is about."""
        self.errors[REFUSED_FIELD.get(code, "number")] = code if code in words else "card_declined"


def read_values(typed: Json) -> dict[str, str]:
    """What was typed, cut to a sane length; anything else in the form is ignored."""
    return {name: typed[name][:LONGEST] for name in NAMES if isinstance(typed.get(name), str)}


def _expiry_problem(text: str, now: int) -> str:
    expiry, today = parse_expiry(text), datetime.fromtimestamp(now, UTC)
    if expiry is None:
        return "expiry_wrong"
    return "expiry_past" if expiry < (today.year, today.month) else ""


def render(
    form: CardForm, action: str, words: Words, *, button: str, asks_email: bool = False, more: str = ""
) -> str:
    """The form, sent to `action`; the bank's or our own sentence beside each field that is wrong."""
    wanted = [name for name in NAMES if (asks_email if name == "email" else form.has_card)]
    fields = "".join(field(name, ATTRIBUTES[name], form.values, form.errors, words) for name in wanted)
    lead = "" if form.has_card else f"<p>{escape(words['no_card'])}</p>"
    return (
        f'<section class="pay" aria-labelledby="card"><h2 id="card">{escape(words["card"])}</h2>{lead}'
        f'<form method="post" action="{escape(action)}" novalidate>{fields}{more}'
        f'<button class="button" type="submit">{escape(button)}</button></form></section>'
    )
