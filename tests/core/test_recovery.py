"""The printed recovery key."""

import base64
from hashlib import blake2b
from pathlib import Path

import pytest

from core import recovery, vault
from core.recovery import NotARecoveryKey, UnknownWord, WrongLength

LIST = Path(recovery.__file__).with_name("recovery_words.txt").read_text(encoding="utf-8").split()


def printed_before(seed: bytes) -> str:
    """Return a recovery key as the first version of zugang printed it."""
    text = base64.b32encode(seed + blake2b(seed, digest_size=3).digest()).decode()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def test_words__are_short_plain_and_told_apart_by_four_letters() -> None:
    assert len(LIST) == 256
    assert sorted(LIST) == LIST
    assert len({word[:4] for word in LIST}) == 256
    assert [word for word in LIST if not (word.isascii() and 4 <= len(word) <= 8)] == []


def test_new_code__is_another_one_each_time() -> None:
    assert recovery.new_code() != recovery.new_code()


@pytest.mark.parametrize(
    "typed",
    [
        str.lower,
        str.upper,
        lambda code: "\n".join(code.split()),
        lambda code: "  ".join(f"{n}. {word}," for n, word in enumerate(code.split(), 1)),
        lambda code: " ".join(f"{n}){word}" for n, word in enumerate(code.split(), 1)),
        lambda code: " - ".join(word[:4] for word in code.split()),
        lambda code: " ".join(f"{word}ü" for word in code.split()),
    ],
)
def test_pair_of__the_words_are_typed_back_in_any_shape(typed: object) -> None:
    code = recovery.new_code()
    assert callable(typed)
    assert recovery.pair_of(typed(code)) == recovery.pair_of(code)


def test_pair_of__a_word_that_nobody_knows_is_named_by_its_place_alone() -> None:
    words = recovery.new_code().split()
    words[6] = "Käsebrot"
    with pytest.raises(UnknownWord) as told:
        recovery.pair_of(" ".join(words))
    assert told.value.position == 7
    assert "Käse" not in str(told.value)


@pytest.mark.parametrize("count", [0, 1, 17, 19])
def test_pair_of__a_word_too_few_or_too_many_is_counted(count: int) -> None:
    words = [*recovery.new_code().split(), "Apfel"][:count]
    with pytest.raises(WrongLength) as told:
        recovery.pair_of(" ".join(words))
    assert told.value.count == count


def test_pair_of__every_other_word_in_any_place_is_noticed() -> None:
    words = recovery.new_code().split()
    for place, right in enumerate(words):
        for wrong in set(LIST) - {right}:
            with pytest.raises(NotARecoveryKey):
                recovery.pair_of(" ".join([*words[:place], wrong, *words[place + 1 :]]))


def test_pair_of__neighbours_that_changed_places_are_noticed() -> None:
    words = recovery.new_code().split()
    for place in range(len(words) - 1):
        one, other = words[place : place + 2]
        if one == other:
            continue
        with pytest.raises(NotARecoveryKey):
            recovery.pair_of(" ".join([*words[:place], other, one, *words[place + 2 :]]))


def test_pair_of__a_key_printed_before_still_opens() -> None:
    seed = bytes(range(32))
    code = printed_before(seed)
    assert recovery.pair_of(code) == vault.pair_from(seed)
    assert recovery.pair_of(code.lower().replace("-", " ")) == vault.pair_from(seed)
    for wrong in (code[:-1] + ("A" if code[-1] != "A" else "B"), "1" + code[1:]):
        with pytest.raises(NotARecoveryKey):
            recovery.pair_of(wrong)


@pytest.mark.parametrize("text", ["", "hello", "0000-1111", "AAAA-" * 14, "Apfel " * 18])
def test_pair_of__what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NotARecoveryKey):
        recovery.pair_of(text)
