"""What is done once a day is done by one, also when many ask at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from core import errands
from tests.support.house import NOW, House

TODAY = NOW.date()


def test_take__falls_to_one_of_many(either_house: House) -> None:
    for day in (TODAY, TODAY + timedelta(days=1)):
        together = Barrier(4)

        def ask(day: object = day, together: Barrier = together) -> bool:
            together.wait()
            with either_house.database.transaction() as session:
                return errands.take(session, "tidying", day)

        with ThreadPoolExecutor(4) as pool:
            answers = [pool.submit(ask) for _ in range(4)]
        assert sorted(answer.result() for answer in answers) == [False, False, False, True]


def test_take__falls_to_the_next_when_it_failed(either_house: House) -> None:
    def fail() -> None:
        with either_house.database.transaction() as session:
            assert errands.take(session, "tidying", TODAY)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with either_house.database.transaction() as session:
        assert errands.take(session, "tidying", TODAY)
    with either_house.database.transaction() as session:
        assert not errands.take(session, "tidying", TODAY)
        assert errands.take(session, "sweeping", TODAY)
