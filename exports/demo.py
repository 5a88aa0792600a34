"""The demo's last step: the first wave of interviews with the offices is closed."""

from datetime import datetime

from sqlalchemy.orm import Session

from core import people
from core.people import SignedIn
from core.settings import Settings
from exports import batches


def fill(session: Session, settings: Settings, staff: dict[str, SignedIn]) -> None:
    """Close wave 1, so that its summary is in the workbook."""
    today = datetime.now(settings.zone).date()
    batches.close_wave(session, staff[people.EVALUATOR], "1", today)
