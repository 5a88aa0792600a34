"""Whether a file is a questionnaire that can run here; if not, where it fails, and the remedy."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from xlsform.attached import Files
from xlsform.findings import Finding
from xlsform.form import Form, FormError, compile_form
from xlsform.lint import in_order, lint
from xlsform.lint.headers import EXPRESSIONS
from xlsform.lint.subject import Entry, Subject
from xlsform.source import LARGEST, SourceError, Workbook, convert, placed, read

# What the compiler calls a part of a question, where that is not the name of its column.
_PARTS: Mapping[str, str] = {
    "a reference in its text": "label",
    "no label or hint": "label",
    "preloaded value": "type",
    "type": "type",
    "no kind of disclosure": "bind::z:disclosure",
    "choices": "type",
    "condition": "relevant",
    "calculation": "calculation",
}
_LONGEST_NAME = 100  # of a file: far less than any system takes, in any script
_PULLED = re.compile(r"(?:pulldata|search)\(\s*['\"]([^'\"/]+)['\"]")
_QUOTED = re.compile(r"'([^']*)'")


def check(path: Path) -> tuple[Finding, ...]:
    """Return what there is to say about a file, errors and warnings; nothing when all is well."""
    try:
        workbook = read(path)
    except SourceError as error:
        return (_of_source(error),)
    return check_workbook(workbook, dict(_beside(path, Subject(workbook))))


def opened(path: Path) -> tuple[Form | None, tuple[Finding, ...]]:
    """Return the form in a file, None if it cannot run, and what there is to say about it."""
    findings = check(path)
    if any(finding.is_error for finding in findings):
        return None, findings
    workbook = read(path)
    source = convert(workbook)
    beside = dict(_beside(path, Subject(workbook)))
    return compile_form(source.xml, {**source.files, **beside}), findings


def check_workbook(workbook: Workbook, files: Files = MappingProxyType({})) -> tuple[Finding, ...]:
    """Return what there is to say about a workbook; `files` are those that come with it, by name.

    The rules look at all of it; pyxform and the compiler stop at the first fault. Theirs is told
    when the rules found no error in the same row, or none at all when it has no place.
    """
    found = lint(workbook)
    errors = {(finding.sheet, finding.row) for finding in found if finding.is_error}
    others = [
        finding
        for finding in _compiled(workbook, files)
        if (finding.sheet, finding.row) not in errors and (finding.row or not errors)
    ]
    return in_order(iter([*found, *others]))


def _compiled(workbook: Workbook, files: Files) -> Iterator[Finding]:
    """Yield pyxform's warnings, and the fault at which the form cannot be made."""
    try:
        source = convert(workbook)
        for warning in source.warnings:
            message, sheet, row, column = placed(warning)
            yield Finding(sheet, row, column, message)
        compile_form(source.xml, {**source.files, **files})
    except SourceError as error:
        yield _of_source(error) if error.row else _placed(str(error), workbook)
    except FormError as error:
        yield _placed(str(error), workbook, error.path, error.column)


def _beside(path: Path, subject: Subject) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the files that the form names and that lie beside it."""
    for name in dict.fromkeys(_attached(subject)):
        file = path.parent / name
        if file.name != name or len(name) > _LONGEST_NAME:
            continue  # another folder is nobody's business
        if file.is_file() and file.stat().st_size <= LARGEST:
            yield name, file.read_bytes()


def _attached(subject: Subject) -> Iterator[str]:
    for entry in subject.questions:
        if entry.kind.endswith("_from_file"):
            yield entry.list_name
        if entry.kind in {"csv-external", "xml-external"}:
            yield f"{entry.name}.{entry.kind[:3]}"
        texts = [entry.text("appearance"), *(entry.text(column) for column in EXPRESSIONS)]
        yield from (f"{name}.csv" for text in texts for name in _PULLED.findall(text))


def _of_source(error: SourceError) -> Finding:
    return Finding(error.sheet, error.row, error.column, error.message, error.mend, is_error=True)


def _placed(message: str, workbook: Workbook, path: str = "", part: str = "") -> Finding:
    """Return a fault at the question, or the list of a question, that its message names."""
    subject = Subject(workbook)
    quoted = _QUOTED.findall(message)
    named = {entry.list_name: entry for entry in subject.questions if entry.list_name}
    named |= {name: found[0] for name, found in subject.by_name.items()}
    entry = subject.by_path.get(path.partition("/")[2].partition("/")[2])
    entry = entry or next((named[name] for name in quoted if name in named), None)
    if entry is None:
        return Finding("", 0, "", message, is_error=True)
    column = _column(message, quoted, _PARTS.get(part, part), entry)
    return Finding("survey", entry.row, column, message, is_error=True)


def _column(message: str, quoted: list[str], part: str, entry: Entry) -> str:
    """Return the header of the column that a message is about, as well as its words tell."""
    part = part or next((one for one in quoted if one in entry.cells), "")
    part = part or next((column for said, column in _PARTS.items() if said in message), "type")
    if part == "relevant" and not entry.text("relevant"):
        part = "calculation"
    worded = next(iter(entry.texts.get(part, {}).values()), None)
    return worded.header if worded else entry.cell(part).header
