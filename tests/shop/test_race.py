"""Forty buyers at once for the last five units, on two servers; and the same without the lock, which must fail."""

import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
import requests
from django.utils import timezone

from shop.enums import CheckoutStatus, LineState
from shop.invariants import breaches
from shop.models import Checkout, LineItem
from shop.payments.reconcile import reconcile
from shop.sandbox.server import Sandbox
from tests.shop import served
from tests.shop.conftest import Stall, make_stall

BUYERS, UNITS = 40, 5

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


class Buyer:
    """A browser on one of the servers."""

    def __init__(self, server: str) -> None:
        self.server, self.session = server, requests.Session()
        self.statuses: Counter[int] = Counter()

    def get(self, path: str) -> requests.Response:
        return self._note(self.session.get(self.server + path, timeout=60))

    def post(self, path: str, **form: object) -> requests.Response:
        headers = {"X-CSRFToken": self.session.cookies.get("csrftoken", "")}
        url = self.server + path
        answer = self.session.post(url, form, headers=headers, timeout=60, allow_redirects=False)
        return self._note(answer)

    def _note(self, answer: requests.Response) -> requests.Response:
        for each in (*answer.history, answer):
            self.statuses[each.status_code] += 1
        return answer

    def fill(self, stall: Stall) -> None:
        """Up to the last step, where everybody waits for everybody."""
        product = stall.variant.product
        self.get(f"/boutique/{product.merchant.slug}/{product.slug}/")
        self.post("/panier/ajouter/", variant=stall.variant.pk, quantity=1)
        self.post("/paiement/?etape=contact", name="Marie Tremblay", email="marie@exemple.test")
        self.post("/paiement/?etape=remise", pickup="on")
        page = self.get("/paiement/?etape=verification").text
        self.form = {name: value_of(name, page) for name in ("form_token", "accepted_total_cents")}

    def press(self, sandbox: Sandbox) -> str:
        """Press the pay button, and pay; or read why not."""
        answer = self.post("/paiement/?etape=verification", **self.form)
        address = answer.headers["Location"]
        if not address.startswith(sandbox.url):
            return "told" if "est épuisé" in self.get(address).text else self.get(address).text
        paid = sandbox.pay(urlsplit(address).path.rsplit("/", 1)[1])
        self.get(urlsplit(paid["success_url"]).path)
        return "bought"


def value_of(name: str, page: str) -> str:
    field = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert field, page
    found = re.search(r'value="([^"]*)"', field[0])
    return found[1] if found else ""


def race(stall: Stall, sandbox: Sandbox, stock: str = "") -> tuple[Counter[str], Counter[int]]:
    """How each purchase ended, and every status code that anybody saw."""
    with served.servers(sandbox, processes=2, stock=stock) as urls:
        buyers = [Buyer(urls[number % 2]) for number in range(BUYERS)]
        gate = threading.Barrier(BUYERS)

        def buy(buyer: Buyer) -> str:
            try:
                buyer.fill(stall)
            finally:
                gate.wait(timeout=120)
            return buyer.press(sandbox)

        with ThreadPoolExecutor(BUYERS) as pool:
            endings = Counter(pool.map(buy, buyers))
    for buyer in buyers:
        buyer.session.close()
    return endings, sum((buyer.statuses for buyer in buyers), Counter())


def check(stall: Stall, endings: Counter[str], statuses: Counter[int]) -> None:
    assert endings == {"bought": UNITS, "told": BUYERS - UNITS}
    assert [status for status in statuses if status >= 400] == []
    assert stall.left() == 0
    assert Checkout.objects.filter(status=CheckoutStatus.PAID).count() == UNITS
    assert LineItem.objects.filter(state=LineState.SOLD).count() == LineItem.objects.count() == UNITS
    report = reconcile(now=timezone.now())
    assert (report.checkouts_synced, report.unknown_sessions, report.failures) == (0, [], [])
    assert breaches() == []


@pytest.fixture
def last_five(in_levis, sandbox: Sandbox) -> Stall:
    stall = make_stall("Chandelles Lauzon", price_cents=19_99, units=UNITS)
    sandbox.add_account(stall.account)
    return stall


def test_forty_buyers_at_once_get_the_five_units_there_are(last_five: Stall, sandbox: Sandbox) -> None:
    endings, statuses = race(last_five, sandbox)
    check(last_five, endings, statuses)


def test_without_the_condition_more_is_sold_than_there_is(
    last_five: Stall, sandbox: Sandbox, breaks_the_books
) -> None:
    endings, statuses = race(last_five, sandbox, "tests.shop.served.stock_without_its_condition")
    assert endings["bought"] > UNITS
    with pytest.raises(AssertionError):
        check(last_five, endings, statuses)
    assert "I2" in {breach.name for breach in breaches()}
