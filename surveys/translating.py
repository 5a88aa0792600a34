"""The texts of a questionnaire as one table for translators, and back into its workbook."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from core.catalogues import SHEETS, TEXTS
from xlsform.findings import Finding
from xlsform.source import Row, Workbook
from xlsform.workbooks import Book

SHEET = "translations"
PLACE = ("sheet", "list_name", "name", "text")  # where a text stands
_REFERENCE = re.compile(r"\$\{[^}]*\}")
Key = tuple[str, ...]


def table(workbook: Workbook) -> Book:
    """Return the sheet for translators: where each text stands, then a column a language.

    The first language is that of the originals; a further column adds a language.
    """
    languages = _languages(workbook)
    rows = (
        (*key, *(row.get(f"{key[-1]}::{language}", "") for language in languages))
        for key, (row, _) in _texts(workbook).items()
    )
    return {SHEET: ((*PLACE, *languages), *rows)}


def merge(workbook: Workbook, sent: Workbook) -> tuple[Workbook, tuple[Finding, ...]]:
    """Return a workbook with the texts of a filled table, and what is wrong with that.

    `sent` is the table as it was read: a sheet that stands alone is read as questions.
    """
    texts, original = _texts(workbook), _languages(workbook)[0]
    rows = sent.sheets.get("survey", ())
    headers = sent.columns("survey")
    missing = [header for header in (*PLACE[:1], *PLACE[2:], original) if header not in headers]
    if missing:
        said = f"The table has no column '{missing[0]}'."
        mend = "Download it anew, and change nothing but the texts."
        return workbook, (Finding(SHEET, 1, "", said, mend, is_error=True),)
    findings: list[Finding] = []
    changed: dict[tuple[str, int], dict[str, str]] = {}
    for number, row in enumerate(rows, start=2):
        key = tuple(row.get(column, "") for column in PLACE)
        if key not in texts:
            findings.append(_wrong(number, "name", "The questionnaire has no such text."))
            continue
        known, place = texts[key]
        findings += _check(number, row, known.get(f"{key[-1]}::{original}", ""), original)
        cells = changed.setdefault((key[0], place), {})
        cells |= {f"{key[-1]}::{h}": row.get(h, "") for h in headers if h not in (*PLACE, original)}
    return _with(workbook, changed), tuple(findings)


def outdated(old: Workbook, new: Workbook) -> Iterator[Finding]:
    """Yield the translations of texts whose original has changed while they have not."""
    before, languages = _texts(old), _languages(new)
    for key, (row, place) in _texts(new).items():
        was, kind = before.get(key, ({}, 0))[0], key[-1]
        first = f"{kind}::{languages[0]}"
        if not was.get(first) or was.get(first) == row.get(first):
            continue
        for header in (f"{kind}::{language}" for language in languages[1:]):
            if row.get(header) and row.get(header) == was.get(header):
                said = f"'{key[2]}': the original has changed, this translation has not."
                yield Finding(key[0], place + 2, header, said, "Look whether it still fits.")


def _check(number: int, row: Row, known: str, original: str) -> Iterator[Finding]:
    if row.get(original, "") != known:
        said = "The original is not that of the questionnaire: the translations may not fit."
        yield _wrong(number, original, said)
    wanted = set(_REFERENCE.findall(known))
    for header, text in row.items():
        if header not in PLACE and set(_REFERENCE.findall(text)) != wanted:
            said = "The references to answers, such as ${name}, are not those of the original."
            yield _wrong(number, header, said)


def _wrong(number: int, column: str, said: str) -> Finding:
    mend = "Download the table anew, and change nothing but the translations."
    return Finding(SHEET, number, column, said, mend, is_error=True)


def _with(workbook: Workbook, changed: Mapping[tuple[str, int], Mapping[str, str]]) -> Workbook:
    sheets = {
        sheet: tuple(
            MappingProxyType(
                {h: t for h, t in {**row, **changed.get((sheet, at), {})}.items() if t}
            )
            for at, row in enumerate(rows)
        )
        for sheet, rows in workbook.sheets.items()
    }
    return replace(workbook, sheets=MappingProxyType(sheets))


def _texts(workbook: Workbook) -> dict[Key, tuple[Row, int]]:
    """Return the row of every text and its place in the sheet, by where the text stands."""
    return {
        (sheet, row.get("list_name", ""), row["name"], kind): (row, place)
        for sheet in SHEETS
        for place, row in enumerate(workbook.sheets.get(sheet, ()))
        for kind in TEXTS
        if row.get("name") and any(header.startswith(f"{kind}::") for header in row)
    }


def _languages(workbook: Workbook) -> list[str]:
    """Return the languages of a workbook as its headers name them, that of the originals first."""
    settings: Row = next(iter(workbook.sheets.get("settings", ())), MappingProxyType({}))
    headers = (header for sheet in SHEETS for header in workbook.columns(sheet))
    found = [h.partition("::")[2] for h in headers if h.partition("::")[0] in TEXTS]
    return list(dict.fromkeys([settings.get("default_language", ""), *found]))
