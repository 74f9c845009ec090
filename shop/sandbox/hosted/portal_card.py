"""Another card in the customer portal, and its bank's question."""

from html import escape

from shop.sandbox.billing import settling
from shop.sandbox.cards import card_for
from shop.sandbox.hosted import card_form
from shop.sandbox.hosted.billing_wording import LISTED_CARDS
from shop.sandbox.hosted.card_form import CardForm
from shop.sandbox.hosted.fields import read_typed, summary
from shop.sandbox.hosted.markup import bank_question, document, listed, redirect
from shop.sandbox.hosted.portal_visit import VISITED_SECONDS, Visit, after, enter, leave, masthead
from shop.sandbox.messages import Request, Response
from shop.sandbox.world import World


def show(world: World, token: str, request: Request) -> Response:
    """The form for another card."""
    visit = enter(world, token, request)
    if isinstance(visit, Response):
        return visit
    if not visit.may("payment_method_update"):
        return redirect(visit.address)
    form = CardForm()
    if "refus" in request.query:
        form.refuse(settling.REFUSED, visit.words)
    return _card_page(visit, form)


def _card_page(visit: Visit, form: CardForm, *, status: int = 200) -> Response:
    words = visit.words
    title = words["new_card_title"]
    render = card_form.render(form, f"{visit.address}/card", words, button=words["save_card"])
    body = (
        f'{masthead(visit)}<main class="sheet"><h1>{escape(title)}</h1>'
        f'{summary(form.errors, words, title="card_errors")}<div class="columns">'
        f"{listed(LISTED_CARDS, words, title='cards', hint='cards_hint')}{render}</div></main>"
    )
    if form.errors:
        title = f"{words['card_errors']} {title}"
    return document(words, title, body, status=status, leads_to=(visit.session["return_url"], after(visit)))


def submit(world: World, token: str, request: Request) -> Response:
    """Keeps the card that was typed, once it could be one, and its bank agrees."""
    visit = enter(world, token, request)
    if isinstance(visit, Response):
        return visit
    if not visit.may("payment_method_update"):
        return redirect(visit.address)
    form = CardForm(card_form.read_values(read_typed(request)))
    form.values = {name: value for name, value in form.values.items() if name != "email"}
    if not form.check(world.clock.now()):
        return _card_page(visit, form, status=422)
    card = card_for(form.values["number"])
    if not card.is_attachable:
        form.refuse(card.decline_code or card.code, visit.words)
        return _card_page(visit, form, status=402)
    holder = {name: form.values[name] for name in ("name", "postal_code", "expiry")}
    if card.outcome == "authenticates":
        asked = {
            "_asked": {"number": card.number, "holder": holder},
            "_expires_at": visit.call.now + VISITED_SECONDS,
        }
        world.store.put(visit.session | asked, visit.call.account)
        return redirect(f"{visit.address}/authentication")
    with world.store.transaction():
        settling.replace_card(visit.call, visit.customer["id"], card, holder)
        return leave(visit, "card_saved")


def ask(world: World, token: str, request: Request) -> Response:
    """The bank's question about the new card, while there is one."""
    visit = enter(world, token, request)
    if isinstance(visit, Response):
        return visit
    if not visit.session.get("_asked"):
        return redirect(f"{visit.address}/card")
    words, address = visit.words, f"{visit.address}/authentication"
    text = words["bank_setup_text"]
    return bank_question(words, address, text, 0, title="bank_setup_title", leads_to=(after(visit),))


def authenticate(world: World, token: str, request: Request) -> Response:
    """The answer to the bank."""
    visit, outcome = enter(world, token, request), read_typed(request).get("outcome")
    if isinstance(visit, Response):
        return visit
    asked = visit.session.get("_asked")
    if not asked or outcome not in ("authorize", "refuse"):
        return redirect(f"{visit.address}/authentication")
    visit.session |= {"_asked": None, "_expires_at": visit.call.now + VISITED_SECONDS}
    with world.store.transaction():
        world.store.put(visit.session, visit.call.account)
        if outcome == "refuse":
            return redirect(f"{visit.address}/card?refus")
        settling.replace_card(visit.call, visit.customer["id"], card_for(asked["number"]), asked["holder"])
        return leave(visit, "card_saved")
