"""Whatever a workbook holds, its author gets an answer in words, and within two seconds of work.

ZUGANG_TEST_WORKBOOKS says how many changed workbooks are tried, 400 when it is not set; a run of 10,000
takes some minutes: `ZUGANG_TEST_WORKBOOKS=10000 pytest tests/xlsform/test_fuzz_workbooks.py -n 2`.
"""

# ruff: noqa: E501 -- questionnaires are wide tables

import os
from pathlib import Path
from random import Random
from time import process_time

import pytest

from tests.xlsform.builders import HOUSING, SETTINGS, filling_of
from tests.xlsform.mutations import as_file, mutated, spoiled
from xlsform.checking import check_workbook
from xlsform.form import FormError, compile_form
from xlsform.source import SourceError, convert, from_book
from xlsform.workbooks import parse, read
from xlsform.xpath import ExpressionError

HOUSE = Path(__file__).parents[2]
SECONDS = 2.0
PARTS = 20
EACH = max(1, int(os.environ.get("ZUGANG_TEST_WORKBOOKS", "400")) // PARTS)

TRICKY = """
| survey |
| | type | name | label | label::English (en) | relevant | constraint | calculation | default | choice_filter | appearance | repeat_count | trigger | parameters | required | bind::z:disclosure |
| | start | start | | | | | | | | | | | | | |
| | select_one yes_no or_other | a | A | A | | | | yes | | minimal | | | | yes | open |
| | select_multiple town | b | B ${a} | B ${a} | ${a} = 'yes' | count-selected(.) < 3 | | | part = ${a} | columns-2 | | | randomize=true | | quasi |
| | begin_repeat | r | R | R | | | | | | field-list | ${d} | | | | |
| | integer | c | C | C | | . > ${d} and . < 100 | | | | | | | | | |
| | calculate | s | | | | | sum(${c}) | | | | | | | | |
| | begin_group | g | G | G | ${c} > 1 | | | | | | | | | | |
| | text | t | T | - | | regex(., '[a-z]{2,5}') | | | | multiline | | | | | free |
| | end_group | | | | | | | | | | | | | | |
| | end_repeat | | | | | | | | | | | | | | |
| | range | d | D | D | | | | 3 | | | | | start=1 end=5 step=1 | | |
| | date | e | E | E | ${d} > 1 | . <= today() | | today() | | | | | | | |
| | calculate | f | | | | | if(${d} > 3, 'x', ${b}) | | | | | ${a} | | | |
| | rank town | h | H | H | selected(${b}, 'x') | | | | | | | | | | |
| | geopoint | i | I | I | | | | | | | | | | | |
| | acknowledge | j | J | J | | | | | | | | | | | |
| | note | n | ${f} ${s} | ${f} | | | | | | | | | | | |
| choices |
| | list_name | name | label | label::English (en) | part | media::image |
| | yes_no | yes | Ja | Yes | | |
| | yes_no | no | Nein | No | | |
| | town | x | X | X | yes | x.png |
| | town | y | Y | Y | no | |
"""  # fmt: skip

BOOKS = (
    *(read(file) for file in sorted(HOUSE.glob("*/questionnaires/*.md"))),
    parse((HOUSING.strip() + SETTINGS).encode(), ".md", "housing"),
    *[parse((TRICKY.strip() + SETTINGS).encode(), ".md", "tricky")] * 4,
)


def use(content: bytes, suffix: str) -> bool:
    """Do all that is done with a workbook; return whether it became a form."""
    try:
        workbook = from_book(parse(content, suffix, "fuzz"), "fuzz")
    except SourceError:
        return False
    errors = [finding for finding in check_workbook(workbook) if finding.is_error]
    try:
        source = convert(workbook)
        filling_of(compile_form(source.xml, source.files)).problems()
    except (SourceError, FormError):
        assert all(finding.message for finding in errors)
        assert errors
        return False
    except ExpressionError:  # some expressions can be seen to fail only when they are worked out
        return False
    return True


@pytest.mark.parametrize("part", range(PARTS))
def test_workbook__changed_at_random_is_answered_in_words_and_time(part: int) -> None:
    made = 0
    for number in range(EACH):
        seed = part * 1_000_000 + number
        random = Random(seed)
        content, suffix = as_file(mutated(random.choice(BOOKS), random), random)
        start = process_time()
        try:
            made += use(content, suffix)
        except Exception as error:
            error.add_note(f"The seed is {seed}.")
            raise
        assert process_time() - start < SECONDS, f"The seed is {seed}."
    assert EACH < 10 or made  # some changes do no harm


OLD = sorted((HOUSE / "tests/xlsform/old").glob("*.xls"))


@pytest.mark.parametrize("part", range(PARTS))
def test_old_excel__changed_at_random_is_answered_in_words_and_time(part: int) -> None:
    for number in range(EACH // 5):
        random = Random(part * 1_000_000 + number)
        content = spoiled(random.choice(OLD).read_bytes(), random)
        start = process_time()
        use(content, ".xls")
        assert process_time() - start < SECONDS


def test_old_excel__a_chain_of_sectors_that_bites_its_own_tail_is_refused() -> None:
    random = Random(8_000_045)  # found by the long run: it took all memory there was
    content = spoiled(random.choice(OLD).read_bytes(), random)
    start = process_time()
    assert not use(content, ".xls")
    assert process_time() - start < SECONDS
