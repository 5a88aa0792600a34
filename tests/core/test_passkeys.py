"""Passkeys: made for one host, asked with a fresh challenge, counted."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from core import factors, passkeys
from core.factors import PASSKEY, Factor
from core.passkeys import Question, Site
from core.people import SignedIn
from tests.support.authenticator import Authenticator
from tests.support.house import NOW, House, signed_in

HERE = Site("localhost", "http://localhost")
ELSEWHERE = Site("example.org", "https://example.org")


@pytest.fixture
def session(either_house: House) -> Iterator[Session]:
    with Session(either_house.database.durable) as opened:
        yield opened


@pytest.fixture
def nora(session: Session) -> SignedIn:
    return signed_in(session, "Nora")


def add(session: Session, who: SignedIn, device: Authenticator) -> Factor | None:
    question = passkeys.ask_to_add(session, who, HERE)
    answer = device.make(question.options)
    return passkeys.add(session, who, HERE, question.challenge, answer, "Telefon", NOW.date())


def asked(session: Session, who: SignedIn) -> Question:
    question = passkeys.ask(session, who, HERE)
    assert question is not None
    return question


def take(session: Session, who: SignedIn, device: Authenticator, site: Site = HERE) -> bool:
    question = asked(session, who)
    return passkeys.take(session, who, site, question.challenge, device.sign(question.options))


@pytest.mark.parametrize("counts", [0, 1])
def test_take__the_device_is_asked_each_time(session: Session, nora: SignedIn, counts: int) -> None:
    device = Authenticator(counts=counts)
    assert add(session, nora, device)
    for _ in range(3):
        assert take(session, nora, device)


def test_ask__offers_hers_alone(session: Session, nora: SignedIn) -> None:
    device, other = Authenticator(), Authenticator()
    add(session, nora, device)
    add(session, signed_in(session, "Sonja"), other)
    question = asked(session, nora)
    assert device.knows(question.options)
    assert not other.knows(question.options)
    assert json.loads(question.options)["userVerification"] == "preferred"


def test_ask__without_one_for_this_host_nothing_is_asked(session: Session, nora: SignedIn) -> None:
    assert passkeys.ask(session, nora, HERE) is None
    add(session, nora, Authenticator())
    assert passkeys.ask(session, nora, ELSEWHERE) is None


def test_ask_to_add__a_device_that_has_one_is_told(session: Session, nora: SignedIn) -> None:
    device = Authenticator()
    add(session, nora, device)
    options = json.loads(passkeys.ask_to_add(session, nora, HERE).options)
    assert len(options["excludeCredentials"]) == 1
    assert options["rp"]["id"] == "localhost"
    assert options["attestation"] == "none"
    assert options["authenticatorSelection"]["residentKey"] == "discouraged"


def test_take__an_answer_is_good_for_one_challenge(session: Session, nora: SignedIn) -> None:
    device = Authenticator(counts=0)
    add(session, nora, device)
    first, second = asked(session, nora), asked(session, nora)
    answer = device.sign(first.options)
    assert not passkeys.take(session, nora, HERE, second.challenge, answer)
    assert not passkeys.take(session, nora, HERE, b"", answer)
    assert passkeys.take(session, nora, HERE, first.challenge, answer)


def test_take__a_counter_that_stands_still_is_refused(session: Session, nora: SignedIn) -> None:
    device = Authenticator()
    add(session, nora, device)
    assert take(session, nora, device)
    device.counts = 0
    assert not take(session, nora, device)
    device.counter -= 1
    assert not take(session, nora, device)


def test_take__a_counter_may_be_as_large_as_devices_have_them(
    session: Session, nora: SignedIn
) -> None:
    device = Authenticator(counter=2**32 - 3)
    assert add(session, nora, device)
    assert take(session, nora, device)
    session.flush()
    assert factors.of(session, nora.person)[0].step == 2**32 - 1


def test_take__another_device_or_another_site_is_refused(session: Session, nora: SignedIn) -> None:
    device = Authenticator()
    add(session, nora, device)
    assert not take(session, nora, Authenticator())
    assert not take(session, nora, Authenticator(id=device.id))
    assert not take(session, nora, Authenticator(id=device.id, key=device.key, origin="http://x"))
    assert not take(session, nora, device, ELSEWHERE)
    assert take(session, nora, device)


def test_take__any_of_two(session: Session, nora: SignedIn) -> None:
    devices = [Authenticator(), Authenticator()]
    for device in devices:
        add(session, nora, device)
    for device in devices:
        assert take(session, nora, device)


WRONG = ["", "null", "[]", "{}", "[" * 5000, '{"id": "x"}', "\0"]


@pytest.mark.parametrize("answer", WRONG)
def test_answers__what_no_device_says_is_not_taken(
    session: Session, nora: SignedIn, answer: str
) -> None:
    question = passkeys.ask_to_add(session, nora, HERE)
    given = (session, nora, HERE, question.challenge, answer)
    assert passkeys.add(*given, "Telefon", NOW.date()) is None
    assert factors.of(session, nora.person) == []
    add(session, nora, Authenticator())
    assert not passkeys.take(*given)


@pytest.mark.parametrize("part", ["id", "rawId", "type", "response"])
@pytest.mark.parametrize("value", [None, 7, "x", "\u00ff!", {}, {"clientDataJSON": "e30"}])
def test_answers__with_a_spoiled_part_are_not_taken(
    session: Session, nora: SignedIn, part: str, value: object
) -> None:
    device = Authenticator()
    question = passkeys.ask_to_add(session, nora, HERE)
    spoiled = json.dumps(json.loads(device.make(question.options)) | {part: value})
    given = (session, nora, HERE)
    assert not passkeys.add(*given, question.challenge, spoiled, "Telefon", NOW.date())
    add(session, nora, device)
    question = asked(session, nora)
    spoiled = json.dumps(json.loads(device.sign(question.options)) | {part: value})
    assert not passkeys.take(*given, question.challenge, spoiled)


def test_add__keeps_nothing_readable(session: Session, nora: SignedIn) -> None:
    device = Authenticator()
    factor = add(session, nora, device)
    assert factor is not None
    assert (factor.kind, factor.name) == (PASSKEY, "Telefon")
    assert device.id not in factor.sealed
    assert b"localhost" not in factor.sealed
