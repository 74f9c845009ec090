"""Renditions of many pictures in one query, where Wagtail looks for them."""

from collections.abc import Iterable

from django.core.files.storage import default_storage

from home.compiled import CompiledForAll, Ints
from home.models import CustomImage, CustomRendition


def prefetch_renditions(images: Iterable[CustomImage]) -> None:
    """Those of all pictures that do not have theirs yet: one query, none for none."""
    waiting = [
        image for image in images if "renditions" not in getattr(image, "_prefetched_objects_cache", {})
    ]
    _RENDITIONS.prefetch(waiting, "renditions", to_attr="prefetched_renditions")


_RENDITIONS = CompiledForAll(
    lambda parents: CustomRendition.objects.filter(image__id__any_of=parents), parents=Ints
)


def addresses_of_renditions(image_ids: Iterable[int], spec: str) -> dict[int, str]:
    """Addresses, without host, of the renditions there are of these pictures, by picture: one query, none made."""
    keys = list(image_ids)
    if not keys:
        return {}
    cut = CustomRendition.objects.filter(image__in=keys, filter_spec=spec)
    return {image_id: default_storage.url(name) for image_id, name in cut.values_list("image_id", "file")}
