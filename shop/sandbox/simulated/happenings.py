"""Events, as the API shows them: v1's snapshots, v2's thin ones with their data."""

from shop.sandbox.errors import Json
from shop.sandbox.events import THIN
from shop.sandbox.objects import answer, page
from shop.sandbox.simulated.accounts import v2_page
from shop.sandbox.simulated.registry import PAGING, simulates
from shop.sandbox.store import Query
from shop.sandbox.world import Call


@simulates("get", "/v1/events/{id}")
def retrieve_event(call: Call) -> Json:
    """One event of the calling account."""
    return answer(call, call.require("event", call.path["id"]))


@simulates("get", "/v1/events", *PAGING, "created", "type")
def list_events(call: Call) -> Json:
    """Newest first, of one type if asked."""
    return page(call, "event", "/v1/events", filters=("type",))


@simulates("get", "/v2/core/events/{id}")
def retrieve_v2(call: Call) -> Json:
    """One v2 event of the platform."""
    return answer(call, call.require(THIN, call.path["id"]))


@simulates("get", "/v2/core/events", "limit", "page", "object_id", "types")
def list_v2(call: Call) -> Json:
    """Newest first; about one object, of some types, if asked."""
    params, kinds = call.params, call.params.get("types")
    where = {"related_object.id": params["object_id"]} if "object_id" in params else {}
    found = call.store.find(Query(THIN, call.account, where, limit=100_000))
    wanted = [event for event in found if kinds is None or event["type"] in kinds]
    return v2_page(call, wanted, "/v2/core/events", lambda event: event)
