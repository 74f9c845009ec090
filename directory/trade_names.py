"""What categories are called where English is spoken: those that every town starts with have an English name.

A category that a portal made for itself keeps its French one: pages say so.
"""

from django.utils.translation import gettext, gettext_noop

from home.languages import is_english

STARTING = frozenset(
    {
        gettext_noop("Alimentation et produits du terroir"),
        gettext_noop("Restaurants et traiteurs"),
        gettext_noop("Vêtements, bijoux et accessoires"),
        gettext_noop("Beauté, santé et bien-être"),
        gettext_noop("Maison, décoration et rénovation"),
        gettext_noop("Sports, loisirs et plein air"),
        gettext_noop("Enfants, jouets et bébé"),
        gettext_noop("Livres, musique et papeterie"),
        gettext_noop("Fleurs, jardin et animaux"),
        gettext_noop("Électronique et informatique"),
        gettext_noop("Artisanat et cadeaux"),
        gettext_noop("Autos et mécanique"),
        gettext_noop("Services professionnels"),
        gettext_noop("Hébergement et tourisme"),
    }
)


def spoken(name: str) -> str:
    """The category's name in the language in use, as far as it has one there."""
    return gettext(name) if name in STARTING else name


def is_said_in_french(name: str) -> bool:
    """Whether an English page shows the French name for want of another."""
    return is_english() and name not in STARTING
