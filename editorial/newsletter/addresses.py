"""One way to write an email address, so that the same mailbox is on the list once."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LONGEST = 254


def plain(email: str) -> str:
    """In small letters, its host as mail servers write it (« xn--… »). Raises ValueError for what is no address.

    The small letters are a choice: the standard lets « Marie@ » and « marie@ » be two mailboxes, and no provider does.
    """
    name, _at, host = email.strip().lower().rpartition("@")
    try:
        address = f"{name}@{host.encode('idna').decode('ascii')}"
        validate_email(address)
    except (ValidationError, UnicodeError) as no_address:
        raise ValueError("No email address") from no_address
    if len(address) > LONGEST or not address.isascii():
        raise ValueError("No email address")
    return address


def masked(address: str) -> str:
    """Enough for its owner to know it: « m…@exemple.test »."""
    name, _at, host = address.partition("@")
    return f"{name[:1]}…@{host}"
