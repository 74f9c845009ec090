from editorial.models.campaigns import CampaignColor, CampaignIcon, CampaignIndexPage, CampaignPage
from editorial.models.front import FrontCampaign, FrontLead, FrontMerchant, FrontProduct, FrontStory
from editorial.models.mailings import CopyState, Mailing, MailingCopy, MailingStatus
from editorial.models.newsletter import NewsletterIndexPage, NewsletterPage
from editorial.models.newsroom import Author, Section, Series, StoryAuthor, StoryTag, StoryTagging
from editorial.models.shares import StoryShare
from editorial.models.stories import StoryIndexPage, StoryMerchant, StoryPage
from editorial.models.subscribers import Subscriber, Subscription, WhyAside

__all__ = [
    "Author",
    "CampaignColor",
    "CampaignIcon",
    "CampaignIndexPage",
    "CampaignPage",
    "CopyState",
    "FrontCampaign",
    "FrontLead",
    "FrontMerchant",
    "FrontProduct",
    "FrontStory",
    "Mailing",
    "MailingCopy",
    "MailingStatus",
    "NewsletterIndexPage",
    "NewsletterPage",
    "Section",
    "Series",
    "StoryAuthor",
    "StoryIndexPage",
    "StoryMerchant",
    "StoryPage",
    "StoryShare",
    "StoryTag",
    "StoryTagging",
    "Subscriber",
    "Subscription",
    "WhyAside",
]
