import pytest

from shop.isbn import gtin13


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("978-2-7637-8541-7", "9782763785417"),
        ("2-7637-8541-7", "9782763785417"),
        ("0 8044 2957 X", "9780804429573"),
        ("978-2-7637-8541-1", ""),
        ("2-7637-8541-6", ""),
        ("3017620422003", ""),
        ("X763785417", ""),
        ("٩٧٨٢٧٦٣٧٨٥٤١٧", ""),
        ("", ""),
    ],
)
def test_number_of_a_book_is_told_only_where_it_is_one(typed: str, told: str) -> None:
    assert gtin13(typed) == told
