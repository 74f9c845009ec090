"""The columns of the Chamber's spreadsheet: the same file goes out, is worked in, and comes back in."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from home.languages import FRENCH

KEY = _("Clé")
ADVISER = _("Suivi par (courriel)")
NEXT_ACT = _("Prochain geste")
NEXT_ACT_ON = _("Date du geste")
NOTE = _("Nouvelle note")

STAGE = pgettext_lazy("Chambre", "Étape")
TOLD = (
    _("Commerce"), STAGE, _("Où"), _("Depuis le"), _("Catégorie"), _("Secteur"), _("Option"), _("Courriel"),
    _("Téléphone"), _("Réclamé le"), _("En ligne depuis le"), _("Première vente le"), _("Dernier contact le"),
)  # fmt: skip
"""What the portal knows by itself: changed in the file, it changes nothing."""

WRITTEN: dict[str, Any] = {
    "adviser": ADVISER,
    "next_act": NEXT_ACT,
    "next_act_on": NEXT_ACT_ON,
    "note": NOTE,
}
"""What an adviser writes, by the name of the field."""

HEADINGS = (KEY, *TOLD, *WRITTEN.values())


def in_file(heading: Any) -> str:
    """As it stands in the file: in French, whatever language is read on the screen."""
    with translation.override(FRENCH):
        return str(heading)


KNOWN = frozenset(in_file(heading) for heading in (KEY, *WRITTEN.values()))
"""What is read of a file that comes back."""
