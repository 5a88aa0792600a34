"""Whether a file is a questionnaire that can run here; if not, where it fails, and the remedy."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from xlsform.findings import Finding
from xlsform.form import FormError, compile_form
from xlsform.lint import in_order, lint
from xlsform.lint.subject import Subject
from xlsform.source import SourceError, Workbook, convert, placed, read

# What the compiler calls a part of a question, where that is not the name of its column.
_PARTS: Mapping[str, str] = {
    "a reference in its text": "label",
    "preloaded value": "type",
    "type": "type",
    "no kind of disclosure": "bind::z:disclosure",
    "choices": "type",
    "condition": "relevant",
    "calculation": "calculation",
}
_QUOTED = re.compile(r"'([^']*)'")


def check(path: Path) -> tuple[Finding, ...]:
    """Return what there is to say about a file, errors and warnings; nothing when all is well."""
    try:
        workbook = read(path)
    except SourceError as error:
        return (_of_source(error),)
    return check_workbook(workbook)


def check_workbook(workbook: Workbook) -> tuple[Finding, ...]:
    """Return what there is to say about a workbook.

    The rules look at all of it; pyxform and the compiler stop at the first fault. Theirs is told
    when the rules found no error in the same row, or none at all when it has no place.
    """
    found = lint(workbook)
    errors = {(finding.sheet, finding.row) for finding in found if finding.is_error}
    others = [
        finding
        for finding in _compiled(workbook)
        if (finding.sheet, finding.row) not in errors and (finding.row or not errors)
    ]
    return in_order(iter([*found, *others]))


def _compiled(workbook: Workbook) -> Iterator[Finding]:
    """Yield pyxform's warnings, and the fault at which the form cannot be made."""
    try:
        source = convert(workbook)
        for warning in source.warnings:
            message, sheet, row, column = placed(warning)
            yield Finding(sheet, row, column, message)
        compile_form(source.xml)
    except SourceError as error:
        yield _of_source(error)
    except FormError as error:
        yield _of_form(error, workbook)


def _of_source(error: SourceError) -> Finding:
    return Finding(error.sheet, error.row, error.column, error.message, error.mend, is_error=True)


def _of_form(error: FormError, workbook: Workbook) -> Finding:
    """Return a fault of the compiler at the question that it names."""
    message = str(error)
    subject = Subject(workbook)
    quoted = _QUOTED.findall(message)
    name = getattr(error, "question", "") or next((n for n in quoted if n in subject.by_name), "")
    if not name or name not in subject.by_name:
        return Finding("", 0, "", message, is_error=True)
    entry = subject.by_name[name][0]
    part = getattr(error, "column", "") or next((one for one in quoted if one in entry.cells), "")
    part = part or next((c for said, c in _PARTS.items() if said in message), "type")
    if part == "relevant" and not entry.text("relevant"):
        part = "calculation"
    return Finding("survey", entry.row, entry.cell(part).header, message, is_error=True)
