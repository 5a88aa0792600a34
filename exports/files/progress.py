"""How far a long piece of work has come, for somebody who waits."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

RELEASING, READING, WRITING, CHECKING = "releasing", "reading", "writing", "checking"
PACKING = "packing"  # the files beside the workbook


class Progress:
    """The step that is being done, and how much of it."""

    def __init__(self) -> None:
        """Begin before the first step."""
        self.step = ""
        self.done = 0
        self.total = 0  # 0 = nobody knows

    def begin(self, step: str, total: int = 0) -> None:
        """Go on to a step that handles `total` things."""
        self.step, self.done, self.total = step, 0, total

    def counted(self, things: Iterable[T]) -> Iterator[T]:
        """Yield the things, and count each one."""
        for thing in things:
            self.done += 1
            yield thing


UNSEEN = Progress()  # for work that nobody watches
