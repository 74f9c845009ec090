"""The isolation matrix: every address of the URL configuration, every actor, every verb, every house's keys.

0 words leaked, 0 rows of a stranger changed, 0 answers that broke. What anybody may ask is asked with keys of its own
house and of the other's; the verbs beside GET and POST go round, so that every address meets each of them and every
actor uses each of them.
"""

from collections.abc import Iterator

import pytest
from django.urls import reverse

from portal.walls.addresses import Address, addresses, table
from tests.portal.walls.asking import OF_THE_HOUSE, VERBS, Actor, Matrix, actor, bearer, has_keys, path_of

INSIDE = ("editor", "manager", "adviser", "city")
ASIDE = VERBS[1:]
NOT_ASKED = {"healthz", "readyz", "stripe_webhook", "wagtailadmin_error_test"}
"""Probes and the bank's door tell nothing of any portal; the last is Wagtail's own way to break on purpose."""


SAME_FOR_ALL = {"public", "demo", "door", "token"}
"""They do not ask who is there: each of them is asked by every third actor in turn."""


def of_the_admin() -> list[Address]:
    return [each for each in addresses() if each.name and each.is_of_the_admin and each.name not in NOT_ASKED]


def of_the_portal() -> list[Address]:
    return [
        each for each in addresses() if each.name and not each.is_of_the_admin and each.name not in NOT_ASKED
    ]


def questions(address: Address, aside: str, matrix: Matrix) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Verb, path, and whose names its signed link lets read: with own keys, a neighbour's, and the other house's."""
    own = path_of(address, matrix.here)
    yield "get", own, bearer(address, "merchant")
    if not has_keys(address):
        yield aside, own, frozenset()
        return
    near, far = path_of(address, matrix.here, "neighbour"), path_of(address, matrix.there)
    if near != own:
        yield aside, near, bearer(address, "neighbour")
    yield "get", far, frozenset()
    yield aside, far, frozenset()


def report(matrix: Matrix, record_property) -> None:
    record_property("isolation matrix: questions asked", matrix.asked)
    assert not matrix.leaks, f"{len(matrix.leaks)} leaks\n" + "\n".join(map(str, matrix.leaks[:40]))


def people_here(matrix: Matrix) -> list[Actor]:
    names = [*OF_THE_HOUSE]
    strangers = ("merchant", "manager", "adviser")
    return [
        *(actor(name, matrix.here, matrix.here) for name in names),
        *(actor(name, matrix.there, matrix.here) for name in strangers),
    ]


@pytest.mark.slow
def test_public_addresses_tell_nobody_of_strangers(matrix: Matrix, record_property) -> None:
    for turn, who in enumerate(people_here(matrix)):
        for number, address in enumerate(of_the_portal()):
            if table()[address.name].name in SAME_FOR_ALL and (turn + number) % 3:
                continue
            aside = ASIDE[(turn + number) % len(ASIDE)]
            for verb, path, holds in questions(address, aside, matrix):
                matrix.ask(who, matrix.here, verb, path, bearer_of=holds)
    report(matrix, record_property)


@pytest.mark.slow
@pytest.mark.parametrize("role", INSIDE)
def test_admin_shows_each_role_nothing_of_strangers(matrix: Matrix, role: str, record_property) -> None:
    """The crawl: every address that the role may ask for, with own and foreign keys."""
    who = actor(role, matrix.here, matrix.here)
    shown = 0
    for number, address in enumerate(of_the_admin()):
        if role not in table()[address.name].roles:
            continue
        other = ASIDE[1 + number % (len(ASIDE) - 1)]
        asked = [*questions(address, "post", matrix), *questions(address, other, matrix)]
        for verb, path, _holds in dict.fromkeys(asked):
            shown += matrix.ask(who, matrix.here, verb, path).status_code == 200
    record_property("isolation matrix: admin pages shown to staff", shown)
    report(matrix, record_property)
    assert shown > {"editor": 60, "manager": 80, "adviser": 6, "city": 6}[role], matrix.statuses


@pytest.mark.slow
def test_admin_does_not_exist_for_whom_it_is_not(matrix: Matrix, record_property) -> None:
    """Whoever is not named for an address finds 404 there, whatever the verb; who is not signed in is asked to."""
    wrong = []
    for turn, who in enumerate(people_here(matrix)):
        for number, address in enumerate(of_the_admin()):
            known = table()[address.name]
            if not known.is_of_the_admin or is_for(who, known.roles, matrix):
                continue
            verb = VERBS[(turn + number) % len(VERBS)]
            house = matrix.there if number % 2 else matrix.here
            answer = matrix.ask(who, matrix.here, verb, path_of(address, house))
            expected = 302 if who.name.startswith(("anonymous", "guest")) else 404
            if answer.status_code != expected:
                wrong.append((who.name, verb, address.name, answer.status_code))
    assert wrong == []
    report(matrix, record_property)


def is_for(who: Actor, roles: frozenset[str], matrix: Matrix) -> bool:
    return who.house is matrix.here and who.name.partition(" ")[0] in roles


@pytest.mark.slow
def test_at_the_other_house_staff_and_merchants_are_anybody(matrix: Matrix, record_property) -> None:
    """By the other portal's host: what is private there stays so for people of here."""
    for name in ("merchant", "manager", "adviser", "shopper"):
        who = actor(name, matrix.here, matrix.there)
        for number, address in enumerate([*of_the_portal(), *of_the_admin()]):
            if address.is_of_the_admin and number % 3:  # the fence is asked of all by the test above
                continue
            holds = bearer(address, "merchant")
            matrix.ask(who, matrix.there, "get", path_of(address, matrix.there), bearer_of=holds)
    report(matrix, record_property)


