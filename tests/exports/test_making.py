"""Files made apart from the pages: how far they are, how they end, for whom they open."""

import json
import subprocess
import time
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError

from core import uploads
from core.audit import Entry
from core.people import NotHers
from core.uploads import Upload
from core.vault import Tampered
from exports.files import assembly, making
from exports.files.making import Task
from exports.files.progress import CHECKING, READING, RELEASING, WRITING, Progress
from exports.formats.gate import GateError
from exports.release import orders, outgoing, releases
from exports.release.batches import rules_of
from exports.release.orders import FAILED, READY, WORKBOOK, Order, Wanted
from tests.exports.declarations import TWO, add_choice, declare
from tests.exports.ledger import TODAY, Read, case, eva, receive, referral
from tests.support.house import House, settings_for

HOME = "/results/"
WANTED = Wanted(WORKBOOK, "de", labels=True)
LONG = 30  # seconds that a process of its own may take at most


@pytest.fixture
def task(either_house: House) -> Task:
    return task_of(either_house)


def task_of(house: House) -> Task:
    with house.database.transaction() as session:
        order = orders.place(session, eva(house).person, WANTED)
    return making.task_of(order, eva(house), house.settings, TODAY)


def order_of(house: House, task: Task) -> Order:
    with house.database.transaction() as session:
        return session.get_one(Order, task.order)


def test_run__makes_the_file_that_a_workbook_of_the_same_data_is(
    either_house: House, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders, "PIECE", 4000)
    receive(either_house, "referral", (referral(number) for number in range(30)))
    making.run(task)
    order = order_of(either_house, task)
    with either_house.database.transaction() as session:
        pieces = orders.fetch(session, eva(either_house), order)
        assert len(pieces) > 1
        file = b"".join(pieces)
        assert file == assembly.workbook(session, eva(either_house))
        noted = session.scalars(select(Entry.thing).where(Entry.deed == "exported")).all()
    assert (order.step, order.size, order.digest) == (READY, len(file), sha256(file).hexdigest())
    assert len(Read(file).rows("referral v1")) == 30
    assert noted == ["workbook"]


def test_task__has_the_rules_of_the_house_on_the_other_side_of_the_pipe(house: House) -> None:
    weights = {"ZUGANG_WEIGHTS": "age=2", "ZUGANG_K": "7", "ZUGANG_PROGRAMME": "2020-02..2021-03"}
    chosen = settings_for(house.settings.data, house.settings.database_url, **weights)
    sent = json.dumps(asdict(making.task_of(Order(id=1), eva(house), chosen, TODAY)))
    assert Task(**json.loads(sent)).rules == rules_of(chosen)


