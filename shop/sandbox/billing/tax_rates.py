"""Tax rates. A rate's percentage never changes; another one is made, and the old one is archived."""

import copy
from decimal import Decimal

from shop.sandbox.errors import Json, invalid
from shop.sandbox.events import emit, emit_change
from shop.sandbox.ids import new_id
from shop.sandbox.objects import answer, page
from shop.sandbox.rules import check_length, merged_metadata, metadata
from shop.sandbox.simulated.registry import PAGING, simulates
from shop.sandbox.world import Call

KIND = "tax_rate"
PATH = "/v1/tax_rates"
PLAIN = ("country", "description", "jurisdiction", "state", "tax_type")
TOLD = (*PLAIN, "active", "display_name", "metadata")


@simulates("post", PATH, *TOLD, "inclusive", "percentage")
def create_rate(call: Call) -> Json:
    """A rate in percent, added to prices or contained in them."""
    given = call.params
    check_length(given["display_name"], 50, "display_name")
    percentage = _percentage(given["percentage"])
    rate = {
        "id": new_id("txr_1"), "object": KIND, "active": given.get("active", True), "created": call.now,
        "display_name": given["display_name"], "effective_percentage": percentage, "flat_amount": None,
        "inclusive": given["inclusive"], "jurisdiction_level": None, "livemode": False, "metadata": metadata(given),
        "percentage": percentage, "rate_type": "percentage", **{name: given.get(name) for name in PLAIN},
    }  # fmt: skip
    call.store.put(rate, call.account)
    emit(call, "tax_rate.created", rate)
    return answer(call, rate)


def _percentage(told: str) -> float:
    """Up to four decimals, as Stripe keeps them. Raises Refusal."""
    figure = Decimal(told)
    exponent = figure.normalize().as_tuple().exponent
    if not 0 <= figure <= 100 or (isinstance(exponent, int) and exponent < -4):
        raise invalid("Percentage must be from 0 to 100 with up to 4 decimal places.", param="percentage")
    return float(figure)


@simulates("get", PATH + "/{tax_rate}")
def retrieve_rate(call: Call) -> Json:
    """One tax rate."""
    return answer(call, call.require(KIND, call.path["tax_rate"], param="tax_rate"))


@simulates("get", PATH, *PAGING, "created", "active", "inclusive")
def list_rates(call: Call) -> Json:
    """Newest first."""
    return page(call, KIND, PATH, filters=("active", "inclusive"))


@simulates("post", PATH + "/{tax_rate}", *TOLD)
def update_rate(call: Call) -> Json:
    """Everything but the percentage and whether prices contain it."""
    rate = call.require(KIND, call.path["tax_rate"], param="tax_rate")
    before = copy.deepcopy(rate)
    rate |= {name: call.params[name] for name in (*PLAIN, "active", "display_name") if name in call.params}
    rate["metadata"] = merged_metadata(rate["metadata"], call.params)
    emit_change(call, "tax_rate.updated", before, call.store.put(rate, call.account))
    return answer(call, rate)


def named_rates(call: Call, ids: list[str], param: str) -> list[Json]:
    """The rates of a list of ids. Raises Refusal for one that is missing or archived."""
    rates = [call.named(KIND, rate_id, param=f"{param}[{at}]") for at, rate_id in enumerate(ids)]
    for at, rate in enumerate(rates):
        if not rate["active"]:
            message = f"The tax rate `{rate['id']}` is archived and cannot be used for new objects."
            raise invalid(message, param=f"{param}[{at}]")
    return rates
