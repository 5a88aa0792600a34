"""A stolen disk opens nothing, and a passphrase opens what its owner was granted, no more."""

import json
from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import insert

from core.keyring import Grant
from tests.support import house as building
from tests.support.house import PASSPHRASE, House
from tests.support.thief import Loot, Thief, steal

RECORDS = 1000
OWN = "eigene feder gras hummel jolle"  # of whoever the thief knows more about


@pytest.fixture(scope="module")
def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """A service with 1,000 referrals, whose evaluator alone has a passphrase that leaks."""
    made = building.build(building.settings_for(tmp_path_factory.mktemp("theft") / "data"))
    for name, role, part in (("Nora", "counsellor", "north"), ("Ines", "interviewer", "")):
        building.join(made, name, role, part)
    building.join(made, "Eva", "evaluator", passphrase=OWN)
    with made.database.transaction() as session:
        answers = {"/data/contact/name": "Amsel", "/data/person/age": "22_29"}
        for _ in range(RECORDS):
            building.submit(session, "referral", str(uuid4()), answers)
    yield made
    made.database.close()


def stolen(house: House) -> Loot:
    """The whole data folder, the dump of the database, and the settings as they are written."""
    loot = steal(house.database.durable, house.settings.data)
    settings = {key: str(value) for key, value in vars(house.settings).items()}
    loot.files["settings"] = json.dumps(settings).encode()
    loot.files["log"] = b"zugang serves on http://127.0.0.1:8000"
    return loot


def opened(thief: Thief, loot: Loot, part: str) -> int:
    return sum(map(thief.opens, loot.column("response", part)))


def test_theft__without_a_passphrase_nothing_opens(scene: House) -> None:
    loot = stolen(scene)
    thief = Thief(loot)

    assert len(loot.tables["response"]) == RECORDS
    assert thief.pairs == {}
    assert opened(thief, loot, "identity") == opened(thief, loot, "answers") == 0


def test_theft__the_evaluators_passphrase_opens_no_identity(scene: House) -> None:
    loot = stolen(scene)
    thief = Thief(loot, passphrases=[OWN])

    assert opened(thief, loot, "answers") == RECORDS
    assert opened(thief, loot, "identity") == 0


def test_theft__a_counsellors_passphrase_opens_what_was_sent_to_her(scene: House) -> None:
    # The thief is as good as he should be: with the right passphrase he does open.
    loot = stolen(scene)
    thief = Thief(loot, passphrases=[PASSPHRASE])

    assert opened(thief, loot, "identity") == RECORDS


def test_thief__finds_a_key_that_lies_about(scene: House) -> None:
    loot = stolen(scene)
    answers = scene.staff["Eva"].keys.pair(min(scene.staff["Eva"].keys.held))
    loot.files["a note"] = f"do not lose: {answers.private.hex()}".encode()[13:]

    assert opened(Thief(loot), loot, "answers") == RECORDS


def test_theft__a_grant_copied_to_somebody_else_opens_nothing_more(scene: House) -> None:
    # Who can also write the database gives the evaluator what was sealed to the counsellor.
    with scene.database.durable.begin() as connection:
        eva, nora = scene.staff["Eva"].pair.public, scene.staff["Nora"].pair.public
        for row in connection.execute(Grant.__table__.select()).mappings().all():
            if row["holder"] == nora and row["service_key_id"] not in scene.staff["Eva"].keys.held:
                connection.execute(insert(Grant).values(dict(row) | {"holder": eva}))
    loot = stolen(scene)
    thief = Thief(loot, passphrases=[OWN])

    assert opened(thief, loot, "identity") == 0
