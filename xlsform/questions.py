"""What a compiled form is made of: questions, their choices, pages."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from xlsform.formulas import Formula
from xlsform.texts import Answers, Wording
from xlsform.tree import Node
from xlsform.values import NodeSet

# Choice values that say why there is no answer; tables count them apart.
MISSING = frozenset({"dont_know", "no_answer", "refused", "not_asked"})

NOTHING: Mapping[str, Any] = MappingProxyType({})

DISCLOSURES = ("identifying", "quasi", "sensitive", "open", "table", "free")

# Types without an own place on a page.
UNSEEN = frozenset({"calculate", "hidden", "metadata"})
SELECTS = frozenset({"select_one", "select_multiple", "rank"})
UPLOADS = frozenset({"image", "audio", "video", "file"})
# The kinds of media that a question or an option may bring along.
MEDIA = ("image", "big-image", "audio", "video")
HEARD = frozenset({"audio", "video"})


class FormError(ValueError):
    """A form that cannot run here; the message names the question and says what to change.

    `path` is that of the question and `column` that of its row in the workbook, "" where the fault
    lies elsewhere; `position` counts characters of an expression from 0.
    """

    def __init__(self, message: str, path: str = "", column: str = "", position: int = 0) -> None:
        super().__init__(message)
        self.path = path
        self.column = column
        self.position = position


@dataclass(frozen=True, slots=True)
class Choice:
    """One option in the reader's language; `media` are file names by kind (see MEDIA)."""

    value: str
    label: str
    media: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Option:
    """One option as the form defines it, with its item in the secondary instance."""

    value: str
    wording: Wording
    item: Node | None
    media: Mapping[str, Wording] = field(default_factory=dict)

    def choice(self, language: str, filling: Answers | None, path: str) -> Choice:
        """Return the option as a reader of `language` sees it in the question at `path`."""
        label = self.wording(language, filling, path)
        return Choice(self.value, label, files_in(language, self.media))


def files_in(language: str, media: Mapping[str, Wording]) -> dict[str, str]:
    """Return the names of files for a reader of `language`, by kind.

    A picture may stand in for one in another language; what is heard must be what is read.
    """
    return {
        kind: name(language)
        for kind, name in media.items()
        if kind not in HEARD or name.speaks(language)
    }


