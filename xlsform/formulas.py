"""Expressions as they stand in a form: one that fails with some answers holds nobody up."""

from dataclasses import dataclass, fields

from xlsform.values import Value
from xlsform.xpath import Context, Expression, ExpressionError

# What a part of a question is taken to say when it fails: it is asked, and its answer is taken.
_GENEROUS = frozenset({"'relevant'", "'constraint'"})


@dataclass(frozen=True, slots=True)
class Formula(Expression):
    """An expression that belongs to a `part` of the question at `path`.

    Where it cannot be worked out with the answers given, it is empty, and as a condition what lets
    an answer through: whoever fills in the form cannot mend it. `Environment.failed` hears of it.
    """

    path: str
    part: str

    @classmethod
    def of(cls, expression: Expression, path: str, part: str) -> "Formula":
        """Return a compiled expression as part of a question."""
        return cls(
            **{one.name: getattr(expression, one.name) for one in fields(expression)},
            path=path,
            part=part,
        )

    def evaluate(self, context: Context) -> Value:
        """Return the value in `context`, "" where it cannot be worked out."""
        try:
            return self.run(context)
        except (ExpressionError, RecursionError):
            context.environment.failed(self.told)
            return ""

    def boolean(self, context: Context) -> bool:
        """Return the value as a truth value; what cannot be worked out lets an answer through."""
        try:
            return self.truth(context)
        except (ExpressionError, RecursionError):
            context.environment.failed(self.told)
            return self.part in _GENEROUS

    @property
    def told(self) -> str:
        """Where it stands; its author finds the place, and no answer is quoted."""
        return f"question '{self.path.rpartition('/')[2]}', {self.part}"
