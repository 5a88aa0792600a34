"""Putting a workbook together from frozen batches: the sheets, and what the gate may let pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy.orm import Session

from core import versions
from core.people import SignedIn
from exports import codebook, gate, waves
from exports import workbook as xlsx
from exports.batches import PART, RECORDS, WAVES
from exports.gate import Allowed
from exports.published import allowed
from exports.releases import BATCH, Batch, batches, content, count
from exports.standing import Standing, standing
from exports.table import Column, build
from exports.taxonomy import Taxonomy, taxonomy
from exports.workbook import Book, Sheet, Value

CODEBOOK, WAVE_SHEET = "codebook", "municipalities"
_LANGUAGE = "de"
_WAVE_HEADER = ("wave", *waves.HEADER)
_RULES = (
    "Was eine Person verraten könnte, kommt in jeder Kombination mindestens fünfmal vor (k = 5).",
    "Diese Merkmale stehen als Bereich der Klasse, zu der eine Zeile gehört.",
    "Kein sensibler Wert macht mehr als drei Viertel einer Klasse aus; was das bricht, wartet.",
    "Jede Antwort kommt genau einmal heraus; veröffentlichte Zeilen ändern sich nie.",
    "Nimmt eine Frau alles zurück, fällt die ganze Klasse weg, in der ihre Zeile stand.",
    "Namen, Kontaktdaten und freie Texte verlassen den Dienst nicht.",
    "Kommunen: nur Summen über mindestens 5 Stellen, nie einzelne Befragungen.",
)


@dataclass(frozen=True)
class Records:
    """The released rows of one questionnaire in one version, ready to be written."""

    title: str
    version: str
    columns: tuple[Column, ...]
    taxonomies: tuple[Taxonomy, ...]
    rows: tuple[tuple[Value, ...], ...]


def workbook(session: Session, who: SignedIn) -> bytes:
    """Return the .xlsx of everything released; raise `GateError` rather than let a slip out."""
    records_ = [one for name in RECORDS for one in _records(session, who, name)]
    lines = _wave_lines(session, who)
    sheets = [Sheet(one.title, _names(one.columns), one.rows) for one in records_]
    sheets.append(Sheet(WAVE_SHEET, _WAVE_HEADER, lines))
    sheets.append(Sheet(CODEBOOK, codebook.HEADER, _codebook(records_)))
    file = xlsx.render(Book(_readme(session, who), tuple(sheets)))
    gate.check(file, _passes(records_))
    return file


def _passes(all_records: Sequence[Records]) -> dict[str, Sequence[Allowed] | None]:
    passes: dict[str, Sequence[Allowed] | None] = {xlsx.README: None}
    for one in all_records:
        passes[one.title] = allowed(one.columns, one.taxonomies)
    return passes | {WAVE_SHEET: None, CODEBOOK: None}


def _records(session: Session, who: SignedIn, questionnaire: str) -> list[Records]:
    """Return one sheet a version, its batches one after the other."""
    by_version: dict[int, list[Standing]] = {}
    for batch in batches(session, questionnaire):
        opened = standing(session, who, batch)
        by_version.setdefault(batch.version_id, []).append(opened)
    return [
        _of_version(session, version_id, contents) for version_id, contents in by_version.items()
    ]


def _of_version(session: Session, version_id: int, parts: Sequence[Standing]) -> Records:
    version = versions.version_of(session, version_id)
    form = versions.form_of(session, version_id)
    known = build(form, [], _LANGUAGE, [(PART, [])]).columns
    names = {name for one in parts for name in one.columns}
    columns = tuple(column for column in known if column.name in names)
    cells = [dict(zip(one.columns, row, strict=True)) for one in parts for row in one.rows]
    taxonomies = tuple(
        taxonomy(column, [end for row in cells for end in row.get(column.name) or ()])
        for column in columns
        if column.role == "quasi"
    )
    title = f"{version.questionnaire} v{version.number}"
    rows = _shown(columns, taxonomies, cells)
    return Records(title, str(version.number), columns, taxonomies, rows)


def _shown(
    columns: Sequence[Column], taxonomies: Sequence[Taxonomy], cells: Sequence[Mapping[str, Any]]
) -> tuple[tuple[Value, ...], ...]:
    by_name = {entry.name: entry for entry in taxonomies}
    labels = {
        column.name: {item.code: item.label for item in column.categories} for column in columns
    }

    def show(column: Column, cell: Any) -> Value:
        if cell is None:
            return None
        if column.role == "quasi":
            low, high = by_name[column.name].encode(cell)
            return by_name[column.name].label(int(low), int(high))
        if column.kind == "select_multiple":
            return str(cell) if cell not in column.missing else labels[column.name][cell]
        if not column.categories:
            return float(cell) if column.kind == "decimal" else int(cell)
        return labels[column.name][cell]

    return tuple(tuple(show(column, row.get(column.name)) for column in columns) for row in cells)


def _codebook(all_records: Sequence[Records]) -> list[tuple[Value, ...]]:
    rows: list[tuple[Value, ...]] = []
    for one in all_records:
        rows.extend(codebook.rows(one.columns, cast("Any", one.rows), one.title, one.taxonomies))
    return rows


def _wave_lines(session: Session, who: SignedIn) -> list[tuple[Value, ...]]:
    rows: list[tuple[Value, ...]] = []
    for batch in batches(session, WAVES):
        opened = cast("Mapping[str, Any]", content(who, batch))
        lines = [waves.Line(**line) for line in opened["lines"]]
        rows.extend((opened["wave"], *cells) for cells in waves.cells(lines))
    return rows


def _readme(session: Session, who: SignedIn) -> tuple[tuple[Value, ...], ...]:
    lines: list[tuple[Value, ...]] = [("zugang", "Anonymisierte Antworten")]
    for questionnaire in (*RECORDS, WAVES):
        counted = count(session, questionnaire)
        lines.append(
            (
                questionnaire,
                f"eingegangen ungefähr {counted.about_received}, freigegeben {counted.released}",
            )
        )
        lines.extend(_batch_line(session, who, batch) for batch in batches(session, questionnaire))
    lines.append(("lieferung", f"Neue Antworten kommen heraus, sobald mindestens {BATCH} warten."))
    return (*lines, *(("regel", rule) for rule in _RULES))


def _batch_line(session: Session, who: SignedIn, batch: Batch) -> tuple[Value, ...]:
    if batch.questionnaire == WAVES:
        opened = cast("Mapping[str, Any]", content(who, batch))
        return (None, f"Runde {opened['wave']}: abgeschlossen")
    one = standing(session, who, batch)
    withheld = ", ".join(one.content["withheld"]) or "keine"
    return (
        None,
        (
            f"Lieferung {batch.id}: {len(one.rows)} Zeilen in {len(one.sizes)} Klassen, "
            f"kleinste Klasse {min(one.sizes, default=0)}, zurückgezogene Klassen {one.retired}, "
            f"wartend {one.content['held_back']}, "
            f"Informationsverlust {one.content['loss']:.3f}, zurückgehaltene Spalten: {withheld}"
        ),
    )


def _names(columns: Sequence[Column]) -> tuple[str, ...]:
    return tuple(column.name for column in columns)
