"""A merchant's word in addresses may change; the old ones lead to the new, for ever.

What is remembered is the merchant, not the next word: there are no chains to follow, and no loops. A word that another
merchant has taken since is that merchant's.
"""

from directory.models import FormerSlug, Merchant


def remember(merchant: Merchant, *, before: str) -> bool:
    """Its addresses had ``before`` in them until now. False when they still have."""
    FormerSlug.objects.filter(slug=merchant.slug).delete()
    if not before or before == merchant.slug:
        return False
    FormerSlug.objects.update_or_create(
        site_id=merchant.site_id, slug=before, defaults={"merchant": merchant}
    )
    return True


def present_slug(slug: str) -> str:
    """What the merchant of the portal in scope that was called so is called today, where shoppers may see it.

    "" where none was called so, and where one is.
    """
    if Merchant.objects.filter(slug=slug).exists():
        return ""
    was = FormerSlug.objects.filter(slug=slug).values("merchant")
    return str(Merchant.objects.visible().filter(pk__in=was).values_list("slug", flat=True).first() or "")
