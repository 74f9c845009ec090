"""Refusals in the words Stripe uses, so that the real client raises its own exceptions."""

from typing import Any

Json = dict[str, Any]


class Refusal(Exception):
    """A request is refused; `body()` is Stripe's error JSON.

    `is_stored` says whether an idempotency key remembers the answer: Stripe stores the outcome of
    whatever began to run, and forgets what was turned away at the door. `has_happened` says that what
    led to the refusal stays: a card that was asked, and said no.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        is_stored: bool = True,
        has_happened: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.is_stored, self.has_happened = is_stored, has_happened
        self.details: Json = {"type": kind, "message": message, "code": code, "param": param, **more}

    def body(self) -> Json:
        """The error as Stripe sends it, without the fields that say nothing."""
        return {"error": {name: value for name, value in self.details.items() if value is not None}}


def missing_object(noun: str, object_id: str, *, param: str = "id", status: int = 404) -> Refusal:
    """Stripe's answer for an id it does not know, or that belongs to another account."""
    return Refusal(f"No such {noun}: '{object_id}'", status=status, code="resource_missing", param=param)


def invalid(message: str, *, param: str | None = None, code: str | None = None) -> Refusal:
    """A request that is well formed and still wrong."""
    return Refusal(message, param=param, code=code)


def not_simulated(what: str, *, param: str | None = None) -> Refusal:
    """Stripe knows it, the sandbox does not play it: 501, never a guess."""
    return Refusal(
        f"The payment sandbox does not simulate {what}.",
        status=501,
        kind="api_error",
        code="sandbox_not_simulated",
        param=param,
        is_stored=False,
    )


def unknown_address(method: str, path: str) -> Refusal:
    """Stripe's answer to an address it has never had."""
    return Refusal(
        f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs "
        "or we can help at https://support.stripe.com/.",
        status=404,
        is_stored=False,
    )


def broken(message: str = "An unknown error occurred") -> Refusal:
    """The 500 that Stripe sends when something broke on its side."""
    return Refusal(message, status=500, kind="api_error")
