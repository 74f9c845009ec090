"""In which sector an entry is, by what it says; or that it is elsewhere."""

import pytest

from directory.importing.places import Place, SectorPlace, Town, place
from directory.importing.refusals import LineRefused
from tests.directory.importing.town import SECTORS

LEVIS = Town("Lévis", [SectorPlace(number, *sector) for number, sector in enumerate(SECTORS)])
REGION = Town(
    "Bellechasse", [SectorPlace(1, "Saint-Raphaël", 46.88, -70.75), SectorPlace(2, "Armagh", 46.74, -70.59)]
)
NEAR_CHARNY = (46.72, -71.26)


def found(
    town: Town = LEVIS,
    sector: str = "",
    city: str = "",
    postal: str = "",
    point: tuple[float, float] | None = None,
) -> Place:
    return place(town, sector=sector, city=city, postal_code=postal, point=point)


@pytest.mark.parametrize(
    ("asked", "sector"),
    [
        ({"sector": "st-nicolas"}, "Saint-Nicolas"),
        ({"sector": "Secteur de Breakeyville"}, "Sainte-Hélène-de-Breakeyville"),
        ({"sector": "Lauzon", "city": "Lévis (Québec)"}, "Lévis"),
        ({"city": "Charny"}, "Charny"),
        ({"city": "LEVIS", "postal": "G6J 1A1"}, "Saint-Étienne-de-Lauzon"),
        ({"city": "Lévis", "point": NEAR_CHARNY}, "Charny"),
        ({"postal": "G6V 1A1", "point": (46.807, -71.09)}, "Saint-Joseph-de-la-Pointe-De Lévy"),
        ({"postal": "G6V 1A1"}, "Lévis"),
    ],
)
def test_sector_is_found_and_the_city_is_levis(asked: dict[str, str], sector: str) -> None:
    where = found(**asked)  # type: ignore[arg-type]
    assert (where.sector.name, where.city) == (sector, "Lévis")


@pytest.mark.parametrize(
    "asked",
    [
        {"city": "Québec", "sector": "Sainte-Foy"},
        {"postal": "G1V 2M2"},
        {"city": "Lévis"},
        {"sector": "Ailleurs"},
        {},
    ],
)
def test_another_town_and_nowhere_are_refused(asked: dict[str, str]) -> None:
    with pytest.raises(LineRefused):
        found(**asked)  # type: ignore[arg-type]


def test_in_a_region_each_sector_is_its_own_city() -> None:
    assert found(REGION, city="St-Raphaël").city == "Saint-Raphaël"


def test_coordinates_far_away_are_left_out_and_swapped_ones_put_right() -> None:
    away = found(sector="Charny", point=(48.8566, 2.3522))
    swapped = found(sector="Charny", point=(-71.26, 46.72))
    assert (away.latitude, len(away.warnings)) == (None, 1)
    assert (swapped.latitude, swapped.longitude, len(swapped.warnings)) == (46.72, -71.26, 1)


def test_what_does_not_agree_is_told() -> None:
    assert "G6K 1A1" in found(sector="Charny", postal="G6K 1A1").warnings[0]
    assert "Sainte-Foy" in found(sector="Sainte-Foy", city="Lévis", postal="G6K 1A1").warnings[0]
    assert found(sector="Charny", postal="G6X 1A1", point=NEAR_CHARNY).warnings == ()
