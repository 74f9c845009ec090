"""Who asks, for what, with which keys, and what came back that should not have."""

import io
import re
import zipfile
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote, unquote_plus

from django.core import mail, signing
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from directory import mail_refusals
from directory.counting import tokens as counting
from directory.enums import Act, Subject
from directory.models import Membership
from editorial import cards
from editorial.newsletter import links as newsletter_links
from home.links import seal
from home.tenancy import portal_scope
from portal.care import proposals
from portal.favourites import lists as favourite_lists
from portal.models import User
from portal.results import stopping
from portal.still_true import links as still_true_links
from portal.walls.addresses import Address, table
from shop.cart_cookie import CART_COOKIE, SALT
from shop.tokens import order_token, payment_token
from tests.portal.walls.changes import Ledger, writes
from tests.portal.walls.world import UNITS, House

VERBS = ("get", "post", "head", "put", "patch", "delete", "options")
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass
class Actor:
    """Somebody with a browser. ``units`` are those of the own house whose private words it may read."""

    name: str
    house: House
    units: frozenset[str] = frozenset()
    is_operator: bool = False
    strangers: frozenset[str] = frozenset()
    client: Client = field(default_factory=Client)
    kept: dict[str, str] = field(default_factory=dict)
    own_row: tuple[str, str] = ("", "")

    def __post_init__(self) -> None:
        self.kept = {name: cookie.value for name, cookie in self.client.cookies.items()}


def may_read(units: str) -> frozenset[str]:
    return frozenset(units.split())


OF_THE_HOUSE = {
    "anonymous": may_read(""),
    "guest": may_read(""),
    "shopper": may_read("shopper"),
    "passer_by": may_read("passer_by"),
    "merchant": may_read("merchant shopper"),
    "merchants_helper": may_read("merchant shopper"),
    "neighbour": may_read("neighbour passer_by"),
    "closed": may_read("closed"),
    "editor": may_read(" ".join(UNITS)),
    "manager": may_read(" ".join(UNITS)),
    "adviser": may_read("chamber merchant neighbour closed"),
    "city": may_read("staff"),
}
"""Who may read whose private words, in their own portal. Nobody may in another."""

NOT_PEOPLE = {"anonymous", "guest"}


def actor(name: str, house: House, at: House) -> Actor:
    """Somebody of ``house``, at the door of ``at``."""
    client = at.client()
    if name not in NOT_PEOPLE:
        client.force_login(house.people[name])
    if name == "guest":
        cart = house.rows["shopper"]["waiting"].cart
        client.cookies[CART_COOKIE] = signing.get_cookie_signer(salt=CART_COOKIE + SALT).sign(cart.token.hex)
    units = OF_THE_HOUSE[name] if house is at else frozenset()
    made = Actor(f"{name} of {house.word}", house, units, client=client)
    if name in house.people:
        made.own_row = User._meta.db_table, str(house.people[name].pk)
    if house is at:
        own = {"merchant": "merchant", "merchants_helper": "merchant", "neighbour": "neighbour"}.get(name)
        if own:
            made.strangers = frozenset(
                f"{house.word}:{unit}" for unit in ("merchant", "neighbour", "closed") if unit != own
            )
    return made


@dataclass(frozen=True)
class Leak:
    who: str
    what: str
    found: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.who} asked {self.what}: {', '.join(self.found)}"


