"""Second factors: taken once, sealed to her own key, and spare codes for when they are lost."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pyotp
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import factors, people
from core.audit import Entry
from core.factors import CODE, CODES, TOTP, Factor
from core.people import NotHers, Person, SignedIn
from core.vault import Tampered
from tests.support.house import NOW, House, signed_in

STEP = timedelta(seconds=30)
# RFC 6238, appendix B, for SHA-1: the last six of the eight digits.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC = ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130"))


@pytest.fixture
def session(either_house: House) -> Iterator[Session]:
    with Session(either_house.database.durable) as opened:
        yield opened


@pytest.fixture
def nora(session: Session) -> SignedIn:
    return signed_in(session, "Nora")


def shown(secret: str, at: datetime) -> str:
    return pyotp.TOTP(secret).at(at)


def with_app(session: Session, who: SignedIn, at: datetime = NOW) -> str:
    """Give her an app and return its secret; the code of `at` is used up."""
    secret = factors.new_secret()
    assert factors.add_totp(session, who, "Telefon", secret, shown(secret, at), at)
    return secret


@pytest.mark.parametrize(("second", "code"), RFC)
def test_take__agrees_with_the_standard(
    session: Session, nora: SignedIn, second: int, code: str
) -> None:
    at = datetime.fromtimestamp(second, NOW.tzinfo)
    factors.add(session, nora, TOTP, "App", SECRET.encode(), NOW.date())
    assert factors.take(session, nora, code, at) == TOTP


def test_take__a_code_is_taken_once(session: Session, nora: SignedIn) -> None:
    secret, later = with_app(session, nora), NOW + 2 * STEP
    assert factors.take(session, nora, shown(secret, later), later) == TOTP
    assert factors.take(session, nora, shown(secret, later), later) is None


def test_take__the_code_of_the_set_up_is_used_up(session: Session, nora: SignedIn) -> None:
    secret = with_app(session, nora)
    assert factors.take(session, nora, shown(secret, NOW), NOW) is None


def test_take__after_a_code_no_earlier_one_is_taken(session: Session, nora: SignedIn) -> None:
    secret, later = with_app(session, nora), NOW + 4 * STEP
    assert factors.take(session, nora, shown(secret, later), later) == TOTP
    assert factors.take(session, nora, shown(secret, later - STEP), later) is None


@pytest.mark.parametrize(
    ("off", "taken"), [(-2, None), (-1, TOTP), (0, TOTP), (1, TOTP), (2, None)]
)
def test_take__a_clock_may_be_half_a_minute_off(
    session: Session, nora: SignedIn, off: int, taken: str | None
) -> None:
    secret, later = with_app(session, nora), NOW + 9 * STEP
    assert factors.take(session, nora, shown(secret, later + off * STEP), later) == taken


@pytest.mark.parametrize("typed", ["", "000000", "12345", "١٢٣٤٥٦", "x" * 100, "\0"])
def test_take__anything_else_is_not_taken(session: Session, nora: SignedIn, typed: str) -> None:
    factors.add(session, nora, TOTP, "App", SECRET.encode(), NOW.date())
    factors.new_codes(session, nora, NOW.date())
    assert factors.take(session, nora, typed, NOW) is None


def test_take__a_code_may_be_typed_in_groups(session: Session, nora: SignedIn) -> None:
    secret, later = with_app(session, nora), NOW + 2 * STEP
    code = shown(secret, later)
    assert factors.take(session, nora, f" {code[:3]} {code[3:]} ", later) == TOTP


def test_take__any_of_two_apps(session: Session, nora: SignedIn) -> None:
    secrets, later = [with_app(session, nora), with_app(session, nora)], NOW + 2 * STEP
    for secret in secrets:
        assert factors.take(session, nora, shown(secret, later), later) == TOTP


def test_take__the_code_of_another_is_not_hers(session: Session, nora: SignedIn) -> None:
    later = NOW + 2 * STEP
    secret = with_app(session, signed_in(session, "Sonja"))
    with_app(session, nora)
    assert factors.take(session, nora, shown(secret, later), later) is None


def test_take__of_many_at_the_same_moment_one_is_let_in(either_house: House) -> None:
    with either_house.database.transaction() as session:
        nora = signed_in(session, "Nora")
        secret = with_app(session, nora)
        spare = factors.new_codes(session, nora, NOW.date())[0]
    later, barrier = NOW + 2 * STEP, Barrier(4)

    def try_it(typed: str) -> str | None:
        barrier.wait()
        with either_house.database.transaction() as own:
            return factors.take(own, signed_in(own, "Nora"), typed, later)

    for typed, kind in ((shown(secret, later), TOTP), (spare, CODE)):
        with ThreadPoolExecutor(4) as pool:
            assert sorted(map(str, pool.map(try_it, [typed] * 4))) == sorted(
                map(str, [kind, None, None, None])
            )


def test_add_totp__needs_the_first_code(session: Session, nora: SignedIn) -> None:
    secret = factors.new_secret()
    assert factors.add_totp(session, nora, "Telefon", secret, "000000", NOW) is None
    assert factors.of(session, nora.person) == []


def test_secret_of__opens_with_her_key_alone(session: Session, nora: SignedIn) -> None:
    secret = with_app(session, nora)
    (app,) = factors.of(session, nora.person)
    assert secret.encode() not in app.sealed
    assert factors.secret_of(nora, app) == secret.encode()
    sonja = signed_in(session, "Sonja")
    with pytest.raises(Tampered):
        factors.secret_of(sonja, app)


def test_secret_of__what_was_moved_to_another_kind_does_not_open(
    session: Session, nora: SignedIn
) -> None:
    with_app(session, nora)
    (app,) = factors.of(session, nora.person)
    app.kind = CODE
    with pytest.raises(Tampered):
        factors.secret_of(nora, app)


def test_add__a_name_is_kept_whatever_was_typed(session: Session, nora: SignedIn) -> None:
    factors.add(session, nora, TOTP, " Mein\0 \n Telefon " + "x" * 200, b"", NOW.date())
    (app,) = factors.of(session, nora.person)
    assert app.name.startswith("Mein Telefon xxx")
    assert len(app.name) == 100


def test_address__is_what_apps_read(nora: SignedIn) -> None:
    read = pyotp.parse_uri(factors.address(SECRET, nora.person))
    assert isinstance(read, pyotp.TOTP)
    assert (read.secret, read.name, read.issuer) == (SECRET, "Nora", "zugang")
    assert (read.digits, read.interval) == (6, 30)


@pytest.mark.parametrize("write", [str, str.upper, lambda code: code.replace("-", " ")])
def test_new_codes__each_works_once(session: Session, nora: SignedIn, write) -> None:  # type: ignore[no-untyped-def]
    codes = factors.new_codes(session, nora, NOW.date())
    assert len(set(codes)) == CODES
    for left, code in zip(reversed(range(CODES)), codes, strict=True):
        assert factors.take(session, nora, write(code), NOW) == CODE
        assert factors.take(session, nora, write(code), NOW) is None
        assert factors.codes_left(session, nora.person) == left


def test_new_codes__make_the_earlier_ones_void(session: Session, nora: SignedIn) -> None:
    earlier = factors.new_codes(session, nora, NOW.date())
    later = factors.new_codes(session, nora, NOW.date())
    assert factors.codes_left(session, nora.person) == CODES
    assert factors.take(session, nora, earlier[0], NOW) is None
    assert factors.take(session, nora, later[0], NOW) == CODE


def test_new_codes__are_no_second_factor_by_themselves(session: Session, nora: SignedIn) -> None:
    factors.new_codes(session, nora, NOW.date())
    assert factors.of(session, nora.person) == []


def test_remove__the_last_one_takes_the_codes_with_it(session: Session, nora: SignedIn) -> None:
    secret = with_app(session, nora)
    with_app(session, nora)
    factors.new_codes(session, nora, NOW.date())
    first, second = factors.of(session, nora.person)
    factors.remove(session, nora, first)
    assert factors.of(session, nora.person) == [second]
    assert factors.codes_left(session, nora.person) == CODES
    later = NOW + 2 * STEP
    assert factors.take(session, nora, shown(secret, later), later) is None
    factors.remove(session, nora, second)
    assert session.scalars(select(Factor)).all() == []


def test_hers__is_nobody_elses_and_no_code(session: Session, nora: SignedIn) -> None:
    with_app(session, nora)
    factors.new_codes(session, nora, NOW.date())
    (app,) = factors.of(session, nora.person)
    (code, *_) = factors.of(session, nora.person, CODE)
    assert factors.hers(session, nora.person, app.id) is app
    for person, factor_id in (
        (signed_in(session, "Sonja").person, app.id),
        (nora.person, code.id),
        (nora.person, 999),
    ):
        with pytest.raises(NotHers):
            factors.hers(session, person, factor_id)


def test_changes__are_in_the_audit(session: Session, nora: SignedIn) -> None:
    with_app(session, nora)
    factors.new_codes(session, nora, NOW.date())
    factors.remove(session, nora, factors.of(session, nora.person)[0])
    session.commit()
    thing = f"person:{nora.person.id}:factors"
    lines = session.execute(select(Entry.person_id, Entry.deed).where(Entry.thing == thing))
    assert list(lines) == [(nora.person.id, "changed")] * 3


@pytest.mark.parametrize(
    ("role", "part", "needed"),
    [
        (people.COORDINATOR, "", True),
        (people.COUNSELLOR, "north", True),
        (people.COUNSELLOR, "both", True),
        (people.INTERVIEWER, "", False),
        (people.EVALUATOR, "", False),
    ],
)
def test_needed__by_who_opens_contacts(role: str, part: str, needed: bool) -> None:
    assert factors.needed(Person(name="", role=role, part=part)) is needed
