"""Questionnaire versions, and responses sealed in two parts."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import LargeBinary, func, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import keyring, records, recovery, versions
from core.keyring import NoKeys, NotGranted
from core.records import Response, Submission
from core.vault import Tampered
from core.versions import NoQuestionnaire, Version
from tests.support.house import House, filled, settings_for, submit
from tests.support.houses import program
from tests.xlsform.builders import workbook_from
from xlsform.source import convert

SMALL = """
| survey |
|        | type               | name    | label     | bind::z:disclosure |
|        | text               | name    | Name      | identifying        |
|        | text               | words   | Worte     | free               |
|        | text               | unsaid  | Ungesagt  |                    |
|        | integer            | age     | Alter     | quasi              |
|        | select_one yes_no  | safe    | Sicher    | sensitive          |
|        | select_one yes_no  | open    | Offen     | open               |
|        | select_one yes_no  | counted | Gezählt   | table              |
| choices |
|         | list_name | name | label |
|         | yes_no    | yes  | Ja    |
|         | yes_no    | no   | Nein  |
"""
ANSWERS = {
    "/data/name": "Amsel",
    "/data/words": "Bitte leise",
    "/data/unsaid": "Drossel",
    "/data/age": "33",
    "/data/safe": "no",
    "/data/open": "yes",
    "/data/counted": "yes",
}
IDENTITY = {"/data/name", "/data/words", "/data/unsaid"}
DAY = date(2026, 11, 23)
ONE, TWO = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"


def small(more: str = "") -> str:
    return convert(workbook_from(SMALL.replace("Name  ", f"Name{more}  "))).xml


@pytest.fixture
def session(either_house: House) -> Iterator[Session]:
    with Session(either_house.database.durable) as opened:
        versions.publish(opened, "small", small())
        yield opened


def stored(session: Session, number: str = ONE, answers: Mapping[str, str] = ANSWERS) -> Response:
    submit(session, "small", number, answers)
    response = session.get(Response, number)
    assert response is not None
    return response


def opened(session: Session, response: Response, house: House, name: str) -> dict[str, str]:
    keys = house.staff[name].keys
    return dict(records.open_identity(session, response, keys)) | dict(
        records.open_answers(session, response, keys)
    )


def test_publish__the_same_content_stays_one_version(session: Session) -> None:
    first, again = (versions.publish(session, "small", small()) for _ in range(2))
    assert first is again
    assert first.number == 1


def test_publish__changed_content_is_the_next_version(session: Session) -> None:
    first = versions.current(session, "small")
    second = versions.publish(session, "small", small("n"))
    assert (first.number, second.number) == (1, 2)
    assert versions.current(session, "small") is second
    assert versions.form_of(session, first.id).questions["/data/name"].label("") == "Name"
    assert versions.form_of(session, second.id).questions["/data/name"].label("") == "Namen"


def test_publish__going_back_to_earlier_content_is_a_new_version(session: Session) -> None:
    versions.publish(session, "small", small("n"))
    assert versions.publish(session, "small", small()).number == 3


def test_current__what_was_never_published_is_named(session: Session) -> None:
    with pytest.raises(NoQuestionnaire, match="unheard"):
        versions.current(session, "unheard")
    with pytest.raises(NoQuestionnaire, match="9999"):
        versions.version_of(session, 9999)
    with pytest.raises(NoQuestionnaire, match="9999"):
        versions.form_of(session, 9999, "no such digest")


def test_submit__every_answer_opens_again(session: Session, either_house: House) -> None:
    assert opened(session, stored(session), either_house, "Nora") == ANSWERS


def test_submit__the_recovery_key_opens_every_answer(session: Session, either_house: House) -> None:
    response = stored(session)
    keys = keyring.collect(session, recovery.pair_of(either_house.recovery_code))
    assert records.open_identity(session, response, keys).keys() == IDENTITY
    assert records.open_answers(session, response, keys).keys() == ANSWERS.keys() - IDENTITY


def test_submit__words_that_could_name_her_are_sealed_apart(
    session: Session, either_house: House
) -> None:
    response, keys = stored(session), either_house.staff["Nora"].keys
    assert records.open_identity(session, response, keys).keys() == IDENTITY
    assert records.open_answers(session, response, keys).keys() == ANSWERS.keys() - IDENTITY


def test_submit__every_question_is_in_one_part_only(session: Session, either_house: House) -> None:
    for name in ("referral", "client", "municipality", "case"):
        form = versions.form_of(session, versions.current(session, name).id)
        for question in form.questions.values():
            alone = question.disclosure in {"quasi", "sensitive", "open", "table"}
            assert (question.disclosure in records.SEALED_TO_CONTACT) != alone, question.path


def test_submit__the_evaluators_key_opens_no_identity(
    session: Session, either_house: House
) -> None:
    response, keys = stored(session), either_house.staff["Eva"].keys
    assert records.open_answers(session, response, keys)["/data/age"] == "33"
    with pytest.raises(NotGranted):
        records.open_identity(session, response, keys)


@pytest.mark.parametrize("part", ["identity", "answers"])
def test_submit__the_interviewers_key_opens_nothing(
    session: Session, either_house: House, part: str
) -> None:
    response = stored(session)
    with pytest.raises(NotGranted):
        getattr(records, f"open_{part}")(session, response, either_house.staff["Ines"].keys)


def test_submit__the_other_part_of_the_county_cannot_open_it(
    session: Session, either_house: House
) -> None:
    response = stored(session)
    with pytest.raises(NotGranted):
        records.open_identity(session, response, either_house.staff["Sonja"].keys)


@pytest.mark.parametrize("part", ["identity", "answers"])
def test_submit__a_sealed_part_opens_only_in_its_own_row(
    session: Session, either_house: House, part: str
) -> None:
    one, two = stored(session, ONE), stored(session, TWO)
    setattr(one, part, getattr(two, part))
    with pytest.raises(Tampered):
        getattr(records, f"open_{part}")(session, one, either_house.staff["Karin"].keys)


def test_submit__a_sealed_part_opens_only_as_the_part_it_is(
    session: Session, either_house: House
) -> None:
    response = stored(session)
    response.contact_key_id, response.identity = response.answers_key_id, response.answers
    with pytest.raises(Tampered):
        records.open_identity(session, response, either_house.staff["Eva"].keys)


def test_submit__a_sealed_part_opens_only_with_its_own_version(
    session: Session, either_house: House
) -> None:
    response = stored(session)
    response.version_id = versions.publish(session, "small", small("n")).id
    with pytest.raises(Tampered):
        records.open_answers(session, response, either_house.staff["Karin"].keys)


def test_submit__another_key_does_not_open(session: Session, either_house: House) -> None:
    response = stored(session)
    response.contact_key_id = keyring.newest(session, "contact-south").id
    with pytest.raises(Tampered):
        records.open_identity(session, response, either_house.staff["Sonja"].keys)


def test_submit__sent_twice_is_stored_once_as_it_first_was(
    session: Session, either_house: House
) -> None:
    stored(session)
    submit(session, "small", ONE, ANSWERS | {"/data/name": "Zeisig"})
    session.expire_all()
    assert session.scalar(select(func.count(Response.id))) == 1
    response = session.get(Response, ONE)
    assert response is not None
    assert opened(session, response, either_house, "Nora")["/data/name"] == "Amsel"


def test_submit__sent_twice_at_the_same_moment_is_stored_once(either_house: House) -> None:
    with either_house.database.transaction() as session:
        version = versions.publish(session, "small", small())
    both_are_here = Barrier(2)

    def send(_number: int) -> None:
        with either_house.database.transaction() as session:
            assert session.get(Response, ONE) is None
            filling = filled(session, version, ANSWERS)
            both_are_here.wait()
            records.submit(session, Submission(ONE, version.id, "north", DAY), filling)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(send, range(2))) == [None, None]
    with either_house.database.transaction() as session:
        assert session.scalar(select(func.count(Response.id))) == 1


def test_submit__is_refused_when_nobody_could_open_it(tmp_path: Path) -> None:
    empty = program.prepare(settings_for(tmp_path / "empty"))
    with Session(empty.durable) as session:
        versions.publish(session, "small", small())
        with pytest.raises(NoKeys):
            submit(session, "small", ONE, ANSWERS)
    empty.close()


def test_submit__is_refused_for_a_part_without_a_key(session: Session) -> None:
    with pytest.raises(NoKeys):
        submit(session, "small", ONE, ANSWERS, part="west")


def test_response__nothing_is_in_the_clear_but_what_the_design_lists(session: Session) -> None:
    columns = inspect(Response).columns
    clear = {column.name for column in columns if not isinstance(column.type, LargeBinary)}
    assert clear == {
        "id",
        "version_id",
        "part",
        "status",
        "closed",
        "revision",
        "received",
        "contact_key_id",
        "answers_key_id",
    }
    response = stored(session)
    for sealed in (response.identity, response.answers):
        assert not any(text.encode() in sealed for text in ("Amsel", "<data", "/data", ONE))


def test_responses__are_those_of_the_questionnaire_and_the_parts(session: Session) -> None:
    submit(session, "small", ONE, ANSWERS, part="north")
    submit(session, "small", TWO, ANSWERS, part="south")
    assert {row.id for row in records.responses(session, "small")} == {ONE, TWO}
    assert [row.id for row in records.responses(session, "small", ["south"])] == [TWO]
    assert records.responses(session, "small", []) == []
    assert records.responses(session, "referral") == []


def test_responses__the_newest_day_comes_first(session: Session) -> None:
    version = versions.current(session, "small")
    for number, day in ((TWO, 1), (ONE, 2)):
        submission = Submission(number, version.id, "north", date(2026, 11, day))
        records.submit(session, submission, filled(session, version, ANSWERS))
    assert [row.id for row in records.responses(session, "small")] == [ONE, TWO]


def test_version__two_of_a_questionnaire_never_share_a_number(session: Session) -> None:
    session.add(Version(questionnaire="small", number=1, digest="d", xform="<x/>"))
    with pytest.raises(IntegrityError):
        session.flush()


def test_make_ready__compiles_the_newest_version_of_each(session: Session) -> None:
    old, new = (versions.publish(session, "ready", small(word)) for word in (" a", " b"))
    versions.make_ready(session)
    assert versions.compiled(new.digest) is not None
    assert versions.compiled(old.digest) is None
