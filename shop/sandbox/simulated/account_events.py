"""Events about connected accounts: v1's `account.updated` on the account, and v2's thin ones on the platform."""

from shop.sandbox.errors import Json
from shop.sandbox.events import emit, emit_thin
from shop.sandbox.simulated.account_snapshots import snapshot
from shop.sandbox.simulated.capabilities import CAPABILITIES
from shop.sandbox.world import Call


def tell_created(call: Call, account: Json) -> None:
    """A new account."""
    emit_thin(call, "v2.core.account.created", account)


def tell_changed(call: Call, account: Json, capabilities: list[str], *, is_identified: bool = False) -> None:
    """What changed of an account: v1 is told the whole of it, v2 each part."""
    on_account = Call(call.world, account["id"], {}, {}, call.request_id, call.idempotency_key)
    emit(on_account, "account.updated", snapshot(on_account, account))
    emit_thin(call, "v2.core.account.updated", account)
    if is_identified:
        emit_thin(call, "v2.core.account[identity].updated", account)
    for capability in capabilities:
        name, *way = CAPABILITIES[capability]
        kind = f"v2.core.account[configuration.{name}].capability_status_updated"
        emit_thin(call, kind, account, data={"updated_capability": ".".join(way)})
    if capabilities:
        emit_thin(call, "v2.core.account[requirements].updated", account)
