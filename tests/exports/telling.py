"""Builders: interviews with free words, and what two counsellors make of them."""

from collections.abc import Iterable

from core.people import SignedIn
from exports.release import free_texts, open_words, paraphrases
from exports.release.free_texts import Text
from exports.release.open_words import ParaphraseBatch, Row
from exports.release.paraphrases import Paraphrase, Words
from tests.exports.ledger import TODAY, eva, receive
from tests.support.house import House

GOOD, WISH = "/data/more/good", "/data/more/wish"


def told(number: int) -> str:
    return f"Frau Amsel {number} aus Selm war gut."


def retold(number: int) -> str:
    return f"Die Beratung war gut ({number})."


def interviews(house: House, count: int, start: int = 0) -> list[str]:
    """Store interviews that say something good; return their ids."""
    return receive(house, "client", ({GOOD: told(n)} for n in range(start, start + count)))


def texts(house: House, name: str = "Nora", questionnaire: str = "client") -> list[Text]:
    with house.database.transaction() as session:
        return paraphrases.waiting(session, house.staff[name], questionnaire)


def find(house: House, text_id: str, who: SignedIn) -> Text:
    with house.database.transaction() as session:
        return free_texts.find(session, who, text_id)


def row_of(house: House, text: Text) -> Paraphrase | None:
    with house.database.transaction() as session:
        return paraphrases.of(session, text)


def words(text: Text, *topics: str) -> Words:
    number = "".join(letter for letter in text.original if letter.isdigit())
    return Words(retold(int(number or 0)), topics or ("contact",))


def write(
    house: House, text: Text, said: Words | None = None, name: str = "Nora", turn: int = 0
) -> bool:
    with house.database.transaction() as session:
        who = house.staff[name]
        return paraphrases.write(session, who, text, said or words(text), turn)


def approve(house: House, text: Text, name: str = "Sonja", turn: int = 1) -> bool:
    with house.database.transaction() as session:
        return paraphrases.approve(session, house.staff[name], text, turn)


def send_back(house: House, text: Text, name: str = "Sonja", turn: int = 1) -> bool:
    with house.database.transaction() as session:
        who = house.staff[name]
        return paraphrases.send_back(session, who, text, turn, "Der Ort steht noch da.")


def set_aside(house: House, text: Text, name: str = "Sonja", turn: int = 1) -> bool:
    with house.database.transaction() as session:
        return paraphrases.set_aside(session, house.staff[name], text, turn)


def finish(house: House, some: Iterable[Text]) -> None:
    """Paraphrase these texts, and approve each."""
    for text in some:
        assert write(house, text)
        assert approve(house, text)


def release(house: House) -> list[ParaphraseBatch]:
    with house.database.transaction() as session:
        return open_words.release(session, eva(house), TODAY)


def out(house: House, who: SignedIn | None = None) -> list[Row]:
    with house.database.transaction() as session:
        return open_words.approved(session, who or eva(house))
