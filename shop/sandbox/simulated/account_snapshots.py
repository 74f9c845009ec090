"""Connected accounts through v1's eyes."""

from datetime import datetime

from shop.sandbox.errors import Json
from shop.sandbox.objects import listing, public
from shop.sandbox.simulated.banks import bank_of
from shop.sandbox.simulated.capabilities import V1_NAMES, capability_status, due, is_onboarded
from shop.sandbox.simulated.schedules import ANCHORS, schedule_of
from shop.sandbox.world import Call

STATUSES = {"active": "active", "pending": "pending"}


def snapshot(call: Call, account: Json) -> Json:
    """The account as v1 shows it; the call is made on that account."""
    capabilities = {
        name: STATUSES.get(status, "inactive")
        for name, capability in V1_NAMES.items()
        if (status := capability_status(account, capability)) != "unrequested"
    }
    details = (account["identity"] or {}).get("business_details") or {}
    return {
        "id": account["id"], "object": "account", "type": "none", "country": "CA", "default_currency": "cad",
        "business_profile": {"mcc": None, "name": account["display_name"], "support_email": None, "url": None},
        "business_type": "company", "capabilities": capabilities,
        "charges_enabled": capabilities.get("card_payments") == "active",
        "company": {"name": details.get("registered_name"), "address": details.get("address")},
        "controller": {"is_controller": True, "type": "application",
                       "stripe_dashboard": {"type": account["dashboard"]}},
        "created": int(datetime.fromisoformat(account["created"]).timestamp()),
        "details_submitted": is_onboarded(account),
        "email": account["contact_email"], "external_accounts": _banks(call, account["id"]),
        "metadata": account["metadata"], "payouts_enabled": "active" in capabilities.values(),
        "requirements": _requirements(account), "settings": {"payouts": _payouts(call)},
        "tos_acceptance": {"date": account.get("_consent")},
    }  # fmt: skip


def _banks(call: Call, account_id: str) -> Json:
    bank = bank_of(call)
    return listing([public(bank)] if bank else [], f"/v1/accounts/{account_id}/external_accounts")


def _requirements(account: Json) -> Json:
    names = [name for _, name in due(account)]
    return {
        "alternatives": [], "current_deadline": None, "currently_due": names, "errors": [], "eventually_due": names,
        "disabled_reason": "requirements.past_due" if names else None, "past_due": names, "pending_verification": [],
    }  # fmt: skip


def _payouts(call: Call) -> Json:
    schedule = schedule_of(call)
    days = {name: schedule[name] for name in ANCHORS if name in schedule}
    return {
        "debit_negative_balances": schedule["debit_negative_balances"], "statement_descriptor": None,
        "schedule": {"delay_days": schedule["delay_days"], "interval": schedule["interval"]} | days,
    }  # fmt: skip
