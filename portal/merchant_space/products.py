"""What a merchant sells: the list, a product's own screen, and the screens that change one thing of it.

Prices and publication go through ``shop.catalogue``, units through ``shop.stock``; each act leaves its trace.
"""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.merchant_space import undo
from portal.merchant_space.access import Desk
from portal.merchant_space.goods import Goods, goods_of, likely_goods, tax_fields
from portal.merchant_space.hours import form_view, today_in_town
from portal.merchant_space.product_forms import (
    MORE_FIELDS,
    AddForm,
    MoreForm,
    TextsForm,
    measure_values,
)
from portal.merchant_space.screens import Job, address, plain, selling_desk_or_404, shop_of, show, show_form
from portal.merchant_space.settings_forms import written
from portal.merchant_space.undo import Undo
from shop import catalogue
from shop.enums import MeasureUnit, ProductKind, ProductStatus
from shop.exceptions import CannotPublish
from shop.models import Product, Shop, Variant
from shop.on_shelves import to_confirm, word_to_merchant
from shop.publication import Gap, Where, gaps_of

PER_PAGE = 30
FORM_KEY = "product_form"
SAVE = gettext_lazy("Enregistrer")

SCREENS = {
    Where.CONTACT: ("contact", False),
    Where.RETURNS: ("returns", False),
    Where.TEXTS: ("product_texts", True),
    Where.PRICES: ("product_texts", True),
    Where.PHOTOS: ("product_photos", True),
    Where.MORE: ("product_more", True),
    Where.FILE: ("product_file", True),
    Where.NUMBERS: ("numbers", False),
}
"""Where each gap is filled: the URL name, and whether it is of the product."""


def product_or_404(desk: Desk, pk: int) -> Product:
    """A product of this merchant, with what its screen shows."""
    found: Product | None = _rows(desk).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _rows(desk: Desk) -> QuerySet[Product]:
    rows = Product.objects.filter(merchant=desk.merchant).select_related(
        "merchant__sector", "merchant__category"
    )
    return rows.prefetch_related("variants", "photos__image__renditions")


def with_gaps(desk: Desk, product: Product, shop: Shop) -> list[dict[str, str]]:
    """What still keeps it from being sold, each with the screen where it is filled; nothing while it is on sale."""
    if product.status == ProductStatus.PUBLISHED:
        return []
    product.merchant = desk.merchant
    return [
        {"words": gap.words, "url": gap_url(desk, product, gap)}
        for gap in gaps_of(product, today=today_in_town(), shop=shop)
    ]


def gap_url(desk: Desk, product: Product, gap: Gap) -> str:
    """The screen that fills it; "" for whom it does not open."""
    if gap.where is Where.NUMBERS and not desk.is_owner:
        return ""
    if gap.where is Where.PRICES and (variants := offered(product))[1:]:
        return address(desk, "variant", product.pk, variants[0].pk)
    name, is_of_product = SCREENS[gap.where]
    return address(desk, name, product.pk) if is_of_product else address(desk, name)


def offered(product: Product) -> list[Variant]:
    return [variant for variant in product.variants.all() if variant.is_active]


