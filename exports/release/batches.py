"""From waiting responses to a frozen batch: anonymised records, or a closed wave summed up."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from secrets import SystemRandom

from sqlalchemy.orm import Session

from core import keyring, versions
from core.people import SignedIn
from core.records import Response
from core.settings import Settings
from exports.anonymise.grouping import Classes, Infeasible, anonymise, gcp
from exports.anonymise.leaves import Declaration
from exports.anonymise.rules import DEFAULT, Rules
from exports.anonymise.table import Category, Column, Table, build
from exports.release import declaring, material, releases, units
from exports.release.published import NOTHING, Coded, coded
from exports.release.releases import Batch, Opened
from exports.tables import waves

RECORDS = ("referral", "case", "client")
WAVES = "municipality"
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


def rules_of(settings: Settings) -> Rules:
    """Return the rules of this deployment."""
    return Rules(settings.k, settings.share_percent / 100, settings.weights, settings.programme)


@dataclass(frozen=True)
class Grouped:
    """A table in classes, and the columns that had to stay out of it."""

    table: Table
    codes: Coded
    classes: Classes
    held_back: int
    withheld: tuple[str, ...]

    @property
    def loss(self) -> float:
        """What the ranges of its classes lose, 0 to 1."""
        return round(gcp(self.codes.codes, self.codes.sizes, self.classes), 3)


@dataclass(frozen=True)
class Plan:
    """What would go out as one batch; the responses and their answers, row by row.

    `of` says in which half-year all of them began, or which exact tables counted them before.
    """

    version_id: int
    opened: tuple[Opened, ...]
    grouped: Grouped
    of: Mapping[str, object]

    @property
    def members(self) -> tuple[Response, ...]:
        """The responses, row by row."""
        return tuple(one.response for one in self.opened)


def release(
    session: Session, who: SignedIn, questionnaire: str, day: date, rules: Rules = DEFAULT
) -> Batch | None:
    """Freeze the waiting responses of one version, if they are enough, else None.

    Raises TaxonomyError as `plan` does: then nothing is frozen.
    """
    planned = plan(session, who, questionnaire, day, rules)
    return freeze(session, who, planned, day, rules) if planned else None


def freeze(session: Session, who: SignedIn, planned: Plan, day: date, rules: Rules) -> Batch:
    """Enter what was planned into the ledger."""
    questionnaire = versions.version_of(session, planned.version_id).questionnaire
    out = [planned.opened[number] for rows in planned.grouped.classes for number in rows]
    content = _content(planned, rules)
    if questionnaire in material.COUNTED_IN:
        content |= _tables(session, questionnaire, out, planned, rules)
    members = [one.response for one in out]
    return releases.freeze(session, who, planned.version_id, members, content, day)


def plan(
    session: Session, who: SignedIn, questionnaire: str, day: date, rules: Rules = DEFAULT
) -> Plan | None:
    """Return what would go out next, None if nothing would; raise TaxonomyError as `plans` does."""
    return next(plans(session, who, questionnaire, day, rules), None)


def plans(
    session: Session, who: SignedIn, questionnaire: str, day: date, rules: Rules = DEFAULT
) -> Iterator[Plan]:
    """Yield what would go out on a day, none while too few wait or no class is possible.

    Raises TaxonomyError if a declared taxonomy has no leaf for a choice that the version offers,
    or for a number that was given: to take another one instead would change what a range means.
    """
    waiting = releases.waiting(session, who, questionnaire, day)
    for some in units.together(session, who, questionnaire, waiting, rules.programme):
        if len(some.opened) < releases.BATCH:
            return
        table = table_of(session, some.opened)
        declared = declaring.counting(session, questionnaire, table.of_role("quasi"))
        grouped = group(table, rules, declared)
        if grouped is None:
            continue
        going = some.told(grouped.table, {row for rows in grouped.classes for row in rows})
        if some.leaves_few(going, rules.k, rules.share):
            continue
        # a number must not say which rows came first
        drawn = SystemRandom().sample(grouped.classes, len(grouped.classes))
        grouped = replace(grouped, classes=tuple(drawn))
        of = {"half": some.half, "counted": some.period, "values": going}
        yield Plan(some.opened[0].response.version_id, tuple(some.opened), grouped, of)


def group(
    table: Table,
    rules: Rules = DEFAULT,
    declared: Mapping[str, Declaration] = NOTHING,
    withheld: tuple[str, ...] = (),
) -> Grouped | None:
    """Return the classes of a table; None when not even one class of all rows may go out."""
    codes = coded(table, declared)
    weights = [rules.weights.get(entry.name, 1.0) for entry in codes.taxonomies]
    try:
        found = anonymise(codes.codes, codes.sizes, rules.k, codes.sensitive, rules.share, weights)
    except Infeasible as error:
        if error.column is None:
            return None
        # One value dominates this column everywhere: no grouping can hide it, so it stays out.
        name = codes.sensitive_names[error.column]
        return group(without(table, name), rules, declared, (*withheld, name))
    if not found.classes:
        return None
    return Grouped(table, codes, found.classes, len(found.held_back), withheld)


def _content(planned: Plan, rules: Rules) -> dict[str, object]:
    """Return what a batch keeps: released rows only, their classes, and how they came about.

    Its taxonomies are those that counted: without them a range would mean what is declared later.
    """
    grouped = planned.grouped
    classes, rows = _rows(grouped)
    return {
        "columns": [column.name for column in grouped.table.columns],
        "rows": rows,
        "classes": classes,
        "members": [[planned.members[row].id for row in members] for members in grouped.classes],
        "taxonomies": {name: how.stored() for name, how in grouped.codes.declared.items()},
        "withheld": grouped.withheld,
        "k": rules.k,
        "share": rules.share,
        "held_back": grouped.held_back,
        "loss": grouped.loss,
    }


def _tables(
    session: Session, questionnaire: str, out: Sequence[Opened], planned: Plan, rules: Rules
) -> dict[str, object]:
    """Return the tables of those who go out, to be added up with those of other batches.

    What stays out of the rows stays out of them, and what is only counted if most say the same.
    """
    answered = [(one.response, one.answers) for one in out]
    parts = material.told(session, answered, _LANGUAGE).values()
    untold = material.alike(parts, rules.share)
    without = (*planned.grouped.withheld, *untold)
    tables = material.of_batch(session, questionnaire, answered, without, rules)
    return {**planned.of, "untold": untold, "tables": tables}


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
    for one in releases.waiting(session, who, WAVES, date.max):
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


def _rows(grouped: Grouped) -> tuple[list[int], list[list[str | list[str] | None]]]:
    """Return the class of each released row, and the rows, in an order that is drawn.

    A quasi-identifier is the [lowest, highest] leaf of its class. The rows came in by their ids,
    which staff see in addresses: an order that could be worked out would tie each row to one. So
    it is drawn once, and frozen with the rows.
    """
    table, codes = grouped.table, grouped.codes
    quasi = [place for place, column in enumerate(table.columns) if column.role == "quasi"]
    found: list[tuple[int, list[str | list[str] | None]]] = []
    for number, members in enumerate(grouped.classes):
        inside = codes.codes[list(members)]
        ranges = {
            place: [entry.leaves[int(inside[:, at].min())], entry.leaves[int(inside[:, at].max())]]
            for at, (place, entry) in enumerate(zip(quasi, codes.taxonomies, strict=True))
        }
        found.extend(
            (number, [ranges.get(place, cell) for place, cell in enumerate(table.rows[row])])
            for row in members
        )
    SystemRandom().shuffle(found)
    return [number for number, _ in found], [row for _, row in found]


def _answer(answers: Mapping[str, str], name: str) -> str:
    return next((text for path, text in answers.items() if path.rpartition("/")[2] == name), "")
