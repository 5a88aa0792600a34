"""Staff: who they are, what they may do, which keys that takes."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from sqlalchemy import Date, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import keyring, vault
from core.database import Base
from core.keyring import Keys
from core.vault import Cost, Pair, Tampered, Wrapped

COORDINATOR, COUNSELLOR = "coordinator", "counsellor"
INTERVIEWER, EVALUATOR = "interviewer", "evaluator"

_ALL = frozenset({"account"})  # her own passphrase, second factor and sessions
PERMISSIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        COORDINATOR: _ALL | {"people", "keys", "audit", "releases", "plans"},
        COUNSELLOR: _ALL | {"referrals"},
        INTERVIEWER: _ALL | {"entering", "interviews"},
        EVALUATOR: _ALL | {"results", "plans", "questionnaires"},
    }
)


class NameTaken(ValueError):
    """Somebody else signs in with this name."""


class NotHers(LookupError):
    """There is no such thing, or it is somebody else's: she is not told which."""


class Person(Base):
    """A member of staff. `salt` … `box` wrap the private half of her own key pair.

    `seen` is the day she last signed in; since the day `left` she holds no key any more.
    """

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    part: Mapped[str] = mapped_column(String(20), default="")
    public: Mapped[bytes] = mapped_column(LargeBinary(32))
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    passes: Mapped[int] = mapped_column(default=0)
    memory: Mapped[int] = mapped_column(default=0)
    box: Mapped[bytes | None] = mapped_column(LargeBinary)
    seen: Mapped[date | None] = mapped_column(Date)
    left: Mapped[date | None] = mapped_column(Date)
    mail: Mapped[str] = mapped_column(String(200), default="")  # where notices go, "" for nowhere

    @property
    def parts(self) -> frozenset[str]:
        """The parts of the county whose referrals she takes up."""
        if self.role != COUNSELLOR:
            return frozenset()
        own = keyring.PARTS if self.part == "both" else (self.part,)
        return frozenset((*own, keyring.COUNTY))

    @property
    def purposes(self) -> tuple[str, ...]:
        """What the keys are for that her role needs."""
        contacts = tuple(f"contact-{part}" for part in sorted(self.parts))
        return {
            COORDINATOR: keyring.PURPOSES,
            COUNSELLOR: (*contacts, keyring.ANSWERS),
            EVALUATOR: (keyring.ANSWERS,),
        }.get(self.role, ())

    @property
    def wrapped(self) -> Wrapped | None:
        """Her private half under her passphrase, None before she chose one."""
        if self.salt is None or self.box is None:
            return None
        return Wrapped(self.salt, Cost(self.passes, self.memory), self.box)

    @wrapped.setter
    def wrapped(self, value: Wrapped) -> None:
        self.salt, self.box = value.salt, value.box
        self.passes, self.memory = value.cost.passes, value.cost.memory

    @property
    def comes_in(self) -> bool:
        """Say whether she has a passphrase and has not left."""
        return self.box is not None and self.left is None

    def may(self, permission: str) -> bool:
        """Say whether her role includes `permission`."""
        return permission in PERMISSIONS[self.role]


@dataclass(frozen=True)
class SignedIn:
    """A person whose passphrase was right, with the keys it opens."""

    person: Person
    pair: Pair
    keys: Keys


def reopen(
    session: Session,
    person: Person,
    private: bytes,
    collect: Callable[[Session, Pair], Keys] = keyring.collect,
) -> SignedIn:
    """Return the person with every key her private half opens; `collect` may do so late.

    Raises `Tampered` when it belongs to somebody else: the box of one person in the row of another.
    """
    if vault.public_of(private) != person.public:
        raise Tampered("A private half belongs to somebody else.", f"person:{person.id}")
    pair = Pair(person.public, private)
    return SignedIn(person, pair, collect(session, pair))


def everyone(session: Session) -> list[Person]:
    """Return all staff by name, also those who left."""
    return list(session.scalars(select(Person).order_by(Person.name)))


def unread_parts(staff: Iterable[Person]) -> list[str]:
    """Return the parts of the county that no counsellor among `staff` takes up referrals of."""
    taken: frozenset[str] = frozenset().union(*(one.parts for one in staff if one.comes_in))
    return [part for part in keyring.PARTS if part not in taken]


def named(session: Session, name: str) -> Person | None:
    """Return who signs in with this name."""
    return session.scalar(select(Person).where(Person.name == clean_name(name)))


def is_free(session: Session, name: str, person: Person | None = None) -> bool:
    """Say whether nobody but `person` signs in with this name."""
    taken = named(session, name)
    return bool(clean_name(name)) and (taken is None or taken is person)


def clean_name(name: str) -> str:
    """Return a sign-in name as it is stored and compared."""
    typed = name.replace("\0", " ")  # which PostgreSQL does not take
    return " ".join(unicodedata.normalize("NFC", typed).split())[:100]
