from dataclasses import replace

import pytest

from exports.anonymise.table import Category, Column
from exports.anonymise.taxonomy import Taxonomy, taxonomy
from exports.formats.cells import Cell, Cells
from exports.formats.delivered import Code, Released, names, variables, wording
from tests.exports.builders import (
    AGE,
    CHILDREN,
    COLUMNS,
    CONTACTS,
    REASON,
    ROWS,
    VIOLENCE,
    down,
    released,
)

OLDEST = "30 bis 49 Jahre … 50 Jahre oder älter"


def codes_of(column: Column, *cells: Cell, entry: Taxonomy | None = None) -> dict[Cell, Code]:
    entries = (entry or taxonomy(column, [end for cell in cells for end in cell or ()]),)
    given = Released("referral", "3", (column,), entries, (Cells(cells),))
    return dict(variables(given)[0].codes)


def test_variables__choices_count_on_and_reasons_for_none_count_down() -> None:
    categories = (
        Category("unknown", "Weiß nicht", missing=True),
        *VIOLENCE.categories,
        Category("maybe", "Vielleicht"),
    )
    assert codes_of(replace(VIOLENCE, categories=categories), "yes") == {
        "unknown": Code(-1, "Weiß nicht", missing=True),
        "yes": Code(1, "Ja"),
        "no": Code(2, "Nein"),
        "refused": Code(-2, "Möchte ich nicht sagen", missing=True),
        "maybe": Code(3, "Vielleicht"),
    }


def test_variables__one_of_several_answers_is_one_or_nought() -> None:
    found = {cell: code.number for cell, code in codes_of(REASON, "1").items()}
    assert found == {"1": 1, "0": 0, "refused": -1}


def test_variables__a_range_is_numbered_by_its_ends_and_below_nought_up_to_no_answer() -> None:
    assert codes_of(AGE, ("a18", "a22"), ("a50", "a50"), ("a30", ""), ("", ""), None) == {
        ("a30", ""): Code(-3999, f"{OLDEST} / keine Angabe", missing=True),
        ("", ""): Code(-1, "keine Angabe", missing=True),
        ("a18", "a22"): Code(1002, "18 bis 29 Jahre"),
        ("a50", "a50"): Code(4004, "50 Jahre oder älter"),
    }


def test_variables__a_number_that_joins_later_does_not_move_the_ranges_before() -> None:
    before = codes_of(CHILDREN, ("0", "2"), ("3", ""))
    after = codes_of(CHILDREN, ("0", "2"), ("1", "1"), ("3", ""), ("7", "7"))
    assert before == {cell: after[cell] for cell in before}
    assert [code.number for code in before.values()] == [-3999, 2]


@pytest.mark.parametrize("leaves", [("-1", "2"), ("007", "7"), ("5", "999"), ("0.5", "2")])
def test_variables__leaves_that_are_no_small_whole_numbers_are_counted(
    leaves: tuple[str, str],
) -> None:
    low, high = leaves
    found = codes_of(CHILDREN, (low, low), (low, high), (high, high))
    assert [code.number for code in found.values()] == [1001, 1002, 2002]


def test_variables__ranges_of_many_days_have_numbers_of_their_own() -> None:
    leaves = tuple(f"{year}-{month:02}-01" for year in range(1900, 2000) for month in range(1, 13))
    born = Column("born", "Geboren?", "date", "quasi", path="/data/born")
    entry = taxonomy(born, leaves)
    spans: list[Cell] = [(leaf, other) for leaf in leaves[:40] for other in leaves[1000:1040]]
    found = codes_of(born, *spans, (leaves[-1], ""), entry=entry)
    assert len({code.number for code in found.values()}) == len(spans) + 1
    assert found[leaves[0], leaves[1000]].number == 11001
    assert found[leaves[-1], ""].number == -12009999


def test_variables__valid_cells_are_those_with_an_answer() -> None:
    assert [one.valid for one in variables(released())] == [3, 3, 3, 3, 4]


@pytest.mark.parametrize(
    ("place", "cell"),
    [
        (0, "a18"),
        (0, ("Kanarienvogel", "a22")),
        (0, ("refused", "refused")),
        (0, ("a50", "a18")),
        (1, ("0", "1", "2")),
        (2, "Kanarienvogel"),
        (2, "Ja"),
        (2, ("yes", "yes")),
        (3, "2"),
        (4, "Kanarienvogel"),
        (4, "+49"),
        (4, "1e5"),
        (4, "1\n"),
        (4, "9" * 400),
    ],
)
def test_variables__refuses_a_cell_that_is_in_no_code_list(place: int, cell: Cell) -> None:
    row = tuple(cell if at == place else old for at, old in enumerate(ROWS[0]))
    given = replace(released(), cells=down((*ROWS, row), len(COLUMNS)))
    with pytest.raises(ValueError, match=f"column '{COLUMNS[place].name}' holds") as caught:
        variables(given)
    assert "Kanarienvogel" not in str(caught.value)


def test_variables__refuses_rows_and_columns_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="more or fewer cells"):
        variables(replace(released(), cells=(Cells(), *released().cells[1:])))
    with pytest.raises(ValueError, match="more or fewer cells"):
        variables(replace(released(), cells=released().cells[1:]))
    with pytest.raises(ValueError, match="'age' has no taxonomy"):
        variables(replace(released(), taxonomies=()))
    day = Column("born", "Geboren?", "date", "open")
    with pytest.raises(ValueError, match="'born' holds days"):
        variables(Released("referral", "3", (day,), (), (Cells(),)))
    with pytest.raises(ValueError, match="the same name"):
        variables(Released("referral", "3", (CONTACTS, CONTACTS), (), (Cells(), Cells())))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("age", "age"),
        ("Age_2", "Age_2"),
        ("reason.debts", "reason_debts"),
        ("größe", "groesse"),
        ("café-crème", "cafe_creme"),
        ("2nd", "v_2nd"),
        ("_x_", "x"),
        ("with", "v_with"),
        ("By", "v_By"),
        ("سؤال", "v"),
        ("😀", "v"),
        ("end.", "end"),
        ("a" * 64, "a" * 64),
    ],
)
def test_names__are_such_as_spss_takes(name: str, expected: str) -> None:
    assert names([name]) == (expected,)


def test_names__that_resemble_each_other_are_told_apart_whatever_stands_before() -> None:
    alike = ("a.b", "a_b", "A-B", "سؤال", "جواب", "x" * 70, "x" * 69 + "y", "\ud83d")
    found = names(alike)
    assert len({name.casefold() for name in found}) == len(alike)
    assert max(map(len, found)) == 64
    assert names(tuple(reversed(alike))) == tuple(reversed(found))
    assert names(("other", *alike)) == ("other", *found)


def test_wording__is_one_line_without_control_characters() -> None:
    assert wording("  a\tb\r\nc\u2028d ") == "a b c d"
    assert wording("a\x00b\x7fc\x9bd\ud83d") == "a�b�c�d�"
    assert wording("😀 مرحبا") == "😀 مرحبا"
