"""The negative control of the race: what is left is read, and then written, as two statements."""

from shop import stock
from shop.models import Variant


def take(variant_id: int, units: int) -> bool:
    left = Variant.objects.get(pk=variant_id).on_hand
    if left < units:
        return False
    return bool(Variant.objects.filter(pk=variant_id).update(on_hand=left - units))


stock._take = take
