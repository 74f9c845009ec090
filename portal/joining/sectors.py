"""In which part of town a postal code most likely is, as the directory knows it."""

from django.db.models import Count

from directory.models import Merchant, Sector


def guess(postal_code: str) -> int | None:
    """The sector of most merchants of that postal sector; the only one where there is but one; None where nobody is.

    Always looked at by the person: several sectors may share the first three letters.
    """
    sectors = list(Sector.objects.values_list("pk", flat=True)[:2])
    if len(sectors) == 1:
        return int(sectors[0])
    prefix = postal_code[:3]
    if len(prefix) < 3:
        return None
    here = Merchant.objects.filter(postal_code__startswith=prefix)
    found = here.values_list("sector").annotate(many=Count("pk")).order_by("-many", "sector").first()
    return int(found[0]) if found else None
