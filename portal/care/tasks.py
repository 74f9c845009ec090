"""What is left for a merchant to do, and why it matters: computed from facts by one pure function.

The merchant's home and the adviser's file show the same list. Nothing here is a score or a guess: a thing is done when
the rows say so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from directory.enums import Tier
from directory.moderation import Stage


class Key(StrEnum):
    """In the order in which they matter. The words stand in rows (TaskPutOff): they never change."""

    RETOUCH = "retoucher"
    HOURS = "heures"
    SENTENCE = "phrase"
    PHOTO = "photo"
    PHONE = "telephone"
    ADDRESS = "adresse-web"
    SEND = "envoyer"
    OPTION = "option"
    SELLER = "vendeur"
    RETURNS = "retours"
    REMISE = "remise"
    PAYOUTS = "versements"
    PRODUCT = "produit"
    POSTER = "affiche"


MAY_WAIT = frozenset({Key.ADDRESS, Key.OPTION, Key.POSTER})
"""A merchant may do without: « plus tard »."""
OWNERS = frozenset({Key.OPTION, Key.PAYOUTS})
"""For the owner alone; nobody else sees that screen."""


@dataclass(frozen=True, slots=True)
class Facts:
    """``stage`` of the page, ``stage_since`` when it came there; ``here_since``: claimed, else listed.

    ``selling_since``: when it chose to sell, if that is known. ``put_off``: keys of tasks.
    """

    tier: Tier
    stage: Stage
    here_since: datetime
    is_public: bool = False
    stage_since: datetime | None = None
    selling_since: datetime | None = None
    has_hours: bool = False
    has_sentence: bool = False
    has_photo: bool = False
    has_phone: bool = False
    has_website: bool = False
    has_shop_address: bool = False
    has_chosen_option: bool = False
    is_identified: bool = False
    has_returns: bool = False
    has_set_remise: bool = False
    may_be_paid: bool = False
    has_product: bool = False
    sells_a_product: bool = False
    has_poster: bool = False
    put_off: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Task:
    """``screen``: the name of the merchant's screen where it is done. ``since``: from when on it could be."""

    key: Key
    title: str
    why: str
    screen: str
    is_done: bool
    since: datetime
    is_put_off: bool = False

    @property
    def may_wait(self) -> bool:
        return self.key in MAY_WAIT

    @property
    def is_owners(self) -> bool:
        return self.key in OWNERS


@dataclass(frozen=True, slots=True)
class TaskList:
    """``left``: to do, in order; ``put_off``: not now; ``done``."""

    left: tuple[Task, ...]
    put_off: tuple[Task, ...]
    done: tuple[Task, ...]

    def __bool__(self) -> bool:
        """Gone once nothing is left, not even for later."""
        return bool(self.left or self.put_off)


def task_list(facts: Facts, *, is_owner: bool = True) -> TaskList:
    """What is left, what may wait and what is done, for the owner or for somebody who helps."""
    tasks = [task for task in tasks_of(facts) if is_owner or not task.is_owners]
    waits = [task for task in tasks if not task.is_done and task.is_put_off]
    left = [task for task in tasks if not task.is_done and not task.is_put_off]
    return TaskList(tuple(left), tuple(waits), tuple(task for task in tasks if task.is_done))


def tasks_of(facts: Facts) -> list[Task]:
    """All that concerns this merchant, done or not, in the order of ``Key``."""
    found = [*_of_the_page(facts), *_of_the_option(facts)]
    if facts.tier == Tier.TRANSACTIONAL:
        found += _of_selling(facts)
    if facts.is_public:
        found.append(_poster(facts))
    order = list(Key)
    return sorted(found, key=lambda task: order.index(task.key))


def _task(
    facts: Facts, key: Key, title: str, why: str, screen: str, *, done: bool, since: datetime | None = None
) -> Task:
    put_off = key in MAY_WAIT and key in facts.put_off
    return Task(key, title, why, screen, done, since or facts.here_since, put_off)


def _of_the_page(facts: Facts) -> Iterable[Task]:
    if facts.stage == Stage.REFUSED:
        yield _task(
            facts, Key.RETOUCH, _("Retoucher votre page"),
            _("Le Journal demande un changement\u00a0: son mot vous attend dans «\u00a0Ma page\u00a0»."),
            "page", done=False, since=facts.stage_since,
        )  # fmt: skip
    yield _task(
        facts, Key.HOURS, _("Dire vos heures"),
        _("Les gens les cherchent d’abord; sans elles, vous n’êtes pas dans «\u00a0ouvert en ce moment\u00a0»."),
        "hours", done=facts.has_hours,
    )  # fmt: skip
    yield _task(
        facts, Key.SENTENCE, _("Présenter votre commerce en une phrase"),
        _("Les gens la lisent en premier sur votre page, et les moteurs de recherche la montrent."),
        "page_text", done=facts.has_sentence,
    )  # fmt: skip
    yield _task(
        facts, Key.PHOTO, _("Ajouter une photo"),
        _("Sans photo, votre page et votre ligne du répertoire ne montrent qu’un dessin."),
        "page_cover", done=facts.has_photo,
    )  # fmt: skip
    yield _task(
        facts, Key.PHONE, _("Donner votre téléphone"),
        _("Sans numéro, personne ne peut vous appeler depuis votre page."),
        "contact", done=facts.has_phone,
    )  # fmt: skip
    yield from _of_the_web(facts)
    if facts.stage != Stage.EMPTY:
        yield _sending(facts)


