"""The weekly letter, written at the moment it leaves: whoever has answered by then gets none."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory import mail_refusals
from directory.models import Membership
from home.templatetags.phone_tags import national
from portal.chamber_desk import refusals
from portal.still_true.asking import Holiday, Questions, questions_to
from portal.still_true.links import link
from shop.letters import Letter
from shop.models import Product


def weekly(pk: int) -> Letter | None:
    """Writer « still_true », to the person of that membership: None where nothing is left to ask."""
    rows = Membership.objects.select_related("merchant__site", "user")
    place, now = rows.filter(pk=pk, user__is_active=True).first(), timezone.now()
    if place is None or place.merchant.is_hidden or mail_refusals.is_refused(place.user.email):
        return None
    asked = questions_to(place.merchant, now)
    if not asked:
        return None
    if asked.is_to_confirm:
        return _confirming(place, asked, now)
    return _of_holidays(place, asked, now) if asked.holidays else _of_goods(place, asked, now)


def _confirming(place: Membership, asked: Questions, now: dt.datetime) -> Letter:
    told = {"name": place.merchant.name, "day": asked.since}
    paragraphs = (
        _("Voici ce que votre page dit aux gens. Depuis le %(day)s, personne ne l’a confirmé.") % told,
        *_facts(place, asked),
        *(_holiday(holiday) for holiday in asked.holidays),
        *_goods(asked),
        asked.warning,
    )
    return Letter(
        _("%(name)s\u00a0: est-ce encore vrai?") % told,
        paragraphs,
        _("Oui, c’est encore vrai"),
        link(place, now),
        refusal_url=refusals.link_of_member(place),
    )


def _of_holidays(place: Membership, asked: Questions, now: dt.datetime) -> Letter:
    first = asked.holidays[0]
    return Letter(
        _("%(name)s\u00a0: ouvert le %(day)s?") % {"name": place.merchant.name, "day": first.label},
        (
            *(_holiday(holiday) for holiday in asked.holidays),
            _(
                "Tant que vous ne le dites pas, les gens lisent «\u00a0heures non confirmées\u00a0» ce jour-là."
            ),
            *_goods(asked),
        ),
        _("Répondre en un geste"),
        link(place, now),
        refusal_url=refusals.link_of_member(place),
    )


def _of_goods(place: Membership, asked: Questions, now: dt.datetime) -> Letter:
    return Letter(
        _("%(name)s\u00a0: toujours en vente?") % {"name": place.merchant.name},
        tuple(_goods(asked)),
        _("Répondre en un geste"),
        link(place, now),
        refusal_url=refusals.link_of_member(place),
    )


def _goods(asked: Questions) -> list[str]:
    """What leaves the shelves, by name; none where nothing does."""
    if not asked.goods:
        return []
    told = {"goods": asked.goods, "day": asked.goods_leave}
    return [
        _("Toujours en vente\u00a0: %(goods)s?") % told,
        _("Sans un mot de vous, la une et les étalages ne les montrent plus dès le %(day)s.") % told,
    ]


def _facts(place: Membership, asked: Questions) -> list[str]:
    """Hours, phone and how many products: what one word confirms."""
    said = [_("%(days)s\u00a0: %(hours)s") % {"days": days, "hours": hours} for days, hours in asked.week]
    if place.merchant.phone:
        said.append(_("Téléphone\u00a0: %(phone)s") % {"phone": national(place.merchant.phone)})
    if count := Product.objects.visible().filter(merchant=place.merchant).count():
        said.append(
            ngettext("%(count)s produit en vente", "%(count)s produits en vente", count) % {"count": count}
        )
    return said


def _holiday(holiday: Holiday) -> str:
    told = {"name": holiday.name, "question": holiday.question}
    return _("%(question)s (%(name)s)") % told
