"""Letters about coming in, and the sealed links they carry. None holds a secret: a link is sealed when it leaves."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from directory import mail_refusals, registrations
from directory.enums import RegistrationStatus, Tier
from directory.models import Claim, Merchant, Registration
from directory.registrations import LINK_LASTS
from home import links
from home.dates import date_format
from home.languages import speaking
from home.models import PortalRole, PortalSettings, PortalStaff
from portal.accounts import letters as account_letters
from portal.chamber_desk import refusals
from portal.chamber_desk.identity import chamber_of
from shop.letters import LANGUAGE, Letter, post, post_later, post_to_each
from shop.payments.sessions import portal_url

BETWEEN_LINKS = timedelta(minutes=10)


def link(registration: Registration) -> str:
    """The absolute address that opens this registration, until it is taken up, taken back or runs out."""
    token = links.seal(registrations.LINK, registration.pk, registration.link_version)
    return portal_url(registration.site) + reverse("joining:link", args=[token])


def send_invitation(registration: Registration, *, now: datetime) -> bool:
    """The Chamber's letter, in the transaction of the act. False when it went already, or there is no address."""
    if not registration.email:
        return False
    return post_later(
        "join_invitation",
        registration.pk,
        to=registration.email,
        site_id=registration.site_id,
        key=f"registration:{registration.pk}:{registration.link_version}",
        now=now,
    )


def send_link(registration: Registration, *, now: datetime) -> bool:
    """The letter by which its person goes on elsewhere. False where one went within the last minutes."""
    if registration.expires_at is not None and registration.expires_at > now + LINK_LASTS - BETWEEN_LINKS:
        return False
    renewed = registrations.renew_link(registration, now=now)
    return post_later(
        "join_resume",
        renewed.pk,
        to=renewed.email,
        site_id=renewed.site_id,
        key=f"registration:{renewed.pk}:{renewed.link_version}",
        now=now,
    )


def resuming(pk: int) -> Letter | None:
    """Writer « join_resume »: None once all is said."""
    row = Registration.objects.select_related("site").get(pk=pk)
    if row.status != RegistrationStatus.STARTED or row.expires_at is None:
        return None
    told = {"name": row.answers.get("name") or _("votre commerce")}
    return Letter(
        _("L’inscription de %(name)s\u00a0: reprenez quand vous voulez") % told,
        (
            _("Chaque réponse est gardée aussitôt. Continuez sur ce téléphone, ou sur un autre appareil.")
            % told,
            _("Le lien sert une fois, d’ici deux semaines. Ensuite, votre courriel et un code suffisent."),
            _("Ce n’est pas vous? Laissez ce courriel\u00a0: rien n’est publié."),
        ),
        _("Continuer mon inscription"),
        link(row),
    )


def invitation(pk: int) -> Letter | None:
    """Writer « join_invitation »: None once it was taken up or taken back, or its address refused letters."""
    row = Registration.objects.select_related("site", "merchant", "invited_by").get(pk=pk)
    if row.status != RegistrationStatus.INVITED or row.expires_at is None:
        return None
    if mail_refusals.is_refused(row.email):
        return None
    settings = PortalSettings.for_site(row.site)
    told = {
        "portal": settings.brand,
        "chamber": chamber_of(settings) or _("Chambre de commerce"),
        "name": row.answers.get("name") or _("votre commerce"),
        "who": row.invited_by,
        "day": date_format(localtime(row.expires_at), "j F Y"),
    }
    return Letter(
        _("%(name)s a sa place dans %(portal)s") % told,
        (
            _("%(who)s (%(chamber)s) vous invite dans %(portal)s, le portail des commerces d’ici.") % told,
            _(
                "Ce qu’on sait déjà est écrit pour vous\u00a0: il reste à dire si c’est exact. Comptez cinq minutes."
            )
            if row.merchant_id
            else _("Une question à la fois, sans mot de passe. Comptez cinq minutes."),
            _("Le lien est pour vous seul; il vaut jusqu’au %(day)s.") % told,
        ),
        _("Voir ma page"),
        link(row),
        refusal_url=refusals.link(row),
    )


# ------------------------------------------------------------------------------------------------ where it stands


def tell_it_waits(registration: Registration, *, now: datetime) -> int:
    """To whom it is: what was received, and what happens next."""
    told = {"name": registration.answers["name"], "journal": _journal(registration)}
    letter = Letter(
        _("L’inscription de %(name)s est reçue") % told,
        (
            _(
                "Merci. %(journal)s regarde chaque page avant qu’elle paraisse, d’habitude en deux jours ouvrables."
            )
            % told,
            _("Rien à faire en attendant. Vous pouvez déjà préparer la suite dans votre espace.")
            if registration.merchant_id
            else _("Rien à faire en attendant\u00a0: on vous écrit."),
        ),
        _("Voir où ça en est"),
        portal_url(registration.site) + reverse("joining:waiting", args=[registration.pk]),
    )
    key = f"registration_waits:{registration.pk}"
    return post(letter, to=[registration.email], site_id=registration.site_id, key=key, now=now)


def tell_welcome(registration: Registration, *, now: datetime) -> int:
    """The page is public: where it is, and the one next thing to do."""
    merchant = registration.merchant
    if merchant is None:
        return 0
    key = f"registration_welcome:{registration.pk}"
    return _post(lambda: _welcome(merchant), registration.email, registration.site_id, key, now)


