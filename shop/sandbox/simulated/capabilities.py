"""What a connected account may do, and what Stripe still wants to know before it may.

*Verify*: the words in which requirements are described; code should count them, not read them.
"""

from typing import Any

from shop.sandbox.errors import Json, invalid

TRANSFERS = ("recipient", "stripe_balance", "stripe_transfers")
PAYOUTS = ("recipient", "stripe_balance", "payouts")
CARDS = ("merchant", "card_payments")
CAPABILITIES = {"stripe_transfers": TRANSFERS, "payouts": PAYOUTS, "card_payments": CARDS}
STATUSES = ("active", "pending", "restricted", "unsupported")
V1_NAMES = {"transfers": "stripe_transfers", "card_payments": "card_payments"}
ONBOARDING = (
    ("identity.business_details.registered_name", "company.name"),
    ("identity.business_details.address", "company.address.line1"),
    ("defaults.payout_methods", "external_account"),
    ("identity.attestations.terms_of_service", "tos_acceptance.date"),
)
VERIFICATION = (("identity.business_details.documents", "company.verification.document"),)


def set_capability(account: Json, capability: str, status: str) -> bool:
    """Writes one capability of an account; False when it was so already. Raises Refusal for an unknown word."""
    if capability not in CAPABILITIES or status not in STATUSES:
        raise invalid(f"Unknown capability or status: {capability} {status}", param="capability")
    if capability_status(account, capability) == status:
        return False
    name, *way, last = CAPABILITIES[capability]
    place = configuration(account, name)["capabilities"]
    for step in way:
        place = place.setdefault(step, {})
    details = [] if status == "active" else [{"code": "requirements_past_due", "resolution": "provide_info"}]
    place[last] = {"status": status, "requested": True, "status_details": details}
    return True


def drop_capability(account: Json, capability: str) -> bool:
    """The capability is no longer asked for; False when it was not."""
    name, *way, last = CAPABILITIES[capability]
    place: Any = configuration(account, name)["capabilities"]
    for step in way:
        place = place.get(step, {})
    return place.pop(last, None) is not None


def configuration(account: Json, name: str) -> Json:
    """A configuration of the account, applied now if it was not."""
    if not account["configuration"].get(name):
        account["configuration"][name] = {"applied": True, "capabilities": {}}
        account["applied_configurations"] = sorted({*account["applied_configurations"], name})
    found: Json = account["configuration"][name]
    return found


def capability_status(account: Json, capability: str) -> str:
    """`active`, `pending`, `restricted`, `unsupported`, or `unrequested`."""
    name, *way = CAPABILITIES[capability]
    place: Any = (account["configuration"].get(name) or {}).get("capabilities", {})
    for step in way:
        place = place.get(step, {})
    return str(place.get("status", "unrequested"))


def wishes(given: Json) -> dict[str, bool]:
    """What a request says of each capability: asked for, or no longer."""
    found = {}
    for capability, way in CAPABILITIES.items():
        place: Any = given.get("configuration", {}).get(way[0]) or {}
        for step in ("capabilities", *way[1:]):
            place = place.get(step) or {}
        if "requested" in place:
            found[capability] = bool(place["requested"])
    return found


def requested(account: Json) -> list[str]:
    """The capabilities that were asked for."""
    return [name for name in CAPABILITIES if capability_status(account, name) != "unrequested"]


def is_onboarded(account: Json) -> bool:
    """Whether somebody has been through onboarding, or a control address stood in for them."""
    fallback = any(capability_status(account, name) == "active" for name in CAPABILITIES)
    return bool(account.get("_is_onboarded", fallback))


def due(account: Json) -> tuple[tuple[str, str], ...]:
    """What is still to be told, in v2's words and in v1's."""
    waiting = [name for name in requested(account) if capability_status(account, name) != "active"]
    if not waiting:
        return ()
    return VERIFICATION if is_onboarded(account) else ONBOARDING


def requirements(account: Json) -> Json:
    """Stripe's v2 `requirements`."""
    waiting = [name for name in requested(account) if capability_status(account, name) != "active"]
    restricts = [
        {"capability": ".".join(CAPABILITIES[name][1:]), "configuration": CAPABILITIES[name][0],
         "deadline": {"status": "currently_due"}}
        for name in waiting
    ]  # fmt: skip
    entries = [
        {"awaiting_action_from": "user", "description": description, "errors": [],
         "impact": {"restricts_capabilities": restricts}, "minimum_deadline": {"status": "currently_due"},
         "reference": None, "requested_reasons": [{"code": "routine_onboarding"}]}
        for description, _ in due(account)
    ]  # fmt: skip
    summary = {"minimum_deadline": {"status": "currently_due", "time": None}} if entries else None
    return {"alternatives": [], "entries": entries, "summary": summary}
