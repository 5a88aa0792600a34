"""Publishing a questionnaire from a workbook: what is wrong with it, what it changes, version N."""

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path, PurePath
from types import MappingProxyType

from sqlalchemy.orm import Session

from core import approving, catalogues, shipped, versions
from core.people import NotHers, SignedIn
from core.versions import Origin, Version
from surveys import disclosing, interviews, translating
from surveys.comparing import Change, compare
from xlsform import checking, source, workbooks
from xlsform.findings import Finding
from xlsform.form import Form, compile_form
from xlsform.source import SourceError, Workbook
from xlsform.workbooks import READERS

_SUFFIX = ".xlsx"
_FOLDER = Path(__file__).parent / "questionnaires"


class CannotRun(ValueError):
    """A workbook has errors: it is not published."""


@dataclass(frozen=True)
class Proposal:
    """A workbook that may become the next version; `form` is None when it has errors."""

    questionnaire: str
    workbook: Workbook | None
    findings: tuple[Finding, ...]
    xform: str = ""
    form: Form | None = None

    @property
    def content(self) -> bytes:
        """The workbook as .xlsx."""
        if self.workbook is None:
            raise CannotRun
        return workbooks.render(source.to_book(self.workbook), _SUFFIX)


@lru_cache(maxsize=4)  # whoever tries a workbook out asks for the same one with every page
def propose(questionnaire: str, file_name: str, content: bytes) -> Proposal:
    """Return what there is to say about a file, and the form it makes; raise `NotHers`."""
    if questionnaire not in interviews.QUESTIONNAIRES:
        raise NotHers
    try:
        workbook = _read(questionnaire, file_name, content)
    except SourceError as error:
        return Proposal(questionnaire, None, (_fault(error),))
    findings = checking.check_workbook(workbook)
    if any(finding.is_error for finding in findings):
        return Proposal(questionnaire, workbook, findings)
    made = source.convert(workbook)
    form = compile_form(made.xml, made.files)
    telling = tuple(disclosing.faults(questionnaire, form, made.rows))
    if telling:
        return Proposal(questionnaire, workbook, (*telling, *findings))
    return Proposal(questionnaire, workbook, findings, made.xml, form)


def publish(session: Session, who: SignedIn, proposal: Proposal, day: date) -> Version:
    """Publish a proposal as the next version; raise `CannotRun` when it has errors."""
    if proposal.form is None:
        raise CannotRun
    origin = Origin(who.person.id, day, proposal.content)
    return versions.publish(session, proposal.questionnaire, proposal.xform, origin)


def find(session: Session, questionnaire: str, number: int) -> Version:
    """Return a version of a questionnaire that is published here; raise `NotHers`."""
    version = versions.numbered(session, questionnaire, number)
    if version is None or questionnaire not in interviews.QUESTIONNAIRES:
        raise NotHers
    return version


def workbook_of(session: Session, version: Version) -> Workbook | None:
    """Return the workbook that a version is made from.

    Of those that came with zugang only the newest has one, for it is the one that comes with it.
    """
    if version.workbook is not None:
        return source.read_bytes(version.workbook, _SUFFIX, version.questionnaire)
    if not has_workbook(session, version):
        return None
    return shipped.workbook(_FOLDER, version.questionnaire)


def has_workbook(session: Session, version: Version) -> bool:
    """Say whether the workbook that a version is made from is here."""
    found = versions.all_of(session, version.questionnaire)
    came = next((one for one in found if one.person_id is None), None)
    return version.person_id is not None or version is came


def changes(before: Workbook | None, proposal: Proposal) -> list[Change]:
    """Return what a proposal changes."""
    if before is None or proposal.workbook is None:
        return []
    return compare(before, proposal.workbook)


def changes_of(session: Session, version: Version) -> list[Change]:
    """Return what a version changes in the newest older one whose answers count: else all of it."""
    before = approving.before(session, version)
    old = workbook_of(session, before) if before is not None else None
    new = workbook_of(session, version)
    nothing = Workbook(version.questionnaire, {})
    return compare(old or nothing, new or nothing)


def outdated(before: Workbook | None, proposal: Proposal) -> list[Finding]:
    """Return the translations that a proposal leaves as they were beside a changed original."""
    if before is None or proposal.workbook is None:
        return []
    return list(translating.outdated(before, proposal.workbook))


def propose_translations(
    session: Session, questionnaire: str, file_name: str, content: bytes
) -> Proposal:
    """Return the newest version with the texts of a table for translators; raise `NotHers`."""
    if questionnaire not in interviews.QUESTIONNAIRES:
        raise NotHers
    newest = versions.all_of(session, questionnaire)[0]
    workbook = workbook_of(session, newest)
    if workbook is None:
        raise NotHers
    try:
        sent = source.read_bytes(content, _suffix(file_name), questionnaire)
    except SourceError as error:
        return Proposal(questionnaire, None, (_fault(error),))
    merged, wrong = translating.merge(workbook, sent)
    if wrong:
        return Proposal(questionnaire, None, wrong)
    book = workbooks.render(source.to_book(merged), _SUFFIX)
    return propose(questionnaire, f"{questionnaire}{_SUFFIX}", book)


def _fault(error: SourceError) -> Finding:
    return Finding(error.sheet, error.row, error.column, error.message, error.mend, is_error=True)


def _suffix(file_name: str) -> str:
    suffix = PurePath(file_name).suffix.lower()
    if suffix not in READERS:
        raise SourceError(
            "The file is no questionnaire.", mend=f"Use one of {', '.join(sorted(READERS))}."
        )
    return suffix


def _read(questionnaire: str, file_name: str, content: bytes) -> Workbook:
    """Return the workbook with the id that its records are found by, in all languages it has."""
    read = source.read_bytes(content, _suffix(file_name), questionnaire)
    settings = dict(next(iter(read.sheets.get("settings", ())), {})) | {"form_id": questionnaire}
    sheets = {**read.sheets, "settings": (MappingProxyType(settings),)}
    headers = {**read.headers, "settings": tuple(settings)}
    return catalogues.translate(
        replace(read, sheets=MappingProxyType(sheets), headers=MappingProxyType(headers))
    )
