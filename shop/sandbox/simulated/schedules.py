"""When an account's money becomes available, and how often it is paid out: `balance_settings`.

Stored values: the delay counts for the account's own charges; the interval is read by the control address
`/_sandbox/payouts/run` alone.
"""

from shop.sandbox.errors import Json, invalid
from shop.sandbox.objects import public
from shop.sandbox.simulated.registry import simulates
from shop.sandbox.world import Call

PATH = "/v1/balance_settings"
SHORTEST_DELAY, LONGEST_DELAY = 3, 31
DEFAULT: Json = {"interval": "daily", "delay_days": SHORTEST_DELAY, "debit_negative_balances": True}
ANCHORS = ("weekly_payout_days", "monthly_payout_days")


def schedule_of(call: Call) -> Json:
    """The calling account's schedule: `interval`, `delay_days`, `debit_negative_balances`, and its days."""
    return DEFAULT | (call.store.recall(f"schedule:{call.account}") or {})


def change_schedule(call: Call, change: Json) -> Json:
    """Keeps what changed. Raises Refusal for a delay Stripe would not take."""
    delay = change.get("delay_days", SHORTEST_DELAY)
    if not SHORTEST_DELAY <= delay <= LONGEST_DELAY:
        raise invalid(
            f"You cannot lower this account's delay below {SHORTEST_DELAY} days, or raise it above {LONGEST_DELAY}.",
            param="delay_days",
        )
    changed = schedule_of(call) | change
    call.store.remember(f"schedule:{call.account}", changed)
    return changed


@simulates("get", PATH)
def retrieve_settings(call: Call) -> Json:
    """The calling account's settings."""
    return _settings(schedule_of(call))


@simulates(
    "post", PATH, "payments.debit_negative_balances", "payments.payouts.schedule",
    "payments.settlement_timing.delay_days_override",
)  # fmt: skip
def update_settings(call: Call) -> Json:
    """Changes interval, days and delay; an empty delay is Stripe's shortest again."""
    payments = call.params.get("payments", {})
    change = dict(payments.get("payouts", {}).get("schedule", {}))
    if "debit_negative_balances" in payments:
        change["debit_negative_balances"] = payments["debit_negative_balances"]
    if "settlement_timing" in payments:
        override = payments["settlement_timing"]["delay_days_override"]
        change |= {"delay_days": override or SHORTEST_DELAY, "_override": override or None}
    return _settings(change_schedule(call, change))


def _settings(schedule: Json) -> Json:
    days = {name: schedule[name] for name in ANCHORS if name in schedule}
    return public({
        "object": "balance_settings",
        "payments": {
            "debit_negative_balances": schedule["debit_negative_balances"],
            "payouts": {"minimum_balance_by_currency": None, "statement_descriptor": None, "status": "enabled",
                        "schedule": {"interval": schedule["interval"]} | days},
            "settlement_timing": {"delay_days": schedule["delay_days"],
                                  "delay_days_override": schedule.get("_override"), "start_of_day": None},
        },
    })  # fmt: skip
