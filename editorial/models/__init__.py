from editorial.models.stories import StoryIndexPage, StoryMerchant, StoryPage

__all__ = ["StoryIndexPage", "StoryMerchant", "StoryPage"]
