"""Stripe's search, as far as callers here need it: `email:'a@b.ca' AND metadata['merchant']:'7'`."""

import re

from shop.sandbox.errors import Json, invalid, not_simulated
from shop.sandbox.objects import limit_of, present
from shop.sandbox.store import Query
from shop.sandbox.world import Call

CLAUSE = re.compile(r"""\s*(?:(\w+)|metadata\[(['"])([\w.-]+)\2\])\s*:\s*(['"])((?:(?!\4)[^\\])*)\4\s*""")
JOIN = re.compile(r"\s+AND\s+", re.IGNORECASE)


def search(call: Call, kind: str, url: str, fields: tuple[str, ...]) -> Json:
    """What matches every clause, newest first, and at once: Stripe may be a minute late.

    Raises Refusal for a query that is none, or outside `fields`.
    """
    if "page" in call.params:
        raise not_simulated("the second page of a search", param="page")
    where = _clauses(call.params["query"], fields)
    limit = limit_of(call.params)
    found = call.store.find(Query(kind, call.account, where | {"_is_deleted": False}, limit=limit + 1))
    return {
        "object": "search_result", "data": [present(call, each) for each in found[:limit]],
        "has_more": len(found) > limit, "next_page": None, "url": url,
    }  # fmt: skip


def _clauses(query: str, fields: tuple[str, ...]) -> dict[str, str]:
    where: dict[str, str] = {}
    for part in JOIN.split(query):
        match = CLAUSE.fullmatch(part)
        if match is None or (match[1] and match[1] not in fields):
            raise invalid(
                f"We were unable to parse your search query: {query[:100]}. Known fields: "
                f"{', '.join(fields)}, metadata.",
                param="query",
            )
        where[match[1] or f'metadata."{match[3]}"'] = match[5]
    return where
