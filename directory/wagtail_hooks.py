"""What the directory adds to the Wagtail admin."""

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from directory.choosers import FoldedChooserViewSet, merchant_chooser
from directory.models import Merchant
from directory.viewsets import DirectoryViewSetGroup, KeepPolicy

# Before any viewset asks for it.
register_permission_policy(Merchant, KeepPolicy(Merchant))


@hooks.register("register_admin_viewset")
def register_directory() -> DirectoryViewSetGroup:
    return DirectoryViewSetGroup()


@hooks.register("register_admin_viewset")
def register_merchant_chooser() -> FoldedChooserViewSet:
    return merchant_chooser
