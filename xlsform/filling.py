"""One filling of a form: answers, what follows from them, and the way through the pages."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from xlsform.answers import is_canonical, normalise
from xlsform.form import Form, Page, Question
from xlsform.instance import InstanceError, Keep, read_instance, write_instance
from xlsform.ordering import CALCULATE, RELEVANT, Step
from xlsform.questions import SELECTS
from xlsform.tree import Node
from xlsform.values import Day, Value, to_number, to_string
from xlsform.xpath import Context, Environment, ExpressionError

__all__ = ["Filling", "FillingError", "InstanceError", "Problem", "read_instance"]

_FURTHEST_DAY = 700_000  # days from 1970 on that Python's calendar still has, both ways


class FillingError(ValueError):
    """An expression of the form that fails with these answers.

    The message names the question and says no more: what failed may quote an answer.
    """

    def __init__(self, path: str) -> None:
        name = path.rpartition("/")[2]
        super().__init__(f"Question '{name}': an expression fails with these answers.")
        self.path = path


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one answer: it is missing, does not fit, or is no answer of its type."""

    kind: str  # "required", "constraint", "type"
    question: Question
    filling: "Filling"

    def message(self, language: str) -> str:
        """Return the author's own words for it, "" when there are none."""
        if self.kind == "required":
            return self.question.required_message(language, self.filling)
        if self.kind == "constraint":
            return self.question.constraint_message(language, self.filling)
        return ""


