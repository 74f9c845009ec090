"""What the newsroom keeps in lists: who signs, the sections, the series. Each portal sees its own.

Nobody but the operator deletes one: a story that was printed keeps its author, its section and its series.
"""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, ObjectList, TitleFieldPanel
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.admin.widgets.slug import SlugInput

from editorial.models import Author, Section, Series
from home.forms import PortalModelForm
from home.guard import GuardedViewSet


class NewsroomViewSet(GuardedViewSet, ModelViewSet):
    add_to_reference_index = False
    search_backend_name = None


class AuthorViewSet(NewsroomViewSet):
    model = Author
    name = "signatures"
    icon = "user"
    menu_label = _("Signatures")
    ordering = ("name",)
    list_display = ("name", "role")
    search_fields = ("name", "role")
    edit_handler = ObjectList(
        [
            TitleFieldPanel("name", placeholder=False, targets=["slug"]),
            FieldPanel("slug", widget=SlugInput),
            FieldPanel("role"),
            FieldPanel("photo"),
            FieldPanel("bio"),
        ],
        base_form_class=PortalModelForm,
    )


class SectionViewSet(NewsroomViewSet):
    model = Section
    name = "rubriques"
    icon = "folder-open-inverse"
    menu_label = _("Rubriques")
    ordering = ("sort_order", "name")
    list_display = ("name", "sort_order")
    search_fields = ("name",)
    edit_handler = ObjectList(
        [
            TitleFieldPanel("name", placeholder=False, targets=["slug"]),
            FieldPanel("slug", widget=SlugInput),
            FieldPanel("intro"),
            FieldPanel("sort_order"),
        ],
        base_form_class=PortalModelForm,
    )


class SeriesViewSet(NewsroomViewSet):
    model = Series
    name = "series"
    icon = "list-ol"
    menu_label = _("Séries")
    ordering = ("title",)
    list_display = ("title", "planned_parts")
    search_fields = ("title",)
    edit_handler = ObjectList(
        [
            TitleFieldPanel("title", placeholder=False, targets=["slug"]),
            FieldPanel("slug", widget=SlugInput),
            FieldPanel("intro"),
            FieldPanel("planned_parts"),
        ],
        base_form_class=PortalModelForm,
    )


class NewsroomViewSetGroup(ModelViewSetGroup):
    menu_label = _("Rédaction")
    menu_icon = "edit"
    menu_order = 160
    items = (AuthorViewSet, SectionViewSet, SeriesViewSet)
