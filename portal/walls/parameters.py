"""Whose row is it? The primary keys that an admin address carries, and what each of them is a key of.

Wagtail's views look many rows up before they ask who wants them, and show some without asking. A key of another
portal's row is 404 before any view runs.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, Site, Task, TaskState, Workflow, WorkflowState
from wagtail_localize.models import Translation, TranslationSource

from home.belongings import of_the_portal
from home.tenancy import below_roots

Rule = Callable[[HttpRequest, Any], bool]


def _row_of(model: Callable[[], type[Model]]) -> Rule:
    def is_here(request: HttpRequest, key: Any) -> bool:
        return _is_key(key) and of_the_portal(model()).filter(pk=int(key)).exists()

    return is_here


LONGEST_KEY = 18


def _is_key(key: Any) -> bool:
    text = str(key)
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY


def _pages_workflows() -> Any:
    """Workflows that pages of the portal in scope are sent through."""
    return Workflow.objects.filter(below_roots("workflow_pages__page__path"))


def _is_task_here(request: HttpRequest, key: Any) -> bool:
    return Task.objects.filter(pk=key, workflow_tasks__workflow__in=_pages_workflows()).exists()


def _is_task_state_here(request: HttpRequest, key: Any) -> bool:
    state = TaskState.objects.filter(pk=key).select_related("workflow_state").first()
    return state is not None and _is_about_a_page_here(state.workflow_state)


def _is_workflow_state_here(request: HttpRequest, key: Any) -> bool:
    state = WorkflowState.objects.filter(pk=key).first()
    return state is not None and _is_about_a_page_here(state)


def _is_about_a_page_here(state: WorkflowState) -> bool:
    model = state.base_content_type.model_class()
    return model is Page and page(None, state.object_id)  # type: ignore[arg-type]


def _is_source_here(request: HttpRequest, key: Any) -> bool:
    """What is translated from: a page of the portal, by the key that it has in every language."""
    source = TranslationSource.objects.filter(pk=key).first() if _is_key(key) else None
    return source is not None and _is_page_here_in_some_language(source.object_id)


def _is_translation_here(request: HttpRequest, key: Any) -> bool:
    found = Translation.objects.filter(pk=key).select_related("source").first() if _is_key(key) else None
    return found is not None and _is_page_here_in_some_language(found.source.object_id)


def _is_page_here_in_some_language(translation_key: Any) -> bool:
    return bool(of_the_portal(Page).filter(translation_key=translation_key).exists())


def said_beside(request: HttpRequest, key: Any) -> bool:
    """No key of a row, or one that its view looks up among the rows of another that is asked for here."""
    return True


page = _row_of(lambda: Page)
image = _row_of(get_image_model)
document = _row_of(get_document_model)
site = _row_of(lambda: Site)

BY_NAME: dict[str, Rule] = {
    "page_id": page,
    "parent_page_id": page,
    "page_to_move_id": page,
    "destination_id": page,
    "image_id": image,
    "document_id": document,
    "doc_id": document,
    "task_id": _is_task_here,
    "task_state_id": _is_task_state_here,
    "workflow_state_id": _is_workflow_state_here,
    "translation_id": _is_translation_here,
    "translation_source_id": _is_source_here,
    "string_segment_id": said_beside,  # asked for in that translation alone
    # Looked up among the page's own revisions, or the person's own uploads and editing sessions.
    "revision_id": said_beside,
    "revision_id_a": said_beside,
    "revision_id_b": said_beside,
    "uploaded_file_id": said_beside,
    "session_id": said_beside,
    # Words, not keys.
    "action": said_beside,
    "action_name": said_beside,
    "app_label": said_beside,
    "app_name": said_beside,
    "content_type_app_name": said_beside,
    "content_type_model_name": said_beside,
    "model_name": said_beside,
    "mode": said_beside,
}
"""By the name of the parameter, in any address of Wagtail's."""

BY_ADDRESS: dict[str, dict[str, Rule]] = {
    "wagtailadmin_api:pages:action": {"pk": page},
    "wagtailadmin_api:pages:detail": {"pk": page},
    "wagtailadmin_editing_sessions:ping": {"object_id": said_beside},  # by its kind, below
    "wagtailadmin_pages:revisions_compare": {"pk": page},
    "wagtaildocs_chooser:chosen": {"pk": document},
    "wagtailimages_chooser:chosen": {"pk": image},
    "wagtailsettings:edit": {"pk": site},
    "wagtailsettings:preview_on_edit": {"pk": site},
}
"""Where a name alone does not say."""

ASKED: dict[str, Rule] = {
    "wagtailadmin_choose_page_chosen_multiple": page,
    "wagtaildocs_chooser:chosen_multiple": document,
    "wagtailimages_chooser:chosen_multiple": image,
}
"""What « ?id= » is a key of, where it is one."""

POSTED: dict[str, tuple[str, Rule]] = {
    "wagtailadmin_pages:copy": ("new_parent_page", page),
    "wagtailadmin_pages:move": ("new_parent_page", page),
    "wagtail_bulk_action": ("chooser", page),
}
"""A field of a form of Wagtail's own, which would show the row again even where it refuses it."""

KINDS: dict[tuple[str, str], Rule] = {
    ("wagtailcore", "page"): page,
    ("home", "customimage"): image,
    ("home", "customdocument"): document,
}
"""What staff may handle many of at once, or meet another editor at: no other kind of row."""


def rule(name: str, parameter: str) -> Rule | None:
    """None for a parameter that nobody has placed."""
    return BY_ADDRESS.get(name, {}).get(parameter) or BY_NAME.get(parameter)


def strangers(request: HttpRequest, name: str, parameters: dict[str, Any]) -> Iterator[str]:
    """What the request names that is not of the portal in scope."""
    for parameter, key in parameters.items():
        placed = rule(name, parameter)
        if placed is None or not placed(request, key):
            yield parameter
    yield from _asked_strangers(request, name, parameters)
    if name in POSTED:
        field, placed = POSTED[name]
        yield from (field for key in request.POST.getlist(field) if key and not placed(request, key))


def _asked_strangers(request: HttpRequest, name: str, parameters: dict[str, Any]) -> Iterator[str]:
    asked = ASKED.get(name)
    if name in OF_ANY_KIND:
        kind = str(parameters.get("app_label")).lower(), str(parameters.get("model_name")).lower()
        asked = KINDS.get(kind)
        if asked is None:
            yield "model_name"
            return
    if asked is not None:
        keys = {*request.GET.getlist("id"), *request.POST.getlist("id")}
        keys |= {str(parameters["object_id"])} if "object_id" in parameters else set()
        # « all » would be every portal's.
        yield from (f"id={key}" for key in sorted(keys) if not asked(request, key))


OF_ANY_KIND = frozenset({"wagtail_bulk_action", "wagtailadmin_editing_sessions:ping"})
