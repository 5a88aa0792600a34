"""When what is counted began: the day of a case is that of its first response."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import periods
from core.periods import Period
from core.records import Response
from intake.cases import CaseResponse


def days(session: Session) -> dict[str, date]:
    """Return the day on which the case of each response began; of one without a case nothing."""
    first = (
        select(CaseResponse.case_id, func.min(Response.received).label("day"))
        .join(Response, Response.id == CaseResponse.response_id)
        .group_by(CaseResponse.case_id)
        .subquery()
    )
    query = select(CaseResponse.response_id, first.c.day)
    query = query.join(first, first.c.case_id == CaseResponse.case_id)
    return dict(session.execute(query).all())


def half(day: date, programme: Period | None) -> str:
    """Return the half-year of a day, as far as the programme runs; "" before and after it."""
    one = periods.half_of(day)
    if programme is not None:
        one = Period(max(one.first, programme.first), min(one.last, programme.last))
    return str(one) if day in one else ""
