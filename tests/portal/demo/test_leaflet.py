"""A file to sell: a page that PDF readers open, the same bytes each time."""

import re

from portal.demo.leaflet import pdf_of

WORDS = ("L’été (à vélo)", "Un paragraphe " + "assez long " * 12, "Fin.")


def test_same_words_are_the_same_bytes() -> None:
    assert pdf_of(WORDS) == pdf_of(WORDS)


def test_table_says_where_each_object_begins() -> None:
    file = pdf_of(WORDS)
    places = [int(place) for place in re.findall(rb"^(\d{10}) 00000 n $", file, re.MULTILINE)]
    assert [file[place:].split(b" ")[0] for place in places] == [b"1", b"2", b"3", b"4", b"5", b"6"]
    start = int(re.search(rb"startxref\n(\d+)\n%%EOF\n$", file)[1])
    assert file[start:].startswith(b"xref\n0 7\n")


def test_words_are_written_in_the_fonts_letters() -> None:
    file = pdf_of(WORDS)
    assert "(L’été \\(à vélo\\)) Tj".encode("cp1252") in file
    stream = re.search(rb"<< /Length (\d+) >>\nstream\n(.*?)\nendstream", file, re.DOTALL)
    assert int(stream[1]) == len(stream[2])
    assert stream[2].count(b"Tj") == 5  # a title, three lines of the long paragraph, the end
