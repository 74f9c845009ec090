"""From an address to its page: two queries at any depth, where walking down the tree takes two per step.

Both languages walk the French tree: an English page answers at its French original's address, under /en/.
"""

from wagtail.models import Page

from home.page_lists import in_private_section


def page_at(root: Page, components: list[str]) -> Page | None:
    """The page at this path below ``root``, live or not, with the rows that its type names in ``read_with``."""
    address = f"{root.url_path}{'/'.join(components)}/"
    found = Page.objects.filter(slug=components[-1], url_path=address).only("pk", "content_type").first()
    model = found.specific_class if found else None
    if found is None or model is None:
        return None
    pages = model._default_manager.annotate(in_private_section=in_private_section())
    joined = getattr(model, "read_with", ())
    page: Page | None = (pages.select_related(*joined) if joined else pages).filter(pk=found.pk).first()
    return page
