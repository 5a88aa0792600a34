"""What a served instance uses of the machine: processor time and memory, from /proc."""

import os
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")
_FIELDS_BEFORE_TIMES = 11  # of /proc/PID/stat, counted after the name in parentheses


def family(pid: int) -> Iterator[int]:
    """Yield `pid` and all its descendants."""
    yield pid
    for child in (PROC / f"{pid}/task/{pid}/children").read_text().split():
        yield from family(int(child))


def processor_seconds(pid: int) -> float:
    """Return the processor time that `pid` and its running descendants have used so far."""
    ticks = 0
    for one in family(pid):
        fields = (PROC / f"{one}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(map(int, fields[_FIELDS_BEFORE_TIMES : _FIELDS_BEFORE_TIMES + 2]))
    return ticks / _TICKS


def memory_megabytes(pid: int) -> float:
    """Return the memory of `pid` and its descendants, what they share counted once."""
    kilobytes = 0
    for one in family(pid):
        for line in (PROC / f"{one}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                kilobytes += int(line.split()[1])
    return kilobytes / 1000


def most_megabytes(mark: bytes) -> float:
    """Return the memory that a process with `mark` in its command has taken at most; 0 for none."""
    for folder in PROC.glob("[0-9]*"):
        try:
            if mark in (folder / "cmdline").read_bytes():
                return int((folder / "status").read_text().partition("VmHWM:")[2].split()[0]) / 1000
        except OSError:  # it has just ended
            continue
    return 0.0
