"""Making a file apart from the pages: a process of its own that says how far it is.

It runs at low priority: whoever waits for a page comes first. The process that answers pages hands
it the order and the keys of who asked through a pipe that nobody else reads: nothing of them is in
its arguments, its environment or on the disk. It ends with the file.
"""

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import IO

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from core import audit, people, periods
from core.database import Database
from core.people import Person, SignedIn
from core.settings import Settings
from core.vault import Tampered
from exports.anonymise.rules import Rules
from exports.files import assembly
from exports.files.assembly import Wish
from exports.files.progress import RELEASING, Progress
from exports.formats.gate import GateError
from exports.release import orders, outgoing
from exports.release.batches import rules_of
from exports.release.orders import FILES, Order

NICE = 10  # whoever waits for a page comes first
BEAT_SECONDS = 0.5
GATE, CHANGED, RULES, OTHER = "gate", "changed", "rules", "other"

log = logging.getLogger("zugang")


@dataclass(frozen=True)
class Task:
    """All that the process needs: an order, where it is, by which rules, and who asked."""

    order: int
    data: str
    database_url: str = field(repr=False)
    private: str = field(repr=False)  # her half of her pair, hexadecimal
    day: str
    k: int
    share: float
    weights: dict[str, float]
    programme: str

    @property
    def rules(self) -> Rules:
        """What every class keeps."""
        return Rules(self.k, self.share, self.weights, periods.read(self.programme))


def task_of(order: Order, who: SignedIn, chosen: Settings, day: date) -> Task:
    """Return the task of an order of hers, by the rules of this deployment."""
    rules = rules_of(chosen)
    return Task(
        order.id,
        str(chosen.data),
        chosen.database_url,
        who.pair.private.hex(),
        day.isoformat(),
        rules.k,
        rules.share,
        dict(rules.weights),
        str(chosen.programme),
    )


def start(task: Task) -> None:
    """Begin a process for the task, and wait for nothing."""
    program = (sys.executable, "-P", "-m", "exports.files.making")
    child = subprocess.Popen(program, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603
    with child.stdin as pipe:  # type: ignore[union-attr] # it was asked for
        pipe.write(json.dumps(asdict(task)).encode())
    threading.Thread(target=child.wait, daemon=True).start()  # or it would stay as a zombie


def main(source: IO[bytes] = sys.stdin.buffer) -> None:
    """Do the task that comes through the pipe."""
    os.nice(NICE)
    run(Task(**json.load(source)))


def run(task: Task) -> None:
    """Make the file; whatever happens, the order says how it ended."""
    with closing(audit.connect_to(task.database_url, Path(task.data))) as database:
        try:
            _make(database, task)
        except Exception as error:  # noqa: BLE001 - nobody above could tell her
            # Never its text: it could repeat what somebody answered.
            log.warning("file %s: %s", task.order, type(error).__name__)
            _give_up(database, task, error)


def _make(database: Database, task: Task) -> None:
    progress = Progress()
    with _telling(database, task.order, progress):
        misfits = _release(database, task, progress)
        with database.transaction() as session:
            order, who = _asked(session, task)
            make = assembly.files if order.what == FILES else assembly.workbook
            file = make(session, who, Wish(order.language, order.labels), progress)
    with database.transaction() as session:
        order, who = _asked(session, task)
        orders.hand_in(session, order, who.person, file, RULES if misfits else "")
        audit.note(session, who.person.id, "exported", order.what)


def _release(database: Database, task: Task, progress: Progress) -> list[str]:
    """Let out what is ready first: rows that left without the ledger could leave once more.

    Return the questionnaires whose records stayed in because a taxonomy does not fit.
    """
    progress.begin(RELEASING)
    day = date.fromisoformat(task.day)
    try:
        with database.transaction() as session:
            _, who = _asked(session, task)
            return outgoing.publish(session, who, day, task.rules).misfits
    except IntegrityError:
        log.info("file %s: somebody else let the same out at this moment", task.order)
        return []


def _asked(session: Session, task: Task) -> tuple[Order, SignedIn]:
    """Return the order, and who asked with the keys she holds."""
    order = session.get_one(Order, task.order)
    person = session.get_one(Person, order.person_id)
    return order, people.reopen(session, person, bytes.fromhex(task.private))


def _give_up(database: Database, task: Task, error: Exception) -> None:
    problem = next((why for kind, why in _WHY.items() if isinstance(error, kind)), OTHER)
    with database.transaction() as session:
        order = session.get_one(Order, task.order)
        orders.give_up(session, order, problem)
        if isinstance(error, Tampered):
            audit.note(session, order.person_id, "refused", error.thing)


_WHY: dict[type[Exception], str] = {GateError: GATE, Tampered: CHANGED}


@contextmanager
def _telling(database: Database, number: int, progress: Progress) -> Iterator[None]:
    """Write down how far it is, over and over, until the block ends."""
    over = threading.Event()

    def tell() -> None:
        while not over.wait(BEAT_SECONDS):
            try:
                step, done, total = progress.step, progress.done, progress.total
                orders.sign(database.relaxed, number, step, done, total)
            except DBAPIError as error:  # somebody else writes just now; the next beat comes
                log.info("file %s: %s", number, type(error).__name__)

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


if __name__ == "__main__":
    main()
