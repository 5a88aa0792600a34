"""A report of a period: exact where the coordinator let it out, else rounded by half-years.

Rounded tables are counted from the rows that are out, exact ones from every documentation and
interview that may be evaluated: a case that is still open belongs into them, though not into rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from core import periods
from core.people import SignedIn
from core.periods import Period, PeriodError
from core.settings import Settings
from exports.release import counting, period_releases
from exports.release.batches import rules_of
from exports.release.counting import Counting, Exact
from exports.speaking import LANGUAGES, say
from exports.tables import figures, report
from exports.tables.figures import Figure
from exports.tables.report import Report


def make(
    session: Session, who: SignedIn, period: Period, settings: Settings, today: date, language: str
) -> Report:
    """Return the report of a period; raise PeriodError for one that cannot be told safely."""
    periods.check(period, settings.programme, today)
    told = _Told(session, who, language)
    found, exact, out = told.of(period)
    before = told.before(period, settings.programme, today)
    found = report.with_target(found, period.months, settings.target, say(language))
    return Report(period, found, exact, before, out)


def preview(
    session: Session, who: SignedIn, period: Period, settings: Settings, language: str
) -> Exact:
    """Return the exact tables of a period, as they would go out."""
    return Counting(session, who, rules_of(settings)).exactly(period, language)


def release(
    session: Session, who: SignedIn, period: Period, reason: str, settings: Settings, today: date
) -> None:
    """Let the exact tables of a period out, once and for all; raise PeriodError.

    Who, when and why goes into the ledger; `reason` is sealed with the tables.
    """
    periods.check(period, settings.programme, today)
    if not reason.strip():
        raise PeriodError("Say why the exact tables go out: it stays in the ledger.")
    known = Counting(session, who, rules_of(settings))
    made = {name: known.exactly(period, name) for name in LANGUAGES}
    content = {
        "reason": reason.strip(),
        "tables": {name: figures.dump(one.figures) for name, one in made.items()},
        "hidden": made[LANGUAGES[0]].hidden,
    }
    period_releases.add(session, who, period, content, today)


def reportable(session: Session, settings: Settings, today: date) -> list[Period]:
    """Return the periods that `make` tells of: no part of one that went out as a whole."""
    out = [entry.of for entry in period_releases.every(session)]
    return [
        period
        for period in periods.runs(settings.programme, today)
        if all(period.covers(one) for one in out if one.overlaps(period))
    ]


def releasable(session: Session, settings: Settings, today: date) -> list[Period]:
    """Return the periods that `release` lets out: none of their months went out before."""
    out = [entry.of for entry in period_releases.every(session)]
    return [
        period
        for period in periods.runs(settings.programme, today)
        if not any(one.overlaps(period) for one in out)
    ]


def lines(found: Exact) -> Iterator[str]:
    """Yield tables as text; a count from 1 to 4 is marked."""
    for figure in found.figures:
        yield figure.title
        for group in figure.groups:
            for line in group.lines:
                mark = "  << below 5" if group.kind != "values" and figures.is_small(line) else ""
                yield f"  {group.title or figure.title} | {line.label}: {line.count:g}{mark}"
    if found.left_out:
        yield f"{found.left_out} wait for a row and are not counted: the tables would tell of them."
    if found.without:
        yield f"Not in the tables, as they would tell of few: {'; '.join(found.without)}."
    if found.alike:
        yield f"More than the share of a class says the same: {'; '.join(found.alike)}."
    yield f"{figures.small(found.figures)} counts are below 5."


@dataclass(frozen=True)
class _Told:
    """What may be told of a period."""

    session: Session
    who: SignedIn
    language: str

    def of(self, period: Period) -> tuple[tuple[Figure, ...], bool, tuple[str, ...]]:
        """Return its tables, whether they are exact, and what went out exactly, and when."""
        parts, out, rest = [], [], list(period.halves())
        for entry in period_releases.every(self.session):
            if not entry.of.overlaps(period):
                continue
            if not period.covers(entry.of):
                raise PeriodError(
                    f"{entry.period} went out exactly as a whole: a part of it would show the rest."
                )
            kept = period_releases.opened(self.who, entry)["tables"][self.language]
            parts.append(figures.load(kept))
            out.append(f"{entry.period} ({entry.released})")
            rest = [half for half in rest if not half.overlaps(entry.of)]
        for half in rest:
            counted = counting.of_rows(self.session, self.who, half, self.language)
            parts.append(figures.rounded(counted))
        return figures.added(parts), not rest, tuple(out)

    def before(self, period: Period, programme: Period, today: date) -> tuple[Figure, ...]:
        """Return the tables of as many months before it, none where that cannot be told."""
        before = period.before()
        try:
            periods.check(before, programme, today)
            return self.of(before)[0]
        except PeriodError:
            return ()
