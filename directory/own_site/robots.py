"""What a site lets robots read (RFC 9309): of the rules for us, else for all, the longest that fits decides.

The standard library's reader takes the first that fits and knows no « * »; a site that forbids « /* » means all of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

NAME = "achetons"
MOST_CHARACTERS = 512 * 1024
MOST_RULES = 5000
MOST_STARS = 20


@dataclass(frozen=True, slots=True)
class Rule:
    allows: bool
    path: str


@dataclass(slots=True)
class Robots:
    """The rules that are ours; none allow everything."""

    rules: list[Rule] = field(default_factory=list)

    def allow(self, target: str) -> bool:
        """``target``: path and query. Of two rules as long as each other the one that allows wins."""
        if target == "/robots.txt":
            return True
        wanted = _same(target)
        fitting = [(len(rule.path), rule.allows) for rule in self.rules if _fits(rule.path, wanted)]
        return max(fitting)[1] if fitting else True


def parse(text: str) -> Robots:
    """Lines that make no sense are skipped, whatever the file is."""
    ours: list[Rule] = []
    everybodys: list[Rule] = []
    names: set[str] = set()
    is_ours = False
    in_rules = False
    for word, value in _lines(text):
        if word == "user-agent":
            names, in_rules = (set() if in_rules else names), False
            names.add(value.lower().split("/")[0].strip())
            is_ours = is_ours or value.lower().split("/")[0].strip() == NAME
        elif word in {"allow", "disallow"} and names:
            in_rules = True
            rule = Rule(word == "allow", _same(value))
            if not value or value.count("*") > MOST_STARS:
                continue
            if NAME in names:
                ours.append(rule)
            elif "*" in names:
                everybodys.append(rule)
    return Robots((ours if is_ours else everybodys)[:MOST_RULES])


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text[:MOST_CHARACTERS].removeprefix("\ufeff").splitlines():
        word, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield word.strip().lower(), value.strip()


def _same(target: str) -> str:
    """One spelling for « é », « %C3%A9 » and « %c3%a9 »."""
    return quote(unquote(target, errors="replace"), safe="/%:@!$&'()*+,;=-._~?#[]")


def _fits(pattern: str, target: str) -> bool:
    """From the start; « * » is anything, « $ » at the end is the end. Linear, whatever the pattern."""
    is_whole = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not target.startswith(first):
        return False
    at = len(first)
    for piece in others[:-1]:
        found = target.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    if not others:
        return not is_whole or target == first
    if is_whole:
        return target.endswith(others[-1]) and len(target) - len(others[-1]) >= at
    return target.find(others[-1], at) >= 0
