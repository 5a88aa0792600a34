"""Partners who write for a woman: offices and services that have an address of their own."""

import secrets
from datetime import date
from hashlib import blake2b

from sqlalchemy import Date, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit
from core.database import Base
from core.people import NotHers, SignedIn

_TOKEN_BYTES = 16


class Ended(LookupError):
    """The address of this partner is closed."""


class PartnerLink(Base):
    """An address that nobody can guess; `id` is a hash of it. `way` is her way of access."""

    __tablename__ = "partner_link"
    id: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    way: Mapped[str] = mapped_column(String(40))
    made: Mapped[date] = mapped_column(Date)
    ended: Mapped[date | None] = mapped_column(Date)


def make(session: Session, by: SignedIn, name: str, way: str, day: date) -> str:
    """Return the token of a new address for a partner; nothing that is kept gives it again."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    link = PartnerLink(id=_id(token), name=name.strip(), way=way, made=day)
    session.add(link)
    session.flush()
    audit.note(session, by.person.id, "invited", _thing(link))
    return token


def everyone(session: Session) -> list[PartnerLink]:
    """Return all partners by name, those whose address is closed at the end."""
    by_name = select(PartnerLink).order_by(PartnerLink.name, PartnerLink.id)
    return sorted(session.scalars(by_name), key=lambda link: link.ended is not None)


def find(session: Session, token: str) -> PartnerLink:
    """Return whose address this is; raise `NotHers` when nobody's, `Ended` when it is closed."""
    link = session.get(PartnerLink, _id(token))
    if link is None:
        raise NotHers
    if link.ended is not None:
        raise Ended
    return link


def end(session: Session, by: SignedIn, link_id: bytes, day: date) -> None:
    """Close the address of a partner at once; raise `NotHers` when there is no such partner."""
    link = session.get(PartnerLink, link_id)
    if link is None:
        raise NotHers
    if link.ended is None:
        link.ended = day
        audit.note(session, by.person.id, "revoked", _thing(link))


def _id(token: str) -> bytes:
    return blake2b(token.encode(), digest_size=32, person=b"partner link").digest()


def _thing(link: PartnerLink) -> str:
    return f"partner:{link.id.hex()[:8]}"
