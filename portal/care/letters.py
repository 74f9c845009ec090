"""Letters of accompaniment, each written at the moment it leaves: what is settled by then is not sent any more."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from directory import follow_up
from directory.enums import ProposalStatus
from directory.models import CallbackRequest, Proposal
from home.dates import date_format
from home.models import PortalSettings, PortalStaff
from home.templatetags.phone_tags import national
from portal.care import proposals
from portal.care.moments import told
from shop.letters import Letter, post_later
from shop.payments.sessions import portal_url


def ask_for_a_call(row: CallbackRequest, *, now: datetime) -> int:
    """To each adviser of the portal, else to its contact; returns how many letters are new."""
    to = [staff.user.email for staff in follow_up.advisers()]
    contact = PortalSettings.objects.get(site=row.site_id).contact_email
    return sum(
        post_later("care_callback", row.pk, to=email, site_id=row.site_id, key=f"callback:{row.pk}", now=now)
        for email in to or filter(None, [contact])
    )


def callback(pk: int) -> Letter | None:
    """Writer « care_callback »: None once somebody has called."""
    row = CallbackRequest.objects.select_related("site", "merchant", "registration").filter(pk=pk).first()
    if row is None or row.called_at is not None:
        return None
    said = {
        "name": name_of(row),
        "phone": national(row.phone),
        "moment": told(row.asked_at, now=timezone.now()),
        "when": row.when,
        "words": row.words,
    }
    paragraphs = [_("%(name)s a demandé %(moment)s qu’on l’appelle au %(phone)s.") % said]
    if row.when:
        paragraphs.append(_("Quand\u00a0: %(when)s.") % said)
    if row.words:
        paragraphs.append(_("À quel sujet\u00a0: %(words)s") % said)
    return Letter(
        _("Rappeler %(name)s") % said,
        tuple(paragraphs),
        _("Ouvrir son dossier") if row.merchant_id else _("Voir les rappels demandés"),
        portal_url(row.site) + place_of(row),
    )


def name_of(row: CallbackRequest) -> str:
    """The merchant's name, else what the registration calls it, else its email."""
    if row.merchant is not None:
        return str(row.merchant.name)
    registration = row.registration
    known = registration.answers.get("name") if registration else ""
    return str(known or (registration.email if registration else "") or _("Un commerce qui s’inscrit"))


def place_of(row: CallbackRequest) -> str:
    """The staff screen, as a path, from which the call is made."""
    if row.merchant_id:
        return reverse("merchant_file:file", args=[row.merchant_id])
    return reverse("care_desk:callbacks")


def send_proposal(row: Proposal, *, now: datetime) -> bool:
    """The owner's letter, with its link. False when it went already."""
    if row.sent_to is None:
        return False
    key = f"proposal:{row.pk}:{row.link_version}"
    return post_later("care_proposal", row.pk, to=row.sent_to.email, site_id=row.site_id, key=key, now=now)


def proposal(pk: int) -> Letter | None:
    """Writer « care_proposal »: None once it was answered, changed or taken back. The link is sealed here."""
    rows = Proposal.objects.select_related("site", "merchant", "prepared_by")
    row = rows.filter(pk=pk).first()
    if row is None or row.expires_at is None or not proposals.waits(row, now=timezone.now()):
        return None
    token = proposals.token_of(row)
    if proposals.by_token(token) is None:  # its merchant is closed, or its addressee owns it no more
        return None
    said = {
        "who": row.prepared_by,
        "name": row.merchant.name,
        "day": date_format(timezone.localtime(row.expires_at), "j F Y"),
    }
    return Letter(
        _("%(name)s\u00a0: votre page est prête, à vous de dire oui") % said,
        tuple(
            filter(
                None,
                (
                    _("%(who)s a préparé ceci pour %(name)s. Personne d’autre ne le voit.") % said,
                    row.words,
                    _("Regardez, puis touchez «\u00a0J’approuve\u00a0», ou dites ce qu’il faut changer."),
                    _("Le lien sert une fois, jusqu’au %(day)s. Il est pour vous\u00a0: ne le partagez pas.") % said,
                ),
            )
        ),
        _("Voir ce qui est prêt"),
        portal_url(row.site) + reverse("care:approval", args=[token]),
    )  # fmt: skip


def tell_the_preparer(row: Proposal, *, now: datetime) -> bool:
    """Of the owner's answer; the portal's contact, where that person works here no more. False when it went already."""
    key = f"proposal_answer:{row.pk}:{row.link_version}"
    works_here = PortalStaff.objects.filter(user=row.prepared_by_id, user__is_active=True).exists()
    settings = PortalSettings.objects.get(site=row.site_id)
    email = row.prepared_by.email if works_here else settings.contact_email
    return bool(email) and post_later("care_answer", row.pk, to=email, site_id=row.site_id, key=key, now=now)


def answer(pk: int) -> Letter | None:
    """Writer « care_answer »: None where there is no answer any more, for it was sent anew."""
    row = Proposal.objects.select_related("site", "merchant").filter(pk=pk).first()
    if row is None or row.status not in ProposalStatus.answered():
        return None
    name = {"name": row.merchant.name}
    url = portal_url(row.site) + reverse("merchant_file:file", args=[row.merchant_id])
    if row.status == ProposalStatus.APPROVED:
        words = _("%(name)s a tout approuvé, tel que montré.") % name
        return Letter(_("%(name)s a dit oui") % name, (words,), _("Ouvrir son dossier"), url)
    words = _("%(name)s demande un changement\u00a0:") % name
    return Letter(
        _("%(name)s demande un changement") % name,
        (words, row.answer, _("Rien n’a changé en ligne.")),
        _("Ouvrir son dossier"),
        url,
    )
