"""Pictures inside StreamFields, to be read together with their renditions instead of one by one."""

from collections.abc import Iterator
from typing import Any

from wagtail.blocks import StreamValue, StructValue
from wagtail.blocks.list_block import ListValue

from home.models import CustomImage


def pictures_of(value: Any) -> Iterator[CustomImage]:
    """Every picture of a StreamField's value, however deep. Blocks of a kind are read together."""
    if isinstance(value, CustomImage):
        yield value
    elif isinstance(value, StreamValue):
        yield from (image for child in value for image in pictures_of(child.value))
    elif isinstance(value, ListValue):
        yield from (image for child in value for image in pictures_of(child))
    elif isinstance(value, StructValue):
        yield from (image for child in value.values() for image in pictures_of(child))