def test_start__is_a_process_of_its_own_that_shows_its_keys_to_nobody(
    either_house: House, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(either_house, "referral", (referral(number) for number in range(30)))
    started = []
    popen = subprocess.Popen

    def seen(*arguments: object, **more: object) -> object:
        started.append(popen(*arguments, **more))  # type: ignore[call-overload]
        return started[0]

    monkeypatch.setattr(making.subprocess, "Popen", seen)
    making.start(task)
    folder = Path("/proc", str(started[0].pid))
    shown = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
    steps = watched(either_house, task)

    assert task.private.encode() not in shown
    assert eva(either_house).pair.private not in shown
    assert steps[-1] == READY
    assert set(steps) <= {"waiting", RELEASING, READING, WRITING, CHECKING, READY}
    assert started[0].wait(LONG) == 0


def watched(house: House, task: Task) -> list[str]:
    """The steps that somebody sees who looks again and again."""
    steps: list[str] = []
    until = time.monotonic() + LONG
    while time.monotonic() < until and steps[-1:] != [READY]:
        step = order_of(house, task).step
        steps += [step] if steps[-1:] != [step] else []
        time.sleep(0.05)
    return steps


def test_work_that_takes_long__is_told_while_it_goes_on(
    either_house: House, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def slow(_session: object, _who: object, _wish: object, progress: Progress) -> bytes:
        progress.begin(WRITING, 4)
        for number in progress.counted(range(4)):
            until = time.monotonic() + LONG
            while order_of(either_house, task).done != number + 1 and time.monotonic() < until:
                time.sleep(0.02)
            seen.append((order_of(either_house, task).step, order_of(either_house, task).done))
        return b"file"

    monkeypatch.setattr(making, "BEAT_SECONDS", 0.05)
    monkeypatch.setattr(assembly, "workbook", slow)
    making.run(task)
    assert seen == [(WRITING, 1), (WRITING, 2), (WRITING, 3), (WRITING, 4)]
    assert order_of(either_house, task).step == READY


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (GateError("a cell held kanarienvogel"), making.GATE),
        (ValueError("kanarienvogel"), making.OTHER),
        (RuntimeError("kanarienvogel"), making.OTHER),
        (OperationalError("", None, Exception("disk is full")), making.OTHER),
    ],
)
def test_work_that_fails__says_so_and_leaves_no_half_file(
    either_house: House,
    task: Task,
    error: Exception,
    problem: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object) -> bytes:
        raise error

    monkeypatch.setattr(assembly, "workbook", broken)
    making.run(task)
    order = order_of(either_house, task)
    assert (order.step, order.problem, order.receipt) == (FAILED, problem, b"")
    assert type(error).__name__ in caplog.text
    assert "kanarienvogel" not in caplog.text
    with either_house.database.transaction() as session:
        assert session.scalars(select(Upload)).all() == []
        assert session.scalars(select(Entry).where(Entry.deed == "exported")).all() == []


def test_release__that_somebody_else_made_at_this_moment_is_out(
    either_house: House, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*_: object) -> list[object]:
        raise IntegrityError("", None, Exception())

    monkeypatch.setattr(outgoing, "publish", late)
    making.run(task)
    assert order_of(either_house, task).step == READY


def test_release__what_does_not_fit_stays_in_and_the_order_says_so(
    house: House,
) -> None:
    task = task_of(house)
    declare(house, "housing", TWO)
    add_choice(house)
    receive(house, "case", (case(number, number % 3) for number in range(30)))
    receive(house, "referral", (referral(number) for number in range(30)))
    making.run(task)
    order = order_of(house, task)
    assert (order.step, order.problem) == (READY, making.RULES)
    with house.database.transaction() as session:
        assert releases.count(session, "case", TODAY).released == 0
        assert releases.count(session, "referral", TODAY).released == 30


def test_release__that_cannot_be_planned_leaves_the_ledger_as_it_was(
    either_house: House, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(either_house, "referral", (referral(number) for number in range(30)))

    def broken(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(outgoing.open_words, "release", broken)  # after the records are frozen
    making.run(task)
    assert order_of(either_house, task).problem == making.OTHER
    with either_house.database.transaction() as session:
        assert releases.batches(session, "referral") == []


def test_file__opens_for_who_asked_alone_and_for_a_day(
    either_house: House, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    making.run(task)
    order = order_of(either_house, task)
    with either_house.database.transaction() as session:
        karin = either_house.staff["Karin"]
        with pytest.raises(NotHers):
            orders.of(session, karin.person, order.id)
        with pytest.raises(NotHers):
            orders.of(session, eva(either_house).person, order.id + 1)
        with pytest.raises(Tampered):
            orders.fetch(session, karin, order)
    assert order.is_there
    later = int(time.time()) + orders.KEPT
    monkeypatch.setattr(orders, "now", lambda: later)
    monkeypatch.setattr(uploads.time, "time", lambda: later)
    assert not order.is_there
    with (
        either_house.database.transaction() as session,
        pytest.raises(uploads.Gone),
    ):
        orders.fetch(session, eva(either_house), order)


def test_order__without_a_sign_of_life_counts_as_broken_off(
    either_house: House, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = order_of(either_house, task)
    assert order.is_under_way
    monkeypatch.setattr(orders, "now", lambda: order.seen + orders.SILENT + 1)
    assert order.is_broken_off
    assert not order.is_under_way
