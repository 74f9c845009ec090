"""Pictures inside StreamFields, read together with their renditions instead of one by one."""

from collections.abc import Iterator
from typing import Any

from django.db.models import prefetch_related_objects
from wagtail.blocks import StreamValue, StructValue
from wagtail.blocks.list_block import ListValue

from home.models import CustomImage


def prefetch_pictures(body: StreamValue) -> None:
    """One query for the renditions of all pictures of ``body``, however many."""
    prefetch_related_objects(list(_pictures(body)), "renditions")


def _pictures(value: Any) -> Iterator[CustomImage]:
    if isinstance(value, CustomImage):
        yield value
    elif isinstance(value, StreamValue):
        yield from (image for child in value for image in _pictures(child.value))
    elif isinstance(value, ListValue):
        yield from (image for child in value for image in _pictures(child))
    elif isinstance(value, StructValue):
        yield from (image for child in value.values() for image in _pictures(child))
