"""Object ids that look like Stripe's."""

import os
import string

ALPHABET = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    """A fresh id such as `pi_3Qx…`; unguessable, never reused."""
    return prefix + "".join(ALPHABET[byte % len(ALPHABET)] for byte in os.urandom(length))
