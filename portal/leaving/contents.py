"""Everything a merchant has here, written into one zip: its small site, goods and books, and what says what is what."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.enums import Weekday
from directory.models import Merchant
from editorial.newsletter import subscribers
from home.languages import ENGLISH, FRENCH, speaking
from home.models import PortalSettings
from home.periods import town_day
from portal.leaving import books, goods, static_site
from portal.leaving.archive import Archive
from portal.leaving.front import Front, fronts
from portal.leaving.photos import Album

SHEETS = "donnees"
AT_ONCE = 200
READ_ME = {FRENCH: "LISEZMOI", ENGLISH: "README"}


def write(target: IO[bytes], merchant: Merchant, *, now: datetime) -> None:
    """The whole archive, in the portal in scope. However much there is, a chunk of it is in memory at a time."""
    with speaking(FRENCH):
        archive = Archive(target)
        _write_all(archive, merchant, now)
        archive.close()


def _write_all(archive: Archive, merchant: Merchant, now: datetime) -> None:
    album, today = Album(archive), town_day(now)
    portal = PortalSettings.for_site(merchant.site)
    told = fronts(merchant, album, today=today, with_english=portal.offers_english)
    for chunk in goods.in_chunks(goods.goods_of(merchant), *goods.READ_ALONG):
        album.take(goods.photos_of_all(chunk))
    static_site.write(static_site.Site(archive, album, told, portal, today))
    archive.add_text(f"{SHEETS}/page.json", _json(_page(merchant, told, now)))
    archive.add_rows(f"{SHEETS}/horaires.csv", _hours_heading(), _hours(merchant))
    archive.add_rows(f"{SHEETS}/photos.csv", _photo_heading(), _photos(album))
    goods.add_sheet(archive, merchant, album)
    goods.add_json(archive, merchant, album)
    missing = album.missing + goods.add_files(archive, merchant)
    books.add_all(archive, merchant, now=now)
    followers = subscribers.given_to(merchant).count()
    archive.add_rows(f"{SHEETS}/clients-consentants.csv", _follower_heading(), _followers(merchant))
    _add_read_me(archive, merchant, portal, {"missing": missing, "followers": followers, "made_at": now})


def _json(thing: Any) -> str:
    return json.dumps(thing, ensure_ascii=False, indent=2, default=str) + "\n"


def _page(merchant: Merchant, told: list[Front], now: datetime) -> dict[str, Any]:
    """Its facts, and its words in each language that it has."""
    return {
        "exporte_le": timezone.localtime(now).isoformat(timespec="minutes"),
        "nom": merchant.name,
        "nom_legal": merchant.legal_name,
        "neq": merchant.neq,
        "categorie": merchant.category.name,
        "secteur": merchant.sector.name,
        "option": merchant.get_tier_display(),
        "adresse": {
            "rue": merchant.street_address,
            "ville": merchant.city,
            "code_postal": merchant.postal_code,
            "latitude": merchant.latitude,
            "longitude": merchant.longitude,
        },
        "telephone": str(getattr(merchant.phone, "as_e164", "")),
        "courriel": merchant.email,
        "site_web": merchant.website_url,
        "boutique_en_ligne": merchant.shop_url,
        "mots_pour_la_recherche": merchant.keywords,
        "vacances": [merchant.vacation_from, merchant.vacation_until, merchant.vacation_note]
        if merchant.vacation_from
        else None,
        "textes": {front.language: _words(front) for front in told},
    }


def _words(front: Front) -> dict[str, Any]:
    cover, owner = front.cover, front.owner
    return {
        "en_une_phrase": front.intro,
        "photo": {"fichier": cover.picture.name, "texte": cover.alt} if cover else None,
        "personne": {
            "prenom": front.owner_name,
            "role": front.owner_role,
            "photo": owner.picture.name if owner else "",
        },
        "histoire": [
            {"sorte": part.kind, "texte": str(part.text), "de": part.by}
            if part.shown is None
            else {"sorte": part.kind, "fichier": part.shown.picture.name, "texte": part.shown.alt}
            for part in front.parts
        ],
        "galerie": [
            {"fichier": shown.picture.name, "texte": shown.alt, "legende": shown.caption}
            for shown in front.gallery
        ],
        "histoires_du_journal": [
            {"titre": story.title, "parue_le": story.published_on, "adresse": story.url}
            for story in front.stories
        ],
    }


def _hours_heading() -> list[str]:
    return [_("Jour ou date"), _("Ouvre"), _("Ferme"), _("Raison")]


def _hours(merchant: Merchant) -> Iterator[list[str]]:
    """The week, then the dates that are not as usual; a closed date has no times."""
    for row in merchant.opening_hours.all():
        yield [str(Weekday(row.weekday).label), f"{row.opens:%H:%M}", f"{row.closes:%H:%M}", ""]
    for date in merchant.special_hours.all():
        times = [f"{moment:%H:%M}" if moment else "" for moment in (date.opens, date.closes)]
        yield [date.date.isoformat(), *times, date.reason]


def _photo_heading() -> list[str]:
    return [_("Fichier"), _("Largeur"), _("Hauteur"), _("Crédit")]


def _photos(album: Album) -> Iterator[list[Any]]:
    for picture in album:
        yield [picture.name, picture.width, picture.height, picture.credit]


def _follower_heading() -> list[str]:
    return [_("Courriel"), _("Langue"), _("A dit oui le"), _("À ces mots"), _("Version des mots")]


def _followers(merchant: Merchant) -> Iterator[list[Any]]:
    """Who said yes to the merchant having the address, and has not taken it back. Nobody else."""
    for row in subscribers.given_to(merchant).iterator(chunk_size=AT_ONCE):
        consent = row.consent
        if consent is not None:
            given = timezone.localtime(consent.given_at).strftime("%Y-%m-%d %H:%M")
            yield [row.subscriber.email, row.subscriber.language, given, consent.words, consent.version]


def _add_read_me(archive: Archive, merchant: Merchant, portal: PortalSettings, facts: dict[str, Any]) -> None:
    """In both languages, as text and, in French, as a page."""
    for language, name in READ_ME.items():
        with speaking(language):
            words = {"merchant": merchant, "portal": portal, **facts}
            archive.add_text(f"{name}.txt", render_to_string("portal/leaving/read_me.txt", words))
            archive.add_text(
                f"{name}.html",
                render_to_string("portal/leaving/read_me.html", {**words, "language": language}),
            )
