"""What was made of free texts goes with them."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core import audit
from core.records import Response
from core.retention import Rule
from core.settings import Settings
from exports.release import paraphrases
from exports.release.paraphrases import OUT, Paraphrase


def forgotten(session: Session, settings: Settings, day: date) -> Sequence[date]:
    """Delete the paraphrases whose original is deleted or says something else by now.

    What was approved before its original was deleted stays until it is out, unless it was taken
    back: it tells of nobody.
    """
    del settings, day  # they go with their originals, whose time has been counted
    query = select(Paraphrase.id, Response.closed, Response.received)
    query = query.join(Response, Response.id == Paraphrase.response_id)
    query = query.where(Paraphrase.status != OUT, ~paraphrases.still_holds())
    gone = session.execute(query.order_by(Paraphrase.id)).all()
    session.execute(delete(Paraphrase).where(Paraphrase.id.in_([number for number, *_ in gone])))
    for number, *_ in gone:
        audit.note(session, audit.SERVICE, "deleted", f"paraphrase:{number}")
    return sorted(closed or received for _, closed, received in gone)


PARAPHRASES = Rule("paraphrases of texts that are gone", forgotten, (Paraphrase.__tablename__,))
