"""Every key in every form that somebody gets for their own thing, swapped for a stranger's one at a time."""

from typing import Any
from urllib.parse import urljoin

import pytest
from wagtail.models import Revision

from home.tenancy import across_portals
from portal.walls.addresses import addresses, table
from tests.portal.walls.asking import Actor, Matrix, actor, path_of
from tests.portal.walls.forms import fields_with_keys, forms_in, page_form, post_page, strangers_for

STORY = {
    "lead_image": ("lead_image", "image"),
    "body-1-value-image": ("body", "image"),
    "body-2-value-merchant": ("body", "merchant"),
    "body-3-value-product": ("body", "product"),
}
WINDOW = {
    "merchant": ("merchant", "merchant"),
    "cover": ("cover", "image"),
    "owner_photo": ("owner_photo", "image"),
    "gallery-0-image": (None, "image"),
}
SEASON = {
    "lead_image": ("lead_image", "image"),
    "body-0-value-products-0-value": ("body", "product"),
    "body-0-value-category": ("body", "category"),
    "body-1-value-merchants-0-value": ("body", "merchant"),
    "body-1-value-sector": ("body", "sector"),
    "body-2-value-stories-0-value": ("body", "story"),
}
FRONT = {
    "front_leads-0-story": (None, "story"),
    "front_stories-0-story": (None, "story"),
    "front_products-0-product": (None, "product"),
    "front_merchants-0-merchant": (None, "merchant"),
    "front_campaigns-0-campaign": (None, "campaign"),
}
PAGES = {"story": STORY, "waiting_page": WINDOW, "campaign": SEASON, "front": FRONT}
CASES = [(name, field, *rest) for name, fields in PAGES.items() for field, rest in fields.items()]


def key_of(matrix: Matrix, kind: str) -> int:
    house = matrix.there
    return {
        "image": house.rows["image"].pk,
        "merchant": house.town.merchant.pk,
        "product": house.town.variant.product_id,
        "category": house.town.merchant.category_id,
        "sector": house.town.merchant.sector_id,
        "story": house.town.story.pk,
        "campaign": house.rows["campaign"].pk,
    }[kind]


def revisions() -> int:
    with across_portals():
        return Revision.objects.count()


@pytest.mark.parametrize("name", PAGES)
def test_page_with_its_own_references_is_kept(matrix: Matrix, name: str) -> None:
    """The control: without a stranger's key the same form is taken."""
    page, before = matrix.here.rows[name], revisions()
    answer = post_page(actor("editor", matrix.here, matrix.here), page, page_form(matrix.here, page))
    assert answer.status_code == 302, answer.context["form"].errors
    assert revisions() == before + 1


@pytest.mark.parametrize(("name", "field", "beside", "kind"), CASES)
def test_strangers_key_in_a_page_is_refused_beside_its_field(
    matrix: Matrix, name: str, field: str, beside: str | None, kind: str
) -> None:
    page, before = matrix.here.rows[name], revisions()
    form = page_form(matrix.here, page)
    assert field in form
    answer = post_page(
        actor("editor", matrix.here, matrix.here), page, form | {field: str(key_of(matrix, kind))}
    )
    assert answer.status_code == 200
    errors: Any = answer.context["form"].errors
    formset, _number, inline = field.rpartition("-0-")
    assert beside in errors if beside else answer.context["form"].formsets[formset].forms[0].errors[inline]
    assert revisions() == before
    assert matrix.there.token("journal") not in answer.content.decode()


def test_link_to_a_strangers_page_in_rich_text_is_refused(matrix: Matrix) -> None:
    page, before = matrix.here.rows["story"], revisions()
    form = page_form(matrix.here, page)
    own, far = matrix.here.rows["directory"].pk, matrix.there.rows["directory"].pk
    posted = form | {"body-0-value": form["body-0-value"].replace(f'"id": {own}', f'"id": {far}')}
    assert posted != form
    answer = post_page(actor("editor", matrix.here, matrix.here), page, posted)
    assert answer.status_code == 200
    assert "Ce choix n’existe pas dans ce portail." in str(answer.context["form"].errors["body"])
    assert revisions() == before


def test_another_merchants_picture_is_no_picture_of_this_one(matrix: Matrix) -> None:
    """Within the portal too: a picture that belongs to a merchant is shown by that merchant alone."""
    page, picture = matrix.here.rows["waiting_page"], matrix.here.rows["image"]
    picture.merchant = matrix.here.rows["neighbour"]["merchant"]
    picture.save()
    answer = post_page(actor("editor", matrix.here, matrix.here), page, page_form(matrix.here, page))
    assert {"cover", "owner_photo"} <= set(answer.context["form"].errors)


SEEN_BY = ("manager", "adviser", "merchant", "shopper")


@pytest.mark.slow
@pytest.mark.parametrize("name", SEEN_BY)
def test_swapped_keys_reach_nothing(matrix: Matrix, name: str, record_property) -> None:
    who, swapped, seen = actor(name, matrix.here, matrix.here), 0, set()
    for path in own_addresses(matrix, name):
        answer = matrix.ask(who, matrix.here, "get", path, bearer_of=held(path))
        if answer.status_code != 200 or not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        for action, form in forms_in(answer.content.decode()):
            target = urljoin(path, action)
            fields = fields_with_keys(form)
            if (target, tuple(sorted(form))) in seen or not target.startswith("/"):
                continue
            seen.add((target, tuple(sorted(form))))
            swapped += sum(post_swapped(matrix, who, target, form, field) for field in fields)
    record_property("isolation matrix: keys swapped in forms", swapped)
    assert not matrix.leaks, "\n".join(map(str, matrix.leaks[:30]))
    assert swapped or name in {"merchant", "shopper"}


def held(path: str) -> frozenset[str]:
    """Whoever holds a signed link reads the buyer's name; of a proposal, what was prepared for its merchant."""
    return frozenset({"merchant" if path.startswith("/approbation/") else "shopper"})


def own_addresses(matrix: Matrix, name: str) -> list[str]:
    """Where forms may be: every address that this person may ask for."""
    found = []
    for address in addresses():
        known = table().get(address.name)
        if known and (name in known.roles if known.is_of_the_admin else not known.name.startswith("door")):
            found.append(path_of(address, matrix.here))
    return sorted(set(found))


def post_swapped(matrix: Matrix, who: Actor, target: str, form: dict[str, Any], field: str) -> int:
    """How many keys were tried. A stranger's row may bear, in another table, the very number that the form holds."""
    keys = [key for key in strangers_for(field, matrix.there) if str(key) != form[field]]
    for key in keys:
        matrix.ask(who, matrix.here, "post", target, form | {field: str(key)}, bearer_of=held(target))
    return len(keys)
