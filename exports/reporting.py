"""A report of a period: exact where the coordinator let it out, else rounded by half-years.

Rounded tables are counted anew each time, from every documentation and interview that may be
evaluated: a case that is still open belongs into them, though not into the records.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import periods, records, versions
from core.people import SignedIn
from core.periods import Period, PeriodError
from core.records import Response
from core.settings import Settings
from exports import figures, offices, period_releases, releases, report
from exports.figures import Figure
from exports.report import Material, Report, Told
from exports.speaking import LANGUAGES, say
from exports.table import COUNTED, Column, Value, build
from intake import documenting
from intake.cases import Case, CaseResponse
from intake.referrals import WITHDRAWN

INTERVIEWS = "client"
Answers = tuple[Response, Mapping[str, str]]


def make(
    session: Session, who: SignedIn, period: Period, settings: Settings, today: date, language: str
) -> Report:
    """Return the report of a period; raise PeriodError for one that cannot be told safely."""
    periods.check(period, settings.programme, today)
    counting = _Counting(session, who, language)
    found, exact, out = _told(counting, period)
    before = _before(counting, period, settings.programme, today)
    found = report.with_target(found, period.months, settings.target, say(language))
    return Report(period, found, exact, before, out)


def preview(session: Session, who: SignedIn, period: Period, language: str) -> tuple[Figure, ...]:
    """Return the exact tables of a period, as they would go out."""
    return _Counting(session, who, language).exactly(period)


def release(
    session: Session, who: SignedIn, period: Period, reason: str, settings: Settings, today: date
) -> None:
    """Let the exact tables of a period out, once and for all; raise PeriodError.

    Who, when and why goes into the ledger; `reason` is sealed with the tables.
    """
    periods.check(period, settings.programme, today)
    if not reason.strip():
        raise PeriodError("Say why the exact tables go out: it stays in the ledger.")
    tables = {name: figures.dump(preview(session, who, period, name)) for name in LANGUAGES}
    period_releases.add(session, who, period, {"reason": reason.strip(), "tables": tables}, today)


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


def lines(found: Sequence[Figure]) -> Iterator[str]:
    """Yield tables as text; a count from 1 to 4 is marked."""
    for figure in found:
        yield figure.title
        for group in figure.groups:
            for line in group.lines:
                mark = "  << below 5" if group.kind != "values" and figures.is_small(line) else ""
                yield f"  {group.title or figure.title} | {line.label}: {line.count:g}{mark}"
    yield f"{figures.small(found)} counts are below 5."


def _told(
    counting: "_Counting", period: Period
) -> tuple[tuple[Figure, ...], bool, tuple[str, ...]]:
    parts, out, rest = [], [], list(period.halves())
    for entry in period_releases.every(counting.session):
        if not entry.of.overlaps(period):
            continue
        if not period.covers(entry.of):
            raise PeriodError(
                f"{entry.period} went out exactly as a whole: a part of it would show the rest."
            )
        kept = period_releases.opened(counting.who, entry)["tables"][counting.language]
        parts.append(figures.load(kept))
        out.append(f"{entry.period} ({entry.released})")
        rest = [half for half in rest if not half.overlaps(entry.of)]
    parts += [figures.rounded(counting.exactly(half)) for half in rest]
    return figures.added(parts), not rest, tuple(out)


def _before(
    counting: "_Counting", period: Period, programme: Period, today: date
) -> tuple[Figure, ...]:
    before = period.before()
    try:
        periods.check(before, programme, today)
        return _told(counting, before)[0]
    except PeriodError:
        return ()


class _Counting:
    """What may be evaluated, opened once for as many tables as are asked for."""

    def __init__(self, session: Session, who: SignedIn, language: str) -> None:
        self.session, self.who, self.language = session, who, language
        begun = _begun(session)
        self._cases = [
            (begun.get(response.id, response.received), response, answers)
            for response, answers in self._open(documenting.QUESTIONNAIRE, self._documented)
        ]
        self._interviews = [
            (response.received, response, answers)
            for response, answers in self._open(INTERVIEWS, self._agreed)
        ]

    def exactly(self, period: Period) -> tuple[Figure, ...]:
        """Return the tables of a period as they are."""
        material = Material(
            cases=self._of_period(self._cases, period),
            interviews=self._of_period(self._interviews, period),
            waited=_waited(self.session, period),
        )
        found = report.figures(material, say(self.language))
        return (*found, *offices.figures(self.session, self.who, period, say(self.language)))

    def _open(
        self, questionnaire: str, may: Callable[[Response, Mapping[str, str]], bool]
    ) -> Iterable[Answers]:
        for response in records.responses(self.session, questionnaire):
            if response.answers:
                answers = records.open_answers(self.session, response, self.who.keys)
                if may(response, answers):
                    yield response, answers

    def _documented(self, response: Response, _answers: Mapping[str, str]) -> bool:
        return documenting.agreed(self.session, self.who, response)

    def _agreed(self, response: Response, answers: Mapping[str, str]) -> bool:
        return releases.agreed(self.session, releases.Opened(response, answers))

    def _of_period(
        self, found: Iterable[tuple[date, Response, Mapping[str, str]]], period: Period
    ) -> Told:
        by_version: dict[int, list[Mapping[str, str]]] = {}
        for day, response, answers in found:
            if day in period:
                by_version.setdefault(response.version_id, []).append(answers)
        columns: dict[str, Column] = {}
        rows: list[Mapping[str, Value]] = []
        for version_id, answers_ in sorted(by_version.items()):  # the latest wording is shown
            form = versions.form_of(self.session, version_id)
            table = build(form, answers_, self.language, roles=COUNTED)
            names = [column.name for column in table.columns]
            columns |= dict(zip(names, table.columns, strict=True))
            rows += [dict(zip(names, row, strict=True)) for row in table.rows]
        return Told(columns, rows)


def _begun(session: Session) -> dict[str, date]:
    """Return the day on which the case of each response began: that of its first one."""
    first = (
        select(CaseResponse.case_id, func.min(Response.received).label("day"))
        .join(Response, Response.id == CaseResponse.response_id)
        .group_by(CaseResponse.case_id)
        .subquery()
    )
    query = select(CaseResponse.response_id, first.c.day)
    query = query.join(first, first.c.case_id == CaseResponse.case_id)
    return dict(session.execute(query).all())


def _waited(session: Session, period: Period) -> list[int]:
    """Return the days from the first referral of each case until somebody took it up."""
    begun = _begun(session)
    query = select(Case.opened, CaseResponse.response_id).where(Case.status != WITHDRAWN)
    # A case has the number of its first referral.
    query = query.join(CaseResponse, CaseResponse.response_id == Case.id)
    taken = session.execute(query)
    return [(day - begun[number]).days for day, number in taken if begun[number] in period]
