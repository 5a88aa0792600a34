"""The questionnaires that come with zugang: from Markdown table to published version."""

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy.orm import Session

from core import catalogues, records
from xlsform import source


def publish(session: Session, folders: Iterable[Path]) -> None:
    """Publish every questionnaire in `folders` whose content is new, in all its languages."""
    for folder in folders:
        for file in sorted(folder.glob("*.md")):
            workbook = catalogues.translate(source.read(file))
            records.publish(session, file.stem, source.convert(workbook).xml)
