"""What gives prohibited goods away, and what does not."""

import pytest

from shop.prohibited import Ban, banned_in


@pytest.mark.parametrize(
    ("text", "ban", "word"),
    [
        ("Tabac à pipe artisanal", Ban.TOBACCO, "tabac"),
        ("CIGARES du Honduras", Ban.TOBACCO, "cigares"),
        ("Fine tobacco, 50 g", Ban.TOBACCO, "tobacco"),
        ("Vapoteuse jetable", Ban.VAPING, "vapoteuse"),
        ("E‑liquide à la mangue", Ban.VAPING, "e liquide"),
        ("Sans nicotine", Ban.VAPING, "nicotine"),
        ("Jujubes au CBD", Ban.CANNABIS, "cbd"),
        ("Haschich", Ban.CANNABIS, "haschich"),
        ("Un médicament d’ordonnance", Ban.PRESCRIPTION_DRUG, "medicament d'ordonnance"),
        ("Médicaments\nsur ordonnance", Ban.PRESCRIPTION_DRUG, "medicaments sur ordonnance"),
        ("Prescription drugs", Ban.PRESCRIPTION_DRUG, "prescription drugs"),
        ("Ozempic®", Ban.PRESCRIPTION_DRUG, "ozempic"),
        ("Opioïde", Ban.PRESCRIPTION_DRUG, "opioide"),
    ],
)
def test_whole_words_of_either_language_are_found(text: str, ban: Ban, word: str) -> None:
    assert banned_in(text) == {ban: word}


@pytest.mark.parametrize(
    "text",
    [
        "Savon de chanvre et de lavande",
        "Une liquide et chaude soupe",
        "Évapore lentement; la vapeur fait lever la pâte",
        "Lunettes sur ordonnance",
        "Tabacum, recueil de poèmes",
        "Pomme verte, pot de 500 ml",
        "L’herbe du chat",
        "",
    ],
)
def test_words_that_only_look_alike_are_left_alone(text: str) -> None:
    assert banned_in(text) == {}


def test_every_ban_is_found_in_one_text() -> None:
    assert list(banned_in("tabac, vape, thc et viagra")) == list(Ban)