class Matrix:
    """Two houses and a ledger of their rows; each question is asked, looked at and taken back."""

    def __init__(self, here: House, there: House, ledger: Ledger) -> None:
        self.here, self.there, self.ledger = here, there, ledger
        self.leaks: list[Leak] = []
        self.statuses: dict[int, int] = {}
        self.asked = 0

    @property
    def all_tokens(self) -> dict[str, tuple[str, str]]:
        return {house.token(unit): (house.word, unit) for house in (self.here, self.there) for unit in UNITS}

    def forbidden(self, who: Actor, at: House, bearer_of: frozenset[str] = frozenset()) -> list[str]:
        """Words that may not be in an answer to them. Whoever holds a signed link reads what it leads to."""
        if who.is_operator:
            return []
        other = self.there if at is self.here else self.here
        known = {at.token(unit) for unit in who.units | bearer_of} if who.house is at else set()
        known |= {at.token(unit) for unit in bearer_of}
        known |= {who.house.token(own) for own in self._own_name(who)}
        return [*(word for word in self.all_tokens if word not in known), other.public]

    @staticmethod
    def _own_name(who: Actor) -> list[str]:
        """A person reads its own name anywhere."""
        unit = {"editor": "journal", "manager": "journal", "adviser": "chamber", "city": "staff"}
        name = who.name.partition(" ")[0].removesuffix("s_helper")
        return [unit.get(name, name)] if name in unit or name in UNITS else []

    def ask(
        self,
        who: Actor,
        at: House,
        verb: str,
        path: str,
        data: dict[str, Any] | None = None,
        bearer_of: frozenset[str] = frozenset(),
        headers: dict[str, str] | None = None,
    ) -> Any:
        """The answer. What it leaks or changed stands in ``leaks`` afterwards; nothing else stays of it."""
        forbidden = self.forbidden(who, at, bearer_of)
        other = self.there if at is self.here else self.here
        near = set() if bearer_of else set(who.strangers)
        # What the holder of a signed link does, the seller is written to about.
        sellers = {at.token(unit) for unit in ("merchant", "neighbour") if bearer_of}
        unwritten = [word for word in forbidden if word not in sellers]
        strangers = near | {f"{other.word}:{unit}" for unit in ("house", "merchant", "neighbour", "closed")}
        who.client.cookies = SimpleCookie(who.kept)
        mail.outbox.clear()
        found: list[str] = []
        with transaction.atomic(), writes() as touched:
            if verb in {"get", "head", "post"}:
                answer = getattr(who.client, verb)(path, data or {}, headers=headers)
            else:
                answer = who.client.generic(verb.upper(), path, headers=headers)
            text = text_of(answer, path)
            if answer.status_code >= 500 and (verb == "get" or not is_wagtails_own(answer)):
                found.append(f"status {answer.status_code}")
            if not who.is_operator:
                found += [f"« {word} »" for word in forbidden if word in text]
                found += self.ledger.harm(touched, strangers, unwritten, who.own_row) if touched else []
            transaction.set_rollback(True)
        self.asked += 1
        self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
        if found:
            self.leaks.append(
                Leak(
                    f"{who.name} at {at.word}", f"{verb.upper()} {path} → {answer.status_code}", tuple(found)
                )
            )
        return answer


def is_wagtails_own(answer: Any) -> bool:
    """Wagtail's views break on a post without the counts that its scripts send along: the last to speak is Wagtail."""
    _kind, _error, trace = answer.exc_info or (None, None, None)
    last = ""
    while trace is not None:
        package = str(trace.tb_frame.f_globals.get("__name__")).partition(".")[0]
        last = last if package == "django" else package
        trace = trace.tb_next
    return last in {"wagtail", "modelcluster"}


