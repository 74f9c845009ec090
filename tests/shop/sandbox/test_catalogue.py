"""Customers, products, prices and tax rates through the real client."""

from typing import Any

import pytest
import stripe

from shop.sandbox.server import Sandbox
from tests.shop.sandbox.asking import error_of, raw

MONTHLY = {
    "currency": "cad",
    "unit_amount": 3900,
    "recurring": {"interval": "month"},
    "tax_behavior": "exclusive",
}


@pytest.fixture
def product(client: stripe.StripeClient) -> stripe.Product:
    return client.v1.products.create(params={"id": "boutique", "name": "Boutique en ligne"})


def types(sandbox: Sandbox) -> list[str]:
    return [event["type"] for event in sandbox.events()]


def test_a_customer_is_kept_found_changed_and_deleted(client: stripe.StripeClient, sandbox: Sandbox):
    customers = client.v1.customers
    told = {"email": "fromagerie@demo.test", "name": "Fromagerie du Bac", "metadata": {"merchant": "7"}}
    customer = customers.create(params=told | {"preferred_locales": ["fr-CA"]})
    assert (customer.name, customer.delinquent, customer.next_invoice_sequence) == (told["name"], False, 1)
    customers.create(params={"email": "autre@demo.test"})
    assert [c.id for c in customers.list(params={"email": told["email"]}).data] == [customer.id]
    query = "email:'fromagerie@demo.test' AND metadata['merchant']:'7'"
    assert [c.id for c in customers.search(params={"query": query}).data] == [customer.id]
    changed = customers.update(customer.id, params={"name": "Fromagerie", "metadata": {"merchant": ""}})
    assert (changed.name, changed.email, changed.metadata.to_dict()) == ("Fromagerie", told["email"], {})
    assert customers.delete(customer.id).deleted
    assert customers.retrieve(customer.id).deleted
    assert len(customers.list().data) == 1
    assert types(sandbox) == ["customer.created", "customer.created", "customer.updated", "customer.deleted"]
    assert sandbox.events()[2]["data"]["previous_attributes"] == {
        "name": "Fromagerie du Bac", "metadata": {"merchant": "7"},
    }  # fmt: skip


def test_a_change_that_changes_nothing_tells_nothing(client: stripe.StripeClient, sandbox: Sandbox):
    customer = client.v1.customers.create(params={"name": "Fromagerie"})
    client.v1.customers.update(customer.id, params={"name": "Fromagerie"})
    assert types(sandbox) == ["customer.created"]


def test_a_price_by_the_month_belongs_to_its_product(client: stripe.StripeClient, product: stripe.Product):
    price = client.v1.prices.create(params=MONTHLY | {"product": product.id, "lookup_key": "boutique_mois"})
    assert (price.unit_amount, price.type, price.tax_behavior) == (3900, "recurring", "exclusive")
    assert (price.recurring.interval, price.recurring.interval_count) == ("month", 1)
    yearly = MONTHLY | {"product": product.id, "unit_amount": 39000, "recurring": {"interval": "year"}}
    client.v1.prices.create(params=yearly)
    found = client.v1.prices.list(
        params={"lookup_keys": ["boutique_mois", "autre"], "expand": ["data.product"]}
    )
    assert [(p.id, p.product.name) for p in found.data] == [(price.id, "Boutique en ligne")]
    by_year = client.v1.prices.list(params={"product": product.id, "recurring": {"interval": "year"}}).data
    assert [p.unit_amount for p in by_year] == [39000]


def test_a_lookup_key_names_one_price_until_it_moves_on(client: stripe.StripeClient, product: stripe.Product):
    told = MONTHLY | {"product": product.id, "lookup_key": "boutique_mois"}
    first = client.v1.prices.create(params=told)
    assert "already uses that lookup key" in error_of(lambda: client.v1.prices.create(params=told))["message"]
    second = client.v1.prices.create(params=told | {"unit_amount": 4500, "transfer_lookup_key": True})
    assert client.v1.prices.retrieve(first.id).lookup_key is None
    assert client.v1.prices.list(params={"lookup_keys": ["boutique_mois"]}).data[0].id == second.id


def test_a_product_may_bring_its_price_and_is_archived_rather_than_deleted(client: stripe.StripeClient):
    product = client.v1.products.create(params={"name": "Boutique", "default_price_data": MONTHLY})
    assert client.v1.prices.retrieve(product.default_price).product == product.id
    assert "cannot be deleted" in error_of(lambda: client.v1.products.delete(product.id))["message"]
    assert not client.v1.products.update(product.id, params={"active": False}).active
    assert client.v1.products.list(params={"active": True}).data == []
    bare = client.v1.products.create(params={"name": "Erreur"})
    assert client.v1.products.delete(bare.id).deleted


