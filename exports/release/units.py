"""Which waiting responses may go out together: of one version, and of one half-year.

Tables of a half-year are then those of whole batches, and less the rows nothing is left. Whom exact
tables counted already go with their like: the others are not in those tables.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from core.people import SignedIn
from core.periods import Period
from exports.anonymise import differences
from exports.anonymise.table import Table
from exports.release import begun, hidden
from exports.release.hidden import Columns, Hidden
from exports.release.material import COUNTED_IN
from exports.release.releases import Opened


@dataclass(frozen=True)
class Unit:
    """Responses that may be in one batch: the half-year they began in, or what counted them.

    `fresh` are those of whom a row says more than the tables of the period did that counted them.
    """

    opened: Sequence[Opened]
    half: str = ""
    period: str = ""
    counted: Hidden | None = None
    fresh: bool = False

    def told(self, table: Table, rows: Collection[int]) -> Columns:
        """Return which of the values in these rows were counted already, by column."""
        if self.counted is None:
            return {}
        asked = self.counted.asked if self.fresh else self.counted.counts.keys()
        return {
            column.name: Counter(
                differences.told(column, cell)
                for row, cell in enumerate(table.values(column.name))
                if row in rows and cell is not None
            )
            for column in table.columns
            if column.name in asked
        }

    def leaves_few(self, going: Columns, k: int, share: float) -> bool:
        """Say whether tables that are out would tell of those whom these leave behind."""
        return self.counted is not None and hidden.leaves_few(self.counted, going, k, share)


def together(
    session: Session,
    who: SignedIn,
    questionnaire: str,
    waiting: Sequence[Opened],
    programme: Period | None,
) -> list[Unit]:
    """Return the waiting responses by what may go out together, most of them first."""
    if questionnaire not in COUNTED_IN:
        return _by_version([Unit(waiting)])
    days = begun.days(session)
    found, rest = [], list(waiting)
    for period, one in hidden.every(session, who, questionnaire).items():
        for numbers, fresh in ((one.final, False), (one.others, True)):
            some = [each for each in rest if each.response.id in numbers]
            rest = [each for each in rest if each.response.id not in numbers]
            found.append(Unit(some, "", period, one, fresh))
    by_half: dict[str, list[Opened]] = {}
    for each in rest:
        day = days.get(each.response.id, each.response.received)
        by_half.setdefault(begun.half(day, programme), []).append(each)
    found += [Unit(some, half) for half, some in by_half.items()]
    return _by_version(found)


def _by_version(units: Sequence[Unit]) -> list[Unit]:
    """Each unit by the version filled in: a batch has one set of columns."""
    found = []
    for unit in units:
        versions: dict[int, list[Opened]] = {}
        for one in unit.opened:
            versions.setdefault(one.response.version_id, []).append(one)
        found += [replace(unit, opened=some) for some in versions.values()]
    return sorted(found, key=lambda unit: -len(unit.opened))
