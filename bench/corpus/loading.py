"""From what was found to XForm XML, and who is to blame when there is none."""

from io import BytesIO

from pyxform.xls2xform import convert as pyxform_convert

from bench.corpus.finding import XFORM, Found
from xlsform import source


class Refused(Exception):
    """pyxform itself does not take this workbook, so it is no form."""


def xml_of(found: Found) -> str:
    """Return the XForm XML of what was found; raises Refused."""
    if found.kind == XFORM:
        return found.content.decode("utf-8-sig", "replace")
    try:
        workbook = source.read_bytes(found.content, found.kind, found.name)
        return source.convert(workbook).xml
    except Exception as error:
        if _pyxform_refuses(found):
            raise Refused(str(error)) from error
        raise


def _pyxform_refuses(found: Found) -> bool:
    """Ask pyxform alone, without our reading in between."""
    try:
        pyxform_convert(BytesIO(found.content), file_type=found.kind, form_name=found.name)
    except Exception:
        return True
    return False
