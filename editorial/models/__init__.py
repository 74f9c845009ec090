from editorial.models.newsroom import Author, Section, Series, StoryAuthor, StoryTag, StoryTagging
from editorial.models.stories import StoryIndexPage, StoryMerchant, StoryPage

__all__ = [
    "Author",
    "Section",
    "Series",
    "StoryAuthor",
    "StoryIndexPage",
    "StoryMerchant",
    "StoryPage",
    "StoryTag",
    "StoryTagging",
]
