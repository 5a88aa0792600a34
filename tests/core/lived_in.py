"""A service that people have used, and an empty place to bring it to."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert

import app as program
from core import secret, versions
from core.presence import Presence
from core.records import Attachment
from core.settings import Settings
from core.uploads import Upload
from core.web import sessions
from surveys import interviews
from tests.support.house import House, settings_for, submit

ID = "00000000-0000-4000-8000-{:012}"
NAME = "/data/contact/name"
WRITTEN = "Amsel {} \u2028 äöü\n"
RECEIVED = 5


def run(place: Settings, *arguments: str) -> Result:
    """Run `zugang ARGUMENTS` in a place."""
    environment = {"ZUGANG_DATA": str(place.data), "ZUGANG_DATABASE_URL": place.database_url}
    return CliRunner().invoke(program.main, arguments, env=environment)


def saved(house: House, file: Path) -> Path:
    """Return the file after writing the backup of a house to it."""
    done = run(house.settings, "backup", str(file))
    assert done.exit_code == 0, done.output
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """An empty place of either kind."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    return settings_for(tmp_path / "new" / "place", url)


@pytest.fixture
def lived_in(either_house: House) -> House:
    """A service with referrals, a file, a draft with a file, and somebody signed in."""
    secret.read_or_make(either_house.settings.data)
    with either_house.database.transaction() as session:
        for number in range(RECEIVED):
            submit(session, "referral", ID.format(number), {NAME: WRITTEN.format(number)})
        session.add(Attachment(response_id=ID.format(1), id=b"i" * 32, sealed=bytes(range(256))))
        version = versions.current(session, "client")
        ines = either_house.staff["Ines"]
        interviews.begin(session, ines, version, "später".encode(), date(2026, 11, 23))
        later, soon = timedelta(days=400), timedelta(minutes=61)
        for box, left in ((b"of a draft", later), (b"of a woman", soon)):
            expires = int((datetime.now(UTC) + left).timestamp())
            session.execute(insert(Upload).values(id=box, expires=expires, box=box))
        session.add(Presence(id=b"p", person_id=1, begun=1, seen=1, device="Firefox", box=b"b"))
        session.execute(sessions.table.insert().values(id=b"s", expires=2**33, box=b"b"))
    return either_house
