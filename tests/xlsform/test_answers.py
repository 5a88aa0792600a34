"""What people type is read kindly, and refused where it could mean two things."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsform.answers import canonical, is_canonical


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("text", " Zeile eins\r\nZeile zwei ", "Zeile eins\nZeile zwei"),
        ("text", "Tu\u0308rkei", "Türkei"),
        ("text", "", ""),
        ("integer", " 42 ", "42"),
        ("integer", "007", "7"),
        ("integer", "+3", "3"),
        ("integer", "\u22125", "-5"),
        ("integer", "1 200", "1200"),
        ("integer", "\u0664\u0662", "42"),
        ("integer", "\u06f4\u06f2", "42"),
        ("integer", "\u200f42\u200e", "42"),
        ("decimal", "12,50", "12.5"),
        ("decimal", "12.50", "12.5"),
        ("decimal", ",5", "0.5"),
        ("decimal", "5,", "5"),
        ("decimal", "1.234,56", "1234.56"),
        ("decimal", "1,234.56", "1234.56"),
        ("decimal", "1.234.567", "1234567"),
        ("decimal", "1 234,5", "1234.5"),
        ("decimal", "0,125", "0.125"),
        ("decimal", "-0,0", "0"),
        ("decimal", "\u0661\u0662\u066b\u0665", "12.5"),
        ("date", "24.12.2026", "2026-12-24"),
        ("date", "4. 2. 2026", "2026-02-04"),
        ("date", "24/12/2026", "2026-12-24"),
        ("date", "24-12-2026", "2026-12-24"),
        ("date", "2026-12-24", "2026-12-24"),
        ("date", "2026/12/24", "2026-12-24"),
        ("date", "\u06f2\u06f4.\u06f1\u06f2.\u06f2\u06f0\u06f2\u06f6", "2026-12-24"),
    ],
)
def test_canonical__is_one_however_it_was_typed(kind: str, typed: str, stored: str) -> None:
    assert canonical(kind, typed) == stored


@given(st.decimals(-(10**9), 10**9, places=2))
def test_canonical__a_decimal_read_twice_is_the_same(number: object) -> None:
    once = canonical("decimal", str(number).replace(".", ","))

    assert canonical("decimal", once.replace(".", ",") + ("0000" if "." in once else "")) == once
    assert is_canonical("decimal", once)


@given(st.sampled_from(["integer", "decimal", "date", "text"]), st.text(max_size=30))
def test_canonical__whatever_is_typed_is_read_or_refused(kind: str, typed: str) -> None:
    try:
        stored = canonical(kind, typed)
    except ValueError:
        return
    assert stored == "" or is_canonical(kind, stored)
