"""How well two people agree who entered the same interviews, question by question."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from surveys.tallies import Rules, Table
from xlsform.form import Form, Question

Pair = tuple[Mapping[str, str], Mapping[str, str]]  # both entries of an interview, {path: text}
Both = tuple[str, str]  # what they say of one thing
BLANK = ""
_CODED = frozenset({"select_one", "select_multiple", "integer", "range", "rank", "acknowledge"})


@dataclass(frozen=True)
class Line:
    """One coded question, or one option of a question with several."""

    question: Question
    option: str

    @property
    def name(self) -> str:
        """What tells it from the others of its form."""
        return f"{self.question.path} {self.option}"

    def told(self, pair: Pair) -> Both:
        """Return what both entries of an interview say; a blank is an answer, too."""
        first, second = (one.get(self.question.path, BLANK) for one in pair)
        return (self._of(first), self._of(second))

    def is_same(self, pair: Pair) -> bool:
        """Say whether both entries of an interview are the same here."""
        first, second = self.told(pair)
        return first == second

    def _of(self, answer: str) -> str:
        if not self.option:
            return answer
        return "1" if self.option in answer.split() else "0"


def lines(form: Form) -> Iterator[Line]:
    """Yield everything in a form of which two entries can agree."""
    for question in form.visible_questions:
        if question.type in _CODED:
            several = question.type == "select_multiple"
            options = question.static_choices if several else [""]
            yield from (Line(question, option) for option in options)


def compare(table: Table, told: Sequence[Both], rules: Rules) -> None:
    """Count what both entries of a group say, unless nearly all firsts or seconds are the same.

    Of those a kappa would tell much of what was said, and nothing of the entering.
    """
    alike = any(rules.too_alike([(both[place],) for both in told]) for place in (0, 1))
    table.add_unless(alike=alike, group=[(json.dumps(both),) for both in told])


def kappa_of(table: Table) -> float | None:
    """Return the kappa of what is counted, in tenths: nobody computes back what was said."""
    kappa = cohens_kappa({tuple(json.loads(both)): n for both, n in table.said.items()})
    return None if kappa is None else round(kappa, 1) + 0.0  # -0.0 would be shown so


def cohens_kappa(counts: Mapping[Both, int]) -> float | None:
    """Return Cohen's kappa of two ratings, from -1 to 1, by how often both said what.

    None where it is not defined: without ratings, or when both always say the same one thing.
    Source: J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological
    Measurement 20 (1960), 37-46.
    """
    size = sum(counts.values())
    if not size:
        return None
    observed = sum(count for (first, second), count in counts.items() if first == second) / size
    firsts: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    for (first, second), count in counts.items():
        firsts[first] += count
        seconds[second] += count
    expected = sum(count * seconds[code] for code, count in firsts.items()) / size**2
    if expected == 1:
        return None
    return (observed - expected) / (1 - expected)
