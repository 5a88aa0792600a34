"""What every class keeps, and every table of few."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.periods import Period

K = 5
SHARE = 0.75


@dataclass(frozen=True)
class Rules:
    """What every class keeps: k rows at least, no sensitive value above a share of it.

    `weights` say what it is worth to know a quasi-identifier well; one that is not named counts 1.
    """

    k: int = K
    share: float = SHARE
    weights: Mapping[str, float] = field(default_factory=dict)
    programme: Period | None = None  # its half-years end where it does


DEFAULT = Rules()
