from directory.models.hours import OpeningHours, SpecialHours
from directory.models.merchants import Category, Membership, Merchant, Sector
from directory.models.moderation import JournalApproval
from directory.models.pages import DirectoryPage, MerchantPage
from directory.models.people import HelpConsent, Invitation
from directory.models.search import SearchPick

__all__ = [
    "Category",
    "DirectoryPage",
    "HelpConsent",
    "Invitation",
    "JournalApproval",
    "Membership",
    "Merchant",
    "MerchantPage",
    "OpeningHours",
    "SearchPick",
    "Sector",
    "SpecialHours",
]
