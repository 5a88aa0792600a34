"""Who left, or found the paper, with an old copy and a new one: what came later stays shut."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from core import keyring, recovery, resealing, rotation, staffing
from core.people import SignedIn
from tests.support import house as building
from tests.support.house import NOW, House
from tests.support.thief import Loot, Thief, steal

RECORDS = 20
OWN = "eigene feder gras hummel jolle"  # of whoever leaves


@pytest.fixture
def scene(database_url: str, tmp_path: Path) -> Iterator[House]:
    """A service with some referrals, whose counsellor will leave."""
    made = building.build(building.settings_for(tmp_path / "data", database_url))
    building.join(made, "Nora", "counsellor", "north", passphrase=OWN)
    receive(made)
    yield made
    made.database.close()


def receive(house: House) -> None:
    with house.database.transaction() as session:
        for _ in range(RECORDS):
            answers = {"/data/contact/name": "Amsel", "/data/person/age": "22_29"}
            building.submit(session, "referral", str(uuid4()), answers)


def carried_off(house: House) -> Loot:
    return steal(house.database.durable, house.settings.data)


def leave(house: House) -> None:
    with house.database.transaction() as session:
        karin, nora = house.staff["Karin"], house.staff["Nora"]
        person = session.merge(nora.person)
        staffing.revoke(session, karin.person.id, person, NOW.date())


def seal_anew(house: House) -> None:
    with house.database.transaction() as session:
        karin: SignedIn = house.staff["Karin"]
        keys = keyring.collect(session, karin.pair)
        assert resealing.batch(session, keys, karin.person.id, resealing.Run())


def opened(thief: Thief, loot: Loot) -> dict[str, int]:
    parts = ("identity", "answers")
    return {part: sum(map(thief.opens, loot.column("response", part))) for part in parts}


def test_theft__who_left_opens_nothing_that_came_later(scene: House) -> None:
    before = carried_off(scene)
    leave(scene)
    receive(scene)
    after = carried_off(scene)
    thief = Thief(before, after, passphrases=[OWN])

    # What was there while she worked here she had; her copy is as good as her memory.
    assert opened(thief, before) == {"identity": RECORDS, "answers": RECORDS}
    assert len(after.tables["response"]) == 2 * RECORDS
    assert opened(thief, after) == opened(thief, before)
    assert opened(Thief(after, passphrases=[OWN]), after) == {"identity": 0, "answers": 0}


def test_theft__sealed_anew_nothing_of_today_opens_to_who_left(scene: House) -> None:
    before = carried_off(scene)
    leave(scene)
    receive(scene)
    seal_anew(scene)
    after = carried_off(scene)
    thief = Thief(before, after, passphrases=[OWN])

    assert opened(thief, after) == {"identity": 0, "answers": 0}


def test_theft__the_paper_from_before_opens_nothing_that_came_later(scene: House) -> None:
    before = carried_off(scene)
    words = recovery._bytes_of(scene.recovery_code.split())
    before.files["the paper"] = bytes(words[: recovery._SEED_BYTES])
    with scene.database.transaction() as session:
        karin = scene.staff["Karin"]
        rotation.reprint(session, karin.keys, karin.person.id, NOW.date())
    receive(scene)
    after = carried_off(scene)
    thief = Thief(before, after)

    assert opened(thief, before) == {"identity": RECORDS, "answers": RECORDS}
    assert opened(thief, after) == opened(thief, before)
    seal_anew(scene)
    assert opened(thief, carried_off(scene)) == {"identity": 0, "answers": 0}
