from editorial.models.campaigns import CampaignColor, CampaignIcon, CampaignIndexPage, CampaignPage
from editorial.models.front import FrontCampaign, FrontLead, FrontMerchant, FrontProduct, FrontStory
from editorial.models.newsroom import Author, Section, Series, StoryAuthor, StoryTag, StoryTagging
from editorial.models.stories import StoryIndexPage, StoryMerchant, StoryPage

__all__ = [
    "Author",
    "CampaignColor",
    "CampaignIcon",
    "CampaignIndexPage",
    "CampaignPage",
    "FrontCampaign",
    "FrontLead",
    "FrontMerchant",
    "FrontProduct",
    "FrontStory",
    "Section",
    "Series",
    "StoryAuthor",
    "StoryIndexPage",
    "StoryMerchant",
    "StoryPage",
    "StoryTag",
    "StoryTagging",
]
