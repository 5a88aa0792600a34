"""Several files in one: the same files give the same bytes, on every day and system."""

import re
from collections.abc import Mapping

from exports.formats import packing

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*([.][A-Za-z0-9_-]+)*")
_LONGEST = 100
_DEVICE = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9])([.].*)?", re.IGNORECASE)


def pack(files: Mapping[str, bytes]) -> bytes:
    """The bytes of a .zip file; ValueError for a name that some system would take for another.

    A name has letters, digits, dots, hyphens and underscores of ASCII: it never leaves the folder
    that a reader unpacks into, and never stands for a device or, in other case, for another file.
    """
    names = sorted(files)
    for name in names:
        if not _SAFE.fullmatch(name) or len(name) > _LONGEST or _DEVICE.fullmatch(name):
            raise ValueError(f"{name!r} is no safe name for a file")
    if len({name.casefold() for name in names}) < len(names):
        raise ValueError("two names differ in case alone")
    return packing.pack((name, files[name]) for name in names)
