"""Who guesses is slowed down; who types is not; nothing says who or where."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

import migrations
from core import database, throttle
from core.throttle import ACCOUNT, NETWORK, Attempt, DayKey, Gate, Tries, network_of

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    migrations.upgrade(database_url)
    opened = database.connect(database_url)
    yield opened.relaxed
    opened.close()


def after(**time: float) -> datetime:
    return NOON + timedelta(**time)


def spent(engine: Engine, gate: Gate = ACCOUNT, what: str = "Nora") -> Tries:
    """Return tries of which no free one is left."""
    tries = Tries(engine, (gate, what))
    for _ in range(gate.free):
        assert tries.count(NOON) == 0
    return tries


def test_count__after_the_free_tries_the_wait_doubles_up_to_15_minutes(engine: Engine) -> None:
    tries, now = spent(engine), NOON
    waits = []
    for _ in range(8):
        waits.append(tries.count(now))
        now += timedelta(seconds=waits[-1])
        assert tries.count(now) == 0
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]


def test_count__who_must_wait_waits_no_longer_for_asking(engine: Engine) -> None:
    tries = spent(engine)
    assert [tries.count(after(seconds=n)) for n in (0, 10, 29)] == [30, 20, 1]
    assert tries.count(after(seconds=30)) == 0


def test_count__another_account_another_network_another_door_do_not_wait(engine: Engine) -> None:
    spent(engine)
    assert Tries(engine, (ACCOUNT, "Sonja")).count(NOON) == 0
    assert Tries(engine, (NETWORK, "Nora")).count(NOON) == 0
    assert Tries(engine, (Gate("factor", 5), "Nora")).count(NOON) == 0


def test_count__a_network_has_more_slips_than_one_account(engine: Engine) -> None:
    tries = spent(engine, NETWORK, "192.0.2.0/24")
    assert tries.count(NOON) == 30


def test_count__a_network_that_must_wait_costs_no_account_a_try(engine: Engine) -> None:
    spent(engine, NETWORK, "192.0.2.0/24")
    both = Tries(engine, (NETWORK, "192.0.2.0/24"), (ACCOUNT, "Nora"))
    assert [both.count(NOON) for _ in range(9)] == [30] * 9
    assert Tries(engine, (ACCOUNT, "Nora")).count(NOON) == 0


def test_count__of_many_at_the_same_moment_only_the_free_ones_go_on(engine: Engine) -> None:
    def guess(_number: int) -> int:
        return Tries(engine, (ACCOUNT, "Nora")).count(NOON)

    with ThreadPoolExecutor(12) as pool:
        waits = list(pool.map(guess, range(40)))
    assert sorted(waits) == [0] * ACCOUNT.free + [30] * 35


def test_count__a_gate_with_one_free_try_is_closed_after_it(engine: Engine) -> None:
    assert spent(engine, Gate("narrow", 1)).count(NOON) == 30


def test_count__an_hour_later_it_is_forgotten(engine: Engine) -> None:
    tries = spent(engine)
    just_before = Tries(engine, (ACCOUNT, "Sonja"))
    for _ in range(4):
        just_before.count(NOON)
    assert [just_before.count(after(minutes=59)) for _ in range(2)] == [0, 30]
    assert [tries.count(after(hours=1)) for _ in range(6)] == [0] * 5 + [30]


def test_count__is_kept_although_the_request_fails(engine: Engine) -> None:
    spent(engine)
    with Session(engine) as session:
        assert session.scalar(select(Attempt.count)) == 5


def test_forget__who_got_in_begins_anew(engine: Engine) -> None:
    tries = spent(engine)
    assert tries.count(after(seconds=30)) == 0
    tries.forget(after(seconds=31))
    assert [tries.count(after(seconds=32)) for _ in range(6)] == [0] * 5 + [30]


def test_forget__who_got_in_takes_nothing_back_but_her_own_try(engine: Engine) -> None:
    tries = spent(engine, NETWORK, "192.0.2.0/24")
    for number in range(40):  # an office that signs in all day
        assert tries.count(after(seconds=30 + number)) == 0
        tries.forget(after(seconds=30 + number))
    assert tries.count(after(minutes=2)) == 0  # this one guesses again
    assert tries.count(after(minutes=2)) == 60


def test_sweep__takes_the_key_of_yesterday_with_its_rows(engine: Engine) -> None:
    evening = after(hours=11, minutes=30)
    for what in ("Nora", "Sonja"):
        Tries(engine, (ACCOUNT, what)).count(evening)
    throttle.sweep(engine, evening)
    assert counted(engine) == (1, 2)
    throttle.sweep(engine, after(hours=12))
    assert counted(engine) == (0, 0)


def test_sweep__leaves_what_still_counts(engine: Engine) -> None:
    tries = spent(engine)
    throttle.sweep(engine, after(seconds=1))
    assert tries.count(after(seconds=1)) == 29


def test_rows__say_neither_who_nor_where_and_differ_from_day_to_day(engine: Engine) -> None:
    for day in range(2):
        Tries(engine, (ACCOUNT, "Nora"), (NETWORK, "192.0.2.0/24")).count(after(days=day))
    with Session(engine) as session:
        ids = session.scalars(select(Attempt.id)).all()
        keys = session.scalars(select(DayKey.key)).all()
    assert len(set(ids)) == 4
    assert len(set(keys)) == 2
    assert not any(word in b"".join(ids) for word in (b"Nora", b"192.0", b"account"))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2ff::7", "2001:db8:1:200::/56"),
        ("2001:db8:1:300::7", "2001:db8:1:300::/56"),
        ("unix:", ""),
        ("", ""),
    ],
)
def test_network_of__is_what_one_line_usually_gets(address: str, network: str) -> None:
    assert network_of(address) == network


def counted(engine: Engine) -> tuple[int | None, int | None]:
    with Session(engine) as session:
        keys, rows = select(func.count(DayKey.day)), select(func.count(Attempt.id))
        return session.scalar(keys), session.scalar(rows)