def _of_the_web(facts: Facts) -> Iterable[Task]:
    if facts.tier == Tier.LINKED_SHOP:
        yield _task(
            facts, Key.ADDRESS, _("Donner l’adresse de votre boutique en ligne"),
            _("Vous avez choisi d’y mener les gens\u00a0: sans adresse, le bouton ne paraît pas."),
            "contact", done=facts.has_shop_address,
        )  # fmt: skip
    elif facts.tier == Tier.LISTING:
        yield _task(
            facts, Key.ADDRESS, _("Donner l’adresse de votre site"),
            _("Si vous en avez un, votre fiche y mène les gens en un geste."),
            "contact", done=facts.has_website,
        )  # fmt: skip


def _sending(facts: Facts) -> Task:
    why = (
        _("Les gens voient encore l’ancienne version, tant que le Journal n’a pas la nouvelle.")
        if facts.is_public
        else _("Personne ne voit votre page avant que le Journal l’ait regardée.")
    )
    waits = facts.stage in {Stage.DRAFT, Stage.REFUSED}
    return _task(
        facts, Key.SEND, _("Envoyer votre page au Journal"), why, "page_preview",
        done=not waits, since=facts.stage_since,
    )  # fmt: skip


def _of_the_option(facts: Facts) -> Iterable[Task]:
    yield _task(
        facts, Key.OPTION, _("Choisir votre option"),
        _("De la fiche à la vente en ligne, il y en a trois; vous changez quand vous voulez, sans rien perdre."),
        "plan", done=facts.has_chosen_option or facts.tier != Tier.LISTING,
    )  # fmt: skip


def _of_selling(facts: Facts) -> Iterable[Task]:
    since = facts.selling_since
    yield _task(
        facts, Key.SELLER, _("Compléter vos coordonnées de vente"),
        _("La loi demande le nom légal et l’adresse de qui vend\u00a0: sans eux, aucun produit ne paraît."),
        "contact", done=facts.is_identified, since=since,
    )  # fmt: skip
    yield _task(
        facts, Key.RETURNS, _("Écrire vos conditions de retour"),
        _("La loi demande de les dire avant l’achat\u00a0: sans elles, rien ne se vend ici."),
        "returns", done=facts.has_returns, since=since,
    )  # fmt: skip
    yield _task(
        facts, Key.REMISE, _("Régler la cueillette ou la livraison"),
        _("Avant de payer, les gens veulent savoir quand et comment ils auront leur achat."),
        "remise", done=facts.has_set_remise, since=since,
    )  # fmt: skip
    yield _task(
        facts, Key.PAYOUTS, _("Ouvrir votre compte de versements"),
        _("Sans lui, personne ne peut payer chez vous\u00a0: l’argent n’aurait nulle part où aller."),
        "payouts", done=facts.may_be_paid, since=since,
    )  # fmt: skip
    yield _product(facts, since)


def _product(facts: Facts, since: datetime | None) -> Task:
    if facts.has_product and not facts.sells_a_product:
        why = _(
            "Vos produits attendent, et personne ne les voit encore\u00a0: la liste dit ce qui leur manque."
        )
        return _task(
            facts, Key.PRODUCT, _("Mettre un produit en vente"), why, "products", done=False, since=since
        )
    why = _("Votre boutique est vide\u00a0: une photo, un nom, un prix, et elle est ouverte.")
    return _task(
        facts, Key.PRODUCT, _("Mettre un premier produit en vente"), why, "product_add",
        done=facts.sells_a_product, since=since,
    )  # fmt: skip


def _poster(facts: Facts) -> Task:
    return _task(
        facts, Key.POSTER, _("Imprimer l’affiche de votre vitrine"),
        _("Son code mène les passants à votre page, même quand la porte est fermée."),
        "poster", done=facts.has_poster,
    )  # fmt: skip


def keys_that_wait() -> frozenset[str]:
    """What « plus tard » may be said of."""
    return frozenset(key.value for key in MAY_WAIT)
