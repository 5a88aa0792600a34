"""What an author should hear about a place in a workbook."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """What is wrong, or may surprise, at a place, and how to mend it.

    `sheet`, `row` and `column` are "", 0 and "" where the finding is about more than one place;
    `column` is a header, or the letters of the column where there is none. A form with an error
    cannot run here; with the others, which are warnings, it can.
    """

    sheet: str
    row: int
    column: str
    message: str
    mend: str = ""
    is_error: bool = False

    def __str__(self) -> str:
        """Return the finding as one line."""
        place = [f"sheet '{self.sheet}'"] if self.sheet else []
        place += [f"row {self.row}"] if self.row else []
        place += [f"column '{self.column}'"] if self.column else []
        said = f"{self.message} {self.mend}".strip()
        kind = "error" if self.is_error else "warning"
        return ": ".join(filter(None, [kind, ", ".join(place), " ".join(said.split())]))
