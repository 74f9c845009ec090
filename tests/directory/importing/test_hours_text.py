"""Opening hours as people write them: understood whole, or not at all."""

import pytest

from directory.importing.hours_text import ByAppointment, UnreadableHours, week

NINE_TO_FIVE = "09:00-17:00"


def said(text: str, *, is_osm: bool = False) -> dict[int, str]:
    return {
        day: ",".join(f"{span.opens:%H:%M}-{span.closes:%H:%M}" for span in spans)
        for day, spans in week(text, is_osm=is_osm).items()
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lun-ven 9h-17h30; sam 10h-16h", {**dict.fromkeys(range(5), "09:00-17:30"), 5: "10:00-16:00"}),
        ("mar-sam 8 h à 18 h", dict.fromkeys(range(1, 6), "08:00-18:00")),
        ("ven-sam 16h-02h", {4: "16:00-02:00", 5: "16:00-02:00"}),
        ("lun fermé, mar-dim 10:00-17:00", dict.fromkeys(range(1, 7), "10:00-17:00")),
        ("7/7 11h-23h", dict.fromkeys(range(7), "11:00-23:00")),
        ("7 jours sur 7, 24 h sur 24", dict.fromkeys(range(7), "00:00-00:00")),
        ("Lundi au vendredi : 9 h à 12 h et 13 h à 17 h", dict.fromkeys(range(5), "09:00-12:00,13:00-17:00")),
        ("lundi, mardi et jeudi de 9h à 17h", dict.fromkeys((0, 1, 3), NINE_TO_FIVE)),
        ("en semaine 9h-17h, fin de semaine 10h-16h",
         {**dict.fromkeys(range(5), NINE_TO_FIVE), 5: "10:00-16:00", 6: "10:00-16:00"}),
        ("tous les jours de 10 h à minuit", dict.fromkeys(range(7), "10:00-00:00")),
        ("sam–lun 10h–15h", {5: "10:00-15:00", 6: "10:00-15:00", 0: "10:00-15:00"}),
        ("Mo-We 09:30-17:30; Th-Fr 09:30-21:00; Sa-Su 10:00-17:00; PH off",
         {**dict.fromkeys(range(3), "09:30-17:30"), 3: "09:30-21:00", 4: "09:30-21:00",
          5: "10:00-17:00", 6: "10:00-17:00"}),
        ("Mo-Fr 09:00-17:00; We off", dict.fromkeys((0, 1, 3, 4), NINE_TO_FIVE)),
        ("Th-Sa 16:00-26:00", dict.fromkeys((3, 4, 5), "16:00-02:00")),
        ("24/7", dict.fromkeys(range(7), "00:00-00:00")),
    ],
)  # fmt: skip
def test_hours_are_understood(text: str, expected: dict[int, str]) -> None:
    assert said(text) == dict(sorted(expected.items()))


@pytest.mark.parametrize(
    "text",
    [
        "ouvert quand la lumière est allumée", "lun-ven", "9-5", "lun 9-5", "9h-17h", "fermé", "PH off", "lun 9h-25h",
        "lun 9h-9h", "lun-ven 9h-17h sauf fériés", "Mar-Oct 10:00-18:00", "Mo-Fr 09:00+", "lun 9h-17h; lun fermé",
        "lun-ven 9h-17h; lun 10h-12h", "lun 9h-12h 11h-14h", "", "lun 9 h à", "Mo-Fr sunrise-sunset",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_never_made_up(text: str) -> None:
    with pytest.raises(UnreadableHours):
        week(text)


@pytest.mark.parametrize("text", ["sur rendez-vous", "Sur rendez-vous seulement", "by appointment"])
def test_by_appointment_is_no_hours(text: str) -> None:
    with pytest.raises(ByAppointment):
        week(text)


def test_days_go_without_saying_on_the_map_alone() -> None:
    assert said("09:00-17:00", is_osm=True) == dict.fromkeys(range(7), NINE_TO_FIVE)
