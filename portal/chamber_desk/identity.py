"""Who writes to merchants that did not ask: the portal, the Chamber, and where to find them (CASL, s. 6)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from directory.folding import fold
from home.models import PortalSettings

CHAMBER = "chambre"
"""The word by which the Chamber is known among the portal's partners, by its name or its role."""


@dataclass(frozen=True, slots=True)
class Sender:
    """``reached_by``: a phone or an email, beside the postal address."""

    brand: str
    chamber: str
    postal_address: str
    reached_by: str

    def lacks(self) -> list[str]:
        """What must be stated before such a letter may leave, each in a sentence; nothing where all is there."""
        return [
            words
            for held, words in (
                (self.brand, _("Le nom du portail manque dans ses réglages.")),
                (
                    self.chamber,
                    _("La Chambre de commerce n’est pas nommée parmi les partenaires du portail."),
                ),
                (self.postal_address, _("L’adresse postale manque dans les réglages du portail.")),
                (self.reached_by, _("Un téléphone ou un courriel manque dans les réglages du portail.")),
            )
            if not held
        ]


def sender_of(settings: PortalSettings) -> Sender:
    """As the portal's settings say now."""
    reached = str(settings.contact_phone or "") or settings.contact_email
    return Sender(
        settings.brand.strip(), chamber_of(settings), settings.postal_address.strip(), reached.strip()
    )


def chamber_of(settings: PortalSettings) -> str:
    """The Chamber's name as the portal's partners state it; "" where none is a Chamber."""
    for partner in settings.partners:
        name, role = str(partner.value["name"]), str(partner.value["role"])
        if CHAMBER in fold(f"{name} {role}"):
            return name
    return ""
