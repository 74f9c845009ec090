"""A file's lines, a batch at a time. Merchants, pages, report and how far it got stand together, or not at all.

On trial the same is done and taken back, and the report stays.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _

from directory.enums import Finding, ImportStatus
from directory.importing.deciding import Decision, Outcome, settle
from directory.importing.portal_state import PortalState, portal_state, reader_of
from directory.importing.refusals import FileRefused
from directory.importing.rows import DirectoryFile, Row
from directory.importing.writing import create, keep_origins, standings, update
from directory.models import ImportLine, ImportRun

BATCH = 250
MOST_ROWS = 50_000
"""A town's directory has a few thousand."""
LONGEST_REASON = 300

Say = Callable[[ImportRun], None]


class ChangedMeanwhile(RuntimeError):
    """A merchant that was there when the run began is gone: the run takes it up again from where it stopped."""


class Carrier:
    """One run over its file, from the line where it stopped. Raises FileRefused before anything is written."""

    def __init__(self, run: ImportRun, file: DirectoryFile, say: Say) -> None:
        self.run, self.file, self.say = run, file, say
        self.is_trial = run.status == ImportStatus.CHECKING
        self.reader = reader_of(run.source)
        self.keys: set[str] = set()
        self.done: dict[str, int] = {}
        if self.is_trial:
            self._begin_again()
        total = self._read_ahead()
        run.rows_total, run.told = total, file.told[:120]
        run.save(update_fields=["rows_total", "rows_done", "counts", "told", "touched_at"])
        self.state: PortalState = portal_state(run, self.reader, self.keys, self.done)

    def _read_ahead(self) -> int:
        """How many lines there are. Their keys are known afterwards, those dealt with already among them."""
        total = 0
        for row in self.file.rows():
            total += 1
            if total > MOST_ROWS:
                raise FileRefused(
                    _(
                        "Ce fichier compte plus de %(most)s lignes\u00a0: n’en gardez que les commerces de la ville, "
                        "ou donnez-le en plusieurs morceaux."
                    )
                    % {"most": f"{MOST_ROWS:,}".replace(",", "\u00a0")}
                )
            key = self.reader.key(row)
            self.keys.add(key)
            if total <= self.run.rows_done:
                self.done.setdefault(key, row.line)
        if not total:
            raise FileRefused(_("Ce fichier n’a aucune ligne sous ses titres."))
        return total

    def _begin_again(self) -> None:
        """A trial leaves nothing to go on from."""
        self.run.lines.all().delete()
        self.run.rows_done, self.run.counts = 0, {}

    def carry(self) -> None:
        """Every line is dealt with afterwards. ``say`` is told after each batch."""
        rows = islice(self.file.rows(), self.run.rows_done, None)
        while batch := list(islice(rows, BATCH)):
            with transaction.atomic():
                self._carry(batch)
            self.say(self.run)
        with transaction.atomic():
            self._tell_who_is_gone()

    def _carry(self, batch: Sequence[Row]) -> None:
        decisions = self.state.deciding.first_look(batch)
        self._settle(decisions)
        with transaction.atomic():
            self._write(decisions)
            transaction.set_rollback(self.is_trial)
        if self.is_trial:
            _forget_keys(decisions)
        self._tell(decisions)

    def _settle(self, decisions: Sequence[Decision]) -> None:
        open_ones = [row for row in decisions if row.outcome in {Outcome.UPDATED, Outcome.LINKED}]
        found = standings(row.known.pk for row in open_ones if row.known and row.known.pk)
        for decision in open_ones:
            assert decision.known is not None
            standing = found.get(decision.known.pk or 0)
            if standing is None:
                raise ChangedMeanwhile(decision.known.pk)
            settle(decision, standing, self.run.source_id)

    def _write(self, decisions: Sequence[Decision]) -> None:
        state = self.state
        create(decisions, self.run, state.home, state.slugs, state.names)
        update(decisions)
        keep_origins(decisions, self.run)

    def _tell(self, decisions: Sequence[Decision]) -> None:
        ImportLine.objects.bulk_create(line for decision in decisions for line in self._lines(decision))
        counts = Counter(self.run.counts)
        for decision in decisions:
            counts[decision.outcome.value] += 1
            findings = {remark.finding for remark in decision.remarks}
            counts.update(f"with_{finding}" for finding in findings & {Finding.WARNING, Finding.NOTE})
        self.run.counts = dict(counts)
        self.run.rows_done += len(decisions)
        self.run.save(update_fields=["counts", "rows_done", "touched_at"])

    def _lines(self, decision: Decision) -> Iterator[ImportLine]:
        known = decision.known
        for remark in decision.remarks:
            yield ImportLine(
                run=self.run,
                line=decision.row.line,
                finding=remark.finding,
                ref=decision.row.ref,
                name=" ".join(decision.name.split())[:120],
                reason=remark.reason[:LONGEST_REASON],
                merchant_id=known.pk if known and not known.line else None,
            )

    def _tell_who_is_gone(self) -> None:
        gone = sorted(self.state.deciding.gone(), key=lambda origin: origin.known.name)
        reason = _("N’est plus dans le fichier\u00a0: la fiche reste; retirez-la si le commerce est fermé.")
        ImportLine.objects.bulk_create(
            ImportLine(
                run=self.run, finding=Finding.GONE, name=origin.known.name[:120], reason=reason,
                merchant_id=origin.known.pk,
            )
            for origin in gone
        )  # fmt: skip
        if gone:
            self.run.counts = {**self.run.counts, "gone": len(gone)}
            self.run.save(update_fields=["counts", "touched_at"])


def _forget_keys(decisions: Sequence[Decision]) -> None:
    """Of rows that were written on trial and are no more."""
    for decision in decisions:
        if decision.outcome == Outcome.CREATED and decision.known is not None:
            decision.known.pk = None
        if decision.outcome in NEW_ORIGINS and decision.origin is not None and decision.entry is not None:
            decision.origin.pk = decision.origin.pk if decision.origin.digest else None


NEW_ORIGINS = {Outcome.CREATED, Outcome.LINKED, Outcome.CLAIMED, Outcome.REMOVED}