@pytest.mark.slow
def test_operator_breaks_nothing(matrix: Matrix, operator: Actor, record_property) -> None:
    """Everything is theirs to see: asked so that no address breaks under anybody."""
    for address in of_the_admin():
        matrix.ask(operator, matrix.here, "get", path_of(address, matrix.here))
    report(matrix, record_property)


SEASONS = ("/", "/campagnes/", "/campagnes/noel/", "/campagnes/printemps/", "/cadeaux/", "/boutique/")
KEPT = ("campaign", "spring", "campaigns", "front", "letter", "draft")
ACTS = ("edit", "view_draft", "preview_on_edit", "history", "usage", "unpublish", "delete", "copy", "move")


def test_campaigns_gifts_and_fronts_name_nobody_of_strangers(matrix: Matrix, record_property) -> None:
    """The masthead names the campaign of this portal; one that waits for its day is the Journal's alone."""
    for name in ("anonymous", "merchant", "adviser", "editor"):
        who = actor(name, matrix.here, matrix.here)
        for path in SEASONS:
            answer = matrix.ask(who, matrix.here, "get", path)
            waits = path == "/campagnes/printemps/" and name != "editor"
            assert answer.status_code == (404 if waits else 200), (name, path)
            if not waits and path != "/campagnes/printemps/":
                assert f"Bandeau {matrix.here.public}" in answer.content.decode(), (name, path)
    far = actor("manager", matrix.there, matrix.here)
    assert [matrix.ask(far, matrix.here, "get", path).status_code for path in SEASONS].count(404) == 1
    report(matrix, record_property)


def test_pages_of_a_strangers_newsroom_do_not_exist(matrix: Matrix, record_property) -> None:
    """Campaigns, letters and the front page, by every act of Wagtail's on a page; the control is one's own."""
    editor, merchant = (actor(name, matrix.here, matrix.here) for name in ("editor", "merchant"))
    for row in KEPT:
        own, far = matrix.here.rows[row].pk, matrix.there.rows[row].pk
        answer = matrix.ask(editor, matrix.here, "get", reverse("wagtailadmin_pages:edit", args=[own]))
        assert answer.status_code == 200, row
        for number, act in enumerate(ACTS):
            path = reverse(f"wagtailadmin_pages:{act}", args=[far])
            answer = matrix.ask(editor, matrix.here, ("get", "post")[number % 2], path)
            assert answer.status_code == 404, (row, act)
        path = reverse("wagtailadmin_pages:edit", args=[own])
        assert matrix.ask(merchant, matrix.here, "get", path).status_code == 404, row
    report(matrix, record_property)


GAMES = {
    "the other's host": ({"host": "bellechasse.localhost"}, "there"),
    "the other's host and a port": ({"host": "bellechasse.localhost:8000"}, "there"),
    "own host and a port": ({"host": "localhost:8000"}, "here"),
    "a forwarded host": ({"host": "localhost", "x-forwarded-host": "bellechasse.localhost"}, "here"),
    "a forwarded header": ({"host": "localhost", "forwarded": "host=bellechasse.localhost"}, "here"),
    "a host of nobody's": ({"host": "ailleurs.localhost"}, "here"),
}


@pytest.mark.parametrize("game", GAMES)
def test_host_games_open_nothing(matrix: Matrix, game: str, record_property) -> None:
    """The session of somebody from here, and a host that says otherwise."""
    headers, side = GAMES[game]
    at = getattr(matrix, side)
    for name in ("manager", "merchant", "shopper"):
        who = actor(name, matrix.here, matrix.here)
        who.units = who.units if at is matrix.here else frozenset()
        for path in paths_of_both(matrix):
            answer = matrix.ask(who, at, "get", path, headers=headers)
            if side == "there" and path.startswith(("/admin/", "/mon-commerce/")):
                assert answer.status_code == 404, (name, path)
    report(matrix, record_property)


def paths_of_both(matrix: Matrix) -> list[str]:
    named = {
        "wagtailadmin_home",
        "wagtailimages:edit",
        "wagtailadmin_pages:edit",
        "merchant:home",
        "merchant:order",
    }
    placed = [address for address in addresses() if address.name in named]
    return ["/boutique/", "/commerces/", "/compte/", "/sitemap-commerces.xml"] + [
        path_of(address, house) for address in placed for house in (matrix.here, matrix.there)
    ]