def test_a_product_id_is_taken_once(client: stripe.StripeClient, product: stripe.Product):
    error = error_of(lambda: client.v1.products.create(params={"id": product.id, "name": "Encore"}))
    assert (error["status"], error["code"]) == (400, "resource_already_exists")


def test_both_taxes_of_quebec_are_kept_to_the_thousandth(client: stripe.StripeClient):
    tps = {"display_name": "TPS", "percentage": 5, "inclusive": False, "country": "CA", "tax_type": "gst"}
    tvq = {"display_name": "TVQ", "percentage": 9.975, "inclusive": False, "country": "CA", "state": "QC",
           "tax_type": "qst"}  # fmt: skip
    made = [client.v1.tax_rates.create(params=told) for told in (tps, tvq)]
    assert [client.v1.tax_rates.retrieve(rate.id).percentage for rate in made] == [5.0, 9.975]
    client.v1.tax_rates.update(made[0].id, params={"active": False})
    assert [rate.id for rate in client.v1.tax_rates.list(params={"active": True}).data] == [made[1].id]


@pytest.mark.parametrize(
    ("path", "params", "code", "param"),
    [
        ("prices", {"product": "boutique", "currency": "cad"}, "parameter_missing", "unit_amount"),
        ("prices", MONTHLY | {"product": "nulle-part"}, "resource_missing", "product"),
        ("prices", MONTHLY, "parameter_missing", "product"),
        ("prices", MONTHLY | {"product": "boutique", "unit_amount": -1}, "parameter_invalid_integer", "unit_amount"),
        ("prices", MONTHLY | {"product": "boutique", "amount": 1}, "parameter_unknown", "amount"),
        ("prices", MONTHLY | {"product": "boutique", "billing_scheme": "tiered"}, "sandbox_not_simulated", None),
        ("products", {"name": "x", "package_dimensions": {"height": 1, "length": 1, "weight": 1, "width": 1}},
         "sandbox_not_simulated", None),
        ("customers", {"email": "pas-une-adresse"}, "email_invalid", "email"),
        ("customers", {"invoice_settings": {"custom_fields": [{"name": "x" * 41, "value": "y"}]}}, None,
         "invoice_settings[custom_fields][0][name]"),
        ("customers", {"invoice_settings": {"custom_fields": [{"name": "x", "value": "y"}] * 5}}, None,
         "invoice_settings[custom_fields]"),
        ("customers", {"surname": "Roy"}, "parameter_unknown", "surname"),
        ("tax_rates", {"display_name": "TVQ", "inclusive": False, "percentage": 9.97512}, None, "percentage"),
        ("tax_rates", {"display_name": "TVQ", "inclusive": False}, "parameter_missing", "percentage"),
    ],
)  # fmt: skip
def test_what_does_not_make_sense_is_refused(
    client: stripe.StripeClient, product: stripe.Product, path: str, params: dict[str, Any], code: str | None,
    param: str | None,
):  # fmt: skip
    error = error_of(lambda: getattr(client.v1, path).create(params=params))
    assert error.get("code") == code
    if param:
        assert error["param"] == param


def test_a_search_that_cannot_be_read_is_refused(client: stripe.StripeClient):
    for query in ("email:", "surname:'Roy'", "name:'a' OR name:'b'"):
        error = error_of(lambda query=query: client.v1.customers.search(params={"query": query}))
        assert (error["status"], error["param"]) == (400, "query")


def test_the_catalogue_has_keys_faults_and_pages_like_all_the_rest(
    client: stripe.StripeClient, sandbox: Sandbox
):
    made = {
        client.v1.products.create(params={"name": "A"}, options={"idempotency_key": "p:1"}).id
        for _ in range(2)
    }
    assert len(made) == 1
    sandbox.fail("POST", "/v1/prices", "500_before")
    wish = MONTHLY | {"product": made.pop()}
    assert error_of(lambda: client.v1.prices.create(params=wish))["status"] == 500
    prices = [client.v1.prices.create(params=wish).id for _ in range(3)]
    page = client.v1.prices.list(params={"limit": 2})
    assert ([p.id for p in page.auto_paging_iter()], page.has_more) == (prices[::-1], True)


def test_another_account_sees_none_of_it(
    client: stripe.StripeClient, sandbox: Sandbox, product: stripe.Product
):
    scope = {"Stripe-Account": sandbox.add_account()["id"]}
    assert raw(sandbox, "GET", f"/v1/products/{product.id}", **scope)[0] == 404
    assert raw(sandbox, "GET", "/v1/products", **scope)[1]["data"] == []
