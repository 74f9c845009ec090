"""Which column holds what, guessed from its heading by folding; what people said about it before goes first."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from directory.folding import fold

LABELS: dict[str, Any] = {
    "name": _("Nom"),
    "legal_name": _("Nom légal"),
    "neq": _("NEQ"),
    "id": _("Numéro dans le fichier"),
    "category": _("Catégorie"),
    "street_address": _("Adresse"),
    "sector": _("Secteur"),
    "city": _("Ville"),
    "postal_code": _("Code postal"),
    "phone": _("Téléphone"),
    "email": _("Courriel"),
    "website_url": _("Site web"),
    "shop_url": _("Boutique en ligne"),
    "hours": _("Heures d’ouverture"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
}
"""What a column may hold, in the order of the form."""

HEADINGS: dict[str, str] = {
    "name": "nom|nom du commerce|commerce|nom commercial|entreprise|nom de l entreprise|raison sociale|etablissement"
    "|nom de l etablissement|nom usuel|enseigne|name|business name|company",
    "legal_name": "nom legal|denomination|denomination sociale|legal name",
    "neq": "neq|numero d entreprise|numero d entreprise du quebec|no neq|no d entreprise",
    "id": "id|identifiant|no|numero|code|no fiche|numero de fiche|matricule",
    "category": "categorie|categories|type|type de commerce|secteur d activite|activite|domaine|category|famille",
    "street_address": "adresse|adresse civique|rue|no et rue|adresse postale|adresse complete|address|street",
    "sector": "secteur|quartier|arrondissement|secteur de la ville|sector|district",
    "city": "ville|municipalite|localite|city|town",
    "postal_code": "code postal|cp|c p|postal|postal code",
    "phone": "telephone|tel|no de telephone|numero de telephone|phone|telephone 1",
    "email": "courriel|email|e mail|mail|adresse courriel|courrier electronique|adresse electronique",
    "website_url": "site web|site|site internet|web|url|adresse web|website",
    "shop_url": "boutique en ligne|boutique|boutique web|magasin en ligne|transactionnel|online shop|shop url",
    "hours": "heures|heures d ouverture|horaire|horaires|ouverture|opening hours|hours",
    "latitude": "latitude|lat|y|coord y",
    "longitude": "longitude|long|lon|lng|x|coord x",
}
FIELDS_BY_HEADING = {
    heading: field for field, headings in HEADINGS.items() for heading in headings.split("|")
}
NEAR = 88

LEFT_ASIDE = ""
Columns = dict[str, str]
"""Field by folded heading; LEFT_ASIDE for a column of which nothing is read."""


def folded_heading(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", fold(text)).split())


def guess(headings: Sequence[str], known: Mapping[str, str]) -> Columns:
    """A field for each heading, none twice; what is ``known`` of the source first, then exact words, then near ones."""
    folded = [folded_heading(text) for text in headings]
    columns: Columns = {text: known[text] for text in folded if known.get(text, "?") in {*LABELS, LEFT_ASIDE}}
    for find in (FIELDS_BY_HEADING.get, _near):
        for text in folded:
            field = find(text) if text and text not in columns else None
            if field and field not in columns.values():
                columns[text] = field
    return {text: columns.get(text, LEFT_ASIDE) for text in folded if text}


def _near(heading: str) -> str | None:
    found = process.extractOne(heading, FIELDS_BY_HEADING.keys(), scorer=fuzz.ratio, score_cutoff=NEAR)
    return FIELDS_BY_HEADING[found[0]] if found else None


def recognized(headings: Iterable[str], known: Mapping[str, str]) -> int:
    """How many of these headings say something, with certainty."""
    folded = {folded_heading(text) for text in headings}
    return sum(bool(known.get(text) or FIELDS_BY_HEADING.get(text)) for text in folded)
