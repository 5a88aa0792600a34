"""From the parts of an XForm to questions, and to what is worked out after each answer."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from types import MappingProxyType

from lxml import etree

from xlsform.actions import setvalues
from xlsform.formulas import Formula
from xlsform.lists import Lists
from xlsform.ordering import CALCULATE, COUNT, FILTER, RELEVANT, Step, lineage, ordered
from xlsform.questions import DISCLOSURES, NOTHING, SELECTS, UNSEEN, FormError, Question
from xlsform.searching import words_of
from xlsform.template import Template
from xlsform.texts import Wording
from xlsform.xform import AROUND, JAVAROSA, Bind, XForm, controls, expression, local, named

TYPES: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("input", "string"): "text",
        ("input", ""): "text",
        ("input", "int"): "integer",
        ("input", "decimal"): "decimal",
        ("input", "date"): "date",
        ("input", "time"): "time",
        ("input", "dateTime"): "dateTime",
        ("input", "geopoint"): "geopoint",
        ("input", "geotrace"): "geotrace",
        ("input", "geoshape"): "geoshape",
        ("input", "barcode"): "barcode",
        ("range", "int"): "range",
        ("range", "decimal"): "range",
    }
)
# Controls that are of one type whatever they are bound to.
ALONE: Mapping[str, str] = MappingProxyType(
    {
        "input": "text",
        "secret": "text",
        "range": "range",
        "select1": "select_one",
        "select": "select_multiple",
        "rank": "rank",
        "trigger": "acknowledge",
    }
)
UPLOADED: Mapping[str, str] = MappingProxyType(
    {"image/*": "image", "audio/*": "audio", "video/*": "video"}
)
_PARAMETERS = ("start", "end", "step", "rows", "accept", "max-pixels", "ticks")
_ALWAYS = frozenset({"", "true()"})


class Compiler:
    """Decides what each part of one XForm means."""

    def __init__(self, xform: XForm, template: Template, lists: Lists) -> None:
        self._xform = xform
        self._lists = lists
        self._spots = template.spots
        self._groups = template.groups

    def questions(self) -> dict[str, Question]:
        """Return every question and kept value by path, in the order of the instance."""
        shown = self._controls
        unplaced = [path for path in shown if path not in self._spots]
        if unplaced:
            raise FormError(
                f"Question '{named(unplaced[0])}' has no place in the instance.", unplaced[0]
            )
        leaves = (path for path in self._spots if path in shown or self._is_kept(path))
        return {path: self._question(path, shown.get(path)) for path in leaves}

    def steps(self, questions: Mapping[str, Question]) -> tuple[Step, ...]:
        """Return all that is worked out after an answer changed, in order of dependency."""
        return ordered(self._steps(questions), self._spots, self._xform.repeats)

    def _steps(self, questions: Mapping[str, Question]) -> Iterator[Step]:
        for path in self._spots:
            bind = self._bind(path)
            count = self._count(path)
            if count:
                yield Step(COUNT, path, expression(count, path, "'repeat_count'"))
            if bind.relevant not in _ALWAYS:
                yield Step(RELEVANT, path, expression(bind.relevant, path, "'relevant'"))
            if bind.calculate and not _is_meta(path):
                yield Step(CALCULATE, path, expression(bind.calculate, path, "'calculation'"))
            question = questions.get(path)
            if question and question.choice_list and question.choice_list.nodeset:
                yield Step(FILTER, path, question.choice_list.nodeset)

    def _is_kept(self, path: str) -> bool:
        """Whether a node without a control is a value of its own: a calculation or the like."""
        return path not in self._groups and path not in self._xform.repeats and not _is_meta(path)

    def _count(self, path: str) -> str:
        """Return what says how often a group repeats, "" when nothing does."""
        repeat = self._xform.repeats.get(path)
        return repeat.get(f"{JAVAROSA}count", "").strip() if repeat is not None else ""

    @cached_property
    def _controls(self) -> Mapping[str, etree._Element]:
        return dict(_placed(self._xform, self._xform.body))

    @cached_property
    def _set_values(self) -> frozenset[str]:
        return frozenset(map(self._xform.reference, setvalues(self._xform)))

    def _bind(self, path: str) -> Bind:
        return self._xform.binds.get(path) or Bind(path)

    def _question(self, path: str, control: etree._Element | None) -> Question:
        bind = self._bind(path)
        kind = self._type(bind, control)
        options = None
        if kind in SELECTS and control is not None:
            options = self._lists.of(control, path)
        appearance = control.get("appearance", "") if control is not None else ""
        around = (self._bind(group).relevant for group in lineage(path))
        return Question(
            path=path,
            name=named(path),
            type=kind,
            appearance=words_of(appearance),
            disclosure=_disclosure(bind),
            bagw=bind.bagw,
            read_only=bool(bind.calculate) or kind in UNSEEN or self._is_locked(path),
            locks=tuple(self._locks(path)),
            has_relevant=any(source not in _ALWAYS for source in around),
            static_choices=options.values if options else (),
            parameters=_parameters(control, bind),
            required=_required(bind),
            constraint=_condition(bind.constraint, path, "'constraint'"),
            texts=self._texts(bind, control),
            choice_list=options,
        )

    def _is_locked(self, path: str) -> bool:
        """Whether a question, or a group around it, can never be answered."""
        return any(self._bind(around).readonly == "true()" for around in lineage(path))

    def _locks(self, path: str) -> Iterator[tuple[int, Formula]]:
        for up, around in enumerate(lineage(path)):
            source = self._bind(around).readonly
            if source not in {"", "true()", "false()"}:
                yield up, expression(source, around, "'read_only'")

    def _type(self, bind: Bind, control: etree._Element | None) -> str:
        if control is None:
            if bind.preload:
                return "metadata"
            return "calculate" if bind.calculate else "hidden"
        tag = local(control)
        if tag == "upload":
            return UPLOADED.get(control.get("mediatype", ""), "file")
        if control.get("query"):
            return "select_one"
        kind = TYPES.get((tag, bind.type)) or ALONE[tag]
        spot = self._spots[bind.path]
        holds = bind.calculate or spot.default or bind.path in self._set_values
        return "note" if kind == "text" and bind.readonly == "true()" and not holds else kind

    def _texts(self, bind: Bind, control: etree._Element | None) -> Mapping[str, Wording]:
        found: dict[str, Wording | None] = {}
        if control is not None:
            found["label"] = self._xform.label_of(control, "label", bind.path)
            found["hint"] = self._xform.label_of(control, "hint", bind.path)
            found |= self._xform.media(self._xform.itext_id(control, "label"))
            hint = self._xform.itext_id(control, "hint")
            if (hint, "guidance") in self._xform.texts:
                found["guidance"] = self._xform.itext(hint, bind.path, "guidance")
        if bind.required_message:
            found["required_message"] = self._xform.wording(bind.required_message, bind.path)
        if bind.constraint_message:
            found["constraint_message"] = self._xform.wording(bind.constraint_message, bind.path)
        return MappingProxyType({kind: text for kind, text in found.items() if text is not None})


def _is_meta(path: str) -> bool:
    """Whether a node lies in a `meta` block, which belongs to the form and to no question."""
    return "/meta/" in path


def _required(bind: Bind) -> Formula | bool:
    if bind.required in {"", "false()"}:
        return False
    if bind.required == "true()":
        return True
    return expression(bind.required, bind.path, "'required'")


def _condition(source: str, path: str, what: str) -> Formula | None:
    return expression(source, path, what) if source else None


def _parameters(control: etree._Element | None, bind: Bind) -> Mapping[str, str]:
    """Return what the author set for the control; of a range also the `type` of its numbers."""
    if control is None:
        return NOTHING
    given = {etree.QName(name).localname: str(value) for name, value in control.items()}
    found = {name: given[name] for name in _PARAMETERS if name in given}
    if local(control) == "range":
        found["type"] = "integer" if bind.type == "int" else "decimal"
    return MappingProxyType(found) if found else NOTHING


def _placed(xform: XForm, parent: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Yield all controls that ask something, with their paths."""
    for control in controls(parent):
        if local(control) in AROUND:
            yield from _placed(xform, control)
        else:
            yield xform.reference(control), control


def _disclosure(bind: Bind) -> str:
    if bind.disclosure and bind.disclosure not in DISCLOSURES:
        allowed = ", ".join(DISCLOSURES)
        raise FormError(
            f"Question '{named(bind.path)}': '{bind.disclosure}' is no kind of disclosure. "
            f"Write one of {allowed}.",
            bind.path,
            "bind::z:disclosure",
        )
    return bind.disclosure or "identifying"
