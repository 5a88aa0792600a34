"""The questionnaires that come with zugang."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import shipped, versions
from core.audit import Entry
from core.languages import LANGUAGES
from core.versions import Version
from tests.support.house import House
from tests.support.houses import program

QUESTION = """
| survey |
|        | type | name | label |
|        | text | word | {} |
| settings |
|          | form_id | form_title | default_language |
|          | probe   | Probe      | Deutsch (de)     |
"""


def published(session: Session) -> list[tuple[str, int]]:
    rows = session.execute(select(Version.questionnaire, Version.number).order_by(Version.id))
    return [(name, number) for name, number in rows]


def test_publish__every_questionnaire_of_the_house_once(either_house: House) -> None:
    with either_house.database.transaction() as session:
        before = published(session)
        assert sorted(before) == [
            ("case", 1),
            ("client", 1),
            ("municipality", 1),
            ("referral", 1),
        ]
        shipped.publish(session, program.QUESTIONNAIRES)
        assert published(session) == before


def test_publish__only_what_changed_is_published_anew(house: House, tmp_path: Path) -> None:
    for name, label in (("one", "Eins"), ("two", "Zwei")):
        (tmp_path / f"{name}.md").write_text(QUESTION.format(label))
    with house.database.transaction() as session:
        shipped.publish(session, [tmp_path])
        (tmp_path / "two.md").write_text(QUESTION.format("Zwo"))
        shipped.publish(session, [tmp_path])
        assert [row for row in published(session) if row[0] in {"one", "two"}] == [
            ("one", 1),
            ("two", 1),
            ("two", 2),
        ]
        versions = session.scalars(select(Version.id).where(Version.questionnaire == "two")).all()
    with Session(house.database.durable) as session:
        noted = select(Entry.person_id, Entry.thing).where(Entry.deed == "published")
        lines = session.execute(noted.order_by(Entry.id)).all()
    assert lines[-2:] == [(0, f"version:{version}") for version in sorted(versions)]


@pytest.mark.parametrize("tag", list(LANGUAGES))
def test_publish__women_are_asked_in_every_language(house: House, tag: str) -> None:
    with house.database.transaction() as session:
        form = versions.form_of(session, versions.current(session, "referral").id)
    assert tag in form.languages
    labels = {question.label(tag) for question in form.questions.values()}
    german = {question.label("de") for question in form.questions.values()}
    assert (labels == german) == (tag == "de")
