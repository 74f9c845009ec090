"""What a file is read against, as the portal in scope has it now: places, trades, who is there, what came before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from directory.importing.deciding import Deciding, Origin
from directory.importing.entries import Reader
from directory.importing.places import SectorPlace, Town
from directory.importing.refusals import FileRefused
from directory.importing.sameness import Directory, Known, address_key, core_name
from directory.importing.trades import Trades
from directory.importing.writing import Slugs
from directory.models import (
    Category,
    DirectoryPage,
    ImportRun,
    ImportSource,
    Merchant,
    MerchantOrigin,
    MerchantPage,
    Sector,
)
from home.models import PortalSettings
from home.tenancy import current_site


@dataclass(frozen=True, slots=True)
class PortalState:
    """``home`` is the page under which merchants' pages stand; ``names`` are the sectors', by primary key."""

    reader: Reader
    deciding: Deciding
    slugs: Slugs
    home: DirectoryPage
    names: dict[int, str]


def reader_of(source: ImportSource) -> Reader:
    """Raises FileRefused where the portal has no sectors or no categories yet."""
    sectors = [
        SectorPlace(row.pk, row.name, row.latitude, row.longitude) for row in Sector.objects.order_by("pk")
    ]
    categories = list(Category.objects.order_by("pk").values_list("pk", "name"))
    if not sectors or not categories:
        raise FileRefused(
            _("Le portail n’a pas encore de secteurs ou de catégories\u00a0: créez-les d’abord.")
        )
    settings = PortalSettings.for_site(current_site())
    center = None
    if settings.latitude is not None and settings.longitude is not None:
        center = settings.latitude, settings.longitude
    town = Town(settings.town_name or settings.brand, sectors, center)
    return Reader(town, Trades(categories, source.categories))


def portal_state(run: ImportRun, reader: Reader, keys: set[str], done: Mapping[str, int]) -> PortalState:
    """``keys`` are those of the whole file, ``done`` the lines, by key, that an interrupted run has dealt with."""
    directory = Directory()
    for known in _everybody(reader):
        directory.add(known)
    home = DirectoryPage.objects.descendant_of(current_site().root_page).first()
    if home is None:
        raise FileRefused(_("Le portail n’a pas encore de page de répertoire\u00a0: créez-la d’abord."))
    return PortalState(
        reader,
        Deciding(reader, directory, _origins(run, directory, done), keys),
        Slugs(_taken(home)),
        home,
        {sector.pk: sector.name for sector in reader.town.sectors.values()},
    )


def _everybody(reader: Reader) -> Iterator[Known]:
    """Every merchant of the portal, those that shoppers do not see too: who asked to be left out stays out."""
    fields = ("pk", "name", "neq", "street_address", "postal_code", "phone", "claimed_at", "removed_at")
    words = reader.town_words
    for pk, name, neq, street, postal, phone, claimed, removed in (
        Merchant.objects.order_by("pk").values_list(*fields).iterator(chunk_size=2000)
    ):
        number = str(getattr(phone, "as_e164", phone) or "")
        yield Known(
            pk, name, core_name(name, words), neq, address_key(street), postal, number,
            is_claimed=claimed is not None, is_removed=removed is not None,
        )  # fmt: skip


def _origins(run: ImportRun, directory: Directory, done: Mapping[str, int]) -> Iterator[Origin]:
    rows = MerchantOrigin.objects.filter(source=run.source_id).order_by("pk").defer("facts")
    for row in rows.iterator(chunk_size=2000):
        known = directory.by_pk[row.merchant_id]
        line = done.get(row.key, 0)
        if line and row.created_at >= run.created_at:
            known.line = line
        yield Origin(row.pk, row.key, row.digest, known, line)


def _taken(home: DirectoryPage) -> set[str]:
    slugs = set(Merchant.objects.values_list("slug", flat=True))
    return slugs | set(MerchantPage.objects.child_of(home).values_list("slug", flat=True))
