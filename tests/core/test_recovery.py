"""The printed recovery key."""

import pytest

from core import recovery
from core.recovery import NotARecoveryKey


def test_new_code__is_typed_back_in_any_shape() -> None:
    code = recovery.new_code()
    pair = recovery.pair_of(code)
    assert recovery.pair_of(code.lower().replace("-", " ")) == pair


def test_new_code__is_another_one_each_time() -> None:
    assert recovery.new_code() != recovery.new_code()


def test_pair_of__every_single_wrong_letter_is_noticed() -> None:
    code = recovery.new_code()
    for place, sign in enumerate(code):
        if sign == "-":
            continue
        wrong = code[:place] + ("A" if sign != "A" else "B") + code[place + 1 :]
        with pytest.raises(NotARecoveryKey):
            recovery.pair_of(wrong)


@pytest.mark.parametrize("text", ["", "hello", "0000-1111", "AAAA-" * 14])
def test_pair_of__what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NotARecoveryKey):
        recovery.pair_of(text)
