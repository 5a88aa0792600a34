"""The questionnaires that come with zugang: from Markdown table to published version."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from core import catalogues, recordings, versions
from xlsform import source
from xlsform.source import Workbook


def publish(session: Session, folders: Iterable[Path]) -> None:
    """Publish every questionnaire whose content is new, in all its languages, with recordings.

    Those that people have published since are theirs.
    """
    for name, workbook in workbooks(folders):
        if versions.is_taken_over(session, name):
            continue
        xml = source.convert(recordings.tied(session, workbook)).xml
        versions.publish(session, name, xml)


def workbook(folder: Path, name: str) -> Workbook:
    """Return the questionnaire of this name in a folder, in all its languages."""
    return catalogues.translate(source.read(folder / f"{name}.md"))


def workbooks(folders: Iterable[Path]) -> Iterator[tuple[str, Workbook]]:
    """Yield name and workbook of every questionnaire in `folders`, in all its languages."""
    for folder in folders:
        for file in sorted(folder.glob("*.md")):
            yield file.stem, workbook(folder, file.stem)
