"""How long what is kept: one table, shown to everyone on the privacy page and applied every night.

Sources: six years after the end of the year for books and invoices (Income Tax Act s. 230(4), Tax Administration Act
s. 35.1); incidents five years (Regulation respecting confidentiality incidents, s. 8).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory import documents
from directory.models import (
    CallbackRequest,
    CountedBatch,
    ImportLine,
    Invitation,
    MerchantDocument,
    Note,
    PageReport,
    Proposal,
)
from directory.own_site import readings
from editorial.newsletter import privacy as newsletter
from home.models import Consent
from home.tenancy import across_portals, unjoined
from portal.favourites import privacy as favourites
from portal.joining import privacy as joining
from portal.leaving import packages
from shop import carts
from shop.letters import KIND as LETTER
from shop.models import Checkout, ContractCopy, Order, OutboxMessage, StripeEvent

TAX_YEARS = 6
NOBODY = "Anonymisé"
NO_ADDRESS = "anonyme@efface.invalid"


@dataclass(frozen=True, slots=True)
class Rule:
    """``apply`` forgets what is older and returns how many rows it touched; None: nothing goes by itself."""

    what: Any
    kept: Any
    apply: Callable[[datetime], int] | None = None


def _carts(now: datetime) -> int:
    return carts.forget_old(now=now)


def _sessions(now: datetime) -> int:
    return Session.objects.filter(expire_date__lt=now).delete()[0]


def _sign_in_attempts(now: datetime) -> int:
    before = now - timedelta(days=90)
    models = (AccessAttempt, AccessFailureLog, AccessLog)
    return sum(model.objects.filter(attempt_time__lt=before).delete()[0] for model in models)


def _invitations(now: datetime) -> int:
    return Invitation.objects.filter(expires_at__lt=now - timedelta(days=365)).delete()[0]


def _site_readings(now: datetime) -> int:
    return readings.forget_old(now)


def _phones_and_addresses(now: datetime) -> int:
    before = now - timedelta(days=365)
    phones = unjoined(Checkout).filter(created_at__lt=before).exclude(contact_phone="")
    addresses = unjoined(Order).filter(placed_at__lt=before).exclude(delivery_address={})
    return phones.update(contact_phone="") + addresses.update(delivery_address={})


def _mails(now: datetime) -> int:
    """Whom a mail went to, and the text of letters; that it went stays."""
    old = unjoined(OutboxMessage).filter(created_at__lt=now - timedelta(days=365)).exclude(recipient="")
    letters = old.filter(kind=LETTER).update(recipient="", payload={})
    return letters + old.filter(sent_at__isnull=False).update(recipient="")


def _stripe_events(now: datetime) -> int:
    old = StripeEvent.objects.filter(received_at__lt=now - timedelta(days=548), processed_at__isnull=False)
    return old.exclude(payload={}).update(payload={})


def _buyers(now: datetime) -> int:
    """Of purchases made seven calendar years ago or earlier: the copies of contracts go, names and emails too."""
    before = datetime(now.year - TAX_YEARS, 1, 1, tzinfo=UTC)
    old = unjoined(Checkout).filter(created_at__lt=before).exclude(contact_email=NO_ADDRESS)
    keys = list(old.values_list("pk", flat=True))
    ContractCopy.objects.filter(order__checkout__in=keys).delete()
    return (
        unjoined(Checkout)
        .filter(pk__in=keys)
        .update(contact_name=NOBODY, contact_email=NO_ADDRESS, user=None)
    )


def _page_reports(now: datetime) -> int:
    """Who said it, a year after it was answered, or two after it was not."""
    answered = Q(answered_at__lt=now - timedelta(days=365))
    old = answered | Q(answered_at=None, created_at__lt=now - timedelta(days=730))
    rows = unjoined(PageReport).filter(old).exclude(sender="", email="")
    return rows.update(sender="", email="")


def _import_reports(now: datetime) -> int:
    """The lines of lists that were imported long ago: names of businesses, and why they were refused."""
    return ImportLine.objects.filter(run__finished_at__lt=now - timedelta(days=365)).delete()[0]


def _newsletter(now: datetime) -> int:
    return newsletter.forget_old(now)


def _favourites(now: datetime) -> int:
    return favourites.forget_old(now)


def _consents(now: datetime) -> int:
    return Consent.objects.filter(withdrawn_at__lt=now - timedelta(days=3 * 365)).delete()[0]


def _joining(now: datetime) -> int:
    return joining.forget_registrations(now) + joining.forget_claims(now)


def _calls(now: datetime) -> int:
    return CallbackRequest.objects.filter(called_at__lt=now - timedelta(days=365)).delete()[0]


def _proposals(now: datetime) -> int:
    """Whatever became of them; the trail says what was approved."""
    old = Proposal.objects.filter(updated_at__lt=now - timedelta(days=365))
    return old.filter(Q(expires_at=None) | Q(expires_at__lt=now)).delete()[0]


def _notes(now: datetime) -> int:
    return Note.objects.filter(written_at__lt=now - timedelta(days=3 * 365)).delete()[0]


def _counted_batches(now: datetime) -> int:
    """The keys by which a batch that is sent again is known: none is sent again after a day."""
    return CountedBatch.objects.filter(written_at__lt=now - timedelta(days=1)).delete()[0]


def _papers(now: datetime) -> int:
    old = list(MerchantDocument.objects.filter(added_at__lt=now - timedelta(days=3 * 365)))
    for row in old:
        documents.delete_with_file(row)
    return len(old)


def _packages(now: datetime) -> int:
    return packages.forget_rows(now)


TABLE = (
    Rule(_("Un panier sans commande"), _("30 jours après le dernier changement"), _carts),
    Rule(
        _("Des favoris et leurs listes, sans compte"),
        _("treize mois après votre dernier geste; avec un compte, jusqu’à ce que vous les effaciez"),
        _favourites,
    ),
    Rule(_("Une session"), _("jusqu’à la déconnexion, ou deux semaines"), _sessions),
    Rule(_("Les essais de connexion"), _("90 jours"), _sign_in_attempts),
    Rule(_("Une invitation"), _("un an après son échéance"), _invitations),
    Rule(
        _("Une inscription de commerce, une demande de page"),
        _("ses réponses et ses mots un an; l’entente acceptée, avec le commerce"),
        _joining,
    ),
    Rule(
        _("La lecture du site web d’un commerce"),
        _("ses photos 30 jours, le reste un an; la dernière, tant que le commerce est ici"),
        _site_readings,
    ),
    Rule(_("Le téléphone et l’adresse de livraison d’une commande"), _("un an"), _phones_and_addresses),
    Rule(_("L’adresse et le texte des courriels envoyés"), _("un an"), _mails),
    Rule(_("Les avis de notre fournisseur de paiement"), _("18 mois"), _stripe_events),
    Rule(
        _("Une commande et sa facture (nom, courriel, articles, montants)"),
        _("six ans après la fin de l’année, comme la loi le demande; ensuite anonymisée"),
        _buyers,
    ),
    Rule(
        _("Le nom et le courriel d’un signalement sur une fiche"), _("un an après la réponse"), _page_reports
    ),
    Rule(_("Le rapport d’une liste de commerces importée"), _("un an"), _import_reports),
    Rule(
        _("Une adresse abonnée à l’infolettre"),
        _("sept jours sans confirmation; 90 jours après le départ; qui a reçu quelle lettre, un an"),
        _newsletter,
    ),
    Rule(_("Un consentement repris"), _("trois ans, comme preuve"), _consents),
    Rule(_("Une demande de rappel"), _("un an après le rappel"), _calls),
    Rule(_("Une page préparée pour un commerce, et sa réponse"), _("un an"), _proposals),
    Rule(_("Une note de la Chambre sur un commerce"), _("trois ans"), _notes),
    Rule(_("Un document au dossier d’un commerce"), _("trois ans"), _papers),
    Rule(_("Le fichier qu’un commerce emporte"), _("sept jours; qui l’a demandé, un an"), _packages),
    Rule(
        _("Les comptes de pages vues, d’appels et de clics, par jour, sans rien sur la personne"),
        _("tant que le portail existe; ils ne disent que combien de fois"),
        _counted_batches,
    ),
    Rule(_("Un compte"), _("jusqu’à ce que vous l’effaciez")),
    Rule(_("Le journal des gestes du personnel et des commerces"), _("sept ans")),
    Rule(_("Le registre des incidents"), _("au moins cinq ans")),
)


def apply(now: datetime) -> int:
    """Forget whatever is past its time, in every portal; returns how many rows were touched. Twice is once."""
    with across_portals():
        return sum(rule.apply(now) for rule in TABLE if rule.apply)
