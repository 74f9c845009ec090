"""HTML, escaped, and the headers it travels with."""

from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import urlsplit

from shop.sandbox.errors import Json
from shop.sandbox.hosted.wording import LISTED_CARDS, money
from shop.sandbox.messages import Response

Words = Mapping[str, str]
POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self'"
)
DOCUMENT = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="stylesheet" href="/assets/checkout.css">
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
</head>
<body>
<aside class="band"><p>{band}</p></aside>
{body}
</body>
</html>
"""


def document(
    words: Words, title: str, body: str, *, status: int = 200, leads_to: tuple[str | None, ...] = ()
) -> Response:
    """A whole page. `leads_to` are the addresses a form of this page may end at: a strict policy names them."""
    html = DOCUMENT.format(lang=words["lang"], title=escape(title), band=escape(words["band"]), body=body)
    policy = " ".join((POLICY, *sorted(_origins(leads_to))))
    headers = {
        "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy, "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Content-Language": words["lang"],
    }  # fmt: skip
    return Response(status, html.encode(), headers)


def _origins(addresses: tuple[str | None, ...]) -> set[str]:
    return {
        f"{parts.scheme}://{parts.netloc}"
        for address in addresses
        if address and (parts := urlsplit(address))
    }


def redirect(address: str) -> Response:
    """See Other: a reload does not send the form again."""
    return Response(303, headers={"Location": address, "Cache-Control": "no-store"})


def notice(
    words: Words, title: str, text: str, link: tuple[str, str] | None, *, status: int = 200
) -> Response:
    """A page that says one thing and offers one way on."""
    button = f'<p><a class="button" href="{escape(link[0])}">{escape(link[1])}</a></p>' if link else ""
    body = f'<main class="sheet notice"><h1>{escape(title)}</h1><p class="lead">{escape(text)}</p>{button}</main>'
    return document(words, title, body, status=status)


def price_tag(cents: int, words: Words) -> str:
    """Flyer numerals for the eye, plain words for everyone else."""
    whole, rest = divmod(cents, 100)
    grouped = f"{whole:,}".replace(",", "\u00a0" if words["lang"].startswith("fr") else ",")
    return (
        f'<p class="tag"><span class="tag-label">{escape(words["total"])}</span>'
        f'<span class="tag-figure" aria-hidden="true">{grouped}<sup>{rest:02d}</sup>'
        '<span class="tag-sign">$</span></span>'
        f'<span class="unseen">{escape(money(cents, words))}</span></p>'
    )


def bill(session: Json, words: Words) -> str:
    """Who sells, where it is not the portal; the lines and the total."""
    seller = escape(session.get("_seller") or "")
    whose = f'<p class="whose">{escape(words["seller"])} <strong>{seller}</strong></p>' if seller else ""
    lines = "".join(_line(item, words) for item in session["_items"])
    return (
        f'<section class="bill" aria-labelledby="bill"><h2 id="bill">{escape(words["bill"])}</h2>{whose}'
        f'<ul class="lines">{lines}</ul>{price_tag(session["amount_total"], words)}</section>'
    )


def bank_question(
    words: Words,
    action: str,
    text: str,
    amount: int,
    *,
    title: str = "bank_title",
    leads_to: tuple[str | None, ...] = (),
) -> Response:
    """The 3-D Secure page of an imaginary bank; its answer goes to `action`."""
    tag = price_tag(amount, words) if amount else ""
    body = (
        f'<main class="sheet notice bank"><p class="till">{escape(words["bank"])}</p>'
        f'<h1>{escape(words[title])}</h1><p class="lead">{escape(text)}</p>{tag}'
        f'<form method="post" action="{escape(action)}">'
        f'<button class="button" name="outcome" value="authorize">{escape(words["authorize"])}</button>'
        f'<button class="button button-plain" name="outcome" value="refuse">{escape(words["refuse"])}</button>'
        "</form></main>"
    )
    return document(words, words[title], body, leads_to=leads_to)


def _line(item: Json, words: Words) -> str:
    many = item["quantity"] > 1
    unit = f"{item['quantity']} × {money(item['price']['unit_amount'], words)}" if many else ""
    details = " · ".join(text for text in (item.get("_details"), unit) if text)
    more = f'<span class="line-more">{escape(details)}</span>' if details else ""
    return (
        f'<li><span class="line-name">{escape(item["description"])}{more}</span>'
        f'<span class="line-amount">{escape(money(item["amount_total"], words))}</span></li>'
    )


def test_cards(words: Words) -> str:
    """The cards of the sandbox and what each does."""
    return listed(LISTED_CARDS, words, title="cards", hint="cards_hint")


def listed(numbers: Iterable[tuple[str, str]], words: Words, *, title: str, hint: str) -> str:
    """Test numbers and what each does."""
    rows = "".join(
        f"<li><code>{number.replace(' ', '&nbsp;')}</code> <span>{escape(words[does])}</span></li>"
        for number, does in numbers
    )
    return (
        f'<section class="cards" aria-labelledby="cards"><h2 id="cards">{escape(words[title])}</h2>'
        f"<ul>{rows}</ul><p>{escape(words[hint])}</p></section>"
    )
