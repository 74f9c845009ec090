"""The press: the same drawing is the same bytes, of the right size, drawn once on a machine."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from portal.demo.loading import studio
from portal.demo.pictures.fronts import Front
from portal.demo.pictures.portraits import Portrait
from portal.demo.pictures.scenes import Scene
from portal.demo.pictures.still_life import StillLife
from portal.demo.plans import Drawing

JAR = StillLife("jar", "cherry", "plum", "Gelée", "de vin", "brush", "straw", "rose", "disc", seed=3)
DRAWINGS: dict[str, tuple[Drawing, tuple[int, int]]] = {
    "still life": (JAR, (1200, 900)),
    "front": (
        Front("Chez Ursule", "straw", "tomato", wall="stone", season="winter", wares=("tuque",), seed=5),
        (1200, 900),
    ),
    "portrait": (
        Portrait(4, "black", "curly", "apron", "tomato", "cream", extras=("glasses",), seed=2),
        (960, 1200),
    ),
    "scene": (Scene("village", seed=1), (1200, 800)),
}


@pytest.fixture
def shared_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DEMO_PICTURES", str(tmp_path / "pictures"))
    return tmp_path / "pictures"


@pytest.mark.parametrize("kind", DRAWINGS)
def test_same_drawing_is_the_same_bytes(kind: str) -> None:
    drawing, size = DRAWINGS[kind]
    first = drawing.draw()
    assert drawing.draw() == first
    assert len(first) < 200_000
    with Image.open(BytesIO(first)) as image:
        assert (image.format, image.size) == ("JPEG", size)


def test_picture_is_drawn_once_on_a_machine(shared_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = studio.draw_all([JAR, JAR])
    monkeypatch.setattr(StillLife, "draw", lambda self: pytest.fail("drawn twice"))
    assert studio.draw_all([JAR]) == first
    assert [path.suffix for path in shared_folder.iterdir()] == [".jpg"]


def test_another_look_is_another_picture() -> None:
    other = StillLife("jar", "honey", "plum", "Gelée", "de vin", "brush", "straw", "rose", "disc", seed=3)
    assert studio.name_of(JAR) != studio.name_of(other)


def test_picture_is_no_grey_box() -> None:
    with Image.open(BytesIO(JAR.draw())) as image:
        colours = image.convert("RGB").resize((60, 45)).quantize(16).getcolors() or []
    assert len(colours) > 8
