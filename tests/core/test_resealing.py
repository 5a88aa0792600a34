"""What older keys sealed is brought to the newest ones, whole or not at all."""

import subprocess
import time
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core import drafts, keyring, records, resealing, rotation, versions
from core.audit import Entry
from core.database import Base
from core.drafts import Draft
from core.keyring import PURPOSES, Grant, ServiceKey
from core.people import SignedIn
from core.records import Attachment, Response, Submission
from core.resealing import Run, Sealed
from core.vault import Tampered
from exports.release import releases
from exports.release.releases import Batch
from surveys import interviews
from tests.support.house import PASSPHRASE, House, filled, submit
from tests.support.service import COMMAND, ROOT
from tests.support.tools import clean_environment

DAY = date(2026, 11, 24)
NAME, AGE = "/data/contact/name", "/data/person/age"
FILES = (("bild.jpg", b"\xff\xd8picture"), ("brief.pdf", b"%PDF letter"))


def number(n: int) -> str:
    return f"00000000-0000-4000-8000-{n:012}"


def referral(session: Session, n: int = 1, part: str = "north") -> Response:
    submit(session, "referral", number(n), {NAME: f"Amsel {n}", AGE: "22_29"}, part)
    return one(session, n)


def one(session: Session, n: int = 1) -> Response:
    found = session.get(Response, number(n))
    assert found is not None
    return found


def with_files(session: Session) -> Response:
    version = versions.current(session, "referral")
    filling = filled(session, version, {NAME: "Amsel 1"})
    records.submit(session, Submission(number(1), version.id, "north", DAY), filling, FILES)
    return one(session)


def rotate(session: Session, who: SignedIn) -> None:
    rotation.rotate(session, who.person.id, PURPOSES, DAY)


def reseal(session: Session, who: SignedIn, size: int = 100) -> Run:
    run = Run()
    while resealing.batch(session, who.keys, who.person.id, run, size):
        pass
    return run


def again(session: Session, who: SignedIn) -> keyring.Keys:
    return keyring.collect(session, who.pair)


def newest_only(session: Session) -> bool:
    newest = {row.id for row in keyring.latest(session).values()}
    used = set()
    for model in resealing.models(Sealed):
        for column in resealing.key_columns(model):
            used |= {*session.scalars(select(column).where(column.is_not(None)))}
    return used <= newest


def test_models__no_model_with_a_key_of_the_service_is_forgotten() -> None:
    sealed = set(resealing.models(Sealed))
    with_keys = {
        mapper.class_ for mapper in Base.registry.mappers if resealing.key_columns(mapper.class_)
    }
    assert with_keys - sealed == {Grant}
    assert sealed - with_keys == set()
    assert {Response, Batch, Draft} <= sealed


def test_batch__a_record_with_its_files_opens_with_the_newest_keys_alone(
    session: Session, karin: SignedIn
) -> None:
    before = with_files(session)
    old = (before.contact_key_id, before.answers_key_id)
    rotate(session, karin)
    run = reseal(session, karin)
    assert (run.done, run.refused) == (1, 0)
    after = one(session)
    assert after.revision == 1
    assert not {after.contact_key_id, after.answers_key_id} & {*old}
    assert newest_only(session)
    keys = again(session, karin)
    assert records.open_identity(session, after, keys)[NAME] == "Amsel 1"
    assert records.open_answers(session, after, keys) is not None
    for name, content in FILES:
        assert records.open_file(session, after, name, keys) == content
    with pytest.raises(keyring.NotGranted):
        records.open_identity(session, after, karin.keys)


@pytest.mark.parametrize("part", ["identity", "answers", "file"])
def test_batch__an_older_sealed_version_put_back_does_not_open(
    session: Session, karin: SignedIn, part: str
) -> None:
    before = with_files(session)
    kept = (before.identity, before.answers, before.contact_key_id, before.answers_key_id)
    files = {row.id: row.sealed for row in session.scalars(select(Attachment))}
    rotate(session, karin)
    reseal(session, karin)
    row, keys = one(session), again(session, karin)
    row.identity, row.answers, row.contact_key_id, row.answers_key_id = kept
    for attachment in session.scalars(select(Attachment)):
        attachment.sealed = files[attachment.id]
    session.flush()
    arguments = (FILES[0][0], keys) if part == "file" else (keys,)
    with pytest.raises(Tampered):
        getattr(records, f"open_{part}")(session, row, *arguments)


def test_batch__the_same_keys_are_for_the_same_people_afterwards(
    session: Session, either_house: House
) -> None:
    referral(session, 1, "north")
    referral(session, 2, "south")
    rotate(session, either_house.staff["Karin"])
    reseal(session, either_house.staff["Karin"])
    nora = again(session, either_house.staff["Nora"])
    eva = again(session, either_house.staff["Eva"])
    assert records.open_identity(session, one(session, 1), nora)[NAME] == "Amsel 1"
    assert records.open_answers(session, one(session, 2), eva)[AGE] == "22_29"
    for n, keys in ((2, nora), (1, eva), (2, eva)):
        with pytest.raises(keyring.NotGranted):
            records.open_identity(session, one(session, n), keys)


