"""Interviews with the offices: a wave is closed once, and says nothing of one of them."""

import uuid
from datetime import date

from core import records, versions
from core.records import Submission
from exports.release import batches
from tests.exports.ledger import OFFICES, Row, close, eva, members, office, receive, workbook
from tests.support.house import House, filled


def lines_of(house: House) -> list[Row]:
    return workbook(house).rows("municipalities")


def test_wave__does_not_sum_up_an_interview_with_no_office(house: House) -> None:
    given = list(zip(OFFICES[:6], ("yes", "no") * 3, strict=True))
    receive(house, "municipality", (office(name, effect__keep=keep) for name, keep in given))
    nobodys = set(receive(house, "municipality", [office("", effect__keep="changed")]))
    batch = close(house)

    assert batch is not None
    assert not nobodys & members(house, batch)
    kept = {line["measure"]: line["value"] for line in lines_of(house) if line["name"] == "keep"}
    assert kept == {"Ja, so wie jetzt": 3, "Ja, aber verändert": 0, "Nein": 3}


def test_wave__is_not_closed_below_five_offices(either_house: House) -> None:
    receive(either_house, "municipality", (office(name) for name in OFFICES[:4]))
    receive(either_house, "municipality", [office(OFFICES[0]), office(""), office("")])

    assert close(either_house) is None
    assert lines_of(either_house) == []


def test_wave__of_five_offices_is_closed_once(either_house: House) -> None:
    receive(either_house, "municipality", (office(name) for name in OFFICES[:5]))

    assert close(either_house) is not None
    assert close(either_house) is None


def test_wave__knows_no_other_wave(house: House) -> None:
    receive(house, "municipality", (office(name, "1") for name in OFFICES[:4]))
    receive(house, "municipality", (office(name, "2") for name in OFFICES))

    assert close(house, "1") is None
    assert close(house, "7") is None
    assert close(house, "2") is not None
    assert {line["wave"] for line in lines_of(house)} == {"2"}


def test_wave__takes_in_nobody_after_it_was_closed(house: House) -> None:
    given = {"effect__relief": "4", "effect__keep": "yes"}
    receive(house, "municipality", (office(name, **given) for name in OFFICES[:6]))
    close(house)
    before = lines_of(house)
    receive(house, "municipality", (office(name, effect__relief="1") for name in OFFICES))

    with house.database.transaction() as session:
        assert batches.open_waves(session, eva(house)) == {}
    assert close(house) is None
    assert lines_of(house) == before


def test_wave__says_nothing_of_a_single_interview(house: House) -> None:
    answers = ["4", "4", "4", "3", "3", "3", "1"]
    receive(
        house,
        "municipality",
        (
            office(name, effect__relief=said, effect__earlier="4", effect__keep=keep)
            for name, said, keep in zip(OFFICES, answers, ["yes"] * 4 + ["no"] * 3, strict=True)
        ),
    )
    close(house)
    lines = lines_of(house)

    relief = [line for line in lines if line["name"] == "relief"]
    assert [(line["measure"], line["value"]) for line in relief] == [("mean", 3.0)]
    keep = {line["measure"]: line["value"] for line in lines if line["name"] == "keep"}
    assert keep == {"Ja, so wie jetzt": 4, "Ja, aber verändert": 0, "Nein": 3}
    unanimous = [line for line in lines if line["name"] == "earlier"]
    assert [(line["measure"], line["value"]) for line in unanimous] == [("withheld", None)]
    for line in lines:
        assert line["municipalities"] is None or line["municipalities"] >= 5
        assert line["value"] is None or line["measure"] == "mean" or line["value"] not in (1, 2)


def test_wave__the_latest_interview_speaks_for_its_office(house: House) -> None:
    late, early = date(2026, 11, 20), date(2026, 11, 2)
    keep = {name: ("yes", "no")[place % 2] for place, name in enumerate(OFFICES[:6])}
    receive(house, "municipality", (office(n, effect__keep=k) for n, k in keep.items()), late)
    with house.database.transaction() as session:  # ids that come last, whatever the others are
        version = versions.current(session, "municipality")
        for name, said in keep.items():
            other = office(name, effect__keep="changed" if said == "yes" else "yes")
            submission = Submission(f"zzz{uuid.uuid4().hex}", version.id, "county", early)
            records.submit(session, submission, filled(session, version, other))
    close(house)

    kept = {line["measure"]: line["value"] for line in lines_of(house) if line["name"] == "keep"}
    assert kept == {"Ja, so wie jetzt": 3, "Ja, aber verändert": 0, "Nein": 3}


def test_waves__offer_no_more_offices_than_closing_would_sum_up(house: House) -> None:
    receive(house, "municipality", (office(name) for name in OFFICES[:3]))
    with house.database.transaction() as session:
        version = versions.current(session, "municipality")
        versions.publish(session, "municipality", version.xform.replace("Kommunen", "Gemeinden"))
    receive(house, "municipality", (office(name) for name in OFFICES[3:]))

    with house.database.transaction() as session:
        heard = batches.open_waves(session, eva(house))["1"]
    assert len(batches.offices(heard)) == 4
    assert close(house) is None
