"""What a merchant takes along: everything of its own, and nothing of anybody else's."""

import csv
import io
import json
import posixpath
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale

from directory.enums import Act, Source, Subject
from directory.models import Agreement, DailyCount
from editorial.newsletter import subscribers
from home.models import ConsentPurpose, PortalSettings
from home.tenancy import portal_scope
from portal.leaving import contents
from portal.leaving.archive import ROOT, Archive, UnsafeName
from shop.models import ProductOption, VariantOption
from shop.payments import refunds
from shop.pricing import Amount
from shop.sandbox.server import Sandbox
from tests.factories import ProductFactory, ProductPhotoFactory, VariantFactory
from tests.portal.speaking import VOID
from tests.portal.towns import Purchase, Town, make_purchase

pytestmark = pytest.mark.django_db

FORMULA = "=HYPERLINK(1)"
HERE_AND_THERE = 'Voir <a href="http://localhost/x/">ici</a> et <a href="https://fromages.example/">là</a>.'


def made(town: Town) -> zipfile.ZipFile:
    written = io.BytesIO()
    with portal_scope(town.site):
        rows = type(town.merchant).objects.select_related("site", "category", "sector")
        contents.write(written, rows.get(pk=town.merchant.pk), now=timezone.now())
    return zipfile.ZipFile(written)


def names(archive: zipfile.ZipFile) -> list[str]:
    return [name.removeprefix(f"{ROOT}/") for name in archive.namelist()]


def text(archive: zipfile.ZipFile, name: str) -> str:
    return archive.read(f"{ROOT}/{name}").decode()


def sheet(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    whole = text(archive, name)
    assert whole.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(whole[1:]), delimiter=";"))


def fill(town: Town, bought: Purchase) -> None:
    """An English page, variants with options, a draft with a formula for a name, a part refund, followers."""
    PortalSettings.objects.filter(site=town.site).update(offers_english=True)
    with portal_scope(town.site):
        page = town.merchant.pages.get()
        page.body = [
            ("heading_block", "Nos débuts"),
            ("text_block", f"<p>{HERE_AND_THERE}</p>"),
            ("quote_block", {"quote": "Du lait."}),
        ]
        page.save_revision().publish()
        twin = page.copy_for_translation(Locale.objects.get(language_code="en"), copy_parents=True)
        twin.intro = "Milk, salt, time"
        twin.save_revision().publish()
        add_goods(town)
        refunds.request(bought.order, Amount(5_00), reason="un pot fêlé", restock=False, now=timezone.now())
        DailyCount.objects.create(
            site=town.site, day=timezone.localdate(), act=Act.CALL, source=Source.OUTSIDE,
            subject=Subject.MERCHANT, subject_id=town.merchant.pk, merchant=town.merchant, times=3,
        )  # fmt: skip
        Agreement.objects.create(
            site=town.site, merchant=town.merchant, accepted_by=town.owner, version="2026-11", language="fr",
            words="Entre nous, des mots clairs.", french_shown_at=timezone.now(), accepted_at=timezone.now(),
        )  # fmt: skip
        follow(town, "oui@exemple.test", ConsentPurpose.MERCHANT_NEWS, ConsentPurpose.MERCHANT_OWN)
        follow(town, "nouvelles@exemple.test", ConsentPurpose.MERCHANT_NEWS)


def add_goods(town: Town) -> None:
    tea = ProductFactory(merchant=town.merchant, title="Tisane d’hiver", slug="tisane")
    size = ProductOption.objects.create(product=tea, name="Taille")
    for title, cents, units in (("Petite", 5_49, 4), ("Grande", 9_00, 0)):
        variant = VariantFactory(product=tea, title=title, sku=f"T-{title}", price_cents=cents, units=units)
        VariantOption.objects.create(variant=variant, option=size, value=title)
    tea.tags.add("chaud")
    ProductPhotoFactory(product=tea, alt="Une tasse", image__title="../../tasse <1>")
    ProductFactory(merchant=town.merchant, title=FORMULA, slug="brouillon", status="draft")


def follow(town: Town, email: str, *purposes: ConsentPurpose) -> None:
    for purpose in purposes:
        subscribers.ask(
            town.site, email, purpose=purpose, merchant=town.merchant, locale="fr", now=timezone.now()
        )
    row = subscribers.of_addresses([email]).get()
    subscribers.confirm(row, row.subscriptions.values_list("pk", flat=True), now=timezone.now())


