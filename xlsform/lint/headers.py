"""What the header of a column means: its column in the XLSForm standard, and its language."""

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
