"""The rule of every address: each URL name has a class in portal/addresses.toml, and strangers meet that."""

import re

import pytest
from django.urls import URLPattern
from django.urls.resolvers import RoutePattern

from portal.walls.addresses import addresses, table
from tests.portal.towns import Town

CLASSES: dict[str, list[str]] = {}
for _name, _class in table().items():
    CLASSES.setdefault("staff" if _class.is_of_the_admin else _class.name, []).append(_name)
PARAMETER = re.compile(r"<(?:(\w+):)?\w+>")
UNNAMED = {"admin/test404/", "admin/^.*/$"}
"""Wagtail's own: a page that says 404, and whatever else is asked for under /admin/, which is 404 too."""


def patterns() -> list[tuple[str, str, URLPattern]]:
    """Name, route and pattern of every address."""
    return [(address.name, address.route, address.pattern) for address in addresses()]


def example(route: str) -> str:
    """An address of that route, its parameters made up."""
    plain = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", route)
    plain = re.sub(r"\\(.)", r"\1", re.sub(r"(?<=/)\^|^\^|\$$", "", plain))
    made_up = {"uuid": "00000000-0000-0000-0000-000000000000", "path": "a/b", "slug": "a", "str": "a"}
    return "/" + PARAMETER.sub(lambda found: made_up.get(found[1] or "", "1"), plain)


STAFF = {name: example(route) for name, route, _pattern in patterns() if name in CLASSES["staff"]}


def test_every_name_has_a_class() -> None:
    known = {name for names in CLASSES.values() for name in names}
    assert sorted({name for name, _route, _pattern in patterns()} - known - {""}) == []


def test_no_class_names_what_is_gone() -> None:
    present = {name for name, _route, _pattern in patterns()}
    assert sorted({name for names in CLASSES.values() for name in names} - present) == []


def test_name_has_one_class() -> None:
    named = [name for names in CLASSES.values() for name in names]
    assert sorted({name for name in named if named.count(name) > 1}) == []


def test_addresses_without_a_name_are_wagtails_own() -> None:
    assert {route for name, route, _pattern in patterns() if not name} == UNNAMED


def test_few_addresses_take_posts_without_a_csrf_token() -> None:
    """A view that is exempt is written down here, with its own proof of who asks."""
    exempt = {name for name, _route, p in patterns() if getattr(p.callback, "csrf_exempt", False)}
    # Wagtail's admin API answers reads alone, and stands behind the admin's door. The translator's asks a session for
    # its token by itself (rest_framework.authentication.SessionAuthentication).
    assert {name for name in exempt if not name.startswith(("wagtailadmin_api:", "wagtail_localize:"))} == {
        "favourites:keep",  # our own pages alone, by the headers browsers write; any other needs the token
        "favourites:let_go",  # so does this one
        "page_report:tell",  # no other site's page; so does the next
        "shop:cart_add",
        "letters:refuse",  # the seal in its address; mail programs post there by themselves (RFC 8058)
        "results:letter",  # this one and the next four too
        "newsletter:confirm",
        "newsletter:leave",
        "newsletter:new_address",
        "newsletter:preferences",
        "newsletter:sign_up",  # it writes to the address typed, and does nothing else (docs of its view)
        "stripe_webhook",  # Stripe's signature
    }


def test_parameters_of_our_own_addresses_are_typed() -> None:
    ours = [n for kind in ("public", "shopper", "token", "merchant", "demo") for n in CLASSES[kind]]
    loose = [
        name
        for name, route, p in patterns()
        if name in ours and isinstance(p.pattern, RoutePattern) and re.search(r"<\w+>", route)
    ]
    assert [name for name in loose if not name.startswith("wagtail")] == []


def test_admin_asks_strangers_to_sign_in(here: Town) -> None:
    visitor = here.visitor()
    met = {name: visitor.get(address) for name, address in STAFF.items()}
    open_to_all = {
        name: answer.status_code
        for name, answer in met.items()
        if not (answer.status_code == 302 and answer.url.startswith("/compte/connexion/"))
    }
    assert open_to_all == {}


def test_staff_addresses_are_where_the_door_stands() -> None:
    assert [address for address in STAFF.values() if not address.startswith("/admin/")] == []


@pytest.mark.parametrize("name", CLASSES["account"] + CLASSES["merchant"])
def test_persons_pages_ask_strangers_to_sign_in(here: Town, name: str) -> None:
    routes = {n: example(route) for n, route, _pattern in patterns()}
    method = "post" if name in {"account_logout", "merchant:order_move", "merchant:order_undo"} else "get"
    answer = getattr(here.visitor(), method)(routes[name])
    assert answer.status_code == 302
    assert answer.url.startswith("/" if name == "account_logout" else "/compte/connexion/")
