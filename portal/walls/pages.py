"""Wall 6, pages: lists that name nobody, and a privacy form that names the portal's own groups alone."""

from typing import Any

from django.contrib.auth.models import Group
from wagtail.admin.forms.pages import PageViewRestrictionForm
from wagtail.admin.views.page_privacy import SetPrivacyView
from wagtail.admin.views.pages.listing import GenericPageFilterSet
from wagtail.admin.viewsets.pages import PageViewSet

from home.tenancy import current_site_id
from portal.staffing import groups_of


class PortalPageFilterSet(GenericPageFilterSet):
    """Without « propriétaire », « modifiée par » and « site », whose choices are every portal's."""

    owner = None
    edited_by = None
    site = None


class PortalPrivacyForm(PageViewRestrictionForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["groups"].queryset = Group.objects.filter(name__in=groups_of(current_site_id()))


class PortalPrivacyView(SetPrivacyView):
    form_class = PortalPrivacyForm


class PortalPageViewSet(PageViewSet):
    filterset_class = PortalPageFilterSet
    set_privacy_view_class = PortalPrivacyView