def text_of(answer: Any, path: str) -> str:
    """Whatever can be read in an answer: body, headers, mails it sent; not the echo of the question."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"".join(archive.read(name) for name in archive.namelist())
    letters = [str(message.message()) for message in getattr(mail, "outbox", [])]
    cookies = answer.cookies.output()
    whole = "\n".join([body.decode("utf-8", "replace"), str(answer.headers), cookies, *letters])
    for echo in {path, path.partition("?")[0], quote(path), quote(path, safe="")}:
        whole = whole.replace(echo, "") if len(echo) > 1 else whole
    return unquote_plus(whole)


# ------------------------------------------------------------------------------------------------ keys for an address


def keys(house: House, unit: str = "merchant") -> dict[str, Any]:
    """A value for each parameter, of rows of that house; ``unit`` is the merchant among them."""
    rows, shop = house.rows, house.rows[unit]
    merchant, order = shop["merchant"], shop.get("order") or house.rows["merchant"]["order"]
    variant = house.town.variant
    image = rows["image"]
    return {
        "page_id": rows["draft"].pk, "parent_page_id": rows["directory"].pk, "page_to_move_id": rows["draft"].pk,
        "destination_id": rows["directory"].pk, "next_parent_id": rows["directory"].pk, "page_pk": rows["directory"].pk,
        "image_id": image.pk, "document_id": rows["document"].pk, "doc_id": rows["document"].pk,
        "task_id": rows["task"].pk, "task_state_id": rows["task_state"].pk, "workflow_pk": rows["workflow"].pk,
        "workflow_state_id": rows["state"].pk, "revision_id": rows["revision"].pk, "uploaded_file_id": 1,
        "revision_id_a": rows["revision"].pk, "revision_id_b": "latest", "session_id": 1,
        "collection_id": image.collection_id, "redirect_id": rows["redirect"].pk,
        "page_view_restriction_id": rows["restriction"].pk, "restriction_id": rows["restriction"].pk,
        "merchant_slug": merchant.slug,
        "product_slug": variant.product.slug if unit == "merchant" else f"produit-{house.public}bis",
        "registration_pk": rows["coming"].pk, "claim_pk": rows["claim"].pk, "question": "nom", "size": "affiche",
        "number": order.number, "item_id": rows["shopper"]["waiting"].pk, "token": order_token(order.checkout),
        "path": house.town.picture.file.name, "digest": "0", "secret": f"zz{house.public}", "key": 1,
        "section": "commerces", "bundle": "agir", "month": "2026-10",
        "uidb64": urlsafe_base64_encode(force_bytes(house.people["editor"].pk)), "object_id": rows["draft"].pk,
        "app_label": "wagtailcore", "model_name": "page", "app_name": "home", "content_type_app_name": "home",
        "content_type_model_name": "contentpage", "action": "delete", "action_name": "approve",
        "filter_spec": "width-100", "instance_pk": order.pk, "filename": "note.txt", "photo": 0, "position": 0,
        "slug": merchant.slug, "user_pk": house.people["editor"].pk, "user_id": house.people["editor"].pk,
        "merchant_pk": merchant.pk, "merchant_id": merchant.pk, "site_pk": house.site.pk,
        "invitation_pk": house.rows["merchant"]["invitation"].pk,
        "product_pk": variant.product_id, "variant_pk": variant.pk, "revision_pk": rows["waiting_revision"].pk,
        "letter_pk": rows["letter"].pk, "subscriber_pk": rows["subscriber"].pk,
        "list_pk": rows["favourite_list"].pk, "package_pk": shop.get("package", house.rows["merchant"]["package"]).pk,
        "run_pk": rows["import_run"].pk, "report_pk": rows["page_report"].pk,
    }  # fmt: skip


def pk_of(name: str, house: House, unit: str) -> Any:
    """What « pk » is a key of, by the address it stands in."""
    rows, shop = house.rows, house.rows[unit]
    merchant = shop["merchant"]
    order = shop.get("order") or rows["merchant"]["order"]
    for prefix, value in {
        "categories:": merchant.category_id,
        "secteurs:": merchant.sector_id,
        "signatures:": rows["author"].pk,
        "rubriques:": rows["section"].pk,
        "series:": rows["series"].pk,
        "product_chooser:": house.town.variant.product_id,
        "money_desk:refund": order.pk,
        "money_desk:": order.checkout_id,
        "wagtailadmin_api:images": rows["image"].pk,
        "wagtailadmin_api:documents": rows["document"].pk,
        "wagtailadmin_api:pages": rows["draft"].pk,
        "wagtailadmin_pages:": rows["draft"].pk,
        "wagtailimages_chooser:": rows["image"].pk,
        "wagtaildocs_chooser:": rows["document"].pk,
        "wagtailadmin_collections:": rows["image"].collection_id,
        "wagtailadmin_workflows:": rows["workflow"].pk,
        "wagtailsettings:": house.site.pk,
        "wagtailsites:": house.site.pk,
        "wagtailusers_users:": house.people["editor"].pk,
        "wagtailusers_groups:": house.people["editor"].groups.first().pk,
        "approvals": rows["waiting_page"].pk,
        "impact_money:": rows["public_money"].pk,
        "impact_quotes:": rows["quote"].pk,
    }.items():
        if name.startswith(prefix):
            return value
    return merchant.pk


CARE = (
    "care:approval",
    "care:put_off",
    "care_desk:callback_done",
    "care_desk:document",
    "care_desk:document_remove",
)
NEWSLETTER = {name: purpose for purpose, name in newsletter_links.NAMES.items()}
WAITING = (
    "wagtailadmin_pages:workflow",
    "wagtailadmin_pages:collect_workflow",
    "wagtailadmin_pages:confirm_workflow",
)


KEPT_BY_THE_NEWSROOM = {
    "editorial:author": "public author",
    "editorial:section": "public section",
    "editorial:series": "public series",
}


def of_the_newsroom(name: str, house: House, unit: str) -> dict[str, Any]:
    """What everybody may read under /histoires/, and frame."""
    if name in KEPT_BY_THE_NEWSROOM:
        return {"slug": house.rows[KEPT_BY_THE_NEWSROOM[name]].slug}
    if name == "editorial:merchant_card":
        return {"token": seal(cards.MERCHANT, house.rows[unit]["merchant"].pk, cards.EDITION)}
    return {}


COUNTING = {"counting:seen": Act.SEEN, "counting:leave": Act.SITE}


def of_counting(name: str, house: House, unit: str) -> dict[str, Any]:
    """A merchant, as every page of its portal that names it says it."""
    if name not in COUNTING:
        return {}
    key = house.rows[unit]["merchant"].pk
    counted = counting.Counted(Subject.MERCHANT, key, key)
    return {"token": f"{COUNTING[name]}.{counting.signed(counted, site_id=house.site.pk)}"}


def path_of(address: Address, house: House, unit: str = "merchant") -> str:
    """The address with keys of that house in it; a parameter that ``keys`` does not know gets what « pk » would."""
    asked = address.name, address.route, unit
    if asked not in house.paths:  # thousands of questions go to some hundred addresses
        house.paths[asked] = _path_of(address, house, unit)
    return house.paths[asked]


def _path_of(address: Address, house: House, unit: str) -> str:
    values = keys(house, unit)
    values["pk"] = pk_of(address.name, house, unit)
    if address.name.startswith(WAITING):
        values["page_id"] = house.rows["waiting_page"].pk
        values["revision_id"] = house.rows["waiting_revision"].pk
    if address.name in CARE:
        shop = house.rows[unit] if "proposal" in house.rows[unit] else house.rows["merchant"]
        values |= {
            "task": "affiche",
            "token": proposals.token_of(shop["proposal"]),
            "document_pk": shop["paper"].pk,
            "callback_pk": shop["call"].pk,
        }
    if address.name in {"shop:checkout_return", "shop:checkout_cancel"}:
        values["token"] = payment_token(house.rows[unit]["order"].checkout)
    values |= of_the_newsroom(address.name, house, unit) | of_counting(address.name, house, unit)
    if address.name == "still_true:answer":
        with portal_scope(house.site):
            place = Membership.objects.filter(merchant=house.rows[unit]["merchant"]).first()
        values["token"] = still_true_links.token_of(place, timezone.now()) if place else "rien"
    if address.name in NEWSLETTER:
        values["token"] = newsletter_links.token(NEWSLETTER[address.name], house.rows["subscriber"])
    if address.name == "favourites:shared":
        values["token"] = favourite_lists.token_of(house.rows["favourite_list"])
    if address.name == "results:letter":
        with portal_scope(house.site):
            place = Membership.objects.filter(merchant=house.rows[unit]["merchant"]).first()
        values["token"] = stopping.token_of(place) if place else "rien"
    if address.name == "letters:refuse":
        values["token"] = mail_refusals.token_of(house.rows["coming"])
    if address.name.startswith("wagtailsettings"):
        values["model_name"] = "portalsettings"
    plain = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", address.route)
    plain = re.sub(r"\\(.)", r"\1", re.sub(r"(?<=/)\^|^\^|\$$", "", plain))
    return "/" + PARAMETER.sub(lambda found: quote(str(values.get(found[1], values["pk"]))), plain)


def has_keys(address: Address) -> bool:
    return bool(address.pattern.pattern.regex.groupindex or "<" in address.route)


def bearer(address: Address, unit: str) -> frozenset[str]:
    """Who holds the signed link of a sale reads the buyer's name; of a proposal, what was prepared for its merchant."""
    if table()[address.name].name != "token":
        return frozenset()
    if address.name == "care:approval":
        return frozenset({unit})
    return frozenset({"shopper"} if unit == "merchant" else {"passer_by"})
