"""What a spreadsheet changes in the follow-up of merchants: read, told line by line, and only then written down."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from directory import follow_up
from directory.models import Merchant
from home import audit
from home.models import PortalSettings
from home.tenancy import current_site_id
from portal.chamber_desk.columns import ADVISER, KEY, NEXT_ACT, NEXT_ACT_ON, NOTE, WRITTEN, in_file
from portal.chamber_desk.follow_up_form import EARLIEST, LATEST
from portal.chamber_desk.models import PipelineRow
from portal.chamber_desk.spreadsheet_in import Formula, Line

ESCAPED = re.compile(r"'(?=[=+\-@\t\r\n＝＋－＠])")
"""The apostrophe that the export put before what a spreadsheet would compute."""
SALT = "achetons.follow_up_import"
GOOD_FOR = dt.timedelta(hours=2)
MOST_SEALED = 1_500_000


class Wrong(Exception):
    """A line cannot be taken; its text says why."""


class TooMuch(Exception):
    """More changes than one confirmation can carry."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one line changes. None: that stays as it is."""

    merchant_id: int
    name: str
    adviser: str | None = None
    next_act: str | None = None
    next_act_on: str | None = None
    note: str | None = None

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Heading and new value, of what changes."""
        told = ((WRITTEN[field], getattr(self, field)) for field in WRITTEN)
        return [(str(heading), value or _("rien")) for heading, value in told if value is not None]


@dataclass(frozen=True, slots=True)
class Report:
    changes: list[Change]
    unchanged: int
    wrong: list[tuple[int, str]]
    """Number of the line, and why it is refused."""


def read(found: list[Line]) -> Report:
    """What these lines would change, and those that cannot be taken. Nothing is written."""
    rows = _rows_of(found)
    people = {str(staff.user.email).lower(): staff.user_id for staff in follow_up.advisers()}
    changes: dict[int, Change] = {}
    wrong: list[tuple[int, str]] = []
    unchanged = 0
    for line in found:
        try:
            change = _change_of(line, rows, people, seen=frozenset(changes))
        except Wrong as error:
            wrong.append((line.number, str(error)))
            continue
        if change.facts:
            changes[change.merchant_id] = change
        else:
            unchanged += 1
    return Report([*changes.values()], unchanged, wrong)


def _rows_of(found: list[Line]) -> dict[int, PipelineRow]:
    keys = {key for line in found if (key := _key(line.cells.get(in_file(KEY)))) is not None}
    rows = PipelineRow.objects.filter(merchant__in=keys).select_related("adviser")
    return {row.pk: row for row in rows}


def _key(value: Any) -> int | None:
    """A primary key as a spreadsheet holds it: a number, or a text of digits."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value)
    is_key = not isinstance(value, bool | Formula) and text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if is_key else None


def _change_of(
    line: Line, rows: Mapping[int, PipelineRow], people: Mapping[str, int], *, seen: frozenset[int]
) -> Change:
    """Raises Wrong. A heading that is not in the file changes nothing; an empty cell under one empties it."""
    _refuse_formulas(line)
    key = _key(line.cells.get(in_file(KEY)))
    if key is None:
        raise Wrong(_("La clé manque, ou n’en est pas une\u00a0: gardez celle de l’export."))
    row = rows.get(key)
    if row is None:
        raise Wrong(_("Aucun commerce de ce portail n’a la clé %(key)s.") % {"key": key})
    if key in seen:
        raise Wrong(_("Ce commerce est déjà sur une autre ligne."))
    act, day = _next(line, row)
    return Change(key, row.name, _adviser(line, row, people), act, day, _note(line))


def _next(line: Line, row: PipelineRow) -> tuple[str | None, str | None]:
    """What comes next, and on which day. A day goes with its act: emptied, it takes the day along."""
    act, day = _next_act(line, row), _next_day(line, row)
    if row.next_act if act is None else act:
        return act, day
    if day:
        raise Wrong(_("Une date sans geste\u00a0: écrivez aussi ce qu’il y aura à faire."))
    return act, "" if row.next_act_on else None


def _refuse_formulas(line: Line) -> None:
    for heading, value in line.cells.items():
        if isinstance(value, Formula):
            told = {"heading": heading}
            raise Wrong(_("«\u00a0%(heading)s\u00a0» est une formule\u00a0: écrivez-y la valeur.") % told)


