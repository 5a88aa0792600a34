"""Drafts: of what somebody begins about a thing there is one."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import select

from core import drafts, versions
from core.drafts import Draft
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
