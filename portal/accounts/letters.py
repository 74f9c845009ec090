"""Letters about an account: codes, and word of each change. They leave at once and are not kept: they hold secrets."""

from collections.abc import Callable
from email.utils import make_msgid
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Site

from home.models import PortalSettings
from home.tenancy import portal_scope
from shop.letters import Letter

Facts = dict[str, Any]


def post(letter: Letter, *, to: str, site: Site) -> None:
    """To one address, as text and as a page, from that portal. Raises what the mail server raises."""
    with portal_scope(site):
        portal = PortalSettings.for_site(site)
    context = {"letter": letter, "portal": portal}
    mail = EmailMultiAlternatives(
        " ".join(letter.subject.split("\n")).strip(),
        render_to_string("shop/mail/letter.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [to],
        reply_to=[portal.contact_email] if portal.contact_email else None,
        headers={"Message-ID": make_msgid(domain=site.hostname)},
    )
    mail.attach_alternative(render_to_string("shop/mail/letter.html", context), "text/html")
    mail.send()


def named(name: str, facts: Facts) -> Letter:
    """The letter for which allauth has a template of that name. Raises KeyError for one that we do not send."""
    return LETTERS[name](facts)


def _code(facts: Facts, purpose: str) -> Letter:
    code = str(facts["code"])
    return Letter(
        _("%(code)s est votre code") % {"code": code},
        (
            purpose,
            code,
            _("Il vaut quinze minutes, une seule fois, sur l’appareil qui l’a demandé."),
            _(
                "Ce n’était pas vous? Laissez ce courriel\u00a0: sans le code, personne n’entre. Ne le dites à "
                "personne\u00a0: nous ne le demandons jamais."
            ),
        ),
    )


def _sign_in_code(facts: Facts) -> Letter:
    return _code(facts, _("Écrivez ce code pour entrer dans votre compte\u00a0:"))


def _email_code(facts: Facts) -> Letter:
    return _code(facts, _("Écrivez ce code pour confirmer que ce courriel est le vôtre\u00a0:"))


def _password_code(facts: Facts) -> Letter:
    return _code(facts, _("Écrivez ce code pour choisir un nouveau mot de passe\u00a0:"))


def _no_account(facts: Facts) -> Letter:
    return Letter(
        _("Aucun compte à ce courriel"),
        (
            _(
                "Quelqu’un, peut-être vous, a demandé un code pour entrer. Il n’y a pas de compte à cette "
                "adresse\u00a0: essayez-en une autre, ou créez le vôtre."
            ),
            _("Ce n’était pas vous? Il n’y a rien à faire."),
        ),
        _("Créer un compte"),
        str(facts.get("signup_url", "")),
    )


def _account_exists(facts: Facts) -> Letter:
    return Letter(
        _("Vous avez déjà un compte"),
        (
            _(
                "Quelqu’un, peut-être vous, a voulu créer un compte à cette adresse. Il existe déjà\u00a0: "
                "entrez avec un code reçu par courriel, sans mot de passe."
            ),
            _("Ce n’était pas vous? Il n’y a rien à faire."),
        ),
        _("Entrer"),
        str(facts.get("sign_in_url", "")),
    )


def _email_changed(facts: Facts) -> Letter:
    told = {"new": facts.get("to_email", "")}
    return _change(
        _("Votre courriel est changé"),
        _("Désormais, on entre dans votre compte avec %(new)s, et plus avec cette adresse.") % told,
    )


def _change(subject: str, what: str) -> Letter:
    not_me = _("Ce n’était pas vous? Appelez-nous tout de suite\u00a0: on ferme la porte ensemble.")
    return Letter(subject, (what, not_me))


def _told(subject: Any, what: Any) -> Callable[[Facts], Letter]:
    return lambda _facts: _change(str(subject), str(what))


LETTERS: dict[str, Callable[[Facts], Letter]] = {
    "account/email/login_code": _sign_in_code,
    "account/email/email_confirmation": _email_code,
    "account/email/email_confirmation_signup": _email_code,
    "account/email/password_reset_code": _password_code,
    "account/email/unknown_account": _no_account,
    "account/email/account_already_exists": _account_exists,
    "account/email/email_changed": _email_changed,
    "account/email/email_deleted": _told(
        gettext_lazy("Un courriel est enlevé de votre compte"),
        gettext_lazy("Cette adresse n’ouvre plus votre compte."),
    ),
    "account/email/password_changed": _told(
        gettext_lazy("Votre mot de passe est changé"),
        gettext_lazy("Vos autres appareils sont déconnectés."),
    ),
    "account/email/password_reset": _told(
        gettext_lazy("Votre mot de passe est changé"),
        gettext_lazy("Un nouveau mot de passe a été choisi, avec un code reçu ici."),
    ),
    "account/email/password_set": _told(
        gettext_lazy("Vous avez choisi un mot de passe"),
        gettext_lazy("Votre compte s’ouvre maintenant aussi avec un mot de passe."),
    ),
    "mfa/email/recovery_codes_generated": _told(
        gettext_lazy("Vos codes de secours sont neufs"),
        gettext_lazy("Les anciens codes ne valent plus."),
    ),
    "mfa/email/totp_activated": _told(
        gettext_lazy("Une application est reliée à votre compte"),
        gettext_lazy("Elle donne un code à chaque connexion."),
    ),
    "mfa/email/totp_deactivated": _told(
        gettext_lazy("L’application est retirée de votre compte"),
        gettext_lazy("Elle ne donne plus de code pour votre compte."),
    ),
    "mfa/email/webauthn_added": _told(
        gettext_lazy("Une clé d’accès est ajoutée à votre compte"),
        gettext_lazy("Elle ouvre votre compte à côté de vos autres façons."),
    ),
    "mfa/email/webauthn_removed": _told(
        gettext_lazy("Une clé d’accès est retirée de votre compte"),
        gettext_lazy("Elle n’ouvre plus votre compte."),
    ),
}
