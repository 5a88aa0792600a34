"""What a file is, told from its first bytes: neither its name nor what the browser says counts."""

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

HEAD = 4096  # bytes that are enough to tell


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file and the endings its name may have, the usual one first."""

    media: str
    endings: tuple[str, ...]

    def ending(self, name: str) -> str:
        """Return the ending of `name` if files of this type have it, else the usual one."""
        claimed = name.rpartition(".")[2].lower()
        return claimed if claimed in self.endings else self.endings[0]


_OFFICE = ("docx", "xlsx", "pptx", "odt", "ods", "odp", "epub")
TEXT = FileType("text/plain", ("txt", "csv", "md", "vcf", "ics"))
_BEGINNINGS: Mapping[bytes, FileType] = MappingProxyType(
    {
        b"\xff\xd8\xff": FileType("image/jpeg", ("jpg", "jpeg")),
        b"\x89PNG\r\n\x1a\n": FileType("image/png", ("png",)),
        b"GIF87a": FileType("image/gif", ("gif",)),
        b"GIF89a": FileType("image/gif", ("gif",)),
        b"OggS": FileType("audio/ogg", ("ogg", "oga", "opus", "ogv")),
        b"ID3": FileType("audio/mpeg", ("mp3",)),
        b"fLaC": FileType("audio/flac", ("flac",)),
        b"#!AMR": FileType("audio/amr", ("amr",)),
        b"\x1aE\xdf\xa3": FileType("video/webm", ("webm", "mkv")),
        b"%PDF-": FileType("application/pdf", ("pdf",)),
        b"PK\x03\x04": FileType("application/zip", ("zip", *_OFFICE)),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": FileType("application/msword", ("doc", "xls", "ppt")),
        b"{\\rtf": FileType("application/rtf", ("rtf",)),
    }
)
_RIFF: Mapping[bytes, FileType] = MappingProxyType(
    {
        b"WEBP": FileType("image/webp", ("webp",)),
        b"WAVE": FileType("audio/wav", ("wav",)),
        b"AVI ": FileType("video/avi", ("avi",)),
    }
)
_BRANDS: Mapping[bytes, FileType] = MappingProxyType(
    {
        b"hei": FileType("image/heic", ("heic", "heif")),
        b"mif": FileType("image/heic", ("heic", "heif")),
        b"avi": FileType("image/avif", ("avif",)),
        b"M4A": FileType("audio/mp4", ("m4a", "mp4")),
        b"3gp": FileType("video/3gpp", ("3gp",)),
        b"qt ": FileType("video/quicktime", ("mov",)),
    }
)
_MP4 = FileType("video/mp4", ("mp4", "m4v", "m4a"))
_MP3 = FileType("audio/mpeg", ("mp3",))
# Recorders of phones write sound into containers that films use too.
_BOTH = frozenset({"audio/ogg", "video/webm", "video/mp4", "video/3gpp"})
_ENDING = re.compile(r"\.[a-z0-9]{1,8}\Z")


def recognise(head: bytes) -> FileType | None:
    """Return the type of the file that begins with `head`, None for one we do not know."""
    for beginning, found in _BEGINNINGS.items():
        if head.startswith(beginning):
            return found
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:11], _MP4)
    if head[:1] == b"\xff" and len(head) > 1 and head[1] & 0xE6 == 0xE2:
        return _MP3
    return TEXT if _is_text(head) else None


def _is_text(head: bytes) -> bool:
    try:  # a letter may be cut in two where the head ends
        text = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return bool(text) and not re.search(r"[\x00-\x08\x0e-\x1f]", text)


def media_type(name: str) -> str:
    """Return the media type of a file that was given this name, by its ending."""
    ending = name.rpartition(".")[2]
    types = (TEXT, *_BEGINNINGS.values(), *_RIFF.values(), _MP4, _MP3, *_BRANDS.values())
    usual = [one.media for one in types if ending == one.endings[0]]
    other = [one.media for one in types if ending in one.endings]
    return _OFFICIAL.get(ending) or [*usual, *other, "application/octet-stream"][0]


def fits(found: FileType, ending: str, kind: str, accept: str) -> bool:
    """Return whether a file may answer a question of `kind`: image, audio, video or file.

    `accept` is the author's list of types and endings, as in HTML: `image/*,.pdf`; "" for any.
    """
    if kind != "file" and not _is_of_kind(found, kind):
        return False
    wishes = [wish.strip().lower() for wish in accept.split(",") if wish.strip()]
    known = [wish for wish in wishes if "/" in wish or _ENDING.match(wish)]
    return not known or any(_matches(found, ending, wish) for wish in known)


def _matches(found: FileType, ending: str, wish: str) -> bool:
    if wish.startswith("."):
        return wish[1:] in {ending, *found.endings[:1]} or {wish[1:], ending} <= {"jpg", "jpeg"}
    if wish.endswith("/*"):
        return wish == "*/*" or _is_of_kind(found, wish[:-2])
    return wish in {found.media, _OFFICIAL.get(ending)}


def _is_of_kind(found: FileType, kind: str) -> bool:
    return found.media.startswith(f"{kind}/") or (
        kind in {"audio", "video"} and found.media in _BOTH
    )


_WORD = "application/vnd.openxmlformats-officedocument"
_OFFICIAL: Mapping[str, str] = MappingProxyType(
    {
        "docx": f"{_WORD}.wordprocessingml.document",
        "xlsx": f"{_WORD}.spreadsheetml.sheet",
        "pptx": f"{_WORD}.presentationml.presentation",
        "odt": "application/vnd.oasis.opendocument.text",
        "ods": "application/vnd.oasis.opendocument.spreadsheet",
        "xls": "application/vnd.ms-excel",
        "csv": "text/csv",
    }
)
