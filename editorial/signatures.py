"""Who signs a story."""

from editorial.models import Author, StoryPage


def authors_of(page: StoryPage) -> list[Author]:
    """Those whose names stand under the headline, in order, each once; asked once per page in hand.

    Of a draft in hand too, whose signatures are in no table yet.
    """
    known: list[Author] | None = page.__dict__.get("signed_by")
    if known is None:
        signed = page.story_authors.all()
        links = signed.select_related("author__photo") if hasattr(signed, "select_related") else signed
        known = list(dict.fromkeys(link.author for link in links if link.author_id))
        page.__dict__["signed_by"] = known
    return known
