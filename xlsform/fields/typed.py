"""Questions that are answered by writing: texts, days, times, numbers of a range."""

from decimal import Decimal
from typing import Any

from xlsform.answers import is_canonical, shown
from xlsform.answers.ranges import Range
from xlsform.fields.base import QuestionField, words
from xlsform.filling import Filling
from xlsform.form import Question

_FEWEST_ROWS, _MOST_ROWS = 2, 30
_MOST_BUTTONS, _MOST_LISTED = 11, 101


class MultilineField(QuestionField):
    """A text of several lines."""

    tag = "multiline"

    @property
    def rows(self) -> int:
        """How many lines the box shows: what the author asked for, within reason."""
        wish = self.question.parameters.get("rows", "")
        asked = int(wish) if wish.isascii() and wish.isdecimal() and len(wish) < 4 else 5
        return min(max(asked, _FEWEST_ROWS), _MOST_ROWS)


class PlacesField(MultilineField):
    """A way or an area, one place a line."""

    tag = ""


class MomentField(QuestionField):
    """A date and a time, in two boxes of the same name."""

    tag = "moment"

    def prepare(self, filling: Filling, language: str) -> None:
        """Take the kept answer apart."""
        super().prepare(filling, language)
        self.boxes = _two(self.typed)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read both boxes as one text; raise AnswerError."""
        sent = [str(value) for value in valuelist[:2]]
        self.boxes = (sent[0], sent[1]) if len(sent) == 2 else _two(sent[0])
        super().process_formdata([" ".join(sent).strip()])


def _two(text: str) -> tuple[str, str]:
    on, _, at = text.partition(" ")
    return on, at


class RangeField(QuestionField):
    """A number between two bounds.

    A slider cannot be left blank, so there is none: a handful of numbers are buttons in a row
    ("scale"), with the appearance `picker` they are a list ("picker"), and many are written.
    """

    def __init__(self, question: Question, **kwargs: Any) -> None:
        super().__init__(question, **kwargs)
        self.range = Range.of(question.parameters)
        if words(question, "picker") and self.range.count <= _MOST_LISTED:
            self.type = "picker"
        elif self.range.count <= _MOST_BUTTONS:
            self.type = "scale"

    def read(self, typed: str) -> str:
        """Return the number as canonical text; raise AnswerError."""
        if not typed.strip():
            return ""
        return self.range.read(typed)

    def told(self, text: str) -> str:
        """Return a number as people here write it."""
        return shown(self.kind, text, self.language)

    @property
    def bounds(self) -> tuple[str, str]:
        """The smallest and the largest number, as people here write them."""
        low, high = self.range.bounds
        return self.told(low), self.told(high)

    def numbers(self) -> list[tuple[str, bool]]:
        """Return every number as people here write it, and whether it is the answer."""
        answer = self.data or ""
        number = Decimal(answer) if is_canonical("range", answer) else None
        return [(self.told(value), Decimal(value) == number) for value in self.range.values()]
