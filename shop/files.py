"""Files that are sold: kept beside the photos, never among them, since no address may serve them freely."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils.functional import cached_property


class FilesThatAreSold(FileSystemStorage):
    """The directory next to MEDIA_ROOT, wherever that is."""

    @cached_property
    def base_location(self) -> str:
        return f"{settings.MEDIA_ROOT}-private"


def private_storage() -> Storage:
    return storages["private"]
