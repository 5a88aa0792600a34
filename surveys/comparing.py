"""What differs between two workbooks of a questionnaire, by question and by option."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xlsform.source import Row, Workbook

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
_FRAMES = ("begin", "end")


@dataclass(frozen=True)
class Change:
    """A question, or an option of a list, that is `ADDED`, `REMOVED` or `CHANGED`.

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
    rows = workbook.sheets.get("survey", ())
    return {
        row["name"]: row
        for row in rows
        if row.get("name") and not row.get("type", "").startswith(_FRAMES)
    }


def _options(workbook: Workbook) -> dict[str, Row]:
    rows = workbook.sheets.get("choices", ())
    return {f"{row.get('list_name', '')}: {row['name']}": row for row in rows if row.get("name")}
