"""Files, style sheet, robots and sitemap: each host gets its own portal's, and nothing else."""

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.test import Client
from wagtail.models import Site

from home.house_css import bundle_digest, house_css
from home.models import CustomDocument, PortalSettings
from home.models.media import portal_folder
from home.portal_css import name_rule, stylesheet_text
from home.tenancy import portal_scope
from tests.factories import (
    ImageFactory,
    SectorFactory,
    UserFactory,
)

LEVIS, BELLECHASSE = {"headers": {"host": "localhost"}}, {"headers": {"host": "bellechasse.localhost"}}


def fetch(client: Client, url: str, host: dict[str, Any] = LEVIS) -> tuple[HttpResponse, bytes]:
    """The answer and what it holds, read to its end so that the file is closed."""
    response = client.get(url, **host)
    content = response.getvalue()
    for close in response._resource_closers:
        close()
    return response, content


def store(site: Site, path: str, content: bytes = b"<svg onload=alert(1)>") -> str:
    """A file under the portal's folder; its address."""
    return "/media/" + default_storage.save(f"{portal_folder(site.pk)}/{path}", ContentFile(content))


def test_picture_is_served_by_its_portal_alone(client: Client, levis, bellechasse) -> None:
    with portal_scope(levis):
        url = ImageFactory().get_rendition("fill-20x20|format-webp").url
    response, content = fetch(client, url)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "public, max-age=2592000"
    assert content[:4] == b"RIFF"
    assert client.get(url, **BELLECHASSE).status_code == 404


def test_portal_whose_number_begins_like_anothers_is_a_stranger(client: Client, levis) -> None:
    url = "/media/" + default_storage.save(f"{portal_folder(levis.pk)}0/images/a.png", ContentFile(b"x"))
    assert client.get(url, **LEVIS).status_code == 404


CLIMBING = [
    "../secret.txt",
    "images/../../secret.txt",
    "images/../../portail-999/images/a.png",
    "images/%2e%2e/%2e%2e/secret.txt",
    "images//a.png",
    "/etc/passwd",
    "images/.env",
    ".git/config",
    "images\\..\\..\\secret.txt",
    "images/a%00.png",
    "images/",
    "",
    "images/missing.png",
    "images/" + "a" * 5000,
]


@pytest.mark.parametrize("path", CLIMBING, ids=lambda path: path[:20] or "empty")
def test_paths_that_climb_hide_or_miss_are_not_found(client: Client, levis, path: str) -> None:
    store(levis, "images/a.png")
    default_storage.save("secret.txt", ContentFile(b"secret"))
    assert client.get(f"/media/{portal_folder(levis.pk)}/{path}", **LEVIS).status_code == 404


@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.xhtml", "a.js", "a.xml", "a.pdf", "a"])
def test_active_content_is_only_ever_downloaded(client: Client, levis, name: str) -> None:
    response, _content = fetch(client, store(levis, f"images/{name}"))
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_originals_are_for_staff(client: Client, levis) -> None:
    """An original holds what the camera wrote in it, the place among it."""
    with portal_scope(levis):
        url = ImageFactory().file.url
    assert "original_images" in url
    assert client.get(url, **LEVIS).status_code == 404
    client.force_login(UserFactory(is_superuser=True))
    response, _content = fetch(client, url)
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")


def test_document_is_served_by_its_portal_alone_and_not_as_media(client: Client, levis, bellechasse) -> None:
    with portal_scope(levis):
        document = CustomDocument.objects.create(
            title="Dépliant", file=ContentFile(b"pdf", name="depliant.pdf")
        )
    assert fetch(client, document.url)[1] == b"pdf"
    assert client.get(document.url, **BELLECHASSE).status_code == 404
    assert client.get(document.file.url, **LEVIS).status_code == 404


def test_style_sheet_holds_the_portals_colours_and_sectors(client: Client, levis) -> None:
    PortalSettings.objects.update(color_ink="#112233", color_accent="#445566", color_paper="#778899")
    with portal_scope(levis):
        SectorFactory(slug="charny", color="#abcdef")
    url = re.search(r'href="(/portail-[0-9a-f]+\.css)"', client.get("/", **LEVIS).content.decode()).group(1)
    response = client.get(url, **LEVIS)
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.content.decode().endswith(
        ":root{--portal-ink:#112233;--portal-accent:#445566;--portal-paper:#778899;}\n.sector-charny{--sector:#abcdef}\n"
    )


def test_style_sheet_of_an_old_name_is_the_present_one_for_a_minute(client: Client, levis) -> None:
    response = client.get("/portail-0123abc.css", **LEVIS)
    assert (response.status_code, response["Cache-Control"]) == (200, "public, max-age=60")
    assert client.get("/portail-zzz.css", **LEVIS).status_code == 404


@pytest.mark.parametrize("color", ["red;}*{display:none", "#12345", "#gggggg", "url(//x)", "", "#123456\n}"])
def test_no_row_can_add_a_rule_to_the_style_sheet(in_levis, color: str) -> None:
    SectorFactory(slug="charny", color="red;}")
    settings = PortalSettings(color_ink=color, color_accent="#445566", color_paper=color)
    own = stylesheet_text(settings).removeprefix(house_css()).removeprefix(name_rule(settings.brand))
    assert own == ":root{--portal-accent:#445566;}\n"


def test_who_reads_does_not_wait_for_the_style_of_who_acts(client: Client, levis) -> None:
    def sheets(address: str) -> list[str]:
        html = client.get(address, **LEVIS).content.decode()
        return re.findall(r'rel="stylesheet" href="/(\w+)-[0-9a-f]+\.css"', html)

    assert sheets("/commerces/") == sheets("/boutique/") == ["portail"]
    assert sheets("/panier/") == ["portail", "agir"]
    assert sheets("/compte/connexion/") == ["portail", "agir", "comptoir"]


@pytest.mark.parametrize(("bundle", "holds"), [("agir", ".cart-line"), ("comptoir", ".desk-goods")])
def test_bundle_is_kept_for_a_year_under_its_own_name_alone(client: Client, levis, bundle, holds) -> None:
    address = f"/{bundle}-{bundle_digest(bundle)}.css"
    answer = client.get(address, **LEVIS)
    assert (answer["Content-Type"], answer["Cache-Control"]) == (
        "text/css; charset=utf-8",
        "public, max-age=31536000, immutable",
    )
    assert holds in answer.content.decode()
    assert client.get(f"/{bundle}-0.css", **LEVIS)["Cache-Control"] == "public, max-age=60"
