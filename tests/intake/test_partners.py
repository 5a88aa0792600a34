"""Partners: an address that nobody can guess, stored as a hash, closed at once."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import Entry
from core.people import NotHers
from intake import partners
from intake.partners import Ended, PartnerLink
from tests.support.house import NOW, House

DAY = NOW.date()


def make(session: Session, house: House, name: str = "Jobcenter Selm") -> str:
    return partners.make(session, house.staff["Karin"], name, "jobcenter", DAY)


def end(session: Session, house: House, token: str) -> None:
    partners.end(session, house.staff["Karin"], partners.find(session, token).id, DAY)


def test_make__gives_an_address_that_finds_the_partner_and_is_not_stored(
    session: Session, either_house: House
) -> None:
    token = make(session, either_house)
    link = partners.find(session, token)
    assert (link.name, link.way, link.made, link.ended) == (
        "Jobcenter Selm",
        "jobcenter",
        DAY,
        None,
    )
    assert len(token) >= 128 / 6
    assert token.encode() not in bytes(link.id) + link.name.encode()


def test_make__two_addresses_for_the_same_office_are_two(
    session: Session, either_house: House
) -> None:
    assert make(session, either_house) != make(session, either_house)
    assert len(partners.everyone(session)) == 2


def test_find__what_nobody_was_given_finds_nobody(session: Session, either_house: House) -> None:
    token = make(session, either_house)
    for wrong in ("", token[:-1], token + "A", partners.find(session, token).id.hex()):
        with pytest.raises(NotHers):
            partners.find(session, wrong)


def test_end__closes_the_address_at_once_and_once(session: Session, either_house: House) -> None:
    token = make(session, either_house)
    link = partners.find(session, token)
    end(session, either_house, token)
    partners.end(session, either_house.staff["Karin"], link.id, DAY)
    with pytest.raises(Ended):
        partners.find(session, token)
    session.commit()
    deeds = session.scalars(select(Entry.deed).where(Entry.thing.like("partner:%")))
    assert sorted(deeds) == ["invited", "revoked"]


def test_end__of_nobody_is_nothing(session: Session, either_house: House) -> None:
    with pytest.raises(NotHers):
        partners.end(session, either_house.staff["Karin"], b"x" * 32, DAY)


def test_everyone__is_by_name_and_who_has_ended_comes_last(
    session: Session, either_house: House
) -> None:
    closed = make(session, either_house, "Amt")
    for name in ("Wohnungsstelle", "Jobcenter"):
        make(session, either_house, name)
    end(session, either_house, closed)
    assert [link.name for link in partners.everyone(session)] == [
        "Jobcenter",
        "Wohnungsstelle",
        "Amt",
    ]


def test_partners__the_audit_names_no_office(session: Session, either_house: House) -> None:
    make(session, either_house, "Amsel")
    session.commit()
    things = session.scalars(select(Entry.thing)).all()
    assert [thing for thing in things if thing.startswith("partner:")]
    assert not [thing for thing in things if "Amsel" in thing]
    assert session.scalars(select(PartnerLink.name)).all() == ["Amsel"]
