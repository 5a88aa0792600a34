"""The number with which a woman comes back: its shape, and what it gives."""

import pytest

from intake import return_codes
from intake.return_codes import grouped, key_of, typed

KEY = b"k" * 32


def test_new__looks_like_a_phone_number_that_nobody_has() -> None:
    codes = {return_codes.new() for _ in range(50)}
    assert len(codes) == 50
    assert all(code.startswith("0199") and code.isdigit() and len(code) == 15 for code in codes)


def test_typed__takes_every_way_to_write_it() -> None:
    code = return_codes.new()
    persian = code.translate({ord("0") + digit: 0x06F0 + digit for digit in range(10)})
    arabic = code.translate({ord("0") + digit: 0x0660 + digit for digit in range(10)})
    slashed = f" {code[:4]}/{code[4:9]}-{code[9:]}\n"
    for text in (code, grouped(code), slashed, persian, arabic):
        assert typed(text) == code


@pytest.mark.parametrize("text", ["", "0199", "0199 1234 5678 9012 3", "hello", "²" * 15, "①" * 15])
def test_typed__nothing_else_is_a_number(text: str) -> None:
    assert typed(text) == ""


def test_key_of__depends_on_every_digit_and_on_the_signing_key() -> None:
    code = return_codes.new()
    other = code[:-1] + str((int(code[-1]) + 1) % 10)
    key = key_of(code, KEY)
    assert key == key_of(code, KEY)
    for another in (key_of(other, KEY), key_of(code, b"l" * 32)):
        assert another.id != key.id
        assert another.pair != key.pair
    assert len({key.id, key.pair.public, key.pair.private}) == 3
