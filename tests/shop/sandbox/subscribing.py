"""A plan at 39 $ a month with both taxes of Québec, and somebody who subscribes to it on 15 January 2027."""

from dataclasses import dataclass
from typing import Any

import stripe

from shop.sandbox.server import Sandbox

NOON = 1_800_000_000  # 15 January 2027, 08:00 UTC
DAY = 86400
TRIAL_END = NOON + 45 * DAY  # 1 March 2027
GOOD, FAILS_LATER, ASKS_ONCE, ASKS_ALWAYS, DECLINED = (
    "4242424242424242", "4000000000000341", "4000002500003155", "4000002760003184", "4000000000000002",
)  # fmt: skip
BUYER = {"name": "Marie Roy", "email": "marie@demo.test", "postal_code": "G6V 3R2", "expiry": "12 / 30"}
TYPED = {"number": GOOD, "expiry": "12 / 39", "cvc": "123", "name": "Marie Roy", "postal_code": "G6V 3R2"}
FEATURES = {
    "invoice_history": {"enabled": True}, "payment_method_update": {"enabled": True},
    "subscription_cancel": {
        "enabled": True, "cancellation_reason": {"enabled": True, "options": ["too_expensive", "other"]},
    },
}  # fmt: skip


@dataclass
class Plans:
    """The seller's side: prices, rates, and what callers do with them."""

    client: stripe.StripeClient
    sandbox: Sandbox
    monthly: str = ""
    yearly: str = ""
    rates: tuple[str, ...] = ()

    def lay_out(self) -> "Plans":
        """Makes the product, its two prices and the two tax rates."""
        v1 = self.client.v1
        product = v1.products.create(params={"name": "Boutique en ligne"}).id
        told = {"product": product, "currency": "cad", "tax_behavior": "exclusive"}
        self.monthly, self.yearly = (
            v1.prices.create(params=told | {"unit_amount": cents, "recurring": {"interval": interval}}).id
            for cents, interval in ((3900, "month"), (39000, "year"))
        )
        self.rates = tuple(
            v1.tax_rates.create(params={"display_name": name, "percentage": rate, "inclusive": False}).id
            for name, rate in (("TPS", 5), ("TVQ", 9.975))
        )
        return self

    def session(self, *, trial_end: int | None = TRIAL_END, **changes: Any) -> stripe.checkout.Session:
        data: dict[str, Any] = {"default_tax_rates": list(self.rates), "metadata": {"merchant": "7"}}
        data |= {"trial_end": trial_end} if trial_end else {}
        params = {
            "mode": "subscription", "locale": "fr-CA", "client_reference_id": "plan:7",
            "success_url": "http://localhost:9/forfait/retour/?s={CHECKOUT_SESSION_ID}",
            "cancel_url": "http://localhost:9/forfait/",
            "line_items": [{"price": self.monthly, "quantity": 1}],
            "subscription_data": data | changes.pop("subscription_data", {}),
        } | changes  # fmt: skip
        return self.client.v1.checkout.sessions.create(params=params)

    def subscribed(
        self, card: str = GOOD, *, trial_end: int | None = TRIAL_END, **changes: Any
    ) -> stripe.Subscription:
        """As if the page was filled in."""
        paid = self.sandbox.pay(
            self.session(trial_end=trial_end, **changes).id, card, authenticate=True, **BUYER
        )
        return self.now(paid["subscription"])

    def now(self, subscription_id: str) -> stripe.Subscription:
        return self.client.v1.subscriptions.retrieve(subscription_id)

    def invoices(self, subscription: stripe.Subscription) -> list[stripe.Invoice]:
        """Newest first."""
        return self.client.v1.invoices.list(params={"subscription": subscription.id}).data

    def portal(self, subscription: stripe.Subscription, **changes: Any) -> str:
        """The address of a portal that may do everything the sandbox plays."""
        made = self.client.v1.billing_portal.configurations.create(params={"features": FEATURES})
        told = {"customer": subscription.customer, "configuration": made.id, "locale": "fr-CA"}
        back = {"return_url": "http://localhost:9/mon-commerce/"}
        return self.client.v1.billing_portal.sessions.create(params=told | back | changes).url

    def told(self, *kinds: str) -> list[str]:
        """The types of all events so far, oldest first; those that begin with `kinds`, where some are given."""
        types = [str(event["type"]) for event in self.sandbox.events()]
        return [kind for kind in types if not kinds or kind.startswith(kinds)]
