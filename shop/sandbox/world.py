"""Everything a simulated call may touch."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from shop.sandbox.clock import Clock
from shop.sandbox.errors import Json, missing_object
from shop.sandbox.ids import new_id
from shop.sandbox.store import Store


@dataclass
class World:
    """One sandbox: its memory, its time, its public address."""

    store: Store
    clock: Clock
    public_url: str

    def require(self, kind: str, object_id: str, account: str | None = "", *, param: str = "id") -> Json:
        """An object of this account. Raises Refusal (404, `resource_missing`) when there is none."""
        found = self.store.get(kind, object_id, account)
        if found is None:
            raise missing_object(NOUNS.get(kind, kind), object_id, param=param)
        return found


NOUNS = {
    "checkout.session": "checkout.session",
    "v2.core.account": "account",
    "transfer_reversal": "transfer reversal",
    "balance_transaction": "balance transaction",
    "v2.core.event": "event",
    "payment_method": "PaymentMethod",
    "setup_intent": "setupintent",
    "billing_portal.configuration": "configuration",
}


def stamp(seconds: int) -> str:
    """A moment the way v2 writes it: `2027-01-15T08:00:00.000Z`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


@dataclass
class Call:
    """One request to a simulated operation, already checked against the specification.

    An empty `request_id` says that nobody asked: it happened in the dashboard, or by itself.
    """

    world: World
    account: str
    params: Json
    path: dict[str, str] = field(default_factory=dict)
    request_id: str = field(default_factory=lambda: new_id("req_", 14))
    idempotency_key: str | None = None

    @property
    def store(self) -> Store:
        """The sandbox's memory."""
        return self.world.store

    @property
    def now(self) -> int:
        """The sandbox's present second."""
        return self.world.clock.now()

    def require(self, kind: str, object_id: str, *, param: str = "id") -> Json:
        """An object of the calling account. Raises Refusal (404) when there is none."""
        return self.world.require(kind, object_id, self.account, param=param)

    def named(self, kind: str, object_id: str, *, param: str) -> Json:
        """An object that a parameter names. Raises Refusal (400, `resource_missing`) when there is none."""
        found = self.store.get(kind, object_id, self.account)
        if found is None or found.get("deleted"):
            raise missing_object(NOUNS.get(kind, kind), object_id, param=param, status=400)
        return found
