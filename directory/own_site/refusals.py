"""Why a merchant's own site was not read; each reason says in French what to do about it."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _


class CannotRead(Exception):
    """Nothing was taken. ``words`` are for the merchant; ``code`` is kept with the reading."""

    code: ClassVar[str] = "illisible"
    words: ClassVar[Any] = _(
        "Nous n’avons pas pu lire ce site. Vérifiez l’adresse, ou remplissez votre page à la main."
    )


class BadAddress(CannotRead):
    code = "adresse"
    words = _("Cette adresse ne se lit pas\u00a0: écrivez-la comme monsite.ca.")


class PrivateAddress(CannotRead):
    """An address of this machine or of somebody's network; nothing was connected."""

    code = "privee"
    words = _(
        "Cette adresse n’est pas celle d’un site public\u00a0: écrivez celle que vos clients utilisent."
    )


class NameUnknown(CannotRead):
    code = "inconnue"
    words = _("Aucun site ne répond à ce nom\u00a0: vérifiez comment il s’écrit.")


class Unreachable(CannotRead):
    code = "injoignable"
    words = _("Votre site ne répond pas en ce moment. Réessayez plus tard.")


class BadCertificate(CannotRead):
    code = "certificat"
    words = _(
        "Le certificat de sécurité de votre site n’est pas valide\u00a0: parlez-en à qui s’occupe de votre site."
    )


class TooSlow(CannotRead):
    code = "lente"
    words = _("Votre site met trop de temps à répondre. Réessayez plus tard.")


class TooHeavy(CannotRead):
    code = "lourde"
    words = _(
        "Cette page est trop lourde pour être lue\u00a0: essayez l’adresse d’une autre page de votre site."
    )


class WrongKind(CannotRead):
    code = "sorte"
    words = _("Cette adresse ne mène pas à une page web\u00a0: écrivez celle de votre page d’accueil.")


class TooManyHops(CannotRead):
    code = "detours"
    words = _("Cette adresse renvoie sans cesse ailleurs\u00a0: écrivez celle que montre votre navigateur.")


class RobotsSayNo(CannotRead):
    code = "robots"
    words = _("Votre site demande aux robots de ne pas le lire (robots.txt), et nous respectons sa demande.")


class RobotsUnknown(CannotRead):
    """Its robots.txt could not be had: the site may mind, so that nothing of it is read."""

    code = "robots_inconnus"
    words = _("Votre site n’a pas pu nous dire s’il permet d’être lu. Réessayez plus tard.")


class TooManyDocuments(CannotRead):
    code = "trop"
    words = _("Votre site a trop de pages pour être lu d’un coup.")


class Answered(CannotRead):
    """The site answered with another status than 200."""

    code = "refus"
    words = _(
        "Votre site n’a pas voulu nous répondre. Réessayez plus tard, ou remplissez votre page à la main."
    )

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class NotThere(Answered):
    code = "absente"
    words = _("Cette page n’existe pas sur votre site\u00a0: vérifiez l’adresse.")


class NothingFound(CannotRead):
    code = "rien"
    words = _(
        "Nous avons lu votre site sans y trouver de quoi remplir votre page. Vous pouvez la remplir à la main, ou nous "
        "appeler."
    )


REASONS: dict[str, Any] = {
    reason.code: reason.words
    for reason in (
        CannotRead, BadAddress, PrivateAddress, NameUnknown, Unreachable, BadCertificate, TooSlow, TooHeavy, WrongKind,
        TooManyHops, RobotsSayNo, RobotsUnknown, TooManyDocuments, Answered, NotThere, NothingFound,
    )
}  # fmt: skip
"""The sentence of each code that a reading may be kept with."""
