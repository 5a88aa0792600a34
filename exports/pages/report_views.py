"""The evaluators' reports: choosing a period, its tables on a page, and the same as files."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, Response, render_template, request
from flask_babel import format_date, format_decimal, ngettext
from flask_babel import gettext as _
from wtforms import SelectField

from core import audit, periods
from core.periods import Period, PeriodError
from core.web.access import requires, signed_in
from core.web.forms import StaffForm
from core.web.locale import language
from core.web.services import db, forget_changes, settings, today
from exports.formats import report_workbook, slides
from exports.release import period_releases, reporting
from exports.release.period_releases import PeriodRelease
from exports.speaking import say
from exports.tables import figures
from exports.tables.figures import Figure, Group, Line
from exports.tables.report import Report

pages = Blueprint("reports", __name__, url_prefix="/reports")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
FORMATS = {"xlsx": (report_workbook.render, XLSX), "pptx": (slides.render, PPTX)}
Before = Mapping[tuple[str, str, str], float]


class PeriodForm(StaffForm):
    """Which period to look at."""

    period = SelectField()

    def offer(self, possible: Sequence[Period]) -> "PeriodForm":
        """Let one of these be chosen."""
        self.period.choices = {
            title: [(str(one), words(one)) for one in some] for title, some in by_length(possible)
        }
        return self


@dataclass(frozen=True)
class Row:
    """A line of a table: its share, the length of its bar, and how many there were before."""

    line: Line
    percent: int | None
    bar: int | None
    before: float | None
    is_small: bool

    @property
    def change(self) -> float | None:
        """How many more there are now."""
        return None if self.before is None else self.line.count - self.before


@dataclass(frozen=True)
class Table:
    """One group of a figure, as a table."""

    figure: Figure
    group: Group
    rows: tuple[Row, ...]

    @property
    def says_more(self) -> bool:
        """Whether its title says more than the heading above it."""
        return self.group.title not in {"", self.figure.title}

    @property
    def has_shares(self) -> bool:
        """Whether its lines are parts of something."""
        return self.group.kind in {"shares", "several"}

    @property
    def has_answers(self) -> bool:
        """Whether people gave these answers; the women of a target are part of a plan."""
        return self.has_shares and self.figure.key != "target"

    @property
    def has_before(self) -> bool:
        """Whether something is known of the period before."""
        return any(row.before is not None for row in self.rows)

    @property
    def few(self) -> tuple[str, ...]:
        """Which of the two numbers above the table only few people stand behind."""
        told = {"base": self.group.base, "missing": self.group.missing}
        return tuple(
            name for name, count in told.items() if self.has_answers and figures.is_few(count)
        )

    @property
    def small(self) -> int:
        """How many of its counts only few people stand behind."""
        return sum(row.is_small for row in self.rows) + len(self.few)


@pages.get("/")
@requires("results")
def choose() -> str:
    """Offer the periods that a report can be made of."""
    return _choice()


@pages.get("/show")
@requires("results")
def show() -> str:
    """Show all tables of a period."""
    written = request.args.get("period", "")
    if not written:
        return _choice()
    report = _made(written)
    before = report.period.before()
    return render_template(
        "exports/report.html",
        report=report,
        period=words(report.period),
        tables=tables(report.figures, figures.count_of(report.before)),
        out=[(words(entry.of), entry.released) for entry in _out(report.period)],
        before=words(before) if report.before else "",
        before_exact=bool(report.before) and _is_out(before),
        number=number,
        change=change,
    )


@pages.post("/file")
@requires("results")
def file() -> Response:
    """Hand out the report of a period as a workbook, or as slides."""
    render, kind = FORMATS[(ending := "pptx" if request.form.get("go") == "pptx" else "xlsx")]
    report = _made(request.form.get("period", ""))
    content = render(report, say(language().tag))
    audit.note(db(), signed_in().person.id, "exported", f"report:{report.period}")
    name = f"zugang-{str(report.period).replace('..', '-')}.{ending}"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=kind, headers=disposition)


@pages.errorhandler(PeriodError)
def refuse(_error: PeriodError) -> tuple[str, int]:
    """Say which periods there are, instead of the one that was asked for."""
    forget_changes()
    return _choice(refused=True), 400


def tables(found: Sequence[Figure], before: Before) -> list[tuple[Figure, list[Table]]]:
    """Return the tables of each figure; `before` are the counts of the period before."""
    return [
        (figure, [_table(figure, group, before) for group in figure.groups]) for figure in found
    ]


def words(period: Period) -> str:
    """Return a period as people say it: June 2019 to December 2019."""
    first, last = (format_date(day, "MMMM yyyy") for day in (period.begins, period.ends))
    if first == last:
        return str(first)
    return str(_("%(first)s bis %(last)s", first=first, last=last))


def by_length(possible: Sequence[Period]) -> Iterator[tuple[str, list[Period]]]:
    """Yield the periods of as many half-years each, under a title."""
    for length, some in groupby(possible, key=lambda period: len(list(period.halves()))):
        yield ngettext("%(num)s Halbjahr", "%(num)s Halbjahre", length), list(some)


def number(count: float) -> str:
    """Return a count or a value as the language of the page writes it."""
    return str(format_decimal(count))


def change(count: float) -> str:
    """Return a difference with its sign."""
    return str(format_decimal(count, "+#,##0.##;−#,##0.##")) if count else "±0"


def _made(written: str) -> Report:
    asked = periods.read(written)
    return reporting.make(db(), signed_in(), asked, settings(), today(), language().tag)


def _choice(*, refused: bool = False) -> str:
    possible = reporting.reportable(db(), settings(), today())
    form = PeriodForm(period=str(possible[-1]) if possible else "").offer(possible)
    return render_template("exports/reports.html", form=form, possible=possible, refused=refused)


def _out(period: Period) -> list[PeriodRelease]:
    return [entry for entry in period_releases.every(db()) if entry.of.overlaps(period)]


def _is_out(period: Period) -> bool:
    out = _out(period)
    return all(any(entry.of.covers(half) for entry in out) for half in period.halves())


def _table(figure: Figure, group: Group, before: Before) -> Table:
    longest = max((line.count for line in group.lines), default=0)
    drawn = bool(group.base) and len(group.lines) > 1
    rows = tuple(
        Row(
            line,
            percent,
            round(100 * line.count / longest) if drawn and line.count else None,
            before.get((figure.key, group.key, line.key)),
            group.kind != "values" and figures.is_small(line),
        )
        for line, percent in zip(group.lines, group.percents, strict=True)
    )
    return Table(figure, group, rows)
