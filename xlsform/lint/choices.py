"""The sheet 'choices': what each choice needs, and filters that leave none."""

from collections.abc import Iterator

from xlsform.findings import Finding
from xlsform.lint.pieces import Token
from xlsform.lint.subject import Condition, Entry, Subject

_SPLIT = frozenset({"select_multiple", "rank"})
_OWN = frozenset({"name", "label", "list_name"})


def incomplete_choices(subject: Subject) -> Iterator[Finding]:
    """Every choice that belongs to a list has a name and a label."""
    for name, choices in subject.choices.items():
        for choice in choices if name else ():
            if not choice.name and subject.has("choices", "name"):
                yield choice.cell("name").error("The choice has no name.", "Give it a short name.")
            if not choice.texts.get("label") and not _has_media(choice):
                yield choice.cell("label").warning(
                    f"The choice '{choice.name}' has no label, so people would read its name.",
                    "Write the words to choose by.",
                )


def _has_media(choice: Entry) -> bool:
    return any(column.startswith(("media::", "image", "audio", "video")) for column in choice.cells)


def lone_choices(subject: Subject) -> Iterator[Finding]:
    """Every choice belongs to a list."""
    for choice in subject.choices.get("", ()):
        if choice.name and subject.has("choices", "list_name"):
            yield choice.cell("list_name").warning(
                "The choice belongs to no list.", "Write the name of its list."
            )


def spaced_names(subject: Subject) -> Iterator[Finding]:
    """The name of a choice has no space where several can be chosen."""
    split = {entry.list_name for entry in subject.questions if entry.kind in _SPLIT}
    for name in split & subject.choices.keys():
        for choice in subject.choices[name]:
            if " " in choice.name:
                yield choice.cell("name").error(
                    f"The name '{choice.name}' has a space in it, at which answers are split.",
                    "Write '_' in its place.",
                )


def repeated_choices(subject: Subject) -> Iterator[Finding]:
    """A name stands once in its list, unless the settings allow more."""
    allowed = subject.settings.get("allow_choice_duplicates", "").lower() in {"yes", "true"}
    for name, choices in subject.choices.items():
        rows: dict[str, int] = {}
        for choice in choices if name else ():
            first = rows.setdefault(choice.name, choice.row)
            if not choice.name or first == choice.row:
                continue
            cell, said = choice.cell("name"), f"'{choice.name}' is already in row {first}."
            if allowed:
                yield cell.warning(said, "Make sure that a filter only ever leaves one of them.")
            else:
                yield cell.error(said, "Rename one of the two, or delete it.")


def blind_filters(subject: Subject) -> Iterator[Finding]:
    """A filter looks at columns that the choices of the list are filled in."""
    for condition in subject.conditions:
        choices = subject.choices.get(condition.entry.list_name, ())
        if condition.column == "choice_filter" and choices:
            known = {cell.header for choice in choices for cell in choice.cells.values()}
            for name in dict.fromkeys(_bare_names(condition)):
                if name not in known | _OWN:
                    yield condition.cell.warning(
                        f"The filter looks at '{name}', which no choice of the list "
                        f"'{condition.entry.list_name}' has, so none would ever be offered.",
                        f"Fill the column '{name}' of the sheet 'choices', or mend the filter.",
                    )


def _bare_names(condition: Condition) -> Iterator[str]:
    """Yield the names that mean a column: no function, and no part of a longer path."""
    tokens = condition.tokens
    for before, token, after in zip((None, *tokens), tokens, tokens[1:], strict=False):
        is_step = before is not None and before.kind in {"/", "//", "::", "@"}
        if token.kind == "name" and not is_step and not _leads_on(after):
            yield token.text


def _leads_on(after: Token) -> bool:
    return after.kind in {"(", "::", "/", "//"}