def _text(line: Line, heading: Any, longest: int) -> str | None:
    """As it was typed; None where the file has no such column."""
    if in_file(heading) not in line.cells:
        return None
    value = line.cells[in_file(heading)]
    text = "" if value is None else ESCAPED.sub("", str(value).replace("\x00", ""), count=1).strip()
    if len(text) > longest:
        told = {"heading": heading, "longest": longest}
        raise Wrong(_("«\u00a0%(heading)s\u00a0»\u00a0: %(longest)s caractères au plus.") % told)
    return text


def _adviser(line: Line, row: PipelineRow, people: Mapping[str, int]) -> str | None:
    email = _text(line, ADVISER, 254)
    kept = row.adviser.email.lower() if row.adviser else ""
    if email is None or email.lower() == kept:
        return None
    if email and email.lower() not in people:
        raise Wrong(
            _("«\u00a0%(email)s\u00a0» n’est le courriel de personne à la Chambre.") % {"email": email}
        )
    return email.lower()


def _next_act(line: Line, row: PipelineRow) -> str | None:
    act = _text(line, NEXT_ACT, follow_up.LONGEST_ACT)
    plain = None if act is None else " ".join(act.split())
    return None if plain == row.next_act else plain


def _next_day(line: Line, row: PipelineRow) -> str | None:
    """As ISO writes it; "" for no day."""
    if in_file(NEXT_ACT_ON) not in line.cells:
        return None
    day = _iso(_day(line.cells[in_file(NEXT_ACT_ON)]))
    return None if day == _iso(row.next_act_on) else day


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _day(value: Any) -> dt.date | None:
    """Raises Wrong for what is no date, or a date of another age."""
    if value in (None, ""):
        return None
    try:
        day = value.date() if isinstance(value, dt.datetime) else value
        day = parse_date(day.strip()) if isinstance(day, str) else day
    except ValueError:
        day = None
    if not isinstance(day, dt.date) or not EARLIEST <= day <= LATEST:
        raise Wrong(_("La date du geste ne se lit pas\u00a0: écrivez-la comme 2026-11-30."))
    return day


def _note(line: Line) -> str | None:
    return _text(line, NOTE, follow_up.LONGEST_NOTE) or None


# ------------------------------------------------------------------------------------------------ between the two acts


def seal(report: Report, *, by_id: int) -> str:
    """The changes as the confirmation carries them: nobody alters them, and they are this person's, in this portal.

    Raises TooMuch.
    """
    told = [[c.merchant_id, c.name, c.adviser, c.next_act, c.next_act_on, c.note] for c in report.changes]
    sealed = signing.dumps([current_site_id(), by_id, told], salt=SALT, compress=True)
    if len(sealed) > MOST_SEALED:
        raise TooMuch
    return sealed


def unseal(text: str, *, by_id: int) -> list[Change] | None:
    """None for a forged or stale one, and for what another person or another portal prepared."""
    try:
        site_id, person, told = signing.loads(text, salt=SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError):
        return None
    return [Change(*fields) for fields in told] if (site_id, person) == (current_site_id(), by_id) else None


@transaction.atomic
def write(changes: list[Change], *, by_id: int) -> int:
    """Every change is made, or none; returns how many merchants were found. Who is not followed any more is left."""
    people = {str(staff.user.email).lower(): staff.user_id for staff in follow_up.advisers()}
    merchants = Merchant.objects.filter(
        pk__in=[c.merchant_id for c in changes], suspended_at=None, removed_at=None
    )
    by_key = {merchant.pk: merchant for merchant in merchants}
    found = [
        change for change in sorted(changes, key=lambda c: c.merchant_id) if change.merchant_id in by_key
    ]
    for change in found:
        _write_one(by_key[change.merchant_id], change, people, by_id)
    about = PortalSettings.objects.get(site=current_site_id())
    audit.note("follow_up.imported", about, actor_id=by_id, after={"merchants": len(found)})
    return len(found)


def _write_one(merchant: Merchant, change: Change, people: Mapping[str, int], by_id: int) -> None:
    if change.adviser is not None and (not change.adviser or change.adviser in people):
        follow_up.assign(merchant, people.get(change.adviser), by_id=by_id)
    if change.next_act is not None or change.next_act_on is not None:
        kept = follow_up.of_merchant(merchant)
        act = kept.next_act if change.next_act is None else change.next_act
        on = kept.next_act_on if change.next_act_on is None else parse_date(change.next_act_on or "")
        follow_up.set_next_act(merchant, act, on=on, by_id=by_id)
    if change.note:
        follow_up.note(merchant, change.note, by_id=by_id)
