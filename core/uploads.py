"""Files on their way: kept from page to page, each locked under a key of its own.

The key is in the receipt, and a receipt is only where the answers are: in a sealed session or a
sealed draft. The rows alone open nothing and do not say whose they are.

Rows change in the durable transaction of the request, so that they come and go together with the
response or the draft that speaks of them. A session's own row is written after that transaction has
ended: SQLite lets one write at a time, and neither ever waits for the other.
"""

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import BigInteger, LargeBinary, bindparam, delete, insert, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import vault
from core.database import Base, Prepared

_ID_BYTES = 16


class Gone(LookupError):
    """The row of a file is no longer there."""


class Upload(Base):
    """A file that is not sent yet; `expires` is in seconds since 1970."""

    __tablename__ = "upload"
    id: Mapped[bytes] = mapped_column(LargeBinary(_ID_BYTES), primary_key=True)
    expires: Mapped[int] = mapped_column(BigInteger, index=True)
    box: Mapped[bytes] = mapped_column(LargeBinary)


_SWEEP = Prepared(delete(Upload).where(Upload.expires <= bindparam("now")))


@dataclass(frozen=True)
class Receipt:
    """What finds and opens one file; `name` is ours, `id` and `key` are hexadecimal."""

    name: str
    id: str
    key: str = field(repr=False)

    @property
    def row(self) -> bytes:
        """The id of the row."""
        return bytes.fromhex(self.id)


def keep(session: Session, name: str, content: bytes, seconds: int) -> Receipt:
    """Lock a file away for so many seconds; return the only thing that opens it again."""
    key = secrets.token_bytes(vault.KEY_BYTES)
    receipt = Receipt(name, secrets.token_hex(_ID_BYTES), key.hex())
    box = vault.lock(key, content, _place(receipt))
    session.execute(insert(Upload).values(id=receipt.row, expires=_in(seconds), box=box))
    return receipt


def read(session: Session, receipt: Receipt) -> bytes:
    """Return the content of a file; raise `Gone` or `Tampered`."""
    lives = Upload.expires > _in(0)  # swept or not
    box = session.scalar(select(Upload.box).where(Upload.id == receipt.row, lives))
    if box is None:
        raise Gone
    return vault.unlock(bytes.fromhex(receipt.key), box, _place(receipt))


def missing(session: Session, receipts: Iterable[Receipt]) -> set[Receipt]:
    """Return those of the receipts whose files are no longer there."""
    asked = set(receipts)
    there = set(session.scalars(select(Upload.id).where(Upload.id.in_(_rows(asked)))))
    return {receipt for receipt in asked if receipt.row not in there}


def extend(session: Session, receipts: Iterable[Receipt], seconds: int) -> None:
    """Let files live for so many seconds from now on."""
    changed = update(Upload).where(Upload.id.in_(_rows(receipts)))
    session.execute(changed.values(expires=_in(seconds)))


def discard(session: Session, receipts: Iterable[Receipt]) -> None:
    """Delete files."""
    session.execute(delete(Upload).where(Upload.id.in_(_rows(receipts))))


def sweep(engine: Engine) -> None:
    """Delete every file that has run out."""
    _SWEEP.run(engine, now=_in(0))


def _rows(receipts: Iterable[Receipt]) -> list[bytes]:
    return [receipt.row for receipt in receipts]


def _in(seconds: int) -> int:
    return int(time.time()) + seconds


def _place(receipt: Receipt) -> str:
    return f"upload:{receipt.id}"
