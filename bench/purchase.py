"""Processor time of a guest's purchase from two merchants, and of the press that places it, in bare pages.

The application's own time: PostgreSQL and the payment sandbox have processes and threads of their own.
"""

import time
from collections.abc import Callable, Iterator
from statistics import median

from django.core.handlers.wsgi import WSGIHandler

from bench import bare
from bench.figures import Figure
from bench.guest import Answer, Guest
from bench.town import Town
from tests.shop.conftest import Stall

BATCH = 50
MOST_FOR_A_PURCHASE, MOST_FOR_THE_PRESS = 200, 40


def figures(town: Town, *, purchases: int) -> Iterator[Figure]:
    """Bare pages and purchases take turns, so that both meet the machine in the same moods."""
    bare_application, application = bare.application(), WSGIHandler()
    page_ms, whole_ms, press_ms = [], [], []
    _buy(town, application)  # what a worker's first guest pays for all others
    for _purchase in range(purchases):
        page_ms.append(_milliseconds(lambda: bare.visit(bare_application, BATCH)) / BATCH)
        before, press = _buy(town, application)
        whole_ms.append(before + press)
        press_ms.append(press)
    page, whole, press = median(page_ms), median(whole_ms), median(press_ms)
    yield Figure("a bare page with one query", page, "ms of processor")
    yield Figure("a whole guest purchase, two merchants", whole, "ms of processor")
    yield Figure(
        "a whole guest purchase, two merchants", whole / page, "bare pages", at_most=MOST_FOR_A_PURCHASE
    )
    yield Figure("placing the checkout alone", press, "ms of processor")
    yield Figure("placing the checkout alone", press / page, "bare pages", at_most=MOST_FOR_THE_PRESS)


def _milliseconds(act: Callable[[], object]) -> float:
    """Of this thread alone."""
    start = time.thread_time()
    act()
    return (time.thread_time() - start) * 1000


def _buy(town: Town, application: WSGIHandler) -> tuple[float, float]:
    """Milliseconds up to the pay button, and of its press."""
    guest, pages = Guest(application), []
    before = _milliseconds(lambda: pages.append(to_the_button(guest, town.stalls)))
    press = _milliseconds(lambda: pages.append(guest.post(VERIFICATION, _form_of(pages[0]))))
    assert pages[1].location.startswith(town.sandbox.url), pages[1]
    return before, press


CHECKOUT = "/paiement/?etape="
VERIFICATION = f"{CHECKOUT}verification"


def to_the_button(guest: Guest, stalls: tuple[Stall, ...]) -> Answer:
    """From the home page on, as one walks: returns the page that holds the pay button."""
    guest.get("/")
    guest.get("/boutique/")
    for stall in stalls:
        product = stall.variant.product
        guest.get(f"/boutique/{product.merchant.slug}/{product.slug}/")
        _follow(guest, guest.post("/panier/ajouter/", {"variant": stall.variant.pk, "quantity": 1}))
    guest.get(f"{CHECKOUT}contact")
    contact = {"name": "Marie Tremblay", "email": "marie@exemple.test", "phone": "418 555-0123"}
    remise = _follow(guest, guest.post(f"{CHECKOUT}contact", contact))
    return _follow(guest, guest.post(f"{CHECKOUT}remise", _checked(remise)))


def _follow(guest: Guest, answer: Answer) -> Answer:
    assert answer.location, answer.page[:2000]
    return guest.get(answer.location)


def _checked(remise: Answer) -> dict[str, str]:
    """The first choice of each shop: to come and get it."""
    return {"pickup": "on"} | remise.hidden


def _form_of(review: Answer) -> dict[str, str]:
    names = ("form_token", "accepted_total_cents")
    return {name: review.hidden[name] for name in names}
