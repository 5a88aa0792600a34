"""From the parts of an XForm to questions, steps and defaults."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from types import MappingProxyType

from lxml import etree

from xlsform.lists import choice_list
from xlsform.ordering import CALCULATE, FILTER, RELEVANT, Step, lineage, ordered
from xlsform.questions import DISCLOSURES, NOTHING, SELECTS, UNSEEN, FormError, Question
from xlsform.template import FirstLoad, Template
from xlsform.texts import Wording
from xlsform.tree import Node
from xlsform.xform import Bind, XForm, controls, expression, local, named, setvalues
from xlsform.xpath import Expression

_FIRST_LOAD = frozenset({"odk-instance-first-load", "odk-instance-load"})
_PRELOADED = MappingProxyType({("timestamp", "start"): "now()", ("date", "today"): "today()"})

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
        ("input", "boolean"): "text",
        ("select1", "string"): "select_one",
        ("select1", "select1"): "select_one",
        ("select", "string"): "select_multiple",
        ("select", "select"): "select_multiple",
        ("rank", "rank"): "rank",
        ("range", "int"): "range",
        ("range", "decimal"): "range",
        ("trigger", ""): "acknowledge",
        ("trigger", "string"): "acknowledge",
    }
)
UPLOADED: Mapping[str, str] = MappingProxyType(
    {"image/*": "image", "audio/*": "audio", "video/*": "video"}
)
_PARAMETERS = ("start", "end", "step", "rows", "accept", "max-pixels", "ticks")


class Compiler:
    """Decides what each part of one XForm means."""

    def __init__(self, xform: XForm, instances: Mapping[str, Node], template: Template) -> None:
        self._xform = xform
        self._instances = instances
        self._spots = {spot.path: spot for spot in template.spots}
        self._parents = {spot.path.rpartition("/")[0] for spot in template.spots}
        self._meta = f"{template.paths[0]}/meta"

    def questions(self) -> dict[str, Question]:
        """Return every question and kept value by path, in the order of the instance."""
        shown = self._controls
        unplaced = [path for path in shown if path not in self._spots]
        if unplaced:
            raise FormError(f"Question '{named(unplaced[0])}' has no place in the instance.")
        leaves = (path for path in self._spots if path in shown or self._is_kept(path))
        return {path: self._question(path, shown.get(path)) for path in leaves}

    def group_label(self, group: etree._Element) -> Wording | None:
        """Return the label of a group, None when it has none."""
        return self._xform.label_of(group, "label", group.get("ref", ""))

    def steps(self, questions: Mapping[str, Question]) -> tuple[Step, ...]:
        """Return all that is worked out after an answer changed, in order of dependency."""
        return ordered(self._steps(questions), self._spots)

    def first_load(self) -> tuple[FirstLoad, ...]:
        """Return the defaults worked out when a filling starts, in the form's order."""
        found = [
            FirstLoad(bind.path, self._compiled(bind.path, source, "preloaded value"))
            for bind in self._xform.binds.values()
            if (source := _PRELOADED.get((bind.preload, bind.preload_parameter)))
        ]
        for element in setvalues(self._xform):
            path = element.get("ref", "")
            if element.get("event", "") not in _FIRST_LOAD:
                raise FormError(
                    f"Question '{named(path)}': a value that is set when another answer changes "
                    "(column 'trigger') is not supported yet."
                )
            source = element.get("value") or f"'{(element.text or '').strip()}'"
            found.append(FirstLoad(path, self._compiled(path, source, "default")))
        return tuple(found)

    def _steps(self, questions: Mapping[str, Question]) -> Iterator[Step]:
        for path in self._spots:
            bind = self._bind(path)
            if bind.relevant not in {"", "true()"}:
                yield Step(RELEVANT, path, self._compiled(path, bind.relevant, "'relevant'"))
            if bind.calculate and not path.startswith(self._meta):
                yield Step(CALCULATE, path, self._compiled(path, bind.calculate, "'calculation'"))
            question = questions.get(path)
            if question and question.choice_list and question.choice_list.nodeset:
                yield Step(FILTER, path, question.choice_list.nodeset)

    def _is_kept(self, path: str) -> bool:
        """Whether a node without a control is a value of its own: a calculation or the like."""
        return path not in self._parents and path in self._xform.binds and not self._is_meta(path)

    def _is_meta(self, path: str) -> bool:
        return path.startswith(f"{self._meta}/")

    @cached_property
    def _controls(self) -> Mapping[str, etree._Element]:
        return dict(_placed(self._xform.body))

    @cached_property
    def _set_values(self) -> frozenset[str]:
        return frozenset(element.get("ref", "") for element in setvalues(self._xform))

    def _bind(self, path: str) -> Bind:
        return self._xform.binds.get(path) or Bind(path)

    def _compiled(self, path: str, source: str, what: str) -> Expression:
        return expression(source, path, what)

    def _question(self, path: str, control: etree._Element | None) -> Question:
        bind = self._bind(path)
        kind = self._type(bind, control)
        options = None
        if kind in SELECTS and control is not None:
            options = choice_list(self._xform, self._instances, control, path)
        appearance = control.get("appearance", "") if control is not None else ""
        around = (self._bind(group).relevant for group in lineage(path))
        return Question(
            path=path,
            name=named(path),
            type=kind,
            appearance=tuple(appearance.split()),
            disclosure=_disclosure(bind),
            bagw=bind.bagw,
            read_only=bool(bind.calculate) or bind.readonly == "true()" or kind in UNSEEN,
            has_relevant=any(source not in {"", "true()"} for source in around),
            static_choices=options.values if options else (),
            parameters=_parameters(control, bind),
            required=self._required(bind),
            constraint=self._condition(bind.constraint, bind.path, "'constraint'"),
            texts=self._texts(bind, control),
            choice_list=options,
        )

    def _type(self, bind: Bind, control: etree._Element | None) -> str:
        if control is None:
            if bind.preload:
                return "metadata"
            return "calculate" if bind.calculate else "hidden"
        tag = local(control)
        if tag == "upload":
            return UPLOADED.get(control.get("mediatype", ""), "file")
        kind = TYPES.get((tag, bind.type))
        if kind is None or control.get("query"):
            said = "choices of a sheet of its own" if control.get("query") else f"{tag} {bind.type}"
            raise FormError(
                f"Question '{named(bind.path)}' is of a type that is not supported yet ({said})."
            )
        spot = self._spots[bind.path]
        holds = bind.calculate or spot.default or bind.path in self._set_values
        return "note" if kind == "text" and bind.readonly == "true()" and not holds else kind

    def _required(self, bind: Bind) -> Expression | bool:
        if bind.required in {"", "false()"}:
            return False
        if bind.required == "true()":
            return True
        return self._compiled(bind.path, bind.required, "'required'")

    def _condition(self, source: str, path: str, what: str) -> Expression | None:
        return self._compiled(path, source, what) if source else None

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


def _parameters(control: etree._Element | None, bind: Bind) -> Mapping[str, str]:
    """Return what the author set for the control; of a range also the `type` of its numbers."""
    if control is None:
        return NOTHING
    given = {etree.QName(name).localname: str(value) for name, value in control.items()}
    found = {name: given[name] for name in _PARAMETERS if name in given}
    if local(control) == "range":
        found["type"] = "integer" if bind.type == "int" else "decimal"
    return MappingProxyType(found) if found else NOTHING


def _placed(parent: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Yield all controls that ask something, with their paths; refuse repeats."""
    for control in controls(parent):
        tag = local(control)
        if tag == "repeat":
            name = named(control.get("nodeset", ""))
            raise FormError(f"Group '{name}' repeats; repeated groups are not supported yet.")
        if tag == "group":
            yield from _placed(control)
        else:
            yield control.get("ref", ""), control


def _disclosure(bind: Bind) -> str:
    if bind.disclosure and bind.disclosure not in DISCLOSURES:
        allowed = ", ".join(DISCLOSURES)
        raise FormError(
            f"Question '{named(bind.path)}': '{bind.disclosure}' is no kind of disclosure. "
            f"Write one of {allowed}."
        )
    return bind.disclosure or "identifying"
