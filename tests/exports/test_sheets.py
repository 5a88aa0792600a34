"""What the sheets of the shipped questionnaires say together."""

from itertools import combinations
from pathlib import Path

import pytest

from core import catalogues
from exports.release.batches import RECORDS
from xlsform import source
from xlsform.form import Form, compile_form

ROOT = Path(__file__).parents[2]


def form(name: str) -> Form:
    (file,) = ROOT.glob(f"*/questionnaires/{name}.md")
    return compile_form(source.convert(catalogues.translate(source.read(file))).xml)


def exact(name: str) -> set[str]:
    """Return what a sheet shows as it was answered, by name and by Basisdatensatz code."""
    shown = [
        one for one in form(name).questions.values() if one.disclosure in {"sensitive", "open"}
    ]
    return {one.name for one in shown} | {one.bagw for one in shown if one.bagw}


@pytest.mark.parametrize(("first", "second"), list(combinations(RECORDS, 2)))
def test_sheets__no_exact_answer_of_one_client_stands_on_two(first: str, second: str) -> None:
    # The sheets are about the same women: an answer on two of them would join her rows, and the
    # classes of five on either sheet would hide her no more.
    assert exact(first) & exact(second) == set()


@pytest.mark.parametrize("name", RECORDS)
def test_sheets__every_one_says_something(name: str) -> None:
    assert exact(name)
