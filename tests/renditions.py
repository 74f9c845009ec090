"""Pictures are scaled once: thousands of tests show the same blue picture in the same sizes.

Wagtail goes its whole way each time, from the template to the file and the row; Willow alone is asked once for each
picture, size and format in a process, and gives the same bytes again.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import pytest
from wagtail.images.models import AbstractImage, Filter

Key = tuple[str, ...]
LARGEST = 200_000
"""Bytes: a photograph of a test of its own is not kept."""


@contextmanager
def scaled_once() -> Iterator[None]:
    scale, scaled = Filter.run, dict[Key, tuple[type, bytes]]()

    def run(self: Filter, image: AbstractImage, output: IO[bytes], source: Any = None) -> Any:
        key = _key(self, image, source)
        if key in scaled:
            kind, content = scaled[key]
            output.write(content)
            return kind(output)
        made = scale(self, image, output, source)
        content = _content(made.f)
        if len(content) < LARGEST:
            scaled[key] = type(made), content
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Filter, "run", run)
        yield


def _key(filter_: Filter, image: AbstractImage, source: Any) -> Key:
    """What the result depends on: the picture, what is done to it, and where its middle is."""
    if source is None:
        with image.open_file() as opened:
            content = opened.read()
    else:
        content = _content(source)
    return hashlib.sha256(content).hexdigest(), str(filter_.spec), repr(image.get_focal_point())


def _content(file: Any) -> bytes:
    """All of it; the file stands where it stood."""
    place = file.tell()
    file.seek(0)
    content: bytes = file.read()
    file.seek(place)
    return content
