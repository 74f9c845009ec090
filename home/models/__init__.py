from home.models.audit import AuditEntry
from home.models.media import CustomDocument, CustomImage, CustomRendition
from home.models.pages import BasePage, ContentPage, HomePage
from home.models.people import PortalRole, PortalStaff
from home.models.portal_settings import PortalSettings
from home.models.privacy import Consent, ConsentPurpose, Incident

__all__ = [
    "AuditEntry",
    "BasePage",
    "Consent",
    "ConsentPurpose",
    "ContentPage",
    "CustomDocument",
    "CustomImage",
    "CustomRendition",
    "HomePage",
    "Incident",
    "PortalRole",
    "PortalSettings",
    "PortalStaff",
]
