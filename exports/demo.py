"""The demo's last step: a closed round of interviews, and the exact tables of the first report."""

from datetime import datetime

from sqlalchemy.orm import Session

from core import people, periods
from core.people import SignedIn
from core.settings import Settings
from exports.release import batches, reporting

FIRST_REPORT = "2019-06..2019-12"


def fill(session: Session, settings: Settings, staff: dict[str, SignedIn]) -> None:
    """Close wave 1, so that its summary is in the workbook; let out what the report says."""
    today = datetime.now(settings.zone).date()
    batches.close_wave(session, staff[people.EVALUATOR], "1", today)
    period = periods.read(FIRST_REPORT)
    coordinator = staff[people.COORDINATOR]
    reporting.release(session, coordinator, period, "Erster Zwischenbericht", settings, today)
