"""Events, as the API shows them."""

from shop.sandbox.errors import Json
from shop.sandbox.objects import answer, page
from shop.sandbox.simulated.registry import PAGING, simulates
from shop.sandbox.world import Call


@simulates("get", "/v1/events/{id}")
def retrieve_event(call: Call) -> Json:
    """One event of the calling account."""
    return answer(call, call.require("event", call.path["id"]))


@simulates("get", "/v1/events", *PAGING, "created", "type")
def list_events(call: Call) -> Json:
    """Newest first, of one type if asked."""
    return page(call, "event", "/v1/events", filters=("type",))
