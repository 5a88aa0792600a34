"""What a form must not give away: what a device knows, what a table does, whom an answer tells."""

from collections.abc import Iterator

from xlsform.findings import Finding
from xlsform.lint.structure import nearest
from xlsform.lint.subject import Subject
from xlsform.questions import DISCLOSURES
from xlsform.xform import ZUGANG

# Types by which a device tells who uses it, where, and how. Answers keep none of it.
_BY_DEVICE = (
    "audit deviceid device_id get_device_id imei phonenumber phone_number get_phone_number "
    "username email subscriberid subscriber_id get_subscriber_id simserial sim_id get_sim_id "
    "start-geopoint background-audio background-geopoint "
    "uri:deviceid uri:email uri:phonenumber uri:simserial uri:subscriberid uri:username"
)
WATCHING = frozenset(_BY_DEVICE.split())
_WITHOUT_ANSWER = (
    "note begin_group end_group begin_repeat end_repeat begin_loop end_loop start end today "
    "calculate hidden csv-external xml-external"
)
_SILENT = frozenset(_WITHOUT_ANSWER.split())
_COLUMN = "bind::z:disclosure"
_FORMULA = ("=", "+", "-", "@")


def watching_types(subject: Subject) -> Iterator[Finding]:
    """A form does not ask the device who uses it."""
    for entry in subject.questions:
        if entry.kind in WATCHING:
            yield entry.cell("type").warning(
                f"'{entry.text('type')}' stays empty here: what a device tells about the person "
                "who holds it is not kept.",
                "Delete the row; ask what you need to know.",
            )


def undisclosed(subject: Subject) -> Iterator[Finding]:
    """Every question says what may become of its answers."""
    asked = [
        entry for entry in subject.questions if entry.kind and entry.kind not in _SILENT | WATCHING
    ]
    missing = [entry for entry in asked if not entry.text(_COLUMN)]
    if missing and len(missing) == len(asked):
        yield Finding(
            "survey",
            1,
            _COLUMN,
            "No question says what may become of its answers, so all count as identifying and none "
            "reaches a table.",
            f"Add the column '{_COLUMN}' with one of {', '.join(DISCLOSURES)} in each row.",
        )
        return
    for entry in missing:
        yield entry.cell(_COLUMN).warning(
            f"'{entry.name}' does not say what may become of its answers, so they count as "
            "identifying and reach no table.",
            f"Write one of {', '.join(DISCLOSURES)}.",
        )


def foreign_prefix(subject: Subject) -> Iterator[Finding]:
    """The prefix z means what it means here, or what stands below it counts for nothing."""
    declared = dict(part.split("=", 1) for part in _namespaces(subject) if "=" in part)
    address = declared.get("z", "").strip('"“”')
    if address and f"{{{address}}}" != ZUGANG:
        yield Finding(
            "settings",
            2,
            "namespaces",
            f"The prefix z is declared as '{address}', so that all columns bind::z:… count for "
            "nothing.",
            f'Write z="{ZUGANG[1:-1]}".',
        )


def _namespaces(subject: Subject) -> list[str]:
    return subject.settings.get("namespaces", "").split()


def unknown_disclosures(subject: Subject) -> Iterator[Finding]:
    """What may become of an answer is said in a word that the anonymiser knows."""
    for entry in subject.questions:
        cell = entry.cell(_COLUMN)
        if cell.text and cell.text not in DISCLOSURES:
            yield cell.error(
                f"'{cell.text}' is no kind of disclosure.",
                nearest(cell.text, [*DISCLOSURES]) or f"Write one of {', '.join(DISCLOSURES)}.",
            )


def choices_like_formulas(subject: Subject) -> Iterator[Finding]:
    """No choice starts like a formula, which a spreadsheet would work out when it opens a table."""
    for choices in subject.choices.values():
        for choice in choices:
            wordings = [cell for column, _, cell in choice.wordings() if column == "label"]
            for cell in (choice.cell("name"), *wordings):
                if cell.text.startswith(_FORMULA) and cell.text != "-":
                    yield cell.warning(
                        f"'{cell.text}' starts with '{cell.text[0]}', which spreadsheets take for "
                        "the start of a formula.",
                        "Write the sign as a word, or a word before it.",
                    )
