from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tier(models.TextChoices):
    """The three options offered to a merchant at registration: one page that gains blocks."""

    LISTING = "listing", _("Fiche avec lien vers le site")
    LINKED_SHOP = "linked_shop", _("Lien vers sa boutique")
    TRANSACTIONAL = "transactional", _("Vend ici")


class MembershipRole(models.TextChoices):
    OWNER = "owner", _("propriétaire")
    HELPER = "helper", _("aide")


class Weekday(models.IntegerChoices):
    """As ``date.weekday()`` counts."""

    MONDAY = 0, _("lundi")
    TUESDAY = 1, _("mardi")
    WEDNESDAY = 2, _("mercredi")
    THURSDAY = 3, _("jeudi")
    FRIDAY = 4, _("vendredi")
    SATURDAY = 5, _("samedi")
    SUNDAY = 6, _("dimanche")


class RegistrationStatus(models.TextChoices):
    """Where a registration stands; ``directory.registrations`` alone moves it."""

    INVITED = "invited", _("invitation envoyée")
    STARTED = "started", _("commencée")
    WAITING = "waiting", _("attend le Journal")
    APPROVED = "approved", _("acceptée")
    REFUSED = "refused", _("refusée")
    WITHDRAWN = "withdrawn", _("abandonnée")

    @classmethod
    def open(cls) -> tuple[Self, ...]:
        """Something is still expected of somebody."""
        return (cls.INVITED, cls.STARTED, cls.WAITING)

    @classmethod
    def sent(cls) -> tuple[Self, ...]:
        """The merchant has said all it had to say."""
        return (cls.WAITING, cls.APPROVED)


class ClaimStatus(models.TextChoices):
    """Where a claim stands; ``directory.claims`` alone moves it."""

    STARTED = "started", _("à prouver")
    PROVED = "proved", _("attend une réponse")
    APPROVED = "approved", _("acceptée")
    REFUSED = "refused", _("refusée")
    WITHDRAWN = "withdrawn", _("retirée")

    @classmethod
    def open(cls) -> tuple[Self, ...]:
        return (cls.STARTED, cls.PROVED)


class ClaimProof(models.TextChoices):
    """What shows that the person is of the shop."""

    PHONE = "phone", _("code au téléphone public")
    EMAIL = "email", _("code au courriel public")
    LETTER = "letter", _("code par la poste")
    CHAMBER = "chamber", _("parole de la Chambre")


class ProposalStatus(models.TextChoices):
    """Where a page prepared for a merchant stands; ``portal.care.proposals`` alone moves it."""

    DRAFT = "draft", _("en préparation")
    SENT = "sent", _("attend la réponse du commerce")
    CHANGES = "changes", _("le commerce demande un changement")
    APPROVED = "approved", _("approuvée")
    WITHDRAWN = "withdrawn", _("retirée")

    @classmethod
    def open(cls) -> tuple[Self, ...]:
        return (cls.DRAFT, cls.SENT, cls.CHANGES)

    @classmethod
    def answered(cls) -> tuple[Self, ...]:
        return (cls.CHANGES, cls.APPROVED)


class ReadingStatus(models.TextChoices):
    """Where the reading of a merchant's own site stands; ``directory.own_site.readings`` alone moves it."""

    WAITING = "waiting", _("attend son tour")
    READING = "reading", _("en lecture")
    PICTURES = "pictures", _("les photos arrivent")
    READ = "read", _("lue")
    FAILED = "failed", _("n’a pas pu être lue")

    @classmethod
    def open(cls) -> tuple[Self, ...]:
        """The worker has still something to do for it."""
        return (cls.WAITING, cls.READING, cls.PICTURES)


class FileShape(models.TextChoices):
    """How a directory file is made (``directory.importing``)."""

    TABLE = "table", _("tableau d’une ville")
    REGISTER = "register", _("registre des entreprises")
    OSM = "osm", _("OpenStreetMap")


class ImportStatus(models.TextChoices):
    """Where a file stands; ``directory.importing.runs`` alone moves it."""

    RECEIVED = "received", _("reçu")
    CHECKING = "checking", _("en vérification")
    CHECKED = "checked", _("vérifié")
    IMPORTING = "importing", _("en importation")
    DONE = "done", _("importé")
    REFUSED = "refused", _("refusé")
    DROPPED = "dropped", _("abandonné")

    @classmethod
    def under_way(cls) -> tuple[Self, ...]:
        """The worker has it, or will."""
        return (cls.CHECKING, cls.IMPORTING)


class Finding(models.TextChoices):
    """What the report says of a line."""

    REFUSED = "refused", _("refusée")
    DUPLICATE = "duplicate", _("doublon")
    KEPT = "kept", _("laissée telle quelle")
    WARNING = "warning", _("à vérifier")
    NOTE = "note", _("à savoir")
    GONE = "gone", _("absente du fichier")


class ReportKind(models.TextChoices):
    ERROR = "error", _("signale une erreur")
    REMOVAL = "removal", _("demande le retrait de la fiche")


class ReportOutcome(models.TextChoices):
    SETTLED = "settled", _("réglé")
    REMOVED = "removed", _("fiche retirée")


class SearchKind(models.TextChoices):
    """What may be found."""

    MERCHANT = "merchant", _("commerce")
    PRODUCT = "product", _("produit")
    STORY = "story", _("histoire")


class Act(models.TextChoices):
    """What is counted (``directory.counting``): a page seen, a contact, or a product put in a basket."""

    SEEN = "seen", _("vue")
    CALL = "call", _("appel")
    DIRECTIONS = "directions", _("itinéraire")
    SITE = "site", _("visite à son site")
    SHOP = "shop", _("visite à sa boutique")
    BASKET = "basket", _("mise au panier")

    @classmethod
    def contacts(cls) -> tuple[Self, ...]:
        """What helps a merchant without a sale."""
        return (cls.CALL, cls.DIRECTIONS, cls.SITE, cls.SHOP)


class Subject(models.TextChoices):
    """What an act was done on. ``PORTAL``: a page of the portal's own, whose key is that of the Site."""

    PORTAL = "portal", _("page du portail")
    MERCHANT = "merchant", _("commerce")
    PRODUCT = "product", _("produit")
    STORY = "story", _("histoire")
    CAMPAIGN = "campaign", _("campagne")


class Source(models.TextChoices):
    """Where somebody came from to do an act."""

    STORY = "story", _("histoire")
    CAMPAIGN = "campaign", _("campagne")
    NEWSLETTER = "newsletter", _("infolettre")
    FLYER = "flyer", _("affiche ou dépliant")
    FRONT = "front", _("page d’accueil")
    SEARCH = "search", _("recherche")
    PORTAL = "portal", _("ailleurs sur le portail")
    OUTSIDE = "outside", _("de l’extérieur")

    @classmethod
    def credited(cls) -> tuple[Self, ...]:
        """Those that may be credited for an order or a contact, and be followed to it."""
        return (cls.STORY, cls.CAMPAIGN, cls.NEWSLETTER, cls.FLYER)


class DepartureReason(models.TextChoices):
    """Why a merchant leaves (``portal.leaving``). The first is a success."""

    GRADUATED = "graduated", _("vend maintenant sur son propre site")
    CLOSING = "closing", _("ferme")
    NOT_ENOUGH = "not_enough", _("trouve que cela ne lui apporte pas assez")
    OTHER = "other", _("autre raison")
