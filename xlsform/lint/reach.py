"""Questions that nobody will ever see, and conditions that no answer can fulfil."""

from collections.abc import Iterator

from xlsform.findings import Finding
from xlsform.lint.pieces import readable
from xlsform.lint.structure import nearest
from xlsform.lint.subject import Condition, Subject
from xlsform.tree import Node
from xlsform.xpath import Context, Environment, ExpressionError, compile_expression

_ASKING = frozenset({"reference", ".", "..", "/", "//", "@", "["})
_NO = frozenset({"no", "false", "false()"})
_STEADY = frozenset({"true", "false", "not", "number", "string", "boolean"})


def never_relevant(subject: Subject) -> Iterator[Finding]:
    """A condition that looks at no answer does not hide its question for good."""
    plain = (entry.cell("relevant") for entry in subject.questions)
    hidden = [cell for cell in plain if cell.text.lower() in _NO]
    conditions = (one for one in subject.conditions if one.column == "relevant")
    hidden += [one.cell for one in conditions if _is_always_false(one)]
    for cell in hidden:
        yield cell.warning(
            "Nobody can reach this question: its condition never holds.",
            "Look at an answer, as in ${age} > 17, or delete the row.",
        )


def _is_always_false(condition: Condition) -> bool:
    for token in condition.tokens:
        if token.kind in _ASKING or (token.kind == "name" and token.text not in _STEADY):
            return False
    empty = Node("document")
    try:
        found = compile_expression(readable(condition.cell.text))
        return not found.boolean(Context(empty, Environment(empty)))
    except ExpressionError:
        return False


def unlisted_values(subject: Subject) -> Iterator[Finding]:
    """A condition asks for choices that are on the list."""
    for condition in subject.conditions:
        for name, value in dict.fromkeys([*_compared(condition), *_selected(condition)]):
            values = subject.values(name)
            if values is not None and value and value not in values:
                yield condition.cell.warning(
                    f"'{value}' is no choice of '{name}', so nobody can ever choose it.",
                    nearest(value, sorted(values)) or "Write one of its choices.",
                )


def contradictions(subject: Subject) -> Iterator[Finding]:
    """A question with one answer is not asked to have two at once."""
    for condition in subject.conditions:
        if any(token.text in {"or", "not"} for token in condition.tokens):
            continue
        wanted: dict[str, str] = {}
        for found in condition.comparisons:
            for one, other in found.sides():
                if found.sign == "=" and one.kind == "reference" and other.kind == "text":
                    first = wanted.setdefault(one.text, other.text)
                    if first != other.text and subject.kind_of(one.text) != "select_multiple":
                        yield condition.cell.warning(
                            f"'{one.text}' cannot be '{first}' and '{other.text}' at once, so this "
                            "never holds.",
                            "Join the two by 'or'.",
                        )


def _compared(condition: Condition) -> Iterator[tuple[str, str]]:
    """Yield question and text of each comparison for being the same or not."""
    for found in condition.comparisons:
        for one, other in found.sides():
            if found.sign in {"=", "!="} and (one.kind, other.kind) == ("reference", "text"):
                yield one.text, other.text
            if found.sign in {"=", "!="} and (one.kind, other.kind) == ("self", "text"):
                yield condition.entry.name, other.text


def _selected(condition: Condition) -> Iterator[tuple[str, str]]:
    """Yield question and text of each selected(${question}, 'text')."""
    tokens = condition.tokens
    for start, word in enumerate(tokens):
        if word.kind == "name" and word.text == "selected":
            kinds = [token.kind for token in tokens[start + 1 : start + 6]]
            if kinds == ["(", "reference", ",", "literal", ")"]:
                yield tokens[start + 2].text, tokens[start + 4].text[1:-1]
            if kinds == ["(", ".", ",", "literal", ")"]:
                yield condition.entry.name, tokens[start + 4].text[1:-1]
