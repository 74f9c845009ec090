import pytest
from phonenumber_field.phonenumber import PhoneNumber

from home.templatetags.phone_tags import e164, national


def test_phone_is_shown_nationally_and_linked_in_e164() -> None:
    phone = PhoneNumber.from_string("418-555-0123", region="CA")
    assert (national(phone), e164(phone)) == ("418\u00a0555-0123", "+14185550123")


@pytest.mark.parametrize("nothing", [None, ""])
def test_no_phone_prints_nothing(nothing: str | None) -> None:
    assert (national(nothing), e164(nothing)) == ("", "")
