"""The chain of the audit: whatever is done to its lines is found, and named."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from core import chain
from core.chain import ADDED, CHANGED, END, MISSING, OTHER, Check, Finding, Line
from core.chain import End as Ending

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
Rows = list[tuple[Line, bytes]]


def chained(count: int, key: bytes = KEY, thing: str = "response") -> Rows:
    rows: Rows = []
    digest = chain.START
    for number in range(1, count + 1):
        line = Line(number, NOON + timedelta(minutes=number), 7, "opened", f"{thing}:{number}")
        digest = chain.link(key, digest, line)
        rows.append((line, digest))
    return rows


def head(rows: Rows, key: bytes = KEY) -> tuple[int, bytes]:
    return len(rows), chain.seal(key, len(rows), rows[-1][1])


def found(
    rows: Rows, count: int, sealed: bytes, noted: Ending | None = None
) -> tuple[Finding, ...]:
    check = Check(KEY, chain.START, noted)
    for line, digest in rows:
        check.take(line, digest)
    return check.close(count, sealed)


def test_check__finds_nothing_in_a_whole_chain() -> None:
    for count in (1, 2, 50):
        rows = chained(count)
        assert found(rows, *head(rows)) == ()
    assert found([], 0, b"") == ()


@pytest.mark.parametrize(
    "change",
    [
        lambda line: replace(line, at=line.at + timedelta(seconds=1)),
        lambda line: replace(line, person_id=8),
        lambda line: replace(line, deed="deleted"),
        lambda line: replace(line, thing="response:99"),
        lambda line: replace(line, deed="opene", thing=f"d{line.thing}"),
    ],
)
@pytest.mark.parametrize("number", range(1, 6))
def test_check__names_the_line_that_was_changed(
    change: Callable[[Line], Line], number: int
) -> None:
    rows = chained(5)
    line, digest = rows[number - 1]
    rows[number - 1] = change(line), digest
    assert found(rows, *head(rows)) == (Finding(CHANGED, number, number),)


@pytest.mark.parametrize("number", range(1, 6))
@pytest.mark.parametrize("byte", [0, 15, 31])
def test_check__names_the_line_whose_digest_was_changed(number: int, byte: int) -> None:
    rows = chained(5)
    sealed = head(rows)
    line, digest = rows[number - 1]
    changed = bytes(one ^ (place == byte) for place, one in enumerate(digest))
    rows[number - 1] = line, changed
    assert found(rows, *sealed) == (Finding(CHANGED, number, number),)


def test_check__names_all_lines_that_are_missing() -> None:
    rows = chained(5)
    for size in range(1, 5):
        for gone in combinations(range(1, 6), size):
            left = [row for row in rows if row[0].number not in gone]
            findings = found(left, *head(rows))
            named = [number for one in findings for number in range(one.first, one.last + 1)]
            assert {one.kind for one in findings} == {MISSING}
            assert named == list(gone)
    assert found([], *head(rows)) == (Finding(MISSING, 1, 5),)


def test_check__lines_numbered_anew_after_one_was_taken_out_are_found() -> None:
    rows = chained(5)
    sealed = chain.seal(KEY, 4, rows[-1][1])
    moved = [rows[0], *((replace(line, number=line.number - 1), d) for line, d in rows[2:])]
    assert found(moved, 4, sealed) == (Finding(CHANGED, 2, 4),)


def test_check__lines_that_were_exchanged_are_named() -> None:
    rows = chained(5)
    (second, one), (third, other) = rows[1], rows[2]
    rows[1], rows[2] = (replace(third, number=2), other), (replace(second, number=3), one)
    assert found(rows, *head(chained(5))) == (Finding(CHANGED, 2, 4),)


@pytest.mark.parametrize("counted", [True, False])
def test_check__a_line_added_without_the_key_is_named(counted: bool) -> None:
    rows = chained(5)
    count, sealed = head(rows)
    line = Line(6, NOON, 1, "opened", "response:6")
    rows.append((line, chain.link(OTHER_KEY, rows[-1][1], line)))
    findings = found(rows, count + counted, sealed)
    assert findings[0] == Finding(CHANGED, 6, 6)
    assert findings[1] == (Finding(END, 6, 6) if counted else Finding(ADDED, 6, 6))


def test_check__an_end_cut_off_with_the_head_set_back_is_found() -> None:
    rows = chained(5)
    (_, fourth), sealed = rows[3], head(rows)[1]
    for forged in (fourth, sealed, b"", chain.seal(OTHER_KEY, 4, fourth)):
        assert found(rows[:4], 4, forged) == (Finding(END, 4, 4),)


def test_check__a_head_that_is_gone_is_found() -> None:
    assert found(chained(3), 0, b"") == (Finding(ADDED, 1, 3),)


def test_check__a_chain_under_another_key_is_found() -> None:
    rows = chained(3, OTHER_KEY)
    findings = found(rows, *head(rows, OTHER_KEY))
    assert findings == (Finding(CHANGED, 1, 3), Finding(END, 3, 3))


def test_check__what_was_noted_down_shows_a_chain_made_anew_with_the_key() -> None:
    rows, anew = chained(9), chained(9, thing="other")
    noted = Ending.of(5, rows[4][1])
    assert found(rows, *head(rows), noted) == ()
    assert found(anew, *head(anew), noted) == (Finding(OTHER, 5, 5),)
    assert found(rows[:3], *head(rows[:3]), noted) == (Finding(OTHER, 4, 5),)
    assert found([], 0, b"", noted) == (Finding(OTHER, 1, 5),)


def test_end__is_read_as_it_was_written_down() -> None:
    end = Ending.of(57, bytes(range(32)))
    assert str(end) == "57:000102030405060708090"[:22] + "9"
    assert Ending.read(f"  {str(end).upper()}\n") == end


@pytest.mark.parametrize("text", ["", "57", "57:", "57:0123", ":0123456789abcdef", "0:" + "a" * 20])
def test_end__what_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="looks like"):
        Ending.read(text)
