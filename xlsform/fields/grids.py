"""Which questions of a page are drawn together: rows of one table, under one head."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from xlsform.fields.base import QuestionField, words
from xlsform.fields.choices import HeadField, SelectField


@dataclass(frozen=True, slots=True)
class Block:
    """One question, or a `head` with the `rows` that share its choices."""

    field: QuestionField
    rows: tuple[SelectField, ...] = ()


def blocks(fields: Iterable[QuestionField]) -> Iterator[Block]:
    """Yield the questions in order; those of one table are one block.

    A row without a head before it, or with choices of its own, stands alone and loses nothing.
    """
    head: HeadField | None = None
    rows: list[SelectField] = []
    for field in fields:
        if head is not None and isinstance(field, SelectField) and _belongs(field, head):
            rows.append(field)
            continue
        if head is not None:
            yield Block(head, tuple(rows))
        head, rows = None, []
        if isinstance(field, HeadField):
            head = field
        else:
            yield Block(field)
    if head is not None:
        yield Block(head, tuple(rows))


def _belongs(field: SelectField, head: HeadField) -> bool:
    same = [choice.value for choice in field.choices] == [choice.value for choice in head.choices]
    return same and words(field.question, "list-nolabel", "list") and not field.is_fixed
