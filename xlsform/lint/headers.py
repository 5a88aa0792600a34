"""What the header of a column means: its column in the XLSForm standard, and its language."""

import re

# Texts that people read, and columns that hold an expression.
WORDINGS = ("label", "hint", "guidance_hint", "constraint_message", "required_message")
EXPRESSIONS = (
    "relevant",
    "constraint",
    "calculation",
    "required",
    "readonly",
    "choice_filter",
    "repeat_count",
)

_ALIASES = {
    "relevance": "relevant",
    "bind::relevant": "relevant",
    "bind::constraint": "constraint",
    "calculate": "calculation",
    "bind::calculate": "calculation",
    "bind::required": "required",
    "read_only": "readonly",
    "bind::readonly": "readonly",
    "caption": "label",
    "constraining_message": "constraint_message",
    "bind::jr:constraintmsg": "constraint_message",
    "requiredmsg": "required_message",
    "bind::jr:requiredmsg": "required_message",
    "control::appearance": "appearance",
    "body::appearance": "appearance",
    "count": "repeat_count",
    "jr:count": "repeat_count",
    "control::jr:count": "repeat_count",
    "body::jr:count": "repeat_count",
    "command": "type",
    "tag": "name",
    "value": "name",
    "list name": "list_name",
}
_GROUPS = frozenset({"bind", "control", "body", "media", "instance"})


_KNOWN = frozenset({"type", "name", "list_name", *EXPRESSIONS, *_ALIASES, *_ALIASES.values()})
_NAME = re.compile(r"[^\W\d][\w.\-]*(?::[^\W\d][\w.\-]*)?")


def is_fit(header: str, sheet: str) -> bool:
    """Return whether a form can be made of a column: whether its header is a name where it must."""
    first, *others = [part.strip() for part in header.split("::")]
    if role(header)[0] in _KNOWN or role(header)[0] in WORDINGS or first.lower() == "media":
        return True
    if first.lower() in _GROUPS:
        return sheet == "survey" and bool(others) and bool(_NAME.fullmatch(others[0]))
    return sheet != "choices" or bool(_NAME.fullmatch(header.replace(" ", "_")))


def role(header: str) -> tuple[str, str]:
    """Return column and language of a header: ("label", "Deutsch (de)") for label::Deutsch (de)."""
    parts = [part.strip() for part in header.split("::")]
    if len(parts) == 1 and parts[0].lower().startswith(tuple(f"{name}:" for name in WORDINGS)):
        parts = [part.strip() for part in header.split(":", 1)]  # as before 2015
    column = "_".join(parts[0].split()).lower()
    others = parts[1:]
    if column in _GROUPS and others:
        column = f"{column}::{others.pop(0)}"
    return _ALIASES.get(column.lower(), column), others[0] if others else ""
