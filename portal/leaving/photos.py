"""The pictures that go along: each once, as it was kept when it came, and the small one that lists show."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from home.models import CustomImage, CustomRendition
from portal.leaving.archive import Archive, safe_name

SMALL = "fill-800x800|format-webp"
"""Cut when a photo of a product comes; where there is none, lists show the photo itself."""
FOLDER, SMALL_FOLDER = "photos", "photos/petites"


@dataclass(frozen=True, slots=True)
class Picture:
    """``name`` and ``small``: where it stands in the archive. ``side``: of the small one, 0 where that is the whole."""

    name: str
    width: int
    height: int
    credit: str
    small: str
    side: int

    @property
    def small_width(self) -> int:
        return self.side or self.width

    @property
    def small_height(self) -> int:
        return self.side or self.height


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture where a page shows it, and what it shows."""

    picture: Picture
    alt: str
    caption: str = ""


class Album:
    """What was put into the archive so far, by the picture's primary key; None for a file that could not be read."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._taken: dict[int, Picture | None] = {}

    def take(self, images: Iterable[CustomImage]) -> None:
        """Put those in that are not there yet. One query, however many."""
        new = {image.pk: image for image in images if image.pk not in self._taken}
        small = self._small_ones(new)
        for image in new.values():
            self._taken[image.pk] = self._put(image, small.get(image.pk))

    def get(self, image: CustomImage | None) -> Picture | None:
        return self._taken.get(image.pk) if image is not None else None

    def shown(self, image: CustomImage | None, alt: str, caption: str = "") -> Shown | None:
        picture = self.get(image)
        return Shown(picture, alt, caption) if picture else None

    @property
    def missing(self) -> int:
        """How many files could not be read."""
        return sum(picture is None for picture in self._taken.values())

    def __iter__(self) -> Iterator[Picture]:
        return (picture for picture in self._taken.values() if picture is not None)

    def _small_ones(self, images: Iterable[int]) -> dict[int, CustomRendition]:
        keys = list(images)
        cut = CustomRendition.objects.filter(image__in=keys, filter_spec=SMALL) if keys else ()
        return {row.image_id: row for row in cut}

    def _put(self, image: CustomImage, cut: CustomRendition | None) -> Picture | None:
        """A file that is not there any more is counted, and stops nothing."""
        ending = PurePosixPath(str(image.file.name)).suffix.lower() or ".jpg"
        name = f"{FOLDER}/{safe_name(image.title, image.pk, ending)}"
        if not self._copy(name, image):
            return None
        small = f"{SMALL_FOLDER}/{safe_name(image.title, image.pk, '.webp')}"
        has_small = cut is not None and self._copy(small, cut)
        return Picture(
            name=name,
            width=image.width,
            height=image.height,
            credit=image.credit,
            small=small if has_small else name,
            side=cut.width if cut is not None and has_small else 0,
        )

    def _copy(self, name: str, row: CustomImage | CustomRendition) -> bool:
        try:
            with row.file.open("rb") as file:
                self._archive.add_file(name, file)
        except OSError:
            return False
        return True
