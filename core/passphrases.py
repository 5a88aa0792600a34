"""Passphrases: what one must be, choosing one, changing it, signing in with it."""

import secrets
import unicodedata
from dataclasses import dataclass
from functools import cache

from sqlalchemy.orm import Session
from zxcvbn import zxcvbn

from core import audit, people, presence, variables, vault
from core.people import Person, SignedIn
from core.vault import Cost, Wrapped

LENGTH = 12
STRONG = 3  # of 0 to 4: about 10^8 guesses, each of which costs one Argon2id
JUDGED = 100  # signs; what follows makes a passphrase no weaker
# What zxcvbn cannot know: it has lists of English words and names only.
_WORDS = (
    "passwort passwörter passphrase kennwort geheim geheimnis schlüssel zugang anmeldung login "
    "hallo schatz schatzi liebe liebling engel mama papa mutter vater kinder katze hund mausi "
    "frau frauen frauenhaus frauenforum beratung beraterin koordinatorin wohnen wohnung wohnhilfe "
    "mobile hilfe kreis unna büro arbeit computer internet telefon handy deutschland dortmund "
    "fußball borussia schalke sommer winter frühling herbst sonne blume rose ferien urlaub "
    "januar februar märz april mai juni juli august september oktober november dezember "
    "montag dienstag mittwoch donnerstag freitag samstag sonntag ich bin das ist mein meine "
    "test probe"
)
_SPELLED = (("ae", "ä"), ("oe", "ö"), ("ue", "ü"))
_SWAPS = "4@8({[<369#&!1/|0$5+7%2"  # signs that zxcvbn tries as letters, in every combination
_MOST_SWAPS = 6


class PassphraseTooEasy(ValueError):
    """A passphrase has at least `LENGTH` signs and is not guessed easily."""


@dataclass(frozen=True)
class Verdict:
    """How easily a passphrase is guessed: `score` from 0 to 4, and zxcvbn's words for why."""

    score: int
    long_enough: bool
    reasons: tuple[str, ...] = ()
    familiar: bool = False  # it holds her name, a place, a word that many take

    @property
    def good(self) -> bool:
        """Say whether it may be chosen."""
        return self.long_enough and self.score >= STRONG


def judge(passphrase: str, name: str) -> Verdict:
    """Return how easily a passphrase is guessed by who knows the person and her place."""
    text = _normal(passphrase)
    if not text:  # zxcvbn fails on it
        return Verdict(0, long_enough=False)
    found = zxcvbn(_calm(text[:JUDGED]), [name, *name.split(), *_familiar()], max_length=JUDGED)
    familiar = any(one.get("dictionary_name") == "user_inputs" for one in found["sequence"])
    feedback = found["feedback"]
    reasons = (feedback["warning"], *feedback["suggestions"])
    long_enough, score = len(text) >= LENGTH, found["score"]
    if not long_enough or (familiar and score == STRONG):  # who knows her guesses sooner
        score = min(score, STRONG - 1)
    return Verdict(score, long_enough, tuple(filter(None, reasons)), familiar)


def sign_in(session: Session, name: str, passphrase: str) -> SignedIn | None:
    """Return the person with her keys, or None; the time taken does not tell which was wrong.

    A box that was wrapped for less than today's cost is wrapped anew.
    """
    person = people.named(session, name)
    private = _opened(person, passphrase)
    if person is None or private is None:
        return None
    who = people.reopen(session, person, private)
    if person.passes < vault.COST.passes or person.memory < vault.COST.memory:
        person.wrapped = vault.wrap(private, _normal(passphrase), vault.COST)
    return who


def choose(person: Person, private: bytes, passphrase: str, cost: Cost = vault.COST) -> None:
    """Wrap the private half under a new passphrase; raise `PassphraseTooEasy`."""
    if not judge(passphrase, person.name).good:
        raise PassphraseTooEasy
    person.wrapped = vault.wrap(private, _normal(passphrase), cost)


def change(session: Session, who: SignedIn, passphrase: str, cost: Cost = vault.COST) -> None:
    """Give her another passphrase and end all her sessions; raise `PassphraseTooEasy`."""
    choose(who.person, who.pair.private, passphrase, cost)
    presence.end_all(session, who.person.id)
    audit.note(session, who.person.id, "changed", f"person:{who.person.id}:passphrase")


def is_hers(person: Person, passphrase: str) -> bool:
    """Say whether this is her passphrase."""
    return _opened(person, passphrase) is not None


def _opened(person: Person | None, passphrase: str) -> bytes | None:
    wrapped = person.wrapped if person is not None and person.left is None else None
    try:
        return vault.unwrap(wrapped or _nobody(), _normal(passphrase))
    except vault.Tampered:
        return None


@cache
def _nobody() -> Wrapped:
    # An unknown name costs the same derivation as a known one.
    return Wrapped(secrets.token_bytes(16), vault.COST, secrets.token_bytes(96))


@cache
def _familiar() -> tuple[str, ...]:
    places = f"{variables.NORTH} {variables.SOUTH}"
    spelled = places
    for two, one in _SPELLED:
        spelled = spelled.replace(two, one)
    return tuple(dict.fromkeys(f"{_WORDS} {places} {spelled}".split()))


def _calm(text: str) -> str:
    # Every further sign that may stand for a letter multiplies zxcvbn's work: 7 s for 22 of them.
    swaps = [sign for sign in dict.fromkeys(text) if sign in _SWAPS]
    return text.translate(dict.fromkeys(map(ord, swaps[_MOST_SWAPS:]), "·"))


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text)
