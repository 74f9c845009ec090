from home.models.audit import AuditEntry
from home.models.media import CustomDocument, CustomImage, CustomRendition
from home.models.pages import BasePage, ContentPage, HomePage
from home.models.people import PortalRole, PortalStaff
from home.models.portal_settings import PortalSettings

__all__ = [
    "AuditEntry",
    "BasePage",
    "ContentPage",
    "CustomDocument",
    "CustomImage",
    "CustomRendition",
    "HomePage",
    "PortalRole",
    "PortalSettings",
    "PortalStaff",
]
