"""Masthead and footer are kept for a minute: of the right portal, and never older than its settings."""

from django.test import Client
from wagtail.models import Site

from home.models import PortalSettings

LEVIS = {"headers": {"host": "localhost"}}
BELLECHASSE = {"headers": {"host": "bellechasse.localhost"}}


def page(client: Client, host: dict[str, dict[str, str]], address: str = "/boutique/") -> str:
    return client.get(address, **host).content.decode()


def test_a_changed_setting_is_on_the_next_page(client: Client, levis: Site) -> None:
    page(client, LEVIS)
    PortalSettings.objects.filter(site=levis).update(brand="Achetons ici", contact_name="Lise Bolduc")
    html = page(client, LEVIS)
    assert '<a class="masthead-name" href="/">Achetons ici</a>' in html
    assert '<p class="footer-name">Achetons ici</p>' in html
    assert "Lise Bolduc" in html


def test_each_portal_keeps_its_own(client: Client, levis: Site, bellechasse: Site) -> None:
    for _look in range(2):
        for host, brand in ((LEVIS, "Achetons Lévis"), (BELLECHASSE, "Achetons Bellechasse")):
            html = page(client, host)
            assert f'<a class="masthead-name" href="/">{brand}</a>' in html
            assert f'<p class="footer-name">{brand}</p>' in html


def test_the_menu_says_where_one_is(client: Client, levis: Site) -> None:
    for _look in range(2):
        for address in ("/boutique/", "/commerces/"):
            assert f'<a href="{address}" aria-current="page">' in page(client, LEVIS, address)
