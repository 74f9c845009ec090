"""The weekly letter, written when it leaves from the figures it was put with; nothing to whoever stopped it by then."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory import mail_refusals
from directory.enums import MembershipRole
from directory.models import Membership
from home.languages import in_language
from home.models import PortalSettings
from portal.care.facts import facts_of
from portal.care.tasks import task_list
from portal.results import origins, stopping
from portal.results.freezing import Week, thaw
from portal.results.models import ResultsLetter
from shop import result_words
from shop.letters import Letter
from shop.payments.sessions import portal_url


def weekly(pk: int) -> Letter | None:
    """Writer « results », of that row: None for whoever wants it no more, and for a merchant nobody sees any more."""
    rows: QuerySet[ResultsLetter] = ResultsLetter.objects.select_related(
        "place__merchant__site", "place__user"
    )
    row = rows.filter(pk=pk, place__role=MembershipRole.OWNER, place__user__is_active=True).first()
    if row is None or row.place.merchant.is_hidden or stopping.is_stopped(row.place):
        return None
    if mail_refusals.is_refused(row.place.user.email):
        return None
    week = thaw(row.figures)
    return _quiet(row.place, week) if week.result.is_empty else _told(row.place, week)


def _told(place: Membership, week: Week) -> Letter:
    result, merchant = week.result, place.merchant
    said = " ".join(result_words.sentences(result))
    led = origins.sentence(*week.origin) if week.origin else ""
    product = origins.of_product(*week.product) if week.product else ""
    lines = result_words.lines(result, merchant)
    return Letter(
        _subject(place, week),
        tuple(text for text in (said, f"{led} {product}".strip(), *_compared(week)) if text),
        _("Voir tous mes résultats"),
        _address(place),
        refusal_url=stopping.link(place),
        figures=tuple((line.label, line.figure, line.difference) for line in lines),
        figures_title=_title(week),
        reason=_reason(place),
        refusal_label=_("Ne plus recevoir cette lettre"),
    )


def _subject(place: Membership, week: Week) -> str:
    """With the figure that matters most: a sale, else contacts, else looks."""
    name, told = place.merchant.name, week.result
    if orders := told.sales.orders:
        return ngettext(
            "%(name)s\u00a0: une commande la semaine dernière",
            "%(name)s\u00a0: %(count)s commandes la semaine dernière",
            orders,
        ) % {"name": name, "count": result_words.number(orders)}
    if contacts := told.contacts.contacts:
        return ngettext(
            "%(name)s\u00a0: un contact la semaine dernière",
            "%(name)s\u00a0: %(count)s contacts la semaine dernière",
            contacts,
        ) % {"name": name, "count": result_words.number(contacts)}
    return _("%(name)s\u00a0: ce que votre page a fait la semaine dernière") % {"name": name}


def _title(week: Week) -> str:
    told = {"span": result_words.span(week.result.period)}
    return _("Ce que votre page a fait, %(span)s") % told


def _compared(week: Week) -> tuple[str, ...]:
    """Why there is no comparison, where there is none."""
    if week.result.contacts_before is not None:
        return ()
    return (
        _("La comparaison avec la semaine d’avant viendra quand deux semaines entières auront été comptées."),
    )


def _quiet(place: Membership, week: Week) -> Letter:
    """A week without anything: what helps most, and no table of noughts."""
    told = {"span": result_words.span(week.result.period)}
    return Letter(
        _("%(name)s\u00a0: rien de neuf la semaine dernière") % {"name": place.merchant.name},
        (
            _("Votre page n’a été vue par personne, %(span)s. Cela arrive, et cela se change.") % told,
            _what_helps(place),
            _("Tant que rien ne bouge, nous ne vous écrivons pas plus d’une fois par mois."),
        ),
        _("Ouvrir mon commerce"),
        portal_url(place.merchant.site) + in_language(f"/mon-commerce/{place.merchant.slug}/"),
        refusal_url=stopping.link(place),
        reason=_reason(place),
        refusal_label=_("Ne plus recevoir cette lettre"),
    )


def _what_helps(place: Membership) -> str:
    """The first thing that is left to do at that merchant's; where nothing is, what helps anybody."""
    settings = PortalSettings.objects.get(site=place.merchant.site_id)
    left = task_list(facts_of(place.merchant, settings)).left
    if left:
        return _("Ce qui aiderait le plus\u00a0: %(task)s. %(why)s") % {
            "task": left[0].title[:1].lower() + left[0].title[1:],
            "why": left[0].why,
        }
    return _(
        "Ce qui aide\u00a0: l’affiche dans la vitrine, une photo, et son adresse sur votre page Facebook."
    )


def _reason(place: Membership) -> str:
    return _("Vous recevez cette lettre parce que la page de %(name)s est la vôtre.") % {
        "name": place.merchant.name
    }


def _address(place: Membership) -> str:
    path = in_language(f"/mon-commerce/{place.merchant.slug}/resultats/")
    return f"{portal_url(place.merchant.site)}{path}?periode=semaine-derniere"
