"""Sealing, locking and wrapping."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import vault
from core.vault import Cost, Tampered

CHEAP = Cost(passes=1, memory=8192 * 8)
KEY = bytes(range(32))


@given(st.binary(max_size=2000), st.text(max_size=40))
def test_seal__opens_to_the_same_bytes_in_its_own_place(payload: bytes, place: str) -> None:
    place = place.replace("\0", "")
    pair = vault.new_pair()
    assert vault.open_sealed(pair, vault.seal(pair.public, payload, place), place) == payload


def test_seal__does_not_open_in_another_place() -> None:
    pair = vault.new_pair()
    sealed = vault.seal(pair.public, b"words", "response:1:identity")
    with pytest.raises(Tampered):
        vault.open_sealed(pair, sealed, "response:2:identity")


def test_seal__does_not_open_with_another_pair() -> None:
    sealed = vault.seal(vault.new_pair().public, b"words", "here")
    with pytest.raises(Tampered):
        vault.open_sealed(vault.new_pair(), sealed, "here")


def test_seal__every_flipped_byte_is_noticed() -> None:
    pair = vault.new_pair()
    sealed = vault.seal(pair.public, b"words", "here")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(Tampered):
            vault.open_sealed(pair, bytes(changed), "here")


def test_seal__short_and_long_answers_weigh_the_same() -> None:
    public = vault.new_pair().public
    assert len(vault.seal(public, b"", "p")) == len(vault.seal(public, b"x" * 200, "p"))


def test_lock__opens_with_its_key_in_its_place_only() -> None:
    locked = vault.lock(KEY, b"draft", "session")
    assert vault.unlock(KEY, locked, "session") == b"draft"
    for key, place in ((bytes(32), "session"), (KEY, "invitation")):
        with pytest.raises(Tampered):
            vault.unlock(key, locked, place)


def test_unlock__a_cut_box_is_refused() -> None:
    with pytest.raises(Tampered):
        vault.unlock(KEY, vault.lock(KEY, b"draft", "session")[:30], "session")


def test_derive__each_purpose_has_its_own_key() -> None:
    assert vault.derive(KEY, "session id") != vault.derive(KEY, "session key")


def test_wrap__opens_with_the_passphrase_only() -> None:
    wrapped = vault.wrap(KEY, "birke garten hafen", CHEAP)
    assert vault.unwrap(wrapped, "birke garten hafen") == KEY
    with pytest.raises(Tampered):
        vault.unwrap(wrapped, "birke garten hafeN")


def test_wrap__the_same_passphrase_twice_looks_different() -> None:
    first, second = (vault.wrap(KEY, "birke garten hafen", CHEAP) for _ in range(2))
    assert first.salt != second.salt
    assert first.box != second.box


def test_pair_from__a_seed_always_gives_the_same_pair() -> None:
    assert vault.pair_from(KEY) == vault.pair_from(KEY)
    sealed = vault.seal(vault.pair_from(KEY).public, b"x", "p")
    assert vault.open_sealed(vault.pair_from(KEY), sealed, "p") == b"x"


def test_pair__its_printed_form_holds_no_key_of_a_person() -> None:
    assert "private" not in repr(vault.new_pair())


def test_open_below__returns_the_rest_of_the_place_and_the_payload() -> None:
    pair = vault.new_pair()
    sealed = vault.seal(pair.public, b"words", "here:file:name")
    assert vault.open_below(pair, sealed, "here:file:") == ("name", b"words")
    for place in ("there:", "here:file:name:more"):
        with pytest.raises(vault.Tampered):
            vault.open_below(pair, sealed, place)
    with pytest.raises(vault.Tampered):
        vault.open_below(vault.new_pair(), sealed, "here:")
