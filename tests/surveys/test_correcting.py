"""Correcting what was sent: within its days, with a reason; what it said before stays, sealed."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from core import audit, drafts, people, records
from core.drafts import Draft
from core.records import Response
from core.vault import Tampered
from surveys import corrections
from surveys.corrections import Correction
from tests.support.house import House, join
from tests.support.interviewing import HOME, arrive, begin, stored, to_the_end, today
from tests.support.visitor import Visitor


def sent(app: Flask, **answers: str) -> Visitor:
    """What she has sent, open in her browser."""
    visitor = to_the_end(begin(app), **answers)
    path = visitor.path
    return visitor.press("submit").get(path)


def test_correction__replaces_the_answer_and_keeps_what_it_was(house: House, app: Flask) -> None:
    visitor = sent(app, age="30_49", good="Sie hat zugehört")
    visitor.press("correct", reason="misheard").press("page:/data/person")
    visitor.press("next", age="50_64").press("submit")

    assert visitor.heading.startswith("Gesendet:")
    assert [one["age"] for one in stored(house, "client")] == ["50_64"]
    assert "Falsch verstanden" in visitor.text
    cells = [cell.text_content().strip() for cell in visitor.page.xpath("//table//td")]
    assert cells == ["30 bis 49 Jahre", "50 bis 64 Jahre"]
    with house.database.transaction() as session:
        (row,) = session.scalars(select(Correction))
        (found,) = corrections.of(session, house.staff["Eva"].keys, [row.response_id])
        assert found.reason == "misheard"
        assert found.old == {"/data/person/age": "30_49"}
        assert row.person_id == house.staff["Ines"].person.id
        last = session.scalars(select(audit.Entry).order_by(audit.Entry.id.desc())).first()
        assert last is not None
        assert (last.deed, last.thing) == ("changed", f"response:{row.response_id}")


def test_correction__of_words_opens_for_counsellors_alone(house: House, app: Flask) -> None:
    visitor = sent(app, good="Sie hat zugehört")
    visitor.press("correct", reason="mistyped").press("page:/data/more")
    visitor.press("next", good="Sie hat gut zugehört").press("submit")

    with house.database.transaction() as session:
        (response,) = session.scalars(select(Response))
        now = records.open_identity(session, response, house.staff["Nora"].keys)
        assert now["/data/more/good"] == "Sie hat gut zugehört"
        (words,) = corrections.words_of(session, house.staff["Nora"].keys, response.id)
        assert words == {"/data/more/good": "Sie hat zugehört"}
        (coded,) = corrections.of(session, house.staff["Eva"].keys, [response.id])
        assert coded.old == {}


def test_correction__thrown_away_changes_nothing(house: House, app: Flask) -> None:
    visitor = sent(app, age="30_49")
    visitor.press("correct", reason="wish").press("page:/data/person").press("next", age="50_64")

    visitor.press("discard")

    assert visitor.heading.startswith("Gesendet:")
    assert "30 bis 49 Jahre" in visitor.text
    assert [one["age"] for one in stored(house, "client")] == ["30_49"]
    assert "Korrekturen" not in [h.text_content() for h in visitor.page.xpath("//h2")]


def test_correction__that_changes_nothing_leaves_no_trace(house: House, app: Flask) -> None:
    sent(app, age="30_49").press("correct", reason="wish").press("submit")

    with house.database.transaction() as session:
        assert session.scalars(select(Correction)).all() == []
        assert [one.revision for one in session.scalars(select(Response))] == [0]


def test_correction__can_be_made_twice_and_shows_both(house: House, app: Flask) -> None:
    visitor = sent(app, age="30_49")
    for age in ("50_64", "65_plus"):
        visitor.press("correct", reason="misheard").press("page:/data/person")
        visitor.press("next", age=age).press("submit")

    cells = [cell.text_content().strip() for cell in visitor.page.xpath("//table//td")]
    assert cells == ["30 bis 49 Jahre", "50 bis 64 Jahre", "50 bis 64 Jahre", "65 Jahre oder älter"]
    assert [one["age"] for one in stored(house, "client")] == ["65_plus"]


def test_copy__is_hers_alone_and_nobody_rescues_it(house: House, app: Flask) -> None:
    visitor = sent(app, age="30_49")
    ina = join(house, "Ina", people.INTERVIEWER)

    assert arrive(app, "Ina").get(visitor.path).response.status_code == 404
    with house.database.transaction() as session:
        (copy,) = session.scalars(select(Draft))
        assert (copy.rescue, copy.rescue_key_id) == (None, None)
        copy.person_id = ina.person.id
    with house.database.transaction() as session:
        (copy,) = session.scalars(select(Draft))
        with pytest.raises(Tampered):
            drafts.read(ina, copy)


def test_copy__of_the_last_day_can_still_be_corrected(house: House, app: Flask) -> None:
    visitor = sent(app, age="30_49")
    with house.database.transaction() as session:
        session.execute(update(Draft).values(submitted=today(house) - timedelta(days=13)))

    path = visitor.path
    assert visitor.get(HOME).page.xpath("//main//li/a/@href") == [path]


def test_correction__asks_for_a_reason_that_there_is(house: House, app: Flask) -> None:
    visitor = sent(app, age="30_49")
    visitor.press("correct", reason="weil")

    assert visitor.heading.startswith("Gesendet:")
