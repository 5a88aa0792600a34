"""What a table says less the rows beside it: whether that tells of few, or of women much alike."""

from collections import Counter
from collections.abc import Mapping

from exports.anonymise.table import NOT_CHOSEN, Column

JUDGED = frozenset({"sensitive", "table"})  # roles: of others it is no harm that many say the same
NOTHING = ""  # said by whoever did not choose an answer, or gave a reason for giving none
Counts = Mapping[str, int]


def told(column: Column, cell: str) -> str:
    """The value that a cell gives away."""
    return NOTHING if cell in column.missing or cell == NOT_CHOSEN else cell


def common(counts: Counts, share: float) -> frozenset[str]:
    """The values that more than a share of all have: no group of them can hide those."""
    most = share * sum(counts.values()) + 1e-9
    return frozenset(value for value, n in counts.items() if value != NOTHING and n > most)


def gives_away(hidden: Counts, k: int, share: float, known: frozenset[str] = frozenset()) -> bool:
    """Say whether a table tells too much of those whom it counts and no row shows.

    They are a class that nobody made: they must be k at least, and no value may exceed the share.
    What is `known` of all is not theirs alone.
    """
    size = sum(hidden.values())
    most = max((n for value, n in hidden.items() if value not in {NOTHING, *known}), default=0)
    return bool(most) and (size < k or most > share * size + 1e-9)


def less(counts: Counts, other: Counts) -> Counter[str]:
    """What is left of counts; of what was corrected since nothing, not less."""
    return Counter(counts) - Counter(other)
