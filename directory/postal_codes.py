"""Canadian postal codes as people type them."""

import re

POSTAL_CODE = re.compile(r"[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z][0-9][ABCEGHJ-NPRSTV-Z][0-9]")
POSTAL_SECTOR = re.compile(r"[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z]")
_BETWEEN = re.compile(r"[\s\-–.]")


def normal_postal_code(typed: str) -> str:
    """« g6v6c4 » → « G6V 6C4 ». Raises ValueError for what is no Canadian postal code."""
    bare = _bare(typed)
    if not POSTAL_CODE.fullmatch(bare):
        raise ValueError(typed)
    return f"{bare[:3]} {bare[3:]}"


def postal_sector(typed: str) -> str:
    """« g6v 6c4 » and « g6v » → « G6V ». Raises ValueError for what is neither a postal code nor its beginning."""
    bare = _bare(typed)
    if not POSTAL_SECTOR.fullmatch(bare) and not POSTAL_CODE.fullmatch(bare):
        raise ValueError(typed)
    return bare[:3]


def _bare(typed: str) -> str:
    return _BETWEEN.sub("", typed).upper()
