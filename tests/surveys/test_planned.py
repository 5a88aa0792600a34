"""What is planned: clients who agreed, the round of the offices, refusals, who is at which."""

from flask import Flask
from sqlalchemy import select

from core import people, sampling
from core.sampling import CLIENT, MUNICIPALITY, SampleUnit
from tests.support.house import House, join
from tests.support.interviewing import HOME, arrive, draft_ids, to_the_end
from tests.support.visitor import Visitor

CODE = "K7M-2PX"


def agreed(house: House, code: str = CODE) -> None:
    with house.database.transaction() as session:
        sampling.plan(session, house.staff["Nora"], CLIENT, code)


def state(house: House, code: str = CODE) -> str:
    with house.database.transaction() as session:
        return sampling.state(session, CLIENT, code)


def offices(house: House) -> dict[str, str]:
    with house.database.transaction() as session:
        wave = sampling.newest_wave(session, MUNICIPALITY)
        return {one.code: one.status for one in sampling.wave_of(session, MUNICIPALITY, wave)}


def row(visitor: Visitor, name: str) -> str:
    found = visitor.page.xpath(f"//tr[th[normalize-space()='{name}']]")
    return " ".join(found[0].text_content().split())


def press_in(visitor: Visitor, name: str, value: str, **answers: str) -> Visitor:
    """Press a button in the row of somebody planned."""
    here = f"[@value='{value}' or @name='{value}']"
    (button,) = visitor.page.xpath(f"//tr[th[normalize-space()='{name}']]//button{here}")
    (form,) = button.xpath("ancestor::form")
    said = dict(form.form_values()) | answers | {button.get("name"): button.get("value")}
    return visitor.post(form.get("action"), data=said)


def test_client__who_agreed_waits_by_her_pseudonym_until_she_was_asked(
    house: House, app: Flask
) -> None:
    agreed(house)
    visitor = arrive(app).get(HOME)
    assert "geplant" in row(visitor, CODE)

    press_in(visitor, CODE, "unit")
    path = visitor.path
    visitor.get(HOME)
    assert CODE in visitor.page.xpath("//main//li[a]")[0].text_content()
    assert "begonnen Ines" in row(visitor, CODE)

    to_the_end(visitor.get(path), age="30_49").press("submit")
    assert visitor.page.xpath(f"//tr[th[normalize-space()='{CODE}']]") == []
    assert state(house) == sampling.DONE


def test_client__begun_by_one_is_not_begun_by_another(house: House, app: Flask) -> None:
    agreed(house)
    join(house, "Ina", people.INTERVIEWER)
    late = arrive(app, "Ina").get(HOME)
    press_in(arrive(app).get(HOME), CODE, "unit")

    press_in(late, CODE, "unit")

    assert late.response.status_code == 409
    assert "Das macht schon jemand anderes" in late.text
    assert len(draft_ids(house)) == 1
    assert "begonnen Ines" in row(late.get(HOME), CODE)


def test_client__whose_interview_is_deleted_waits_again(house: House, app: Flask) -> None:
    agreed(house)
    visitor = arrive(app).get(HOME)
    to_the_end(press_in(visitor, CODE, "unit")).press("discard")

    assert visitor.path == HOME
    assert draft_ids(house) == []
    assert state(house) == sampling.PLANNED


def test_refusal__is_counted_with_a_reason_for_evaluators_alone(house: House, app: Flask) -> None:
    agreed(house)
    press_in(arrive(app).get(HOME), CODE, "refuse", reason="no_time")

    assert state(house) == sampling.REFUSED
    with house.database.transaction() as session:
        (unit,) = session.scalars(select(SampleUnit))
        assert sampling.refusals(session, house.staff["Eva"], [unit.id]) == ["no_time"]
        assert unit.refusal is not None
        assert b"no_time" not in unit.refusal


def test_refusal__with_a_reason_that_is_none_changes_nothing(house: House, app: Flask) -> None:
    agreed(house)
    press_in(arrive(app).get(HOME), CODE, "refuse", reason="Frau Yılmaz ist krank")

    assert state(house) == sampling.PLANNED


def test_field__a_client_asked_there_is_done(house: House, app: Flask) -> None:
    agreed(house)
    press_in(arrive(app).get(HOME), CODE, "done")

    assert state(house) == sampling.DONE


def test_round__shows_how_many_of_the_eleven_offices_were_asked(house: House, app: Flask) -> None:
    visitor = arrive(app).get(HOME).press("1")
    assert set(offices(house).values()) == {sampling.PLANNED}
    assert len(offices(house)) == 11
    assert "0 von 11 Stellen befragt, 11 offen" in visitor.text

    press_in(visitor, "Lünen", "unit")
    assert visitor.page.xpath("//input[@type='text']/@value") == ["1"]
    assert visitor.page.xpath("//input[@checked]/@value") == ["luenen"]
    to_the_end(visitor).press("submit")
    press_in(visitor, "Selm", "refuse", reason="no_wish")

    assert "1 von 11 Stellen befragt, 9 offen" in visitor.text
    assert "befragt" in row(visitor, "Lünen")
    assert offices(house)["selm"] == sampling.REFUSED
    (bar,) = visitor.page.xpath("//progress")
    assert (bar.get("value"), bar.get("max")) == ("2", "11")


def test_round__begun_twice_at_the_same_moment_is_one(house: House, app: Flask) -> None:
    one, other = arrive(app).get(HOME), arrive(app).get(HOME)
    one.press("1")
    other.press("1")

    assert "Befragungsrunde 1:" in other.text
    assert len(offices(house)) == 11


def test_office__asked_without_a_plan_is_covered_too(house: House, app: Flask) -> None:
    visitor = arrive(app).get(HOME).press("municipality")
    to_the_end(visitor, wave="1", office="werne").press("submit")

    assert offices(house) == {"werne": sampling.DONE}
    visitor.press("2")
    assert set(offices(house).values()) == {sampling.PLANNED}


def test_office__that_was_a_slip_is_planned_again_when_it_is_corrected(
    house: House, app: Flask
) -> None:
    visitor = arrive(app).get(HOME).press("1")
    press_in(visitor, "Lünen", "unit")
    path = visitor.path
    to_the_end(visitor).press("submit").get(path)
    visitor.press("correct", reason="mistyped").press("page:/data/place")
    visitor.press("next", office="unna").press("submit")

    assert offices(house)["luenen"] == sampling.PLANNED
    assert offices(house)["unna"] == sampling.DONE
