"""Every component that has a style of its own, in the order of a visit."""

from portal.style_page import counter, frame, shelves
from portal.style_page.states import States

SHOWN: tuple[States, ...] = (
    frame.masthead, frame.campaign_band, frame.footer, frame.languages, frame.partners,
    frame.newsletter_form, frame.notice, frame.pager, frame.search_box, frame.search_picks,
    frame.facets, frame.facet_group, frame.index_list, frame.town_map, frame.town_section,
    frame.sector_stamp, frame.plate, frame.hours_status, frame.merchant_brief,
    shelves.price_tag, shelves.product_card, shelves.flyer, shelves.product_gallery, shelves.variant_group,
    shelves.heart, shelves.story_card, shelves.front_page, shelves.opening_hours, shelves.shop_facts,
    shelves.shop_story, shelves.unclaimed, shelves.person_card,
    counter.error_summary, counter.field, counter.cart_group, counter.promotion_code, counter.form_steps,
    counter.remise_part, counter.payment_plan, counter.left_to_pay, counter.totals, counter.timeline,
    counter.order_slip, counter.desk_helping, counter.desk_tasks, counter.plan_notice, counter.plan_option,
)  # fmt: skip
"""Each is named as its component: the template, and the style sheet."""

ELSEWHERE = {
    "account": "les écrans du compte (/compte/)",
    "approval": "la réponse d’un commerce à ce que la Chambre a préparé",
    "basket": "le panier (/panier/)",
    "desk": "les écrans d’un commerce (/mon-commerce/)",
    "desk_page": "« Ma page » d’un commerce",
    "directory": "le répertoire (/commerces/)",
    "empty_state": "plus bas, « Quand il n’y a rien »",
    "own_site": "« Mes produits de mon site » d’un commerce",
    "page_report": "« Signaler une erreur »",
    "paper": "les bons et la liste du jour, imprimés",
    "product": "la page d’un produit",
    "prose": "plus bas, « Le texte »",
    "results": "« Ce que votre page a fait » d’un commerce",
    "shop_window": "la page d’un commerce",
    "step_block": "les étapes de « Comment ça marche »",
    "story": "la page d’une histoire",
    "told_in_french": "une page anglaise dont le texte n’existe qu’en français",
}
"""Styles of a whole screen, of plain text, or of what a French page never shows; and where they are seen instead."""
