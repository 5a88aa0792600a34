"""Second factors: one-time passwords, passkeys, and spare codes on paper."""

import secrets
from datetime import date, datetime

import pyotp
from sqlalchemy import (
    BigInteger,
    Date,
    ForeignKey,
    LargeBinary,
    String,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, keyring, people, vault
from core.database import Base
from core.people import NotHers, Person, SignedIn

TOTP, PASSKEY, CODE = "totp", "passkey", "code"
CODES = 10
ISSUER = "zugang"
_SECONDS = 30  # RFC 6238; also what apps take for granted
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another one
_SIZE, _GROUP = 10, 5


class Factor(Base):
    """Something that a person has. `sealed` is its secret, sealed to her own key.

    So a second factor can only be checked once her passphrase was right. `step` is the last one
    that a one-time password or a passkey was used at: nothing is taken twice.
    """

    __tablename__ = "factor"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(100))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    step: Mapped[int] = mapped_column(BigInteger, default=0)
    made: Mapped[date] = mapped_column(Date)


def of(session: Session, person: Person, *kinds: str) -> list[Factor]:
    """Return what a person has, oldest first: of these kinds, or all but her spare codes."""
    wanted = Factor.kind.in_(kinds or (TOTP, PASSKEY))
    query = select(Factor).where(Factor.person_id == person.id, wanted)
    return list(session.scalars(query.order_by(Factor.id)))


def needed(person: Person) -> bool:
    """Say whether her role opens contacts, and so needs a second factor."""
    return bool(set(person.purposes) & set(keyring.CONTACTS))


def add(session: Session, who: SignedIn, kind: str, name: str, secret: bytes, day: date) -> Factor:
    """Keep a new factor, its secret sealed to her own key; "changed" goes into the audit."""
    factor = Factor(
        person_id=who.person.id,
        kind=kind,
        name=people.clean_name(name),
        sealed=vault.seal(who.pair.public, secret, _place(kind, who.person)),
        made=day,
    )
    session.add(factor)
    session.flush()
    _note(session, who)
    return factor


def secret_of(who: SignedIn, factor: Factor) -> bytes:
    """Return what is sealed in a factor of hers, or raise `Tampered`."""
    return vault.open_sealed(who.pair, factor.sealed, _place(factor.kind, who.person))


def advance(session: Session, factor: Factor, step: int) -> bool:
    """Move a factor on to `step`; False when it is there already, whoever was faster."""
    later = update(Factor).where(Factor.id == factor.id, Factor.step < step)
    return session.scalar(later.values(step=step).returning(Factor.id)) is not None


def hers(session: Session, person: Person, factor_id: int) -> Factor:
    """Return one of her factors, or raise `NotHers`."""
    factor = session.get(Factor, factor_id)
    if factor is None or factor not in of(session, person):
        raise NotHers
    return factor


def remove(session: Session, who: SignedIn, factor: Factor) -> None:
    """Take one of her factors away; with the last one, her spare codes go too."""
    session.delete(factor)
    session.flush()
    if not of(session, who.person):
        _forget_codes(session, who.person)
    _note(session, who)


# -- one-time passwords ----------------------------------------------------------------------------


def new_secret() -> str:
    """Return a secret of 160 bits for an app, in base 32."""
    return pyotp.random_base32()


def address(secret: str, person: Person) -> str:
    """Return what the QR code holds, an otpauth address."""
    return pyotp.TOTP(secret).provisioning_uri(name=person.name, issuer_name=ISSUER)


def add_totp(
    session: Session, who: SignedIn, name: str, secret: str, code: str, now: datetime
) -> Factor | None:
    """Add an app that shows the right code for `secret`, None when it shows another one."""
    step = _step_of(secret, code, now)
    if step is None:
        return None
    factor = add(session, who, TOTP, name, secret.encode(), now.date())
    factor.step = step
    return factor


def take(session: Session, who: SignedIn, typed: str, now: datetime) -> str | None:
    """Return `TOTP` or `CODE` when a code of hers was typed and is used up now, else None."""
    code = "".join(typed.split())
    for app in of(session, who.person, TOTP):
        step = _step_of(secret_of(who, app).decode(), code, now)
        if step is not None and advance(session, app, step):
            return TOTP
    return CODE if _take_spare(session, who, code) else None


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    current = int(now.timestamp()) // _SECONDS
    one_time = pyotp.TOTP(secret)
    code = "".join(code.split())
    steps = (step for step in (current - 1, current, current + 1))
    found = [step for step in steps if _same(one_time.generate_otp(step), code)]
    return max(found, default=None)


# -- spare codes -----------------------------------------------------------------------------------


def new_codes(session: Session, who: SignedIn, day: date) -> list[str]:
    """Return fresh spare codes to print; the earlier ones are void."""
    _forget_codes(session, who.person)
    codes = ["".join(secrets.choice(_SIGNS) for _ in range(_SIZE)) for _ in range(CODES)]
    place = _place(CODE, who.person)
    session.add_all(
        Factor(
            person_id=who.person.id,
            kind=CODE,
            name="",
            sealed=vault.seal(who.pair.public, code.encode(), place),
            made=day,
        )
        for code in codes
    )
    _note(session, who)
    return [f"{code[:_GROUP]}-{code[_GROUP:]}" for code in codes]


def codes_left(session: Session, person: Person) -> int:
    """Return how many spare codes are unused."""
    count = select(func.count()).where(Factor.person_id == person.id, Factor.kind == CODE)
    return session.scalar(count) or 0


def _take_spare(session: Session, who: SignedIn, code: str) -> bool:
    typed = code.lower().replace("-", "")
    for spare in of(session, who.person, CODE):
        if _same(secret_of(who, spare).decode(), typed):
            # Of two who type one code at the same moment, one finds it gone.
            used = delete(Factor).where(Factor.id == spare.id).returning(Factor.id)
            return session.scalar(used) is not None
    return False


def _forget_codes(session: Session, person: Person) -> None:
    session.execute(delete(Factor).where(Factor.person_id == person.id, Factor.kind == CODE))


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode(), other.encode())


def _place(kind: str, person: Person) -> str:
    return f"factor/{kind}/{person.id}"


def _note(session: Session, who: SignedIn) -> None:
    audit.note(session, who.person.id, "changed", f"person:{who.person.id}:factors")
