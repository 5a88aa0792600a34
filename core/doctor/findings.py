"""What a look at a deployment finds."""

from dataclasses import dataclass

OK, WARNING, ERROR = "ok", "warning", "error"


@dataclass(frozen=True)
class Finding:
    """One line: how it is with something, and what to mend."""

    level: str
    what: str
    text: str

    def __str__(self) -> str:
        """Return it as it is printed."""
        return f"{self.level:<8} {self.what}: {self.text}"