def test_batch__batches_of_releases_and_drafts_come_too(
    session: Session, either_house: House
) -> None:
    karin, eva, ines = (either_house.staff[name] for name in ("Karin", "Eva", "Ines"))
    version = versions.current(session, "client")
    batch = releases.freeze(session, eva, version.id, [referral(session)], {"rows": [1]}, DAY)
    draft = interviews.begin(session, ines, version, b"half an interview", DAY)
    batch_id, draft_id = batch.id, draft.id
    rotate(session, karin)
    assert reseal(session, karin).done == 3
    assert newest_only(session)
    eva_now = SignedIn(eva.person, eva.pair, again(session, eva))
    assert releases.content(eva_now, session.get_one(Batch, batch_id)) == {"rows": [1]}
    found = session.get_one(Draft, draft_id)
    assert drafts.read(ines, found) == b"half an interview"
    new = keyring.collect(session, ines.pair)
    assert new.held == frozenset()
    found.give_back(again(session, karin), ines.pair.public)
    assert drafts.read(ines, found) == b"half an interview"


def test_batch__what_she_cannot_open_waits_for_others(
    session: Session, either_house: House
) -> None:
    karin, nora, eva = (either_house.staff[name] for name in ("Karin", "Nora", "Eva"))
    referral(session, 1, "north")
    referral(session, 2, "south")
    rotate(session, karin)
    assert resealing.waiting(session, karin.keys) == resealing.Waiting(mine=2, others=0, done=0)
    assert resealing.waiting(session, nora.keys) == resealing.Waiting(mine=1, others=1, done=0)
    assert resealing.waiting(session, eva.keys) == resealing.Waiting(mine=0, others=2, done=0)
    assert reseal(session, eva).done == 0
    assert reseal(session, nora).done == 1
    assert resealing.waiting(session, karin.keys) == resealing.Waiting(mine=1, others=0, done=1)


@pytest.mark.parametrize("broken", ["identity", "answers", "file", "file id"])
def test_batch__what_somebody_changed_stays_as_it_is_and_is_noted(
    session: Session, karin: SignedIn, broken: str
) -> None:
    response = with_files(session)
    referral(session, 2)
    if broken == "file":
        session.execute(update(Attachment).values(sealed=b"\0" * 400))
    elif broken == "file id":
        first, second = session.scalars(select(Attachment))
        first.sealed, second.sealed = second.sealed, first.sealed
    else:
        setattr(response, broken, b"\0" * 400)
    session.flush()
    rotate(session, karin)
    run = reseal(session, karin)
    assert (run.done, run.refused) == (1, 1)
    session.expire_all()
    assert one(session, 1).revision == 0
    assert one(session, 2).revision == 1
    if broken != "identity":
        assert records.open_identity(session, one(session, 1), karin.keys)[NAME] == "Amsel 1"
    session.commit()
    things = session.scalars(select(Entry.thing).where(Entry.deed == "refused"))
    assert list(things) == [f"response:{number(1)}"]


def test_batch__goes_on_where_it_stopped(session: Session, karin: SignedIn) -> None:
    for n in range(1, 8):
        referral(session, n)
    rotate(session, karin)
    assert resealing.batch(session, karin.keys, karin.person.id, Run(), 3)
    assert resealing.waiting(session, karin.keys).mine == 4
    assert reseal(session, karin, 3).done == 4
    assert resealing.waiting(session, karin.keys).mine == 0
    assert not resealing.batch(session, karin.keys, karin.person.id, Run())


def test_batch__a_rotation_in_between_is_caught_up_with(session: Session, karin: SignedIn) -> None:
    referral(session)
    rotate(session, karin)
    rotate(session, karin)
    reseal(session, karin)
    assert newest_only(session)
    assert records.open_identity(session, one(session), again(session, karin))[NAME] == "Amsel 1"


def test_command__killed_in_the_middle_it_goes_on_and_every_record_opens(
    either_house: House, tmp_path: Path
) -> None:
    count = 800
    with either_house.database.transaction() as session:
        for n in range(1, count + 1):
            referral(session, n)
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE)
    environment = clean_environment(
        ZUGANG_DATA=str(either_house.settings.data),
        ZUGANG_DATABASE_URL=either_house.settings.database_url,
    )
    command = [str(COMMAND), "keys", "--as", "Karin", "--passphrase-file", str(file)]

    def start(deed: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*command[:2], deed, *command[2:]],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )

    with start("rotate") as running:
        while not 0 < moved(either_house) < count:
            assert running.poll() is None
            time.sleep(0.002)
        running.kill()
    left = count - moved(either_house)
    assert 0 < left < count
    with start("reseal") as running:
        out, _ = running.communicate()
    assert f"{left} records are sealed to the newest keys." in out
    with Session(either_house.database.durable) as session:
        assert newest_only(session)
        keys = again(session, either_house.staff["Karin"])
        for n in range(1, count + 1):
            assert records.open_identity(session, one(session, n), keys)[NAME] == f"Amsel {n}"
            assert records.open_answers(session, one(session, n), keys)[AGE] == "22_29"
        generations = session.scalars(select(func.count()).select_from(ServiceKey)).one()
        assert generations == 2 * len(PURPOSES)


def moved(house: House) -> int:
    with Session(house.database.durable) as session:
        return session.scalar(select(func.count()).where(Response.revision > 0)) or 0
