"""What follows from the answers: counts, conditions, calculations, values set by events."""

import math
from collections.abc import Iterable, Iterator

from xlsform.actions import Action
from xlsform.answers import normalise
from xlsform.form import Form
from xlsform.ordering import CALCULATE, COUNT, RELEVANT, Step
from xlsform.slots import MOST_INSTANCES, Series, Slot, Slots
from xlsform.texts import Answers
from xlsform.tree import Node
from xlsform.values import Day, Moment, NodeSet, Value, to_number, to_string
from xlsform.xpath import Context, Environment

_FURTHEST_DAY = 700_000  # days from 1970 on that Python's calendar still has, both ways
TEMPORAL = frozenset({"date", "dateTime"})
_MOST_ROUNDS = 20  # of answers that set each other off


class Workings:
    """Draws the conclusions from what stands in the slots of one filling."""

    __slots__ = ("_changed", "_environment", "_filling", "_form", "_slots")

    def __init__(
        self, form: Form, slots: Slots, environment: Environment, filling: Answers
    ) -> None:
        self._form = form
        self._slots = slots
        self._environment = environment
        self._filling = filling
        self._changed: list[Slot] = []

    def context(self, slot: Slot) -> Context:
        """Return the context in which expressions of a slot are worked out."""
        return Context(node=slot, current=slot, environment=self._environment)

    def start(self) -> None:
        """Work out the values that a filling starts with."""
        if self._form.actions.start:
            self._work_out_all()  # a default may build on a calculation
            self._perform(self._form.actions.start, self._slots.root)

    def begin(self, instances: Iterable[Slot]) -> None:
        """Work out the values that new instances of repeats start with."""
        for instance in instances:
            self._perform(self._form.actions.instance, instance)

    def write(self, slot: Slot, text: str) -> None:
        """Write an answer; `run` then does what the form wants done when it changes."""
        if slot.text != text and slot.spot.path in self._form.actions.changes:
            self._changed.append(slot)
        slot.text = text

    def run(self) -> None:
        """Work out counts, conditions, calculations and filtered choices, in order of dependency.

        Then set what is set when an answer changes, and work it all out once more.
        """
        self._work_out_all()
        for _round in range(_MOST_ROUNDS):
            changed, self._changed = self._changed, []
            if not changed:
                break
            for slot in changed:
                self._react(slot)
            self._work_out_all()

    def end(self) -> None:
        """Note that the filling is finished now, where the form wants to know."""
        now = self._environment.now().astimezone(self._environment.zone)
        for path in self._form.actions.ends:
            for slot in self._slots.at[path]:
                slot.text = now.isoformat(timespec="milliseconds")

    # -- values set by events ------------------------------------------------------------------

    def _perform(self, actions: Iterable[Action], top: Slot) -> None:
        for action in actions:
            for slot in self._slots.at[action.path]:
                if _is_within(slot, top):
                    slot.text = self._value(action, slot)

    def _react(self, trigger: Slot) -> None:
        for action in self._form.actions.changes[trigger.spot.path]:
            for slot in _nearest(trigger, self._slots.at[action.path]):
                self.write(slot, self._value(action, slot))

    def _value(self, action: Action, slot: Slot) -> str:
        return stored(action.expression.evaluate(self.context(slot)), slot.type)

    # -- steps ---------------------------------------------------------------------------------

    def _work_out_all(self) -> None:
        if self._work_out_once():
            self._work_out_once()  # what was worked out before has not seen the new instances

    def _work_out_once(self) -> bool:
        """Work out all steps in their order; say whether new instances came on the way."""
        grown = False
        for step in self._form.steps:
            if step.kind == COUNT:
                grown = self._count(step) or grown
                continue
            for slot in self._slots.at[step.path]:
                self._work_out(step, slot)
        return grown

    def _work_out(self, step: Step, slot: Slot) -> None:
        context = Context(slot, self._environment, current=slot)
        if step.kind == RELEVANT:
            around = slot.parent is None or slot.parent.relevant
            possible = around and (slot.series is None or slot.series.counts(slot))
            spread(slot, relevant=possible and step.expression.boolean(context))
        elif step.kind == CALCULATE:
            value = step.expression.evaluate(context)
            slot.type = _worth(value, slot.spot.type)
            slot.text = stored(value, slot.spot.type)
        elif slot.text:
            self._drop_withdrawn(slot)

    def _count(self, step: Step) -> bool:
        """Bring every series of one repeat to what the form counts; say whether instances came."""
        fresh: list[Slot] = []
        for series in tuple(self._slots.series.values()):
            if series.repeat.path == step.path:
                fresh += self._fit(series, step.expression.number(self.context(series.stub)))
        if fresh:
            self._slots.survey()
            self.begin(fresh)
        return bool(fresh)

    def _fit(self, series: Series, number: float) -> list[Slot]:
        """Let a series have `number` instances; return those that are new."""
        wanted = max(0, int(number)) if math.isfinite(number) else 0
        series.wanted = min(wanted, MOST_INSTANCES)
        # Instances beyond are kept: whoever corrects the number back finds what she wrote.
        fresh = self._slots.resize(series, max(series.wanted, len(series.slots)))
        for slot in series.slots:
            spread(slot, relevant=series.parent.relevant and series.counts(slot))
        return fresh

    def _drop_withdrawn(self, slot: Slot) -> None:
        """Forget chosen options that the other answers no longer offer, as JavaRosa does."""
        question = self._form.questions[slot.spot.path].at(slot.path)
        offered = question.offered(self._filling)
        slot.text = " ".join(value for value in question.chosen(slot.text) if value in offered)


def spread(node: Node, *, relevant: bool) -> None:
    """Give `node` and all below it the same relevance; conditions further down come later."""
    if node.relevant == relevant:
        return
    node.relevant = relevant
    for child in node.children:
        spread(child, relevant=relevant)


def _is_within(slot: Slot, top: Slot) -> bool:
    node: Node | None = slot
    while node is not None:
        if node is top:
            return True
        node = node.parent
    return False


def _nearest(trigger: Slot, targets: list[Slot]) -> Iterator[Slot]:
    """Yield those of `targets` that share the most of the way down with `trigger`."""
    node: Node | None = trigger
    while isinstance(node, Slot):
        inside = [slot for slot in targets if _is_within(slot, node)]
        if inside:
            yield from inside
            return
        node = node.parent


def _worth(value: Value, kind: str) -> str:
    """Return the type of a node that a value was worked out for: a text may hold a date.

    Others then reckon with it as a date, as JavaRosa does.
    """
    if kind not in {"", "string"}:
        return kind
    if isinstance(value, NodeSet) and len(value) == 1 and value[0].type in TEMPORAL:
        return value[0].type
    if isinstance(value, Moment):
        return "dateTime"
    return "date" if isinstance(value, Day) else kind


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
    text = value.stamp if isinstance(value, Moment) else normalise(to_string(value))
    return text[:10] if kind == "date" else text
