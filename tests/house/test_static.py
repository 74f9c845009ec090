"""Style sheets name files that are there: the demo's and production's `collectstatic` refuse any other."""

import re
from pathlib import Path

import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
REFERENCE = re.compile(r"url\(\s*['\"]?([^'\")\s]+)")
SHEETS = sorted(STATIC.rglob("*.css"))


@pytest.mark.parametrize("sheet", SHEETS, ids=[sheet.relative_to(STATIC).as_posix() for sheet in SHEETS])
def test_what_a_style_sheet_names_is_there(sheet: Path) -> None:
    named = [each for each in REFERENCE.findall(sheet.read_text()) if not each.startswith(("data:", "#"))]
    missing = [each for each in named if not (sheet.parent / re.split(r"[?#]", each)[0]).resolve().is_file()]
    assert missing == []
