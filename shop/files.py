"""Files that are sold: kept apart from the photos, where no address serves them."""

from django.core.files.storage import Storage, storages


def private_storage() -> Storage:
    return storages["private"]
