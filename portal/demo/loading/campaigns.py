"""The Journal's Noël: a campaign that runs on the day the demo is made, and the ages for which toys are meant."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from wagtail.models import Site

from directory.models import Category, Merchant
from editorial.listing import published_stories
from editorial.models import CampaignColor, CampaignIcon, CampaignIndexPage, CampaignPage
from portal.demo.loading.album import CREDIT
from portal.demo.typography import french
from shop.models import Product

BEGAN_AGO, LASTS_STILL = timedelta(days=4), timedelta(days=31)
LEAD = "bougie-veillee-au-chalet"
UNDER_THE_TREE = (
    "boite-la-visite-s-en-vient", "bougie-veillee-au-chalet", "tasse-emaillee", "theiere-matante",
    "necessaire-premiere-tuque", "chandelles-de-cire",
)  # fmt: skip
WORTH_THE_WALK = (
    "jouets-tournicoti",
    "laine-et-poudrerie",
    "atelier-terre-plein",
    "librairie-la-virgule-bleue",
)
AGES: dict[str, tuple[int | None, int | None]] = {
    "assiette-de-naissance": (0, 2),
    "beluga-de-peluche": (0, 5),
    "blocs-alphabet": (3, 5),
    "train-choo-nord": (3, 8),
    "toupie-du-samedi": (3, 8),
    "traversier-de-bois": (3, 8),
    "casse-tete-le-pont": (9, None),
    "jeu-qui-a-mange-la-tourtiere": (6, None),
    "necessaire-premiere-tuque": (9, None),
    "vase-chardon": (18, None),
    "theiere-matante": (18, None),
    "bougie-veillee-au-chalet": (18, None),
}
"""Least and most years of those whom a product suits; None: no such bound."""
FAIRS = (
    (6, "10:00", "16:00", "Marché de Noël du quai", "Quai Paquet", "Vingt tables, un feu, du cidre chaud."),
    (13, "17:30", "19:00", "Parade des tuques", "Avenue Bégin", "La plus longue tuque gagne."),
    (20, "13:00", None, "Le père Noël raconte", "Librairie La Virgule bleue", "Trois histoires, une par demi-heure."),
)  # fmt: skip


@transaction.atomic
def open_season(site: Site, merchants: dict[str, Merchant], *, today: date) -> int:
    """The index and one campaign, once; returns how many campaigns are new."""
    if CampaignIndexPage.objects.descendant_of(site.root_page).exists():
        return 0
    say_the_ages()
    index = site.root_page.add_child(
        instance=CampaignIndexPage(
            title="Les saisons du Traversier",
            slug="campagnes",
            intro="Noël, le temps des sucres, la rentrée\u00a0: ce que la ville a de bon quand c’est le temps.",
        )
    )
    index.add_child(instance=_noel(merchants, today)).save_revision().publish()
    return 1


def say_the_ages() -> None:
    for slug, (lowest, highest) in AGES.items():
        Product.objects.filter(slug=slug).update(suggested_min_age=lowest, suggested_max_age=highest)


def _noel(merchants: dict[str, Merchant], today: date) -> CampaignPage:
    photo = _photo_of(LEAD)
    return CampaignPage(
        title="Noël d’ici",
        slug="noel",
        deck=french(
            "Des cadeaux faits à deux rues de chez vous, par des gens que vous pourriez croiser au marché."
        ),
        band_words="Sous le sapin, des mains d’ici",
        begins_on=today - BEGAN_AGO,
        ends_on=today + LASTS_STILL,
        color=CampaignColor.FIR,
        icon=CampaignIcon.FIR_TREE,
        lead_image=photo.image if photo else None,
        lead_alt=photo.alt if photo else "",
        lead_credit=french(CREDIT) if photo else "",
        introduction="<p>On a fait le tour des vitrines avec une question\u00a0: qu’est-ce que vous donneriez, vous? "
        "Voici leurs réponses. Ce qui s’épuise disparaît d’ici\u00a0: ce que vous voyez, vous pouvez l’avoir.</p>",
        body=_body(merchants, today),
    )


def _photo_of(slug: str) -> Any:
    product = Product.objects.filter(slug=slug).first()
    return product.photos.select_related("image").first() if product else None


def _body(merchants: dict[str, Merchant], today: date) -> list[dict[str, Any]]:
    products = dict(Product.objects.filter(slug__in=UNDER_THE_TREE).values_list("slug", "pk"))
    keys = [products[slug] for slug in UNDER_THE_TREE if slug in products]
    visited = [merchants[slug].pk for slug in WORTH_THE_WALK if slug in merchants]
    food = Category.objects.get(slug="alimentation")
    newest = [story.pk for story in published_stories()[:3]]
    return [
        _shelf("product", "Sous le sapin", products=keys, tag="cadeau", size="8"),
        {
            "type": "gift_finder",
            "value": {"title": "Pas d’idée?", "words": "Dites le budget et l’âge; on s’occupe du reste."},
        },
        _shelf("merchant", "Des vitrines à voir", merchants=visited, size="4"),
        _shelf(
            "product", "Sur la table du réveillon", products=[], category=food.pk, under_dollars=25, size="4"
        ),
        {"type": "agenda", "value": {"title": "Les rendez-vous", "occasions": _occasions(today)}},
        _shelf("story", "Derrière les cadeaux", stories=newest),
    ]


def _shelf(kind: str, title: str, **value: Any) -> dict[str, Any]:
    return {"type": f"{kind}_shelf", "value": {"title": title, **value}}


def _occasions(today: date) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "day": (today + timedelta(days=days)).isoformat(),
            "begins": begins,
            "ends": ends,
            "place": place,
            "words": words,
        }
        for days, begins, ends, name, place, words in FAIRS
    ]
