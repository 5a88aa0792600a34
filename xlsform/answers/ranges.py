"""Numbers between two bounds, in steps: what a `range` question accepts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from xlsform.answers.plain import AnswerError, canonical_decimal, decimal, integer

_PARAMETER = re.compile(r"\s*[+-]?[0-9]{1,9}(?:\.[0-9]{0,6})?\s*\Z")
_DEFAULTS: Mapping[str, Decimal] = {"start": Decimal(1), "end": Decimal(10), "step": Decimal(1)}


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers from `start` to `end`; `step` is positive, whichever way they run."""

    start: Decimal
    end: Decimal
    step: Decimal
    whole: bool = False

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> "Range":
        """Return what an author wrote; what is missing or no number is as ODK has it: 1, 10, 1."""
        start, end, step = (_parameter(parameters, name) for name in _DEFAULTS)
        return cls(start, end, abs(step) or Decimal(1), parameters.get("type") == "integer")

    @property
    def bounds(self) -> tuple[str, str]:
        """The smallest and the largest number, as canonical text."""
        low, high = sorted((self.start, self.end))
        return canonical_decimal(low), canonical_decimal(high)

    @property
    def count(self) -> int:
        """How many numbers there are."""
        return int(abs(self.end - self.start) // self.step) + 1

    def values(self) -> list[str]:
        """Return all numbers from `start` on, as canonical text."""
        step = self.step if self.start <= self.end else -self.step
        return [canonical_decimal(self.start + step * index) for index in range(self.count)]

    def read(self, typed: str) -> str:
        """Return the canonical text of a typed number.

        Raises AnswerError("range") beyond the bounds, AnswerError("step") between two steps, and
        what `integer` and `decimal` raise.
        """
        low, high = self.bounds
        text = integer(typed) if self.whole else decimal(typed)
        number = Decimal(text)
        if not Decimal(low) <= number <= Decimal(high):
            raise AnswerError("range", low=low, high=high)
        if (number - self.start) % self.step:
            raise AnswerError("step", low=low, high=high, step=canonical_decimal(self.step))
        return text


def _parameter(parameters: Mapping[str, str], name: str) -> Decimal:
    text = parameters.get(name, "")
    return Decimal(text.strip()) if _PARAMETER.match(text) else _DEFAULTS[name]