@pytest.fixture
def archive(here: Town, bought_here: Purchase, bought_there: Purchase) -> zipfile.ZipFile:
    fill(here, bought_here)
    return made(here)


def test_everything_of_the_merchant_goes_along(archive: zipfile.ZipFile, here: Town) -> None:
    found = names(archive)
    assert archive.testzip() is None
    assert [name for name in found if not name.startswith(("photos/", "polices/"))] == [
        "style.css",
        "produits/tisane.html",
        "en/produits/tisane.html",
        "produits/produit-canarilevis.html",
        "en/produits/produit-canarilevis.html",
        "index.html",
        "histoires.html",
        "en/index.html",
        "en/stories.html",
        "donnees/page.json",
        "donnees/horaires.csv",
        "donnees/photos.csv",
        "donnees/produits.csv",
        "donnees/produits.json",
        "donnees/commandes.csv",
        "donnees/commandes-articles.csv",
        "donnees/remboursements.csv",
        "donnees/grand-livre.csv",
        "donnees/resultats.csv",
        "documents/factures-du-forfait.csv",
        "documents/contrat-1-2026-11-fr.txt",
        "donnees/clients-consentants.csv",
        "LISEZMOI.txt",
        "LISEZMOI.html",
        "README.txt",
        "README.html",
    ]
    assert len([name for name in found if name.startswith("photos/")]) == 3
    page = json.loads(text(archive, "donnees/page.json"))
    assert (page["nom"], page["telephone"]) == ("Commerce canarilevis", "+14185550123")
    assert page["textes"]["en"]["en_une_phrase"] == "Milk, salt, time"
    assert "Entre nous, des mots clairs." in text(archive, "documents/contrat-1-2026-11-fr.txt")


def test_goods_go_along_to_the_cent_and_no_name_is_computed(archive: zipfile.ZipFile) -> None:
    rows = sheet(archive, "donnees/produits.csv")
    told = [
        (row["Produit"], row["Options"], row["Prix (cents)"], row["Prix"], row["En stock"]) for row in rows
    ]
    assert told == [
        ("Produit canarilevis", "", "2000", "20,00", "38"),
        ("Tisane d’hiver", "Taille: Petite", "549", "5,49", "4"),
        ("Tisane d’hiver", "Taille: Grande", "900", "9,00", "0"),
        (f"'{FORMULA}", "", "", "", ""),
    ]
    assert rows[1]["Mots-clés"] == "chaud"
    assert rows[1]["Photos"] in names(archive)
    tea = json.loads(text(archive, "donnees/produits.json"))[1]
    assert [(row["options"], row["prix"]) for row in tea["variantes"]] == [
        ({"Taille": "Petite"}, "5.49"),
        ({"Taille": "Grande"}, "9.00"),
    ]


def test_books_and_results_are_those_of_the_screens(archive: zipfile.ZipFile, bought_here: Purchase) -> None:
    (order,) = sheet(archive, "donnees/commandes.csv")
    told = ("Commande", "Au nom de", "Total payé", "Remboursé", "Part du commerce")
    share = (
        f"{bought_here.order.merchant_share_cents // 100},{bought_here.order.merchant_share_cents % 100:02d}"
    )
    assert [order[name] for name in told] == [
        bought_here.order.number, "Acheteuse canarilevis", "40,00", "5,00", share,
    ]  # fmt: skip
    (line,) = sheet(archive, "donnees/commandes-articles.csv")
    assert (line["Quantité"], line["Montant avant taxes"]) == ("2", "40,00")
    (refund,) = sheet(archive, "donnees/remboursements.csv")
    assert (refund["Montant rendu"], refund["Raison"]) == ("5,00", "un pot fêlé")
    month = sheet(archive, "donnees/resultats.csv")[-1]
    assert (month["Appels"], month["Commandes payées"], month["Payé par la clientèle"]) == ("3", "1", "40,00")
    assert month["Rendu à la clientèle"] == "5,00"


def test_only_who_said_yes_to_the_merchant_is_named(archive: zipfile.ZipFile, here: Town) -> None:
    (row,) = sheet(archive, "donnees/clients-consentants.csv")
    assert row["Courriel"] == "oui@exemple.test"
    assert "donne mon adresse" in row["À ces mots"]
    assert "Une personne a dit oui" in text(archive, "LISEZMOI.txt")
    with portal_scope(here.site):
        (given,) = subscribers.given_to(here.merchant)
        subscribers.leave(given.subscriber, now=timezone.now())
    again = made(here)
    assert sheet(again, "donnees/clients-consentants.csv") == []
    assert "personne n’a dit oui" in text(again, "LISEZMOI.txt")