@dataclass(frozen=True, slots=True, eq=False)
class ChoiceList:
    """The options of a select; with `nodeset` only those that the answers let through.

    `options` are all that the form itself lists, `fixed` those of them that are always offered;
    `make` turns a node of the set into an option.
    """

    options: tuple[Option, ...]
    nodeset: Formula | None = None
    make: Callable[[Node], Option] | None = None
    fixed: tuple[Option, ...] = ()
    _plain: dict[str, tuple[Choice, ...]] = field(default_factory=dict, repr=False)

    @property
    def values(self) -> tuple[str, ...]:
        """All values in the form's order, each once."""
        return tuple(dict.fromkeys(option.value for option in self.options))

    def offered(self, filling: Answers | None, path: str) -> tuple[Option, ...]:
        """Return the options offered now; all of them without a filling."""
        if self.nodeset is None or self.make is None or filling is None:
            return self.options
        nodes = self.nodeset.evaluate(filling.context(path))
        if not isinstance(nodes, NodeSet):
            return self.options  # it cannot be worked out: who answers shall still find hers
        options = map(self.make, nodes)
        return (*self.fixed, *(option for option in options if option.value))

    def choices(self, filling: Answers | None, language: str, path: str) -> tuple[Choice, ...]:
        """Return the options offered now, as a reader of `language` sees them."""
        known = self._plain.get(language)
        if known is not None:
            return known
        offered = self.offered(filling, path)
        found = tuple(option.choice(language, filling, path) for option in offered)
        if self.nodeset is None and all(option.wording.is_plain for option in self.options):
            self._plain[language] = found  # the same for everybody
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One question, or one value the form keeps; compared by identity.

    `locks` are the conditions that make it read-only now and then, each with how many steps up from
    the question the node is that it is seen from: the form may lock a whole group.
    """

    path: str
    name: str
    type: str
    appearance: tuple[str, ...]
    disclosure: str
    bagw: str
    read_only: bool
    locks: tuple[tuple[int, Formula], ...]
    has_relevant: bool
    static_choices: tuple[str, ...]
    parameters: Mapping[str, str]
    required: Formula | bool
    constraint: Formula | None
    texts: Mapping[str, Wording] = field(repr=False)
    choice_list: ChoiceList | None = field(repr=False)

    def label(self, language: str, filling: Answers | None = None) -> str:
        """Return the question's wording; "…" stands for answers when there is no filling."""
        return self._text("label", language, filling)

    def hint(self, language: str, filling: Answers | None = None) -> str:
        """Return the hint, "" when there is none."""
        return self._text("hint", language, filling)

    def guidance(self, language: str, filling: Answers | None = None) -> str:
        """Return what helps whoever asks the question, "" for nothing."""
        return self._text("guidance", language, filling)

    def media(self, language: str) -> dict[str, str]:
        """Return the names of the files that go with the question, by kind (see MEDIA)."""
        if self.texts.keys().isdisjoint(MEDIA):
            return {}  # as nearly all
        return files_in(language, {kind: self.texts[kind] for kind in MEDIA if kind in self.texts})

    def required_message(self, language: str, filling: Answers | None = None) -> str:
        """Return what the author says when the answer is missing, "" for nothing."""
        return self._text("required_message", language, filling)

    def constraint_message(self, language: str, filling: Answers | None = None) -> str:
        """Return what the author says when the answer does not fit, "" for nothing."""
        return self._text("constraint_message", language, filling)

    def choices(self, filling: Answers | None, language: str) -> list[Choice]:
        """Return the options offered now, in the form's order; all of them without a filling."""
        if self.choice_list is None:
            return []
        return list(self.choice_list.choices(filling, language, self.path))

    def offered(self, filling: Answers) -> tuple[str, ...]:
        """Return the values that may be chosen now, in the form's order."""
        if self.choice_list is None or self.choice_list.nodeset is None:
            return self.static_choices
        return tuple(option.value for option in self.choice_list.offered(filling, self.path))

    def at(self, path: str) -> "Question":
        """Return the question as it stands in one instance of a repeat, at a concrete path."""
        return self if path == self.path else replace(self, path=path)

    def chosen(self, text: str) -> list[str]:
        """Return the values in an answer; the one of a single choice may hold spaces itself."""
        if self.type == "select_one":
            return [text] if text else []
        return text.split()

    @property
    def is_filtered(self) -> bool:
        """Whether the options depend on other answers."""
        return self.choice_list is not None and self.choice_list.nodeset is not None

    def _text(self, kind: str, language: str, filling: Answers | None) -> str:
        wording = self.texts.get(kind)
        return wording(language, filling, self.path) if wording is not None else ""


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """Questions asked together.

    `name` is the group's path, or that of the first loose question; with `#2` behind it when there
    is such a page already.
    """

    name: str
    questions: tuple[Question, ...]
    wording: Wording | None = None
    repeated: "Repeated | None" = None  # of the page that lists the instances of a repeat

    def title(self, language: str, filling: Answers | None = None) -> str:
        """Return the label of the page's group, "" when it has none."""
        path = self.name.partition("#")[0]
        return self.wording(language, filling, path) if self.wording is not None else ""


@dataclass(frozen=True, slots=True, eq=False)
class Repeated:
    """A part of the form that is gone through once for each instance of a repeat.

    Unless `counted` by the form, whoever fills it in adds and removes instances on a page that
    lists them, behind the pages of all instances.
    """

    path: str
    inner: tuple["Page | Repeated", ...]
    wording: Wording | None
    relevant: Formula | None
    counted: bool

    def is_relevant(self, path: str, filling: Answers) -> bool:
        """Return whether one more instance of the series at the concrete `path` is asked for."""
        return self.relevant is None or self.relevant.boolean(filling.context(path))


Outline = tuple[Page | Repeated, ...]


def flat(outline: Outline) -> Iterator[Page]:
    """Yield the pages of an outline, those of repeats once."""
    for part in outline:
        if isinstance(part, Page):
            yield part
        else:
            yield from flat(part.inner)
