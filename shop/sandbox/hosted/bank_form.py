"""The onboarding form: what was typed, what is wrong with it, and how it is shown again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from html import escape

from shop.sandbox.errors import Json
from shop.sandbox.hosted.card_form import LONGEST, POSTAL_CODE
from shop.sandbox.hosted.fields import field, marks
from shop.sandbox.hosted.markup import Words

BUSINESS = ("registered_name", "line1", "city", "state", "postal_code")
BANK = ("transit", "institution", "number")
NAMES = (*BUSINESS, *BANK)
PATTERNS = {
    "state": re.compile(r"^[A-Za-z]{2}$"), "postal_code": POSTAL_CODE, "transit": re.compile(r"^[0-9]{5}$"),
    "institution": re.compile(r"^[0-9]{3}$"), "number": re.compile(r"^[0-9]{7,12}$"),
}  # fmt: skip
ATTRIBUTES = {
    "registered_name": 'autocomplete="organization"',
    "line1": 'autocomplete="address-line1"',
    "city": 'autocomplete="address-level2"',
    "state": 'autocomplete="address-level1" autocapitalize="characters" maxlength="2"',
    "postal_code": 'autocomplete="postal-code" autocapitalize="characters"',
    "transit": 'autocomplete="off" inputmode="numeric" maxlength="5"',
    "institution": 'autocomplete="off" inputmode="numeric" maxlength="3"',
    "number": 'autocomplete="off" inputmode="numeric" maxlength="15"',
}


@dataclass
class BankForm:
    """Values by field name, and a sentence (its key) for each field that is wrong."""

    values: Mapping[str, str] = default(default_factory=dict)
    is_agreed: bool = False
    errors: dict[str, str] = default(default_factory=dict)

    def check(self) -> bool:
        """True when Stripe knows enough; otherwise `errors` says why not."""
        for name in NAMES:
            if name in PATTERNS and not PATTERNS[name].match(self.values.get(name, "")):
                self.errors[name] = f"{name}_wrong"
            elif not self.values.get(name):
                self.errors[name] = f"{name}_empty"
        if not self.is_agreed:
            self.errors["consent"] = "consent_empty"
        return not self.errors


def read_form(typed: Json) -> BankForm:
    """What was typed, trimmed and cut to a sane length; digits may be grouped."""
    told = {name: typed[name][:LONGEST].strip() for name in NAMES if isinstance(typed.get(name), str)}
    for name in BANK:
        if name in told:
            told[name] = re.sub(r"[\s\u00a0\u202f-]", "", told[name])
    return BankForm(told, is_agreed=typed.get("consent") == "yes")


def render(form: BankForm, action: str, words: Words) -> str:
    """The form; a second button fills it in with an example."""
    return (
        f'<form class="pay onboarding" method="post" action="{escape(action)}" novalidate>'
        f"{_group('business', BUSINESS, form, words)}{_group('bank', BANK, form, words)}{_consent(form, words)}"
        f'<button class="button" name="act" value="submit">{escape(words["submit"])}</button>'
        f'<button class="button button-plain" name="act" value="fill">{escape(words["fill"])}</button></form>'
    )


def _group(name: str, fields: tuple[str, ...], form: BankForm, words: Words) -> str:
    help_text = f'<p class="hint">{escape(words["bank_help"])}</p>' if name == "bank" else ""
    rows = "".join(field(each, ATTRIBUTES[each], form.values, form.errors, words) for each in fields)
    return f"<fieldset><legend>{escape(words[name])}</legend>{help_text}<div>{rows}</div></fieldset>"


def _consent(form: BankForm, words: Words) -> str:
    error = form.errors.get("consent")
    sentence = f'<p class="error" id="consent-error">{escape(words[error])}</p>' if error else ""
    checked = " checked" if form.is_agreed else ""
    tied = marks("consent", has_hint=False, has_error=bool(error))
    return (
        f'<div class="consent"><input type="checkbox" id="consent" name="consent" value="yes" required{checked}{tied}>'
        f'<label for="consent">{escape(words["consent"])}</label>{sentence}</div>'
    )
