"""Somebody who registers, as a browser posts it: each question once, in line."""

import io
import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from directory.models import Registration
from home.tenancy import portal_scope
from portal.models import User
from tests.portal.people import person
from tests.portal.towns import Town

TYPED: dict[str, dict[str, Any]] = {
    "nom": {"name": "Le Panier fleuri"},
    "site-web": {"website_url": "lepanierfleuri.example"},
    "adresse": {"street_address": "12, rue Saint-Laurent", "postal_code": "g6v6c4"},
    "telephone": {"phone": "418 555-0177"},
    "heures": {"how": "heures", "days": ["0", "1", "2", "3", "4"], "opens": "9 h", "closes": "17:30"},
    "phrase": {"intro": "Des fleurs d’ici, coupées le matin."},
    "option": {"tier": "listing"},
    "boutique": {"shop_url": "lepanierfleuri.example/boutique"},
    "nom-legal": {"same": "on"},
}
SEAL = re.compile(r'name="vu" value="([^"]+)"')


def picture() -> SimpleUploadedFile:
    body = io.BytesIO()
    Image.new("RGB", (1200, 900), "#7a4a1f").save(body, "JPEG")
    return SimpleUploadedFile("vitrine.jpg", body.getvalue(), content_type="image/jpeg")


def newcomer(town: Town, email: str = "fleuriste@exemple.test") -> tuple[Client, User]:
    user = person(email)
    return town.signed_in(user), user


def registration_of(town: Town, user: User) -> Registration:
    with portal_scope(town.site):
        row: Registration = Registration.objects.filter(user=user).latest("pk")
        return row


def answer_all(client: Client, town: Town, user: User, *, until: str = "", **others: Any) -> Registration:
    """Every question up to ``until``, which is not answered; then the check of all answers waits to be sent."""
    given = {**typed(town), **others}
    if "nom" in given and not _has_one(town, user):
        client.post("/inscription/commencer/", given["nom"])
    for _ in range(20):
        row = registration_of(town, user)
        if row.step in ("", until):
            return row
        answer(client, row, given)
    raise AssertionError(f"{row.step} is asked again and again")


def answer(client: Client, row: Registration, given: dict[str, Any]) -> Any:
    address = f"/inscription/{row.pk}/{row.step}/"
    if row.step == "contrat":
        return accept_contract(client, address)
    return client.post(address, given[row.step])


def accept_contract(client: Client, address: str) -> Any:
    seal = SEAL.search(client.get(address).content.decode())
    assert seal
    return client.post(address, {"vu": seal[1], "langue": "fr", "accepte": "1"})


def typed(town: Town) -> dict[str, Any]:
    merchant = town.merchant
    rows = {"secteur": {"sector": merchant.sector_id}, "categorie": {"category": merchant.category_id}}
    return {**TYPED, **rows, "photo": {"photo": picture(), "photo_shows": "devanture"}}


def _has_one(town: Town, user: User) -> bool:
    with portal_scope(town.site):
        return bool(Registration.objects.filter(user=user, status="started").exists())
