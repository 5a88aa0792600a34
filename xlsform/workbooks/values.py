"""Numbers and dates of a spreadsheet as the text that pyxform makes of them."""

from dataclasses import dataclass

from openpyxl.utils.datetime import (
    CALENDAR_MAC_1904,
    CALENDAR_WINDOWS_1900,
    from_excel,
    from_ISO8601,
)


@dataclass(frozen=True, slots=True)
class Moments:
    """Reads dates and times; Excel on old Macs counts the days from 1904 on."""

    since_1904: bool = False

    def counted(self, value: str, *, is_span: bool) -> str:
        """Return the moment, or length of time, that is `value` days; raises ValueError."""
        epoch = CALENDAR_MAC_1904 if self.since_1904 else CALENDAR_WINDOWS_1900
        return str(from_excel(float(value), epoch, timedelta=is_span))

    def written(self, value: str) -> str:
        """Return the moment in an ISO 8601 text; raises ValueError."""
        return str(from_ISO8601(value))  # type: ignore[no-untyped-call]


def number_text(value: str) -> str:
    """Return a number without a needless decimal point; raises ValueError, OverflowError."""
    if not any(mark in value for mark in ".eE"):
        return str(int(value))
    number = float(value)
    return str(int(number)) if number.is_integer() else str(number)
