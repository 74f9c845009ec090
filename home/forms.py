"""Forms of the Wagtail admin for rows that belong to a portal."""

from typing import Any

from wagtail.admin.forms import WagtailAdminModelForm

from home.tenancy import current_site_id


class PortalModelForm(WagtailAdminModelForm):
    """A new row gets the portal in scope; constraints that name the portal are checked, so that a breach is said."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.instance.site_id = current_site_id()

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()
        return excluded - {"site"}