def test_nothing_private_and_nobody_elses_goes_along(archive: zipfile.ZipFile) -> None:
    for name in archive.namelist():
        body = archive.read(name)
        assert b"canaribellechasse" not in body, name
        assert b"acheteuse-canarilevis@" not in body, name
        assert b"nouvelles@exemple.test" not in body, name
        assert b"/mon-commerce/" not in body, name


class Page(HTMLParser):
    """What a page links to and loads, its identifiers, and whether its tags close."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.open: list[str] = []
        self.pictures: list[dict[str, str | None]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        assert tag != "script" or said["type"] == "application/ld+json"
        assert not [name for name in said if name.startswith("on") or name == "style"]
        self.links += [said[name] or "" for name in ("href", "src") if name in said]
        self.ids += [said["id"] or ""] if "id" in said else []
        self.pictures += [said] if tag == "img" else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def pages(archive: zipfile.ZipFile) -> Iterator[tuple[str, Page]]:
    for name in names(archive):
        if name.endswith(".html"):
            yield name, Page(text(archive, name))


def test_site_stands_anywhere_and_leads_out_only_where_it_says(archive: zipfile.ZipFile) -> None:
    known, out = set(names(archive)), set()
    for name, page in pages(archive):
        assert page.open == []
        assert len(page.ids) == len(set(page.ids))
        assert all("alt" in picture and picture["width"] for picture in page.pictures)
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme:
                out.add(link)
            elif parts.path:
                assert posixpath.normpath(posixpath.join(posixpath.dirname(name), parts.path)) in known, (
                    name,
                    link,
                )
    assert out == {
        "tel:+14185550123",
        "mailto:canarilevis@exemple.test",
        "mailto:canarilevis@exemple.test?subject=Tisane%20d%E2%80%99hiver",
        "mailto:canarilevis@exemple.test?subject=Produit%20canarilevis",
        "https://fromages.example/",
        "http://localhost/histoires/histoire-canarilevis/",
        "http://localhost/en/histoires/histoire-canarilevis/",
    }
    assert "http" not in text(archive, "style.css")


def test_site_says_prices_hours_and_itself_to_machines(archive: zipfile.ZipFile) -> None:
    front, english = text(archive, "index.html"), text(archive, "en/index.html")
    assert "Milk, salt, time" in english
    assert '<html lang="en-CA">' in english
    assert "9\u00a0h à 17\u00a0h\u00a030" in front
    assert "Nos débuts" in front
    assert FORMULA not in front
    product = text(archive, "produits/tisane.html")
    assert "5,49\u00a0$" in product
    assert "épuisé" in product
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', front)
    business = json.loads(data)
    assert (business["@type"], business["telephone"]) == ("Store", "+14185550123")
    assert business["openingHoursSpecification"][0]["opens"] == "09:00"
    assert business["image"] in names(archive)


@pytest.mark.parametrize("name", ["../x.txt", "/x.txt", "a/../../x", "a\\b", "C:x", "a//b", "é.txt", "a\nb"])
def test_no_name_leads_out_of_its_folder(name: str) -> None:
    archive = Archive(io.BytesIO())
    with pytest.raises(UnsafeName):
        archive.add_text(name, "x")
    assert archive.names == []


def test_names_of_pictures_are_safe_whatever_they_were_called(archive: zipfile.ZipFile) -> None:
    (cup,) = [name for name in names(archive) if "tasse" in name]
    assert re.fullmatch(r"photos/tasse-1-\d+\.jpg", cup)


def test_asks_no_more_of_the_database_for_more_goods_and_orders(
    here: Town, bought_here: Purchase, sandbox: Sandbox
) -> None:
    with portal_scope(here.site):
        add_goods(here)
    made(here)  # what is remembered from one to the next is read
    with CaptureQueriesContext(connection) as few:
        made(here)
    with portal_scope(here.site):
        for _number in range(4):
            more = ProductFactory(merchant=here.merchant)
            VariantFactory(product=more)
            ProductPhotoFactory(product=more)
    make_purchase(here, sandbox)
    with CaptureQueriesContext(connection) as many:
        made(here)
    assert len(many) == len(few)