def _welcome(merchant: Merchant) -> Letter:
    sells = merchant.tier == Tier.TRANSACTIONAL
    first = (
        _("La suite\u00a0: un premier produit. Une photo, un nom, un prix; trois minutes.")
        if sells
        else _(
            "La suite\u00a0: l’affiche à mettre en vitrine, avec le code que les gens visent de leur téléphone."
        )
    )
    name = "merchant:product_add" if sells else "merchant:poster"
    return Letter(
        _("%(name)s est en ligne") % {"name": merchant.name},
        (_("Le Journal a approuvé votre page\u00a0: les gens la voient maintenant."), first),
        _("Ajouter mon premier produit") if sells else _("Imprimer mon affiche"),
        portal_url(merchant.site) + reverse(name, args=[merchant.slug]),
    )


def _journal(registration: Registration) -> str:
    return PortalSettings.for_site(registration.site).journal_name or _("Le Journal")


def _post(write: Callable[[], Letter], to: str, site_id: int, key: str, now: datetime) -> int:
    return post_to_each(write, to=[to], site_id=site_id, key=key, now=now)


# ------------------------------------------------------------------------------------------------ claims


def post_code(claim: Claim, code: str) -> None:
    """The code for the merchant's public address: at once and never kept. Raises what the mail server raises."""
    told = {"code": code, "name": claim.merchant.name, "brand": PortalSettings.for_site(claim.site).brand}
    letter = Letter(
        _("%(code)s est le code de %(name)s") % told,
        (
            _("Quelqu’un veut tenir la page de %(name)s dans %(brand)s. Voici le code à recopier\u00a0:")
            % told,
            code,
            _(
                "Il vaut vingt-quatre heures. Ce n’est pas vous? Laissez ce courriel\u00a0: sans lui, rien ne change."
            ),
        ),
    )
    account_letters.post(letter, to=claim.merchant.email, site=claim.site)


def tell_claim_won(claim: Claim, *, now: datetime) -> int:
    """To whom the page is now."""
    return _to_claimant(_won, claim, "won", now)


def _won(claim: Claim) -> Letter:
    told = {"name": claim.merchant.name}
    letter = Letter(
        _("%(name)s\u00a0: la page est à vous") % told,
        (
            _("C’est vérifié. Vos heures, vos photos, vos produits\u00a0: tout se règle dans votre espace."),
            claim.comment,
        ),
        _("Ouvrir mon espace"),
        portal_url(claim.site) + reverse("merchant:home", args=[claim.merchant.slug]),
    )
    return _without_gaps(letter)


def tell_claim_refused(claim: Claim, *, now: datetime) -> int:
    return _to_claimant(_refused, claim, "refused", now)


def _refused(claim: Claim) -> Letter:
    told = {"name": claim.merchant.name, "comment": claim.comment}
    return Letter(
        _("%(name)s\u00a0: notre réponse") % told,
        (
            _("Voici ce qu’on vous écrit\u00a0: «\u00a0%(comment)s\u00a0»") % told,
            _("Ce n’est pas clair, ou pas juste? Répondez à ce courriel ou appelez\u00a0: on vous écoute."),
        ),
    )


def tell_claim_lost(claim: Claim, *, now: datetime) -> int:
    """Another was first; this one is heard."""
    return _to_claimant(_lost, claim, "lost", now)


def _lost(claim: Claim) -> Letter:
    told = {"name": claim.merchant.name}
    return Letter(
        _("%(name)s\u00a0: quelqu’un d’autre l’a aussi demandé") % told,
        (
            _("La page de %(name)s a été remise à une autre personne, qui a montré que c’est son commerce.")
            % told,
            _(
                "Vous y travaillez, ou n’êtes pas d’accord? Laissez un mot et un numéro\u00a0: on vous rappelle."
            ),
        ),
        _("Dire ce qu’il en est"),
        portal_url(claim.site) + reverse("joining:claim", args=[claim.merchant.slug]),
    )


def tell_staff_of_claim(claim: Claim, *, now: datetime) -> int:
    """To the Chamber: somebody waits for its word, its call or its letter."""
    staff = PortalStaff.objects.filter(role=PortalRole.ADVISER, user__is_active=True)
    told = {"name": claim.merchant.name, "who": claim.user}
    with speaking(LANGUAGE):
        letter = Letter(
            _("«\u00a0C’est mon commerce\u00a0»\u00a0: %(name)s") % told,
            (_("%(who)s demande la page de %(name)s et attend votre réponse.") % told,),
            _("Voir la demande"),
            portal_url(claim.site) + reverse("joining_desk:claim", args=[claim.pk]),
        )
    addresses = list(staff.values_list("user__email", flat=True))
    key = f"claim_waits:{claim.pk}:{claim.status}:{claim.code_digest[:5]}:{bool(claim.words)}"
    return post(letter, to=addresses, site_id=claim.site_id, key=key, now=now)


def _to_claimant(write: Callable[[Claim], Letter], claim: Claim, what: str, now: datetime) -> int:
    return _post(lambda: write(claim), claim.user.email, claim.site_id, f"claim_{what}:{claim.pk}", now)


def _without_gaps(letter: Letter) -> Letter:
    return replace(letter, paragraphs=tuple(words for words in letter.paragraphs if words))
