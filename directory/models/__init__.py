from directory.models.care import MerchantDocument, Proposal, TaskPutOff
from directory.models.counts import CountedBatch, DailyCount
from directory.models.departures import Departure
from directory.models.hours import OpeningHours, SpecialHours
from directory.models.imports import ImportLine, ImportRun, ImportSource, MerchantOrigin, PageReport
from directory.models.joining import Agreement, Claim, Registration
from directory.models.merchants import Category, FormerSlug, Membership, Merchant, Sector
from directory.models.moderation import JournalApproval
from directory.models.own_site import SiteReading, SiteReadingPicture
from directory.models.pages import DirectoryPage, MerchantPage
from directory.models.people import HelpConsent, Invitation
from directory.models.plans import Plan
from directory.models.relations import CallbackRequest, FollowUp, MailRefusal, Note
from directory.models.search import (
    IndexedEntry,
    SearchEntry,
    SearchPick,
    SearchStale,
    SearchSynonym,
    SearchWord,
)

__all__ = [
    "Agreement",
    "CallbackRequest",
    "Category",
    "Claim",
    "CountedBatch",
    "DailyCount",
    "Departure",
    "DirectoryPage",
    "FollowUp",
    "FormerSlug",
    "HelpConsent",
    "ImportLine",
    "ImportRun",
    "ImportSource",
    "IndexedEntry",
    "Invitation",
    "JournalApproval",
    "MailRefusal",
    "Membership",
    "Merchant",
    "MerchantDocument",
    "MerchantOrigin",
    "MerchantPage",
    "Note",
    "OpeningHours",
    "PageReport",
    "Plan",
    "Proposal",
    "Registration",
    "SearchEntry",
    "SearchPick",
    "SearchStale",
    "SearchSynonym",
    "SearchWord",
    "Sector",
    "SiteReading",
    "SiteReadingPicture",
    "SpecialHours",
    "TaskPutOff",
]
