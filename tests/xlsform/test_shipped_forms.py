"""The questionnaires that come with zugang: the same steps give the same record in JavaRosa."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.javarosa import JavaRosa
from tests.xlsform.builders import filling_of
from tests.xlsform.test_tricky_forms import bare
from xlsform.filling import Filling
from xlsform.form import Question, compile_form
from xlsform.reading import takes_answers
from xlsform.source import convert, read

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(ROOT.glob("*/questionnaires/*.md"))
TYPED = {"integer": ["3"], "decimal": ["412.5"], "date": ["2026-02-03"]}
TEXTS = ["Mina & Töchter", "0176 04069012", "mina@example.org"]  # until the form takes one

Pick = Callable[[tuple[str, ...]], str]
PICKS: dict[str, Pick] = {
    "first": lambda offered: offered[0],
    "last": lambda offered: offered[-1],
    "middle": lambda offered: offered[len(offered) // 2],
}


def asked(filling: Filling) -> Iterator[Question]:
    for page in filling.path():
        for question in filling.visible(page):
            if takes_answers(question) and not filling.is_read_only(question):
                yield question


def walk(filling: Filling, pick: Pick) -> Iterator[tuple[str, str, str]]:
    """Answer whatever is asked until nothing is, and yield the steps."""
    done: set[str] = set()
    while question := next((one for one in asked(filling) if one.path not in done), None):
        done.add(question.path)
        offered = question.offered(filling)
        texts = [pick(offered), *offered] if offered else TYPED.get(question.type, TEXTS)
        for text in texts:
            filling.set(question.path, text)
            filling.recalculate()
            if question.path not in filling.problems():
                break
        yield "set", question.path, text


@pytest.mark.parametrize("pick", PICKS.values(), ids=PICKS.keys())
@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_record__is_the_same_in_javarosa(file: Path, pick: Pick, javarosa: JavaRosa) -> None:
    xml = convert(read(file)).xml
    filling = filling_of(compile_form(xml))
    steps = list(walk(filling, pick))
    javarosa.load(xml)

    filled = javarosa.fill(steps)

    assert len(steps) > 5
    assert filled["steps"] == ["ok"] * len(steps)
    assert bare(filled["xml"]) == bare(filling.instance_xml())


def test_shipped__are_all_here() -> None:
    assert {file.stem for file in SHIPPED} == {"referral", "case", "client", "municipality"}
