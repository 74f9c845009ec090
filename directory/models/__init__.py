from directory.models.hours import OpeningHours, SpecialHours
from directory.models.merchants import Category, Membership, Merchant, Sector
from directory.models.pages import DirectoryPage, MerchantPage

__all__ = [
    "Category",
    "DirectoryPage",
    "Membership",
    "Merchant",
    "MerchantPage",
    "OpeningHours",
    "Sector",
    "SpecialHours",
]
