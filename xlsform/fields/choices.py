"""Questions that are answered by choosing: buttons, lists, a box with suggestions, an order."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from xlsform.answers import AnswerError
from xlsform.fields.base import NoteField, QuestionField, words
from xlsform.filling import Filling
from xlsform.form import Choice
from xlsform.texts import folded

AGREED = "OK"  # what ODK Collect keeps for an acknowledgement
_MOST_COLUMNS = 6


class SelectField(QuestionField):
    """One choice, or none: the empty value takes a choice back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.silent = self.question.type == "select_multiple"

    def prepare(self, filling: Filling, language: str) -> None:
        """Take the kept choices too."""
        super().prepare(filling, language)
        self.chosen = frozenset(self.question.chosen(self.data or ""))

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep the chosen values in the order of the choices; raise AnswerError("option").

        What is offered stays chosen on the page, also beside a value that is not.
        """
        sent = {str(value) for value in valuelist} - {""}
        offered = list(dict.fromkeys(choice.value for choice in self.choices))
        self.typed = " ".join(str(value) for value in valuelist)
        self.data = ""
        self.chosen = frozenset(sent & set(offered))
        if sent - self.chosen or (len(sent) > 1 and not self.silent):
            raise AnswerError("option")
        self.data = " ".join(value for value in offered if value in sent)

    def options(self) -> Iterator[tuple[Choice, bool]]:
        """Yield each choice and whether it is chosen."""
        return ((choice, choice.value in self.chosen) for choice in self.choices)

    @property
    def can_take_back(self) -> bool:
        """Whether a button is needed that says "no answer": a chosen one cannot be unchosen."""
        return bool(self.chosen) and not self.silent and not self.required

    @property
    def faces(self) -> dict[str, int]:
        """How far the mouth of the face beside each point of a scale bends, from -5 to 5.

        Nothing unless the author wants faces, and for what is no point: "I do not know".
        """
        if not words(self.question, "faces"):
            return {}
        points = [choice.value for choice in self.choices if choice.value.isdecimal()]
        return {
            value: round(10 * place / (len(points) - 1)) - 5
            for place, value in enumerate(points)
            if len(points) > 1
        }

    @property
    def layout(self) -> str:
        """How the author wants the choices to stand, as classes of the stylesheet."""
        question = self.question
        if words(question, "likert"):
            return "likert"
        if words(question, *_PACKED):
            return "packed"
        for word in question.appearance:
            name, _, number = word.partition("-")
            if name in {"columns", "compact"} and number.isascii() and number.isdecimal():
                return f"columns n{min(int(number[:3]) or 1, _MOST_COLUMNS)}"
        return "columns n2" if words(question, "columns") else ""


_PACKED = ("columns-pack", "horizontal", "horizontal-compact", "compact", "quickcompact", "list")


class MinimalField(SelectField):
    """One choice from a list that opens."""

    tag = "minimal"


class HeadField(NoteField, SelectField):
    """The choices as the head of a table whose rows are the questions that follow."""

    tag = "head"


class SuggestField(SelectField):
    """One choice, written with suggestions: its label or its value counts, in any case."""

    tag = "suggest"

    def prepare(self, filling: Filling, language: str) -> None:
        """Show the label of the kept choice."""
        super().prepare(filling, language)
        if self.data:
            names = {value: name for name, value in self.named()}
            self.typed = names.get(self.data, self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Find the choice that was meant; raise AnswerError("listed") when there is none."""
        self.typed = str(valuelist[0])
        self.data = ""
        meant = folded(self.typed)
        if not meant:
            return
        values = {folded(choice.value): choice.value for choice in self.choices}
        values |= {folded(name): value for name, value in self.named()}
        if meant not in values:
            raise AnswerError("listed", typed=self.typed.strip()[:50])
        self.data = values[meant]

    def named(self) -> list[tuple[str, str]]:
        """Return the name of each choice with its value; equal labels are told apart by it."""
        labels = [choice.label or choice.value for choice in self.choices]
        folds = [folded(label) for label in labels]
        times = Counter(folds)
        return [
            (f"{label} ({choice.value})" if times[fold] > 1 else label, choice.value)
            for choice, label, fold in zip(self.choices, labels, folds, strict=True)
        ]


class RankField(QuestionField):
    """All choices in an order: each has a list of numbers of its own, sent as `2:apples`."""

    def prepare(self, filling: Filling, language: str) -> None:
        """Take the kept order as numbers."""
        super().prepare(filling, language)
        kept = (self.data or "").split()
        self.places = {value: place for place, value in enumerate(kept, start=1)}

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the numbers as an order; raise AnswerError, and keep every number that was given.

        One choice without a number takes the place that is left. With more of them the order would
        be a guess, and the standard knows no unfinished one, so these are asked for.
        """
        sent = [str(value) for value in valuelist]
        self.typed = " ".join(sent)
        self.data = ""
        if not self._read_places(sent):
            raise AnswerError("option")
        if not self.places:
            return
        self._refuse_twice()
        left = [value for value in self._values if value not in self.places]
        if len(left) > 1:
            raise AnswerError("rank")
        free = set(self.numbers) - set(self.places.values())
        self.places |= dict(zip(left, free, strict=True))
        self.data = " ".join(sorted(self.places, key=self.places.__getitem__))

    def _read_places(self, sent: list[str]) -> bool:
        """Take every number of a choice that there is; say whether there was nothing else."""
        numbers = {str(number): number for number in self.numbers}
        given = [text.partition(":") for text in sent if text]
        known = [one for one in given if one[0] in numbers and one[2] in self._values]
        self.places = {value: numbers[number] for number, _, value in known}
        return len(known) == len(given)

    def _refuse_twice(self) -> None:
        labels = {choice.value: choice.label or choice.value for choice in self.choices}
        seen: dict[int, str] = {}
        for value, number in self.places.items():
            if number in seen:
                pair = {"first": labels[seen[number]], "second": labels[value]}
                raise AnswerError("rank_twice", number=str(number), **pair)
            seen[number] = value

    @property
    def _values(self) -> list[str]:
        return list(dict.fromkeys(choice.value for choice in self.choices))

    @property
    def numbers(self) -> range:
        """The places there are."""
        return range(1, len(self._values) + 1)

    def options(self) -> Iterator[tuple[Choice, int]]:
        """Yield each choice and its place, 0 for none."""
        return ((choice, self.places.get(choice.value, 0)) for choice in self.choices)


class AcknowledgeField(QuestionField):
    """One tick."""

    silent = True
    agreed = AGREED

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep "OK" for a tick, "" for none; raise AnswerError("option") for anything else."""
        self.typed = " ".join(str(value) for value in valuelist)
        self.data = ""
        if set(valuelist) - {AGREED, ""}:
            raise AnswerError("option")
        self.data = AGREED if AGREED in valuelist else ""