class Filling:
    """The answers to one form by one person, always worked out to the end."""

    __slots__ = ("_nodes", "environment", "form")

    def __init__(
        self,
        form: Form,
        answers: Mapping[str, str] | None = None,
        *,
        now: datetime | Callable[[], datetime],
        zone: tzinfo,
        language: str = "",
        seed: int = 0,
    ) -> None:
        """Take up `answers` again, or start anew with the form's defaults when there are none.

        `now` is aware; `language` is the reader's, for texts that expressions look up. Raises
        KeyError for an answer to a question that the form does not have.
        """
        self.form = form
        nodes = form.template.grow()
        self._nodes = dict(zip(form.template.paths, nodes, strict=True))
        document, nodes_root = nodes[0].parent, form.template.paths[0]
        assert document is not None  # noqa: S101 -- the template always plants one
        self.environment = Environment(
            root=document,
            instances=form.instances,
            now=now if callable(now) else lambda: now,
            zone=zone,
            itext=lambda key: (
                form.itext[key](language, self, nodes_root) if key in form.itext else ""
            ),
            choice_name=lambda value, path: self._choice_name(value, path, language),
            seed=seed,
        )
        if answers:
            for path, text in answers.items():
                self._question_node(path).text = normalise(text)
        else:
            self._start(nodes)
        self.recalculate()

    def _start(self, nodes: list[Node]) -> None:
        for spot, node in zip(self.form.template.spots, nodes, strict=True):
            node.text = spot.default
        if not self.form.first_load:
            return
        self.recalculate()  # a default may build on a calculation
        for default in self.form.first_load:
            value = default.expression.evaluate(self.context(default.path))
            node = self._nodes[default.path]
            node.text = stored(value, node.type)

    @property
    def answers(self) -> dict[str, str]:
        """All answers by concrete path, also those that are not relevant at the moment.

        A question with a default is there even when it was emptied, so that taking the answers up
        again does not bring the default back.
        """
        nodes, defaulted = self._nodes, self.form.defaulted
        found = ((path, nodes[path].text) for path in self.form.questions)
        return {path: text for path, text in found if text or path in defaulted}

    def context(self, path: str) -> Context:
        """Return the context in which expressions of the node at `path` are worked out."""
        node = self._nodes[path]
        return Context(node=node, current=node, environment=self.environment)

    def text(self, path: str) -> str:
        """Return the canonical text of the answer at `path`, relevant or not, "" for none."""
        return self._question_node(path).text

    def set(self, path: str, text: str) -> None:
        """Write the canonical text of one answer; `recalculate` draws the conclusions."""
        self._question_node(path).text = normalise(text)

    def recalculate(self) -> None:
        """Work out conditions, calculations and filtered choices, in order of dependency.

        Raises FillingError when an expression cannot be worked out with these answers.
        """
        path = ""
        try:
            for step in self.form.steps:
                path = step.path
                self._work_out(step)
        except ExpressionError:
            raise FillingError(path) from None

    def _work_out(self, step: Step) -> None:
        node = self._nodes[step.path]
        context = Context(node, self.environment, current=node)
        if step.kind == RELEVANT:
            around = node.parent is None or node.parent.relevant
            _spread(node, relevant=around and step.expression.boolean(context))
        elif step.kind == CALCULATE:
            node.text = stored(step.expression.evaluate(context), node.type)
        elif node.text:
            self._drop_withdrawn(node, step)

    def is_relevant(self, path: str) -> bool:
        """Return whether the node at `path` and all groups around it are asked for now."""
        return self._nodes[path].relevant

    def is_required(self, question: Question) -> bool:
        """Return whether the form insists on an answer now."""
        required = question.required
        return (
            required
            if isinstance(required, bool)
            else required.boolean(self.context(question.path))
        )

    def path(self) -> tuple[Page, ...]:
        """Return the pages that ask something now, in order; the same answers, the same pages."""
        nodes = self._nodes
        return tuple(
            page
            for page in self.form.pages
            if any(nodes[question.path].relevant for question in page.questions)
        )

    def visible(self, page: Page) -> tuple[Question, ...]:
        """Return the questions of `page` that are asked now."""
        nodes = self._nodes
        return tuple(question for question in page.questions if nodes[question.path].relevant)

    def problems(self, page: Page | None = None) -> dict[str, Problem]:
        """Return what is wrong with the answers of a page, or of all pages, by concrete path."""
        questions = self.form.visible_questions if page is None else page.questions
        found = ((question, self._problem(question)) for question in questions)
        return {question.path: Problem(kind, question, self) for question, kind in found if kind}

    def instance_xml(self, keep: Keep | None = None, instance_id: str = "") -> str:
        """Return the relevant answers as instance XML, the same bytes for the same answers.

        With `keep` only the questions it accepts; groups left empty by that are left out.
        """
        root = self._nodes[self.form.template.paths[0]]
        return write_instance(self.form, root, keep, instance_id)

    def _question_node(self, path: str) -> Node:
        if path not in self.form.questions:
            raise KeyError(path)
        return self._nodes[path]

    def _choice_name(self, value: str, path: str, language: str) -> str:
        """Return the label of a value among all options of the question at `path`."""
        question = self.form.questions.get(path.strip())
        choices = question.choices(None, language) if question else []
        return next((choice.label for choice in choices if choice.value == value), value)

    def _drop_withdrawn(self, node: Node, step: Step) -> None:
        """Forget chosen options that the other answers no longer offer, as JavaRosa does."""
        offered = self.form.questions[step.path].offered(self)
        node.text = " ".join(value for value in node.text.split() if value in offered)

    def _problem(self, question: Question) -> str:
        node = self._nodes[question.path]
        if not node.relevant or question.type == "note":
            return ""
        if not node.text:
            missing = not question.read_only and self.is_required(question)
            return "required" if missing else ""
        if not self._is_of_type(question, node.text):
            return "type"
        constraint = question.constraint
        if constraint is None:
            return ""
        try:
            return "" if constraint.boolean(self.context(question.path)) else "constraint"
        except ExpressionError:
            raise FillingError(question.path) from None

    def _is_of_type(self, question: Question, text: str) -> bool:
        if question.type not in SELECTS:
            return is_canonical(question.type, text)
        values = [text] if question.type == "select_one" else text.split()
        return set(values) <= set(question.offered(self))


def _spread(node: Node, *, relevant: bool) -> None:
    """Give `node` and all below it the same relevance; conditions further down come later."""
    if node.relevant == relevant:
        return
    node.relevant = relevant
    for child in node.children:
        _spread(child, relevant=relevant)


def stored(value: Value, kind: str) -> str:
    """Return the canonical text of a worked-out value for a node of a bind type, "" for NaN."""
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    if kind == "int":
        number = to_number(value)
        return str(int(number)) if math.isfinite(number) else ""
    if kind == "date" and isinstance(value, float):
        days = math.floor(value)
        return Day(days).text if abs(days) < _FURTHEST_DAY else ""
    text = normalise(to_string(value))
    return text[:10] if kind == "date" else text
