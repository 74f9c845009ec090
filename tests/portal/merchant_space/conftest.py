"""A cheese shop's desk, and what a stranger sees of it."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from directory.models import Merchant
from home.models import AuditEntry
from home.tenancy import portal_scope
from tests.factories import ImageFactory
from tests.portal.towns import Town


class Screens:
    """Somebody at a merchant's desk. ``get`` and ``post`` take what follows /mon-commerce/<merchant>/."""

    def __init__(self, client: Client, merchant: Merchant) -> None:
        self.client, self.merchant = client, merchant

    def address(self, path: str = "") -> str:
        return f"/mon-commerce/{self.merchant.slug}/{path}"

    def get(self, path: str = "") -> HttpResponse:
        return self.client.get(self.address(path))

    def html(self, path: str = "") -> str:
        answer = self.get(path)
        assert answer.status_code == 200
        return answer.content.decode()

    def post(self, path: str, **answers: Any) -> HttpResponse:
        return self.client.post(self.address(path), answers)

    def undo(self) -> HttpResponse:
        return self.post("annuler/")


@pytest.fixture
def desk(here: Town) -> Screens:
    return Screens(here.signed_in(here.owner), here.merchant)


@pytest.fixture
def stranger(here: Town, there: Town) -> Screens:
    """The other town's owner, on this town's host, at this town's desk."""
    return Screens(here.signed_in(there.owner), here.merchant)


def acts(town: Town) -> list[str]:
    """What the audit trail says was done, in order."""
    with portal_scope(town.site):
        return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def photo(name: str = "IMG_0001.jpg", kind: str = "JPEG") -> SimpleUploadedFile:
    written = io.BytesIO()
    Image.new("RGB", (64, 48), "orange").save(written, kind)
    return SimpleUploadedFile(name, written.getvalue(), content_type="image/jpeg")


def strangers_picture(town: Town) -> int:
    with portal_scope(town.site):
        return int(ImageFactory().pk)
