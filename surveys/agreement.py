"""How well two people agree who entered the same interviews, question by question."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlsform.form import Form, Question

Pair = tuple[Mapping[str, str], Mapping[str, str]]  # both entries of an interview, {path: text}
BLANK = ""
_CODED = frozenset({"select_one", "select_multiple", "integer", "range", "rank", "acknowledge"})


@dataclass(frozen=True)
class Agreement:
    """One question, or one option of a question with several.

    `kappa` is None where chance alone agrees always, or nothing was entered twice.
    """

    question: Question
    option: str
    pairs: int
    agreed: int
    kappa: float | None


def agreement(form: Form, pairs: Sequence[Pair]) -> Iterator[Agreement]:
    """Yield how well both entries agree on each coded question; a blank is an answer, too."""
    for question in form.visible_questions:
        if question.type not in _CODED:
            continue
        told = [(a.get(question.path, BLANK), b.get(question.path, BLANK)) for a, b in pairs]
        if question.type != "select_multiple":
            yield _of(question, "", told)
            continue
        for option in question.static_choices:
            yield _of(question, option, [(_has(a, option), _has(b, option)) for a, b in told])


def cohens_kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Return Cohen's kappa of two ratings of the same things, from -1 to 1.

    None where it is not defined: without pairs, or when both always say the same one thing.
    Source: J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological
    Measurement 20 (1960), 37-46.
    """
    if not pairs:
        return None
    size = len(pairs)
    observed = sum(first == second for first, second in pairs) / size
    firsts, seconds = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    expected = sum(count * seconds[code] for code, count in firsts.items()) / size**2
    if expected == 1:
        return None
    return (observed - expected) / (1 - expected)


def _of(question: Question, option: str, told: Sequence[tuple[str, str]]) -> Agreement:
    agreed = sum(first == second for first, second in told)
    return Agreement(question, option, len(told), agreed, cohens_kappa(told))


def _has(answer: str, option: str) -> str:
    return "1" if option in answer.split() else "0"
