"""What differs between two workbooks of a questionnaire, by question, group and option."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from xlsform.source import Row, Workbook

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
_END = "end"
_LISTS = ("choices", "external_choices")
_SETTINGS = "settings"


@dataclass(frozen=True)
class Change:
    """A question, a group, an option of a list or the settings: `ADDED`, `REMOVED` or `CHANGED`.

    `before` and `after` are what the cells said that differ, by header; "" for an empty one.
    """

    kind: str
    name: str  # of a question, or list and value of an option
    before: Mapping[str, str]
    after: Mapping[str, str]


def compare(old: Workbook, new: Workbook) -> list[Change]:
    """Return what is different in `new`, in its order; what was removed stands at the end."""
    return [
        *_changes(_questions(old), _questions(new)),
        *_changes(_options(old), _options(new)),
        *_changes(_settings(old), _settings(new)),
    ]


def _changes(old: Mapping[str, Row], new: Mapping[str, Row]) -> Iterator[Change]:
    for name, row in new.items():
        if name not in old:
            yield Change(ADDED, name, {}, row)
        elif row != old[name]:
            headers = [h for h in {**row, **old[name]} if row.get(h) != old[name].get(h)]
            before = {header: old[name].get(header, "") for header in headers}
            yield Change(CHANGED, name, before, {header: row.get(header, "") for header in headers})
    yield from (Change(REMOVED, name, row, {}) for name, row in old.items() if name not in new)


def _questions(workbook: Workbook) -> dict[str, Row]:
    rows = (row for row in workbook.sheets.get("survey", ()) if row.get("name"))
    asked = (row for row in rows if not row.get("type", "").startswith(_END))
    return _named((row["name"], row) for row in asked)


def _options(workbook: Workbook) -> dict[str, Row]:
    rows = (row for sheet in _LISTS for row in workbook.sheets.get(sheet, ()) if row.get("name"))
    return _named((f"{row.get('list_name', '')}: {row['name']}", row) for row in rows)


def _settings(workbook: Workbook) -> dict[str, Row]:
    return _named((_SETTINGS, row) for row in workbook.sheets.get(_SETTINGS, ()))


def _named(rows: Iterable[tuple[str, Row]]) -> dict[str, Row]:
    """The rows by name; of twins each has its own, so that none hides behind the other."""
    found: dict[str, Row] = {}
    often: Counter[str] = Counter()
    for name, row in rows:
        often[name] += 1
        found[name if often[name] == 1 else f"{name} ({often[name]})"] = row
    return found
