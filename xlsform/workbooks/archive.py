"""The parts of an .xlsx file, unpacked only as far as a questionnaire can be long."""

import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from lxml import etree

from xlsform.workbooks.grids import SourceError

UNPACKED = 30_000_000  # bytes of all parts that are read: 20,000 rows of twenty full cells

_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
)
_OLD = b"\xd0\xcf\x11\xe0"  # how a compound file starts: an .xls, or anything with a password
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_AGAIN = "Open it in Excel or LibreOffice and save it as .xlsx again."


class Archive:
    """A zip file of XML parts, of which at most UNPACKED bytes are ever unpacked."""

    def __init__(self, content: bytes) -> None:
        """Open the zip file in `content`; raise SourceError when it is none."""
        if content.startswith(_OLD):
            raise _compound(content)
        try:
            self._file = ZipFile(BytesIO(content))
        except (BadZipFile, NotImplementedError, OverflowError, ValueError) as error:
            raise SourceError("The file is no workbook of the kind .xlsx.", mend=_AGAIN) from error
        self._names = frozenset(self._file.namelist())
        self._left = UNPACKED

    def __contains__(self, name: str) -> bool:
        """Return whether there is a part called `name`."""
        return name in self._names

    def read(self, name: str) -> bytes:
        """Return the content of a part; raise SourceError when it is missing, broken or too long.

        The size that the part declares is looked at first, as nothing needs to be unpacked then;
        the zip library gives no more bytes than that, so a size that lies ends as a broken part.
        """
        if name not in self._names:
            raise broken(name)
        info = self._file.getinfo(name)
        if info.flag_bits & 1:
            raise SourceError(
                "The file is protected by a password.", mend="Save it without a password."
            )
        self._left -= info.file_size
        if self._left < 0:
            raise SourceError(
                f"The file unpacks to more than {UNPACKED // 1_000_000} MB.",
                mend="Take out what is no part of the questionnaire.",
            )
        try:
            return self._file.read(info)
        except (
            BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            OSError,
            ValueError,
        ) as error:
            raise broken(name) from error

    def parse(self, name: str) -> etree._Element:
        """Return the root of an XML part; raises SourceError."""
        content = self.read(name)
        try:
            root = etree.fromstring(content, _PARSER)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise broken(name) from error
        refuse_declarations(root)
        return root


def refuse_declarations(element: etree._Element) -> None:
    """Raise SourceError for a document that declares entities; no workbook does."""
    if element.getroottree().docinfo.internalDTD is not None:
        raise SourceError("The workbook brings XML declarations, as no Excel writes.", mend=_AGAIN)


def broken(name: str) -> SourceError:
    """Return the error for a part that is missing or damaged."""
    return SourceError(f"The workbook is damaged: its part '{name}' is not readable.", mend=_AGAIN)


def _compound(content: bytes) -> SourceError:
    if _LOCKED in content:
        return SourceError(
            "The file is protected by a password.", mend="Save it without a password."
        )
    return SourceError(
        "The file is an old .xls with the ending .xlsx.",
        mend="Open it in Excel and save it as .xlsx, or give it the ending .xls.",
    )
