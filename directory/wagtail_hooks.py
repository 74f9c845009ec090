"""What the directory adds to the Wagtail admin."""

from wagtail import hooks

from directory.choosers import FoldedChooserViewSet, merchant_chooser
from directory.viewsets import DirectoryViewSetGroup


@hooks.register("register_admin_viewset")
def register_directory() -> DirectoryViewSetGroup:
    return DirectoryViewSetGroup()


@hooks.register("register_admin_viewset")
def register_merchant_chooser() -> FoldedChooserViewSet:
    return merchant_chooser
