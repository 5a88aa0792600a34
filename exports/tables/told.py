"""What came in on a questionnaire, as tables are counted from it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from exports.anonymise import differences
from exports.anonymise.rules import Rules
from exports.anonymise.table import Column, Value


@dataclass(frozen=True)
class Told:
    """What came in on one questionnaire: its variables by name, and the codes of each record."""

    columns: Mapping[str, Column]
    rows: Sequence[Mapping[str, Value]]

    def where(self, name: str, value: str) -> "Told":
        """Only the records that say so."""
        return replace(self, rows=[row for row in self.rows if row.get(name) == value])

    def less(self, other: "Told") -> "Told":
        """Only the records that are not among those of another one."""
        others = {id(row) for row in other.rows}
        return replace(self, rows=[row for row in self.rows if id(row) not in others])

    def counts(self, name: str) -> Counter[Value]:
        """How often each code of a variable occurs."""
        return Counter(row.get(name) for row in self.rows)

    def several(self, name: str) -> list[Column]:
        """The variables of a question with several answers, one an answer."""
        return [column for key, column in self.columns.items() if key.startswith(f"{name}.")]

    def gives_away(self, name: str, rules: Rules) -> bool:
        """Say whether a table of a variable tells of few, or that most of them say the same."""
        column = self.columns.get(name)
        if column is None:
            return False
        cells = [row.get(name) for row in self.rows]
        counts = Counter(differences.told(column, cell) for cell in cells if cell is not None)
        share = rules.share if column.role in differences.JUDGED else 1
        return differences.gives_away(counts, rules.k, share)


NOBODY = Told({}, [])


@dataclass(frozen=True)
class Material:
    """All that the tables of one half-year are counted from.

    `waited` are the days from a referral until somebody took it up, `unseen` those of the cases
    that are in no row. By the `rules` for classes go tables within a part of all, too.
    """

    cases: Told
    interviews: Told
    waited: Sequence[int]
    rules: Rules
    unseen: Told = NOBODY
