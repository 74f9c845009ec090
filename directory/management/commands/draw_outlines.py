"""Write each drawn town's GeoJSON beside its drawing, for the map: after a change in ``static/towns/<town>.svg``."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from directory.town_outlines import DRAWN, geojson_of


class Command(BaseCommand):
    help = "Derive static/towns/<town>.geojson from the towns' drawings."

    def handle(self, *args: Any, **options: Any) -> None:
        towns = Path(settings.BASE_DIR, "static", "towns")
        for town, projection in DRAWN.items():
            outline = geojson_of((towns / f"{town}.svg").read_text(encoding="utf-8"), projection)
            text = json.dumps(outline, separators=(",", ":"))
            (towns / f"{town}.geojson").write_text(text + "\n", encoding="utf-8")
            self.stdout.write(f"{town}: {len(outline['features'])} shapes")
