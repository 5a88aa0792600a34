"""Pages inside repeats by their names: which instance each belongs to, and what moves up."""

import re


def begins(name: str, instance: str) -> bool:
    """Return whether a page is that of an instance, or lies in it."""
    return name == instance or name.startswith(f"{instance}/")


def number(series: str, name: str) -> int:
    """Return the number of the instance of `series` that a page belongs to, 0 for none."""
    found = re.match(re.escape(series) + r"\[([0-9]+)\]", name)
    return int(found[1]) if found else 0


def moved(name: str, series: str, gone: int) -> str:
    """Return the name of a page after instance `gone` was taken out, "" if it went with it."""
    before = number(series, name)
    if before < gone:
        return name
    rest = name[len(f"{series}[{before}]") :]
    return "" if before == gone else f"{series}[{before - 1}]{rest}"
