"""From answers to what tables are counted from, whatever version they were filled in with."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from core import versions
from core.records import Response
from exports.anonymise.differences import NOTHING, common
from exports.anonymise.differences import told as told_by
from exports.anonymise.rules import Rules
from exports.anonymise.table import COUNTED, Column, Value, build
from exports.speaking import LANGUAGES, say
from exports.tables import figures, report
from exports.tables.figures import Figure
from exports.tables.told import NOBODY, Material, Told
from intake import documenting

CASES, INTERVIEWS = documenting.QUESTIONNAIRE, "client"
COUNTED_IN = (CASES, INTERVIEWS)
Answered = tuple[Response, Mapping[str, str]]


def told(session: Session, answered: Iterable[Answered], language: str) -> dict[str, Told]:
    """Return the variables and codes of each response, by its id."""
    by_version: dict[int, list[Answered]] = {}
    for response, answers in answered:
        by_version.setdefault(response.version_id, []).append((response, answers))
    found = {}
    for version_id, some in sorted(by_version.items()):
        form = versions.form_of(session, version_id)
        table = build(form, [answers for _, answers in some], language, roles=COUNTED)
        columns = {column.name: column for column in table.columns}
        for (response, _), row in zip(some, table.rows, strict=True):
            found[response.id] = Told(columns, [dict(zip(columns, row, strict=True))])
    return found


def together(parts: Iterable[Told], without: Collection[str] = ()) -> Told:
    """Return all of them as one, without the questions of some columns."""
    columns: dict[str, Column] = {}
    rows: list[Mapping[str, Value]] = []
    for part in parts:  # the latest wording is shown
        columns |= part.columns
        rows += part.rows
    gone = {columns[name].path for name in without if name in columns}
    kept = {name: column for name, column in columns.items() if column.path not in gone}
    return Told(kept, [{name: row[name] for name in kept.keys() & row.keys()} for row in rows])


def labels(parts: Iterable[Told], names: Sequence[str]) -> list[str]:
    """Return what these columns are called."""
    columns = together(parts).columns
    return [columns[name].label for name in names]


def alike(parts: Iterable[Told], share: float) -> list[str]:
    """Return the columns, counted only, in which most of all say the same."""
    one = together(parts)
    counts = {
        name: Counter(told_by(column, row.get(name) or NOTHING) for row in one.rows)
        for name, column in one.columns.items()
        if column.role == "table"
    }
    return [name for name, some in counts.items() if common(some, share)]


def of_batch(
    session: Session,
    questionnaire: str,
    answered: Sequence[Answered],
    without: Sequence[str],
    rules: Rules,
) -> dict[str, list[dict[str, object]]]:
    """Return the tables of those who go out in a batch, in each language, as data to keep."""
    found = {}
    for language in LANGUAGES:
        parts = told(session, answered, language).values()
        found[language] = figures.dump(tables(questionnaire, parts, without, rules, language))
    return found


def tables(
    questionnaire: str,
    parts: Iterable[Told],
    without: Collection[str],
    rules: Rules,
    language: str,
) -> tuple[Figure, ...]:
    """Return the tables of some responses to a questionnaire, without some columns."""
    one = together(parts, without)
    cases, interviews = (one, NOBODY) if questionnaire == CASES else (NOBODY, one)
    return report.figures(Material(cases, interviews, (), rules), say(language))


def added(parts: Iterable[Iterable[Figure]]) -> tuple[Figure, ...]:
    """Return the sum of the tables of several batches, in the order of the report."""
    return report.in_order(figures.added([tuple(part) for part in parts]))