@never_cache
@login_required
@require_safe
def products(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """All of them, the newest first: photo, title, price, stock, on sale or not, and what is missing."""
    desk = selling_desk_or_404(request, merchant_slug)
    shop = shop_of(desk)
    page = Paginator(_rows(desk), PER_PAGE).get_page(request.GET.get("page"))
    rows = [_row(desk, product, shop) for product in page.object_list]
    silent = to_confirm(desk.merchant, timezone.now()).count()
    return show(request, desk, "merchant_products.html", rows=rows, page=page, silent=silent)


def _row(desk: Desk, product: Product, shop: Shop) -> dict[str, Any]:
    variants = offered(product)
    prices = sorted(variant.price_cents for variant in variants)
    photos = list(product.photos.all())
    return {
        "product": product,
        "photo": photos[0].image if photos else None,
        "price_cents": prices[0] if prices else None,
        "has_range": bool(prices) and prices[0] != prices[-1],
        "units": sum(variant.on_hand for variant in variants),
        "has_shelf": product.kind == ProductKind.STOCKED,
        "gaps": with_gaps(desk, product, shop),
        "word": word_to_merchant(product, timezone.now()),
    }


@never_cache
@login_required
@form_view
def add(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """A photo, a title, a price, how many: on sale. Whatever is missing is said, and nothing typed is lost."""
    desk = selling_desk_or_404(request, merchant_slug)
    if request.method != "POST":
        return _show_add(request, desk, AddForm(merchant=desk.merchant, initial=_first_values(request, desk)))
    form = AddForm(request.POST, request.FILES, merchant=desk.merchant)
    if not form.is_valid():
        return _show_add(request, desk, form)
    shop_of(desk)
    product, made = _create(desk, form, token=_token(request, desk, form))
    if not made:
        messages.info(request, _("Ce produit était déjà enregistré\u00a0: le voici."))
    elif "brouillon" in request.POST:
        messages.success(request, _("C’est gardé. Personne d’autre ne le voit encore."))
    else:
        _publish(request, desk, product)
    return redirect("merchant:product", merchant_slug=desk.merchant.slug, product_pk=product.pk)


def _show_add(request: HttpRequest, desk: Desk, form: AddForm) -> HttpResponse:
    status = 422 if form.errors else 200
    draft = f"produit-{desk.merchant.pk}"
    return show(request, desk, "merchant_product_add.html", status=status, form=form, draft=draft)


def _first_values(request: HttpRequest, desk: Desk) -> dict[str, Any]:
    """Two tabs carry one form's token until it has made a product."""
    key = f"{FORM_KEY}_{desk.merchant.pk}"
    token = request.session.setdefault(key, str(uuid.uuid4()))
    goods = likely_goods(desk.merchant)
    is_food = tax_fields(goods)["is_food"]
    measure = {"net_quantity": "1", "net_unit": MeasureUnit.PIECE} if is_food else {}
    return {"form_token": token, "units": 1, "goods": goods, **measure}


def _token(request: HttpRequest, desk: Desk, form: AddForm) -> uuid.UUID:
    """The form's, unless another product was made of it meanwhile in a second tab: then it is a form of its own."""
    request.session.pop(f"{FORM_KEY}_{desk.merchant.pk}", None)
    token: uuid.UUID = form.cleaned_data["form_token"] or uuid.uuid4()
    known = Product.objects.filter(form_token=token).first()
    is_other = known is not None and (known.merchant_id, known.title) != (
        desk.merchant.pk,
        form.cleaned_data["title"],
    )
    return uuid.uuid4() if is_other else token


@transaction.atomic
def _create(desk: Desk, form: AddForm, *, token: uuid.UUID) -> tuple[Product, bool]:
    cleaned, now = form.cleaned_data, timezone.now()
    product, made = catalogue.create(
        desk.merchant, title=cleaned["title"], description=cleaned["description"], form_token=token,
        **tax_fields(Goods(cleaned["goods"])),
    )  # fmt: skip
    if not made:
        return product, False
    measure = {name: cleaned[name] for name in ("net_quantity", "net_unit")} if product.is_food else {}
    catalogue.add_stocked_variant(
        product, price_cents=cleaned["price"], units=cleaned["units"], actor_id=desk.user_id, now=now, **measure
    )  # fmt: skip
    if form.picture is not None:
        catalogue.add_photo(product, form.picture, alt=product.title)
    facts = {"title": product.title, "price_cents": cleaned["price"], "units": cleaned["units"]}
    desk.note("product.create", product, after={**facts, "photo": form.picture is not None})
    return product, True


@transaction.atomic
def _publish(request: HttpRequest, desk: Desk, product: Product) -> bool:
    before = product.status
    try:
        published = catalogue.publish(_fresh(desk, product), today=today_in_town())
    except CannotPublish:
        messages.warning(request, _("C’est gardé. Il reste ceci à faire avant de le mettre en vente."))
        return False
    if published:
        desk.note(
            "product.publish", product, before={"status": before}, after={"status": ProductStatus.PUBLISHED}
        )
        messages.success(request, _("«\u00a0%s\u00a0» est en vente.") % product.title)
    return published


def _fresh(desk: Desk, product: Product) -> Product:
    """As the database has it now: rows in hand may be older than what was just written."""
    return product_or_404(desk, product.pk)


@login_required
@require_POST
def product_status(request: HttpRequest, merchant_slug: str, product_pk: int) -> HttpResponse:
    """On sale, or hidden; hiding is done at once and can be taken back."""
    desk = selling_desk_or_404(request, merchant_slug)
    row = product_or_404(desk, product_pk)
    if request.POST.get("to") == "vente":
        _publish(request, desk, row)
    elif request.POST.get("to") == "masque":
        hide(request, desk, row)
    else:
        raise Http404
    return redirect("merchant:product", merchant_slug=desk.merchant.slug, product_pk=row.pk)


@transaction.atomic
def hide(request: HttpRequest, desk: Desk, row: Product) -> None:
    before = row.status
    if catalogue.hide(row):
        desk.note("product.hide", row, before={"status": before}, after={"status": row.status})
        words = _("«\u00a0%s\u00a0» est masqué\u00a0: personne ne le voit plus.") % row.title
        undo.offer(request, desk, Undo("status", words, {"pk": row.pk, "status": before}))


@login_required
@require_POST
def product_copy(request: HttpRequest, merchant_slug: str, product_pk: int) -> HttpResponse:
    """A copy to change, that nobody sees yet. Pressed twice on one screen, it makes one."""
    desk = selling_desk_or_404(request, merchant_slug)
    row = product_or_404(desk, product_pk)
    try:
        token = uuid.UUID(request.POST.get("form_token", ""))
    except ValueError as error:
        raise Http404 from error
    if Product.objects.filter(form_token=token).exclude(merchant=desk.merchant).exists():
        raise Http404
    with transaction.atomic():
        copy, made = catalogue.duplicate(row, form_token=token, actor_id=desk.user_id, now=timezone.now())
        if made:
            desk.note("product.copy", copy, after={"of": row.pk, "title": copy.title})
    messages.success(request, _("Voici la copie. Changez ce qu’il faut, puis mettez-la en vente."))
    return redirect("merchant:product", merchant_slug=desk.merchant.slug, product_pk=copy.pk)


@never_cache
@login_required
@require_safe
def product(request: HttpRequest, merchant_slug: str, product_pk: int) -> HttpResponse:
    """What it is, how many are left, what is missing, and the ways to change it."""
    desk = selling_desk_or_404(request, merchant_slug)
    row = product_or_404(desk, product_pk)
    variants = offered(row)
    context: dict[str, Any] = {
        "row": _row(desk, row, shop_of(desk)),
        "product": row,
        "variants": variants,
        "retired": [variant for variant in row.variants.all() if not variant.is_active],
        "photo_count": len(row.photos.all()),
        "is_on_sale": row.status == ProductStatus.PUBLISHED,
        "form_token": uuid.uuid4(),
    }
    return show(request, desk, "merchant_product.html", **context)


def back_to(row: Product, title: Any, verb: Any = SAVE, lead: Any = "") -> Job:
    return Job(title, verb, "product", row.title, lead=lead, back_args=(row.pk,))


def change_all(desk: Desk, row: Product, act: Callable[[], object]) -> list[str]:
    """Do it, all or nothing. What is on sale must stay fit for it: else what is in the way, and nothing changed."""
    try:
        with transaction.atomic():
            act()
            now = product_or_404(desk, row.pk)
            if now.status == ProductStatus.PUBLISHED:
                now.merchant = desk.merchant
                _refuse_gaps(now)
    except CannotPublish as refusal:
        return refusal.reasons
    return []


def _refuse_gaps(row: Product) -> None:
    if reasons := catalogue.what_is_missing(row, today=today_in_town()):
        raise CannotPublish(reasons)


@never_cache
@login_required
@form_view
def product_texts(request: HttpRequest, merchant_slug: str, product_pk: int) -> HttpResponse:
    """Title, words, taxes; price and measure too, while it comes in one variant alone."""
    desk = selling_desk_or_404(request, merchant_slug)
    row = product_or_404(desk, product_pk)
    variants = offered(row)
    only = variants[0] if len(variants) == 1 else None
    form = TextsForm(data_of(request), product=row, only=only, initial=_texts_of(row, only))
    if form.is_bound and form.is_valid():
        problems = change_all(desk, row, lambda: _write_texts(desk, row, only, form.cleaned_data))
        return said(request, desk, row, form, back_to(row, _("Les textes et le prix")), problems)
    return show_form(request, desk, form, back_to(row, _("Les textes et le prix")))


def data_of(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def said(
    request: HttpRequest, desk: Desk, row: Product, form: Any, job: Job, problems: list[str]
) -> HttpResponse:  # fmt: skip
    """Back to the product; or the form again, with what kept it from being saved."""
    if problems:
        for problem in problems:
            form.add_error(None, problem)
        return show_form(request, desk, form, job)
    messages.success(request, _("C’est enregistré."))
    return redirect("merchant:product", merchant_slug=desk.merchant.slug, product_pk=row.pk)


def _texts_of(row: Product, only: Variant | None) -> dict[str, Any]:
    values = {"title": row.title, "description": row.description, "goods": goods_of(row)}
    return values if only is None else {**values, "price": written(only.price_cents), **measure_values(only)}


def _write_texts(desk: Desk, row: Product, only: Variant | None, cleaned: dict[str, Any]) -> None:
    fields = {name: cleaned[name] for name in ("title", "description")}
    before, after = catalogue.change(row, **fields, **tax_fields(Goods(cleaned["goods"])))
    if after:
        desk.note("product.change", row, before=plain(before), after=plain(after))
    if only is not None:
        write_variant(
            desk, only, {name: cleaned[name] for name in ("net_quantity", "net_unit")}, cleaned["price"]
        )


def write_variant(desk: Desk, variant: Variant, fields: dict[str, Any], price_cents: int) -> None:
    before, after = catalogue.change(variant, **fields)
    old = variant.price_cents
    if catalogue.set_price(variant, price_cents, actor_id=desk.user_id, now=timezone.now()):
        before, after = {**before, "price_cents": old}, {**after, "price_cents": price_cents}
    if after:
        desk.note("variant.change", variant, before=plain(before), after=plain(after))


@never_cache
@login_required
@form_view
def product_more(request: HttpRequest, merchant_slug: str, product_pk: int) -> HttpResponse:
    """Made to order, a book's number, alcohol, maintenance."""
    desk = selling_desk_or_404(request, merchant_slug)
    row = product_or_404(desk, product_pk)
    form, job = MoreForm(data_of(request), product=row), back_to(row, _("Cas particuliers"))
    if form.is_bound and form.is_valid():
        values = {name: form.cleaned_data[name] for name in MORE_FIELDS}
        return said(
            request, desk, row, form, job, change_all(desk, row, lambda: _write_more(desk, row, values))
        )
    return show_form(request, desk, form, job)


def _write_more(desk: Desk, row: Product, values: dict[str, Any]) -> None:
    before, after = catalogue.change(row, **values)
    if after:
        desk.note("product.change", row, before=plain(before), after=plain(after))
