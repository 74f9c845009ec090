"""What people upload: made safe, or refused in words. A file's name proves nothing."""

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms, ImageDraw

from home import pdf
from home.models import CustomImage
from home.pictures import MOST_BYTES, NotAPicture, keep_picture, safe_upload

GPS = 0x8825
ORIENTATION = 0x0112
HTML = b"<script>alert(document.cookie)</script>"


def picture(width: int = 80, height: int = 60, mode: str = "RGB") -> Image.Image:
    """Red on its left half, else blue: one sees how it was turned."""
    made = Image.new("RGB", (width, height), "blue")
    ImageDraw.Draw(made).rectangle((0, 0, width // 2 - 1, height), fill="red")
    return made.convert(mode)


def saved(image: Image.Image, kind: str = "JPEG", **options) -> bytes:
    written = io.BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def upload(content: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def read_back(content: bytes, name: str = "photo.jpg") -> Image.Image:
    return Image.open(io.BytesIO(safe_upload(upload(content, name)).read()))


def refusal(content: bytes, name: str = "photo.jpg") -> str:
    with pytest.raises(NotAPicture) as refused:
        safe_upload(upload(content, name))
    return refused.value.reason


def exif(**tags: int) -> bytes:
    written = Image.Exif()
    written[0x010F] = "Téléphone de Jean-Guy"
    written[ORIENTATION] = tags.get("orientation", 1)
    written.get_ifd(GPS)[2] = (46.0, 48.0, 36.0)
    return written.tobytes()


def test_where_it_was_taken_and_by_what_is_gone() -> None:
    sent = saved(picture(), exif=exif())
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(GPS)
    kept = safe_upload(upload(sent)).read()
    assert dict(Image.open(io.BytesIO(kept)).getexif()) == {}
    assert b"Exif" not in kept
    assert b"Jean-Guy" not in kept


def test_picture_held_sideways_stands_upright() -> None:
    """Orientation 6: the camera was turned a quarter; its left side is the top."""
    kept = read_back(saved(picture(80, 60), exif=exif(orientation=6), quality=95))
    assert kept.size == (60, 80)
    red, _green, blue = kept.getpixel((30, 10))
    assert red > 200
    assert blue < 60


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF"])
def test_what_phones_and_computers_make_becomes_jpeg(kind: str) -> None:
    kept = read_back(saved(picture(), kind), f"IMG_0001.{kind.lower()}")
    assert (kept.format, kept.size, kept.mode) == ("JPEG", (80, 60), "RGB")


def test_heic_of_a_phone_loses_its_place_too() -> None:
    sent = saved(picture(), "HEIF", exif=exif())
    assert b"Jean-Guy" not in safe_upload(upload(sent, "IMG_2041.HEIC")).read()


def test_name_says_jpg_and_file_is_png() -> None:
    assert safe_upload(upload(saved(picture(), "PNG"), "ma Photo été.JPG")).name == "ma-photo-ete.jpg"


def test_transparent_is_shown_on_white() -> None:
    clear = Image.new("RGBA", (10, 10), (255, 0, 0, 0))
    assert read_back(saved(clear, "PNG")).getpixel((5, 5)) == (255, 255, 255)


def test_print_colours_and_deep_greys_are_read() -> None:
    assert read_back(saved(picture(mode="CMYK"))).mode == "RGB"
    deep = Image.new("I;16", (10, 10), 65535)
    assert read_back(saved(deep, "PNG")).getpixel((5, 5)) == (255, 255, 255)


def test_colour_profile_is_worked_in_and_left_out() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert "icc_profile" not in read_back(saved(picture(), icc_profile=profile)).info
    assert read_back(saved(picture(), icc_profile=b"no profile")).size == (80, 60)


def test_large_one_is_kept_small() -> None:
    assert read_back(saved(picture(4800, 3600))).size == (2400, 1800)


def test_what_is_hidden_behind_the_picture_is_gone() -> None:
    kept = safe_upload(upload(saved(picture(), "GIF") + HTML)).read()
    assert b"script" not in kept


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"bonjour, voici ma photo", "photo.jpg"),
        (HTML, "photo.png"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "photo.jpg"),
        (b"%PDF-1.7", "photo.jpg"),
        (b"\xff\xd8\xff", "photo.jpg"),
        (b"GIF89a" + HTML, "photo.gif"),
    ],
)
def test_what_is_no_picture_is_refused(content: bytes, name: str) -> None:
    assert "photo" in refusal(content, name) or "abîmée" in refusal(content, name)


def test_empty_file_is_refused() -> None:
    assert "vide" in refusal(b"")


def test_26_megabytes_are_refused_before_they_are_read() -> None:
    heavy = upload(b"x")
    heavy.size = MOST_BYTES + 1
    with pytest.raises(NotAPicture, match="25\u00a0Mo"):
        safe_upload(heavy)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_picture_cut_off_on_the_way_is_refused(kind: str) -> None:
    assert pdf.can_print()  # WeasyPrint is loaded, which would take cut-off pictures for whole ones
    content = saved(Image.effect_noise((300, 300), 90).convert("RGB"), kind)
    assert "abîmée" in refusal(content[: len(content) // 2])


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_picture_that_moves_is_refused(kind: str) -> None:
    frames = [picture(), picture(mode="L").convert("RGB")]
    assert "bouge" in refusal(saved(frames[0], kind, save_all=True, append_images=frames[1:]))


def png_announcing(width: int, height: int) -> bytes:
    """A few bytes that say they are a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("width", "height"), [(5001, 5000), (10_000, 9_000), (20_000, 20_000), (60_000, 60_000)]
)
def test_bomb_is_refused_by_the_size_it_announces(width: int, height: int) -> None:
    assert "25 millions" in refusal(png_announcing(width, height))


def test_it_is_kept_for_its_portal_and_merchant_with_its_renditions(in_levis) -> None:
    kept = keep_picture(
        upload(saved(picture(), exif=exif()), "IMG.jpg"), title="Tomme", cut=["fill-160x160|format-webp"]
    )
    row = CustomImage.objects.get()
    assert (row.pk, row.site, row.title, row.width, row.height) == (kept.pk, in_levis, "Tomme", 80, 60)
    assert [cut.filter_spec for cut in row.renditions.all()] == ["fill-160x160|format-webp"]
    with row.file.open() as file:
        assert b"Exif" not in file.read()


def test_refused_one_leaves_nothing_behind(in_levis, media) -> None:
    with pytest.raises(NotAPicture):
        keep_picture(upload(b"texte"), title="Tomme")
    assert not CustomImage.objects.exists()
    assert not media.exists()
