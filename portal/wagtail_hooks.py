"""What the front desk adds to the Wagtail admin. Registrations alone: what they lead to stands elsewhere."""

from wagtail import hooks

from portal.privacy.incidents import IncidentViewSet


@hooks.register("register_admin_viewset")
def register_incidents() -> IncidentViewSet:
    return IncidentViewSet()
