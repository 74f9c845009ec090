"""Checks that several operations share, in Stripe's words."""

import re
from typing import Any
from urllib.parse import urlsplit

from shop.sandbox.errors import Json, Refusal, invalid

EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
CURRENCIES = frozenset({"cad", "usd", "eur"})


def check_url(params: Json, name: str) -> None:
    """An address must be absolute. Raises Refusal `url_invalid`."""
    address = params.get(name)
    if address is not None and not _is_url(address):
        raise invalid("Not a valid URL", param=name, code="url_invalid")


def _is_url(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", address)


def check_email(params: Json, name: str) -> None:
    """Raises Refusal `email_invalid`."""
    if name in params and not EMAIL.match(params[name]):
        raise invalid(f"Invalid email address: {params[name]}", param=name, code="email_invalid")


def check_length(value: str, longest: int, param: str) -> None:
    """Raises Refusal when a text is longer than Stripe keeps."""
    if len(value) > longest:
        raise invalid(f"Invalid string: {value[:20]}...; must be at most {longest} characters", param=param)


def check_currency(currency: str, param: str = "currency") -> str:
    """The currency in lower case. Raises Refusal for one the sandbox does not hold."""
    if currency.lower() not in CURRENCIES:
        raise invalid(
            f"Invalid currency: {currency}. The sandbox holds {', '.join(sorted(CURRENCIES))}.", param=param
        )
    return currency.lower()


def check_amount(amount: int, param: str = "amount") -> int:
    """A positive number of cents. Raises Refusal."""
    if amount < 1:
        raise invalid(
            "This value must be greater than or equal to 1.", param=param, code="parameter_invalid_integer"
        )
    if amount > 99_999_999:
        raise invalid("Amount must be no more than $999,999.99", param=param, code="amount_too_large")
    return amount


def metadata(params: Json, name: str = "metadata", *, path: str = "") -> dict[str, str]:
    """Metadata within Stripe's limits: 50 keys of 40 characters, values of 500; empty values are dropped."""
    given: dict[str, Any] = params.get(name) or {}
    param = path or name
    if len(given) > 50:
        raise Refusal("You can only have up to 50 metadata keys.", param=param)
    for key, value in given.items():
        check_length(key, 40, f"{param}[{key[:40]}]")
        check_length(value, 500, f"{param}[{key}]")
    return {key: value for key, value in given.items() if value != ""}


def merged_metadata(kept: dict[str, str], params: Json) -> dict[str, str]:
    """What an update leaves of the metadata: an empty value removes its key, an empty hash removes all."""
    given = params.get("metadata")
    if given is None:
        return kept
    if not given:
        return {}
    merged = kept | {key: value or "" for key, value in given.items()}
    return metadata({"metadata": merged})
