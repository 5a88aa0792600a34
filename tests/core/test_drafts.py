"""Drafts: of what somebody begins about a thing there is one."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from core import drafts, versions
from core.drafts import Draft, Overtaken
from tests.support.house import NOW, House


def test_draft__begun_twice_at_the_same_moment_is_one(either_house: House) -> None:
    nora, about = either_house.staff["Nora"], "a case"
    with either_house.database.transaction() as session:
        version = versions.current(session, "case").id
    both_are_here = Barrier(2)

    def begin(content: bytes) -> bytes:
        with either_house.database.transaction() as session:
            assert drafts.of(session, nora, about) is None
            both_are_here.wait()
            return drafts.read(
                nora, drafts.begin(session, nora, version, content, NOW.date(), about)
            )

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(begin, (b"one", b"two"))
    assert first == second
    with either_house.database.transaction() as session:
        [draft] = session.scalars(select(Draft))
        assert drafts.read(nora, draft) == first


def test_save__of_what_was_saved_elsewhere_since_is_refused(either_house: House) -> None:
    nora = either_house.staff["Nora"]
    with either_house.database.transaction() as session:
        version = versions.current(session, "case").id
        number = drafts.begin(session, nora, version, b"first", NOW.date()).id
    with either_house.database.transaction() as one:
        mine = drafts.find(one, nora, number)
        with either_house.database.transaction() as other:
            drafts.save(other, nora, drafts.find(other, nora, number), b"theirs", NOW.date())
        with pytest.raises(Overtaken):
            drafts.save(one, nora, mine, b"mine", NOW.date())
    with either_house.database.transaction() as session:
        assert drafts.read(nora, drafts.find(session, nora, number)) == b"theirs"
