"""Stories, recipes, those who sign and lists of stories, in schema.org's words."""

from collections.abc import Iterator

from django.core.paginator import Page as ListPage
from django.http import HttpRequest
from django.urls import reverse

from editorial.around import tags_of
from editorial.models import Author, StoryIndexPage, StoryPage
from editorial.signatures import authors_of
from home.addresses import absolute_url
from home.languages import current_tag
from home.models import CustomImage, PortalSettings
from home.structured_data import Node, item_list, web_page, without_gaps


def story_nodes(page: StoryPage, request: HttpRequest) -> list[Node]:
    """The article, and each recipe in it."""
    return [news_article(page, request), *recipes(page, request)]


def news_article(page: StoryPage, request: HttpRequest) -> Node:
    """A NewsArticle, or an AdvertiserContentArticle where somebody paid for it."""
    address = absolute_url(page, request)
    tags = tags_of(page) if page.shown_tags is None else page.shown_tags
    return without_gaps(
        {
            "@context": "https://schema.org",
            "@type": "AdvertiserContentArticle" if page.sponsored else "NewsArticle",
            "@id": f"{address}#article",
            "mainEntityOfPage": address,
            "url": address,
            "headline": page.title,
            "description": page.deck,
            "articleSection": page.section.name if page.section else "",
            "keywords": [tag.name for tag in tags],
            "datePublished": page.published_on.isoformat(),
            "dateModified": page.last_published_at.isoformat() if page.last_published_at else "",
            "inLanguage": current_tag(),
            "image": _pictures(page, request),
            "author": [person(author, request) for author in authors_of(page)],
            "publisher": journal(request),
            "sponsor": {"@type": "Organization", "name": page.sponsor} if page.sponsored else {},
            "isPartOf": _series(page, request),
            "position": page.series_part if page.series else None,
        }
    )


def recipes(page: StoryPage, request: HttpRequest) -> Iterator[Node]:
    """A Recipe for each block of one, with its photo or the story's."""
    address = absolute_url(page, request)
    cooked = [block.value for block in page.body if block.block_type == "recipe_block"]
    for number, value in enumerate(cooked, start=1):
        photo = value["image"] or page.lead_image
        yield without_gaps(
            {
                "@type": "Recipe",
                "@id": f"{address}#recette-{number}",
                "isPartOf": {"@id": f"{address}#article"},
                "name": value["title"],
                "description": value["intro"],
                "image": [_picture(photo, request)] if photo else [],
                "author": [person(author, request) for author in authors_of(page)],
                "datePublished": page.published_on.isoformat(),
                "inLanguage": current_tag(),
                "recipeYield": value["servings"],
                "prepTime": _minutes(value.get("prep_minutes")),
                "cookTime": _minutes(value.get("cook_minutes")),
                "totalTime": _minutes(value.total_minutes()),
                "recipeIngredient": list(value["ingredients"]),
                "recipeInstructions": [{"@type": "HowToStep", "text": step} for step in value["steps"]],
            }
        )


def person(author: Author, request: HttpRequest) -> Node:
    """Somebody who signs, as a story names them."""
    address = request.build_absolute_uri(reverse("editorial:author", args=[author.slug]))
    return without_gaps({"@type": "Person", "name": author.name, "jobTitle": author.role, "url": address})


def profile(author: Author, stories: "ListPage[StoryPage]", request: HttpRequest) -> Node:
    """The page of somebody who signs, and what is shown there of theirs."""
    about = without_gaps(
        {
            **person(author, request),
            "description": author.bio,
            "image": _picture(author.photo, request) if author.photo else "",
            "worksFor": journal(request),
        }
    )
    address = request.build_absolute_uri(request.path)
    shown = list_of(stories, request)
    return web_page(request, address, author.name, kind="ProfilePage", mainEntity=about, hasPart=shown)


def collection(name: str, words: str, stories: "ListPage[StoryPage]", request: HttpRequest) -> Node:
    """The page of a section, a series or a tag with the stories it shows, in its order."""
    address, shown = request.build_absolute_uri(request.path), list_of(stories, request)
    return web_page(request, address, name, kind="CollectionPage", description=words, mainEntity=shown)


def story_list(page: StoryIndexPage, stories: "ListPage[StoryPage]", request: HttpRequest) -> Node:
    """The page of all stories with those it shows, in its order."""
    shown = list_of(stories, request)
    return web_page(request, absolute_url(page, request), page.title, kind="CollectionPage", mainEntity=shown)


def list_of(stories: "ListPage[StoryPage]", request: HttpRequest) -> Node:
    return item_list(
        request,
        [(story.title, absolute_url(story, request)) for story in stories],
        first=stories.start_index(),
        total=stories.paginator.count,
    )


def journal(request: HttpRequest) -> Node:
    settings = PortalSettings.for_request(request)
    return {"@type": "Organization", "name": settings.journal_name or settings.brand}


def _series(page: StoryPage, request: HttpRequest) -> Node:
    if page.series is None:
        return {}
    address = request.build_absolute_uri(reverse("editorial:series", args=[page.series.slug]))
    return {"@type": "CreativeWorkSeries", "name": page.series.title, "url": address}


def _minutes(number: int | None) -> str:
    return f"PT{number}M" if number else ""


def _pictures(page: StoryPage, request: HttpRequest) -> list[str]:
    """Its photo, else the picture made of it."""
    if page.lead_image:
        return [_picture(page.lead_image, request)]
    made, _words = page.share_picture()
    return [request.build_absolute_uri(made)] if isinstance(made, str) else []


def _picture(image: CustomImage, request: HttpRequest) -> str:
    return request.build_absolute_uri(image.get_rendition("fill-1200x675|format-jpeg").url)
