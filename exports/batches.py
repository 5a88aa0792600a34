"""From waiting responses to a frozen batch: anonymised records, or a closed wave summed up."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from secrets import SystemRandom

from sqlalchemy.orm import Session

from core import keyring, versions
from core.people import SignedIn
from exports import releases, waves
from exports.anonymise import Classes, Infeasible, anonymise, gcp
from exports.published import Coded, coded
from exports.releases import Batch, Opened
from exports.table import Category, Column, Table, build

RECORDS = ("referral", "case", "client")
WAVES = "municipality"
K = 5
PART = Column(
    name="part",
    label="Teil des Kreises",
    kind="select_one",
    role="quasi",
    categories=(
        Category("north", "Norden"),
        Category("south", "Süden"),
        Category(keyring.COUNTY, "ohne Angabe", missing=True),
    ),
)
_LANGUAGE = "de"


def release(session: Session, who: SignedIn, questionnaire: str, day: date) -> Batch | None:
    """Freeze the waiting responses of one version, if they are enough, else None."""
    opened = _one_version(releases.waiting(session, who, questionnaire))
    if len(opened) < releases.BATCH:
        return None
    grouped = _grouped(table_of(session, opened))
    if grouped is None or not grouped.classes:
        return None
    members = [opened[number].response for rows in grouped.classes for number in rows]
    version_id = opened[0].response.version_id
    return releases.freeze(session, who, version_id, members, _content(grouped), day)


@dataclass(frozen=True)
class _Grouped:
    """A table in classes, and the columns that had to stay out of it."""

    table: Table
    codes: Coded
    classes: Classes
    held_back: int
    withheld: tuple[str, ...]


def _grouped(table: Table, withheld: tuple[str, ...] = ()) -> _Grouped | None:
    """Return the classes of a table; None when not even one class of all rows may go out."""
    prepared = coded(table)
    try:
        grouping = anonymise(prepared.codes, prepared.sizes, K, prepared.sensitive)
    except Infeasible as error:
        if error.column is None:
            return None
        # One value dominates this column everywhere: no grouping can hide it, so it stays out.
        name = prepared.sensitive_names[error.column]
        return _grouped(without(table, name), (*withheld, name))
    return _Grouped(table, prepared, grouping.classes, len(grouping.held_back), withheld)


def _content(grouped: _Grouped) -> dict[str, object]:
    """Return what a batch keeps: released rows only, and how they came about."""
    codes, classes = grouped.codes, grouped.classes
    return {
        "columns": [column.name for column in grouped.table.columns],
        "rows": _rows(grouped.table, codes, classes),
        "withheld": grouped.withheld,
        "k": min(len(rows) for rows in classes),
        "classes": len(classes),
        "held_back": grouped.held_back,
        "loss": round(gcp(codes.codes, codes.sizes, classes), 3),
    }


def table_of(session: Session, opened: Sequence[Opened]) -> Table:
    """Return the table of opened responses of one version."""
    form = versions.form_of(session, opened[0].response.version_id)
    parts = [one.response.part for one in opened]
    # Interviews belong to no part: a column that says nothing is left out.
    extra = [(PART, parts)] if set(parts) != {keyring.COUNTY} else []
    return build(form, [one.answers for one in opened], _LANGUAGE, extra)


def without(table: Table, name: str) -> Table:
    """Return the table without one column."""
    keep = [place for place, column in enumerate(table.columns) if column.name != name]
    return Table(
        tuple(table.columns[place] for place in keep),
        tuple(tuple(row[place] for place in keep) for row in table.rows),
    )


def open_waves(session: Session, who: SignedIn) -> dict[str, list[Opened]]:
    """Return the interviews of every wave that is not closed, by wave.

    What comes in for a closed wave is never summed up: a second sum over nearly the same offices
    would give away the one that is new.
    """
    closed = {releases.content(who, batch)["wave"] for batch in releases.batches(session, WAVES)}
    found: dict[str, list[Opened]] = {}
    for one in releases.waiting(session, who, WAVES):
        found.setdefault(_answer(one.answers, "wave") or "1", []).append(one)
    return {wave: _one_version(heard) for wave, heard in found.items() if wave not in closed}


def offices(interviews: Sequence[Opened]) -> set[str]:
    """Return the distinct municipalities and offices that a wave has heard."""
    return {office for one in interviews if (office := _answer(one.answers, "office"))}


def close_wave(session: Session, who: SignedIn, wave: str, day: date) -> Batch | None:
    """Freeze what a wave may say; None while fewer than five municipalities were heard."""
    heard = open_waves(session, who).get(wave, [])
    heard = [one for one in heard if _answer(one.answers, "office")]
    heard.sort(key=lambda one: one.response.received)  # the latest speaks for its office
    if len(offices(heard)) < waves.MUNICIPALITIES:
        return None
    table = table_of(session, heard)
    names = [_answer(one.answers, "office") for one in heard]
    lines = waves.summary(
        table.columns, waves.Wave(wave, complete=True, municipalities=names, rows=table.rows)
    )
    content = {"wave": wave, "lines": [asdict(line) for line in lines]}
    members = [one.response for one in heard]
    return releases.freeze(session, who, heard[0].response.version_id, members, content, day)


def _one_version(opened: Sequence[Opened]) -> list[Opened]:
    """Keep the version most of them were filled in with: a batch has one set of columns."""
    if not opened:
        return []
    numbers = Counter(one.response.version_id for one in opened)
    version_id, _ = numbers.most_common(1)[0]
    return [one for one in opened if one.response.version_id == version_id]


def _rows(
    table: Table, prepared: Coded, classes: Sequence[Sequence[int]]
) -> list[list[str | list[str] | None]]:
    """Return released rows in shuffled order: a quasi-identifier as [lowest, highest] leaf."""
    quasi = [place for place, column in enumerate(table.columns) if column.role == "quasi"]
    rows: list[list[str | list[str] | None]] = []
    for numbers in classes:
        codes = prepared.codes[list(numbers)]
        ranges = {
            place: [entry.leaves[int(codes[:, at].min())], entry.leaves[int(codes[:, at].max())]]
            for at, (place, entry) in enumerate(zip(quasi, prepared.taxonomies, strict=True))
        }
        rows.extend(
            [ranges.get(place, cell) for place, cell in enumerate(table.rows[number])]
            for number in numbers
        )
    # The rows came in by their ids, which staff see in addresses: an order that could be worked out
    # would tie each row to one. It is drawn once, and frozen with the rows.
    SystemRandom().shuffle(rows)
    return rows


def _answer(answers: Mapping[str, str], name: str) -> str:
    return next((text for path, text in answers.items() if path.rpartition("/")[2] == name), "")
