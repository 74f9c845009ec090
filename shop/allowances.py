"""Words that staff looked at and allowed: « papier à rouler la pâte » is no tobacco. Who allows one says why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from home import audit
from shop.enums import ProductStatus
from shop.exceptions import ShopError
from shop.models import AllowedWord, Product
from shop.prohibited import Ban, banned_in


class NotHeld(ShopError):
    """No such word keeps the product from being shown."""


@dataclass(frozen=True, slots=True)
class Held:
    """A product that cannot be shown for sale because of one word of its texts."""

    product: Product
    ban: Ban
    word: str


def bans_on(product: Product) -> dict[Ban, str]:
    """What a product's texts seem to fall under, each with the first word that nobody allowed."""
    text = f"{product.title}\n{product.description}"
    if not banned_in(text):
        return {}
    return banned_in(text, allowed={row.word for row in product.allowed_words.all()})


def held() -> Iterable[Held]:
    """Of the portal in scope: every product that is not shown, once for each of its bans."""
    rows = Product.objects.exclude(status=ProductStatus.PUBLISHED).select_related("merchant")
    for product in rows.prefetch_related("allowed_words").order_by("merchant__name", "title", "pk"):
        for ban, word in bans_on(product).items():
            yield Held(product, ban, word)


@transaction.atomic
def allow(product: Product, word: str, *, reason: str, actor_id: int | None, now: datetime) -> bool:
    """That word of that product is nothing prohibited; its merchant may show it. False when it was allowed before.

    Raises NotHeld for a word that does not hold the product (any more).
    """
    if product.allowed_words.filter(word=word).exists():
        return False
    if word not in bans_on(product).values():
        raise NotHeld(f"product {product.pk}: {word}")
    facts = {"reason": reason, "allowed_by_id": actor_id, "allowed_at": now}
    _row, is_new = AllowedWord.objects.get_or_create(product=product, word=word, defaults=facts)
    if is_new:
        _note("product.word_allowed", product, actor_id, {"word": word, "reason": reason})
    return is_new


@transaction.atomic
def forbid(row: AllowedWord, *, actor_id: int | None) -> bool:
    """The word holds its product again. False when it did already."""
    gone, _each = AllowedWord.objects.filter(pk=row.pk).delete()
    if gone:
        _note("product.word_forbidden", row.product, actor_id, {"word": row.word})
    return bool(gone)


def _note(action: str, product: Product, actor_id: int | None, after: dict[str, str]) -> None:
    audit.note(action, product, actor_id=actor_id, merchant_id=product.merchant_id, after=after)
