"""One filling of a form: answers, what follows from them, and the way through the pages."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from xlsform.answers import is_canonical, normalise
from xlsform.form import Form, Page, Question
from xlsform.instance import InstanceError, Keep, read_instance, write_instance
from xlsform.questions import SELECTS, Outline, Repeated
from xlsform.reading import takes_answers
from xlsform.slots import Slot, Slots, TooMany, generic
from xlsform.tree import Node
from xlsform.working import Workings, stored
from xlsform.xpath import Context, Environment

__all__ = [
    "Filling",
    "InstanceError",
    "Problem",
    "TooMany",
    "read_instance",
    "stored",
]


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
    """The answers to one form by one person, always worked out to the end.

    Paths are concrete: inside repeats they carry the numbers of instances, /data/child[2]/age.
    """

    __slots__ = ("_slots", "_workings", "environment", "failures", "form")

    def __init__(
        self,
        form: Form,
        answers: Mapping[str, str] | None = None,
        *,
        now: datetime | Callable[[], datetime],
        zone: tzinfo,
        language: str = "",
        seed: int = 0,
        username: str = "",
    ) -> None:
        """Take up `answers` again, or start anew with the form's defaults when there are none.

        `now` is aware; `language` is the reader's, for texts that expressions look up; `seed` is
        what choices in random order depend on; `username` is the one thing a form learns about who
        fills it in: of a device, zugang tells nothing, for that would be a trace. Raises KeyError
        for an answer to a question that the form does not have, TooMany for more instances of a
        repeat than a filling may hold.

        `failures` tells, in words and without any answer, which parts of the form could not be
        worked out with these answers.
        """
        self.form = form
        self.failures: set[str] = set()
        self._slots = Slots(form.template)
        self.environment = Environment(
            root=self._slots.document,
            instances=form.instances,
            now=now if callable(now) else lambda: now,
            zone=zone,
            itext=lambda key: self._itext(key, language),
            choice_name=lambda value, path: self._choice_name(value, path, language),
            seed=seed,
            fact=lambda name: username if name == "username" else "",
            failed=self.failures.add,
        )
        self._workings = Workings(form, self._slots, self.environment, self)
        if answers:
            self._take_up(answers)
        else:
            self._workings.start()
        self.recalculate()

    def _take_up(self, answers: Mapping[str, str]) -> None:
        if self.form.template.repeats:
            self._take_up_counts(answers)
        for slot in self._slots.by_path.values():
            slot.text = ""
        for path, text in answers.items():
            if path not in self._slots.series:
                self._slot(path).text = normalise(text)

    def _take_up_counts(self, answers: Mapping[str, str]) -> None:
        """Bring every series to the number of instances that `answers` name, outer ones first."""
        known: set[str] = set()
        while fresh := self._slots.series.keys() - known:  # those inside the ones before
            known |= fresh
            for path in fresh & answers.keys():
                self._slots.resize(self._slots.series[path], int(answers[path]))
            self._slots.survey()

    @property
    def answers(self) -> dict[str, str]:
        """All answers by path, also those that are not relevant at the moment.

        A question with a default is there even when it was emptied, so that taking the answers up
        again does not bring the default back. The path of a series has the number of its instances.
        """
        slots, defaulted = self._slots, self.form.defaulted
        found = {path: str(len(series.slots)) for path, series in slots.series.items()}
        for path in self.form.questions:
            for slot in slots.at[path]:
                if slot.text or path in defaulted:
                    found[slot.path] = slot.text
        return found

    def context(self, path: str) -> Context:
        """Return the context in which expressions of the node at `path` are worked out."""
        series = self._slots.series.get(path)
        return self._workings.context(self._slots.by_path[path] if series is None else series.stub)

    def text(self, path: str) -> str:
        """Return the canonical text of the answer at `path`, relevant or not, "" for none."""
        return self._slot(path).text

    def set(self, path: str, text: str) -> None:
        """Write the canonical text of one answer; `recalculate` draws the conclusions."""
        self._workings.write(self._slot(path), normalise(text))

    def recalculate(self) -> None:
        """Work out all that follows from the answers."""
        self._workings.run()

    def finish(self) -> None:
        """Note that the filling is finished now, where the form wants to know."""
        self._workings.end()

    # -- repeats -------------------------------------------------------------------------------

    def add(self, series: str) -> str:
        """Add an instance to the series at `series`; return the path of the instance.

        Raises KeyError for a series that is not there, TooMany when it is full.
        """
        slot = self._slots.add(self._slots.series[series])
        self._slots.survey()
        self._workings.begin([slot])
        self.recalculate()
        return slot.path

    def remove(self, instance: str) -> None:
        """Take away the instance at `instance`; those behind it move up. Raises KeyError."""
        slot = self._slots.by_path[instance]
        if slot.series is None:
            raise KeyError(instance)
        self._slots.remove(slot)
        self._slots.survey()
        self.recalculate()

    def instances(self, series: str) -> list[str]:
        """Return the paths of the instances of a series that count now; raise KeyError."""
        return [slot.path for slot in self._slots.series[series].counted]

    # -- pages ---------------------------------------------------------------------------------

    def path(self) -> tuple[Page, ...]:
        """Return the pages that ask something now, in order; the same answers, the same pages."""
        slots = self._slots.by_path
        return tuple(
            page
            for page in self._pages(self.form.outline, self._slots.root)
            if page.repeated is not None
            or any(slots[question.path].relevant for question in page.questions)
        )

    def every_page(self) -> tuple[Page, ...]:
        """Return all pages with questions, also those that ask nothing with these answers."""
        pages = self._pages(self.form.outline, self._slots.root)
        return tuple(page for page in pages if page.repeated is None)

    def _pages(self, outline: Outline, top: Slot) -> Iterator[Page]:
        """Yield the pages of an outline inside `top`: the root, or one instance of a repeat."""
        for part in outline:
            if isinstance(part, Repeated):
                yield from self._repeated(part, top)
            else:
                yield part if top is self._slots.root else self.form.page_at(part, top)

    def _repeated(self, part: Repeated, top: Slot) -> Iterator[Page]:
        """Yield the pages of all instances, then the one that lists them, if she may add some."""
        series = self._slots.series[top.path + part.path[len(top.spot.path) :]]
        for slot in series.counted:
            yield from self._pages(part.inner, slot)
        if not part.counted and series.parent.relevant and part.is_relevant(series.path, self):
            yield Page(series.path, (), part.wording, part)

    def visible(self, page: Page) -> tuple[Question, ...]:
        """Return the questions of `page` that are asked now."""
        return tuple(q for q in page.questions if self._slots.by_path[q.path].relevant)

    def is_relevant(self, path: str) -> bool:
        """Return whether the node at `path` and all groups around it are asked for now."""
        return self._slots.by_path[path].relevant

    def is_read_only(self, question: Question) -> bool:
        """Return whether an answer is only shown now."""
        return question.read_only or (bool(question.locks) and self._is_locked(question))

    def _is_locked(self, question: Question) -> bool:
        around: list[Slot] = []
        slot: Node | None = self._slots.by_path[question.path]
        while isinstance(slot, Slot):
            around.append(slot)
            slot = slot.parent
        return any(lock.boolean(self._workings.context(around[up])) for up, lock in question.locks)

    def is_required(self, question: Question) -> bool:
        """Return whether the form insists on an answer now."""
        required = question.required
        return (
            required
            if isinstance(required, bool)
            else required.boolean(self.context(question.path))
        )

    def problems(self, page: Page | None = None) -> dict[str, Problem]:
        """Return what is wrong with the answers of a page, or of all pages, by path."""
        pages = self.path() if page is None else (page,)
        asked = (question for one in pages for question in one.questions)
        found = ((question, self._problem(question)) for question in asked)
        return {question.path: Problem(kind, question, self) for question, kind in found if kind}

    def instance_xml(self, keep: Keep | None = None, instance_id: str = "") -> str:
        """Return the relevant answers as instance XML, the same bytes for the same answers.

        With `keep` only the questions it accepts; groups left empty by that are left out.
        """
        return write_instance(self.form, self._slots.root, keep, instance_id)

    # -- what the parts above share ------------------------------------------------------------

    def _slot(self, path: str) -> Slot:
        """Return the slot of a question; raise KeyError for any other path."""
        slot = self._slots.by_path[path]
        if slot.spot.path not in self.form.questions:
            raise KeyError(path)
        return slot

    def _itext(self, key: str, language: str) -> str:
        wording = self.form.itext.get(key)
        return wording(language, self, self._slots.root.path) if wording else ""

    def _choice_name(self, value: str, path: str, language: str) -> str:
        """Return the label of a value among all options of the question at `path`, "" for none."""
        question = self.form.questions.get(generic(path.strip()))
        choices = question.choices(None, language) if question else []
        return next((choice.label for choice in choices if choice.value == value), "")

    def _problem(self, question: Question) -> str:
        slot = self._slots.by_path[question.path]
        if not slot.relevant or not takes_answers(question) or self.is_read_only(question):
            return ""  # what nobody can change must not hold anybody up
        if not slot.text:
            return "required" if self.is_required(question) else ""
        if not self._is_of_type(question, slot.text):
            return "type"
        constraint = question.constraint
        fits = constraint is None or constraint.boolean(self._workings.context(slot))
        return "" if fits else "constraint"

    def _is_of_type(self, question: Question, text: str) -> bool:
        if question.type not in SELECTS:
            return is_canonical(question.type, text)
        return set(question.chosen(text)) <= set(question.offered(self))
