"""What the Journal's floor adds to the Wagtail admin."""

from wagtail import hooks

from directory.choosers import FoldedChooserViewSet
from editorial.choosers import product_chooser
from editorial.viewsets import NewsroomViewSetGroup


@hooks.register("register_admin_viewset")
def register_product_chooser() -> FoldedChooserViewSet:
    return product_chooser


@hooks.register("register_admin_viewset")
def register_newsroom() -> NewsroomViewSetGroup:
    return NewsroomViewSetGroup()
