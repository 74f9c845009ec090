"""What one portal holds about one person, as the person may take it along (Law 25, right to portability)."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet

from directory import mail_refusals
from directory.models import CallbackRequest, Departure, MailRefusal, Membership, PageReport, Proposal
from editorial.newsletter import privacy as newsletter
from home.models import AuditEntry, Consent, PortalStaff
from portal.favourites import privacy as favourites
from portal.joining import privacy as joining
from portal.models import User
from shop.models import Checkout, SubscriptionAttempt

Row = Mapping[str, Any]
Holdings = dict[str, list[Row]]
"""Rows by what they are about; every value is text, a number, true, false or nothing."""


def checkouts_of(user: User) -> QuerySet[Checkout]:
    """Bought while signed in, or with an email address that the person has proved to be its own; newest first."""
    proved = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    same_address = Q()
    for email in proved:
        same_address |= Q(contact_email__iexact=email)
    rows: QuerySet[Checkout] = Checkout.objects.filter(
        Q(user=user) | same_address if proved else Q(user=user)
    )
    return rows.order_by("-created_at", "-pk")


def reports_of(user: User) -> QuerySet[PageReport]:
    """What the person said of a page, under an email address that it has proved to be its own."""
    proved = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    same_address = Q(pk=None)
    for email in proved:
        same_address |= Q(email__iexact=email)
    rows: QuerySet[PageReport] = PageReport.objects.filter(same_address)
    return rows.select_related("merchant")


def holdings_of(user: User) -> Holdings:
    """Everything of the portal in scope that is about this person."""
    return {
        "compte": [_account(user)],
        "roles": [*_roles(user)],
        "consentements": [_consent(row) for row in consents_of(user)],
        "infolettre": [*newsletter.held_on(_proved(user))],
        "achats": [*_purchases(user)],
        "favoris": [*favourites.held_on(user)],
        "signalements": [_report(row) for row in reports_of(user)],
        "refus_de_lettres": [_refusal(row) for row in mail_refusals.refusals_of(_proved(user))],
        "rappels": [_call(row) for row in CallbackRequest.objects.filter(asked_by=user)],
        "propositions": [_proposal(row) for row in proposals_to(user)],
        "abonnements": [_attempt(row) for row in SubscriptionAttempt.objects.filter(started_by=user)],
        "inscriptions": [*joining.registrations_of(user)],
        "demandes_de_page": [*joining.claims_of(user)],
        "ententes": [*joining.agreements_of(user)],
        "departs": [
            _departure(row) for row in Departure.objects.filter(left_by=user).select_related("merchant")
        ],
        "gestes": [_act(entry) for entry in AuditEntry.objects.filter(actor=user)],
    }


def consents_of(user: User) -> QuerySet[Consent]:
    """Given while signed in, or by an email address that the person has proved to be its own."""
    rows: QuerySet[Consent] = Consent.objects.filter(user=user)
    return rows | newsletter.consents_of(_proved(user))


def _proved(user: User) -> list[str]:
    return list(EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True))


def _refusal(row: MailRefusal) -> Row:
    return {"courriel": row.email, "demande_le": row.refused_at.isoformat()}


def _account(user: User) -> Row:
    return {
        "courriel": user.email,
        "prenom": user.first_name,
        "nom": user.last_name,
        "langue_des_courriels": user.language,
        "inscription": user.date_joined.isoformat(),
        "derniere_connexion": user.last_login.isoformat() if user.last_login else None,
    }


def _roles(user: User) -> Iterable[Row]:
    for membership in Membership.objects.filter(user=user).select_related("merchant", "results_stop"):
        stop = getattr(membership, "results_stop", None)
        yield {
            "chez": membership.merchant.name,
            "role": membership.get_role_display(),
            "depuis": membership.created_at.isoformat(),
            "lettre_de_resultats_arretee_le": stop.stopped_at.isoformat() if stop else None,
        }
    for staff in PortalStaff.objects.filter(user=user):
        yield {
            "chez": "portail", "role": staff.get_role_display(), "depuis": None,
            "lettre_de_resultats_arretee_le": None,
        }  # fmt: skip


def _consent(row: Consent) -> Row:
    return {
        "but": row.get_purpose_display(),
        "version": row.version,
        "texte": row.words,
        "comment": row.how,
        "donne_le": row.given_at.isoformat(),
        "repris_le": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
    }


def _call(row: CallbackRequest) -> Row:
    return {
        "demande_le": row.asked_at.isoformat(),
        "telephone": str(row.phone),
        "quand": row.when,
        "sujet": row.words,
        "rappele_le": row.called_at.isoformat() if row.called_at else None,
    }


def proposals_to(user: User) -> QuerySet[Proposal]:
    """What was prepared for its merchant and sent to this very person."""
    rows: QuerySet[Proposal] = Proposal.objects.filter(sent_to=user, sent_at__isnull=False)
    return rows.select_related("merchant")


def _attempt(row: SubscriptionAttempt) -> Row:
    """A page of Stripe's that the person opened to pay for a merchant's option."""
    return {
        "commerce": row.merchant.name,
        "option": row.tier,
        "ouverte_le": row.created_at.isoformat(),
    }


def _departure(row: Departure) -> Row:
    """A merchant that the person said leaves, and why."""
    return {
        "commerce": row.merchant.name,
        "raison": row.get_reason_display(),
        "mot": row.words,
        "dit_le": row.left_at.isoformat(),
        "revenu_le": row.undone_at.isoformat() if row.undone_at else None,
    }


def _proposal(row: Proposal) -> Row:
    return {
        "commerce": row.merchant.name,
        "envoyee_le": row.sent_at.isoformat() if row.sent_at else None,
        "mot_recu": row.words,
        "etat": row.get_status_display(),
        "repondue_le": row.answered_at.isoformat() if row.answered_at else None,
        "reponse": row.answer,
    }


def _purchases(user: User) -> Iterable[Row]:
    for checkout in checkouts_of(user).prefetch_related("orders__lines"):
        for order in checkout.orders.all():
            for line in order.lines.all():
                yield {
                    "date": checkout.created_at.isoformat(),
                    "commande": order.number,
                    "etat": order.get_status_display(),
                    "amenee_par": order.get_credit_source_display(),
                    "langue": checkout.language,
                    "langue_du_contrat": checkout.contract_language,
                    "commerce": order.seller.get("name", ""),
                    "nom": checkout.contact_name,
                    "courriel": checkout.contact_email,
                    "telephone": str(checkout.contact_phone),
                    "adresse": json.dumps(order.delivery_address, ensure_ascii=False),
                    "article": line.title,
                    "quantite": line.quantity,
                    "prix_unitaire_cents": line.unit_price_cents,
                    "total_commande_cents": order.total_cents,
                }


def _report(row: PageReport) -> Row:
    return {
        "date": row.created_at.isoformat(),
        "fiche": row.merchant.name,
        "demande": row.get_kind_display(),
        "texte": row.words,
        "nom": row.sender,
        "courriel": row.email,
        "reponse": row.get_outcome_display(),
    }


def _act(entry: AuditEntry) -> Row:
    return {"date": entry.at.isoformat(), "geste": entry.action, "sur": entry.object_type}


def as_json(holdings: Holdings) -> bytes:
    return json.dumps(holdings, ensure_ascii=False, indent=2).encode()


def as_csv_files(holdings: Holdings) -> bytes:
    """A zip with one CSV file for each kind; an empty kind has a file with no line, so that nothing seems forgotten."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in holdings.items():
            archive.writestr(f"{name}.csv", "\ufeff" + _csv(rows))
    return body.getvalue()


def _csv(rows: list[Row]) -> str:
    text = io.StringIO()
    if rows:
        writer = csv.DictWriter(text, fieldnames=list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    """What a spreadsheet would compute is text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" else value
