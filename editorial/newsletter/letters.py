"""Letters about subscribing. None holds a secret: a link is sealed when its letter leaves."""

from django.utils.timezone import now as this_moment
from django.utils.translation import gettext as _

from editorial.models import Subscriber
from editorial.newsletter import links, subscribers
from editorial.newsletter.addresses import masked
from home.languages import speaking
from home.models import PortalSettings
from shop.letters import Letter


def confirmation(pk: int) -> Letter | None:
    """Writer « newsletter_confirmation »: what is to be confirmed; or, where nothing waits, what is received already.

    None where the row was forgotten, or its person left meanwhile.
    """
    subscriber = Subscriber.objects.select_related("site").filter(pk=pk).first()
    if subscriber is None:
        return None
    with speaking(subscriber.language):
        if subscribers.waiting(subscriber, now=this_moment()).exists():
            return _to_confirm(subscriber)
        return _known_already(subscriber) if subscribers.standing(subscriber).exists() else None


def _to_confirm(subscriber: Subscriber) -> Letter:
    told = {"brand": _brand(subscriber)}
    return Letter(
        _("%(brand)s\u00a0: confirmez votre adresse") % told,
        (
            _(
                "Quelqu’un a demandé que %(brand)s écrive à cette adresse. Si c’est vous, il reste un geste à faire."
            )
            % told,
            _("Le lien vaut sept jours. Sans votre oui, l’adresse est oubliée, et vous ne recevez rien."),
            _("Ce n’est pas vous? Laissez ce courriel\u00a0: il n’y a rien à faire."),
        ),
        _("Oui, c’est moi"),
        links.link(links.CONFIRM, subscriber, subscriber.site),
        language=subscriber.language,
    )


def _known_already(subscriber: Subscriber) -> Letter:
    told = {"brand": _brand(subscriber)}
    return Letter(
        _("%(brand)s\u00a0: vous êtes déjà sur la liste") % told,
        (
            _(
                "Quelqu’un a demandé que %(brand)s écrive à cette adresse. C’est déjà fait\u00a0: rien ne change."
            )
            % told,
            _("Ce que vous recevez, la langue, une pause\u00a0: tout se règle ici, sans mot de passe."),
        ),
        _("Choisir ce que je reçois"),
        links.link(links.PREFERENCES, subscriber, subscriber.site),
        language=subscriber.language,
    )


def new_address(pk: int) -> Letter | None:
    """Writer « newsletter_address », to the new address: prove that you read this mailbox."""
    subscriber = Subscriber.objects.select_related("site").filter(pk=pk).first()
    if subscriber is None or not subscriber.new_email:
        return None
    with speaking(subscriber.language):
        told = {"brand": _brand(subscriber), "old": masked(subscriber.email)}
        return Letter(
            _("%(brand)s\u00a0: confirmez votre nouvelle adresse") % told,
            (
                _("L’infolettre de %(brand)s va à %(old)s. Quelqu’un demande qu’elle vienne ici.") % told,
                _("Le lien vaut sept jours. Ce n’est pas vous? Laissez ce courriel\u00a0: rien ne change."),
            ),
            _("Oui, c’est ma nouvelle adresse"),
            links.link(links.ADDRESS, subscriber, subscriber.site),
            language=subscriber.language,
        )


def moved(pk: int) -> Letter | None:
    """Writer « newsletter_moved », to the old address: it gets no more letters. No link of it opens anything."""
    subscriber = Subscriber.objects.select_related("site").filter(pk=pk).first()
    if subscriber is None:
        return None
    with speaking(subscriber.language):
        told = {"brand": _brand(subscriber), "new": masked(subscriber.email)}
        return Letter(
            _("%(brand)s\u00a0: l’infolettre change d’adresse") % told,
            (
                _("L’infolettre de %(brand)s ne vient plus ici\u00a0: elle va maintenant à %(new)s.") % told,
                _(
                    "Ce n’est pas vous qui le demandez? Répondez à ce courriel\u00a0: on remettra les choses en place."
                ),
            ),
            language=subscriber.language,
        )


def _brand(subscriber: Subscriber) -> str:
    return PortalSettings.for_site(subscriber.site).brand
