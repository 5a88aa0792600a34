"""Which questions stand on one page."""

from collections.abc import Callable, Iterator, Mapping

from lxml import etree

from xlsform.questions import Page, Question
from xlsform.texts import Wording
from xlsform.xform import controls, local


class Grouping:
    """Walks the body of a form and cuts it into pages.

    A page is a `field-list` group with everything inside, a group without groups inside, or a run
    of loose questions between groups.
    """

    def __init__(
        self,
        questions: Mapping[str, Question],
        label_of: Callable[[etree._Element], Wording | None],
    ) -> None:
        self._questions = questions
        self._label_of = label_of

    def pages(self, parent: etree._Element, wording: Wording | None = None) -> Iterator[Page]:
        """Yield the pages inside `parent`, in order; empty ones are left out."""
        loose: list[Question] = []
        for control in controls(parent):
            if local(control) != "group":
                loose.append(self._question(control))
                continue
            yield from _run(loose, wording)
            loose = []
            yield from self._group(control, wording)
        yield from _run(loose, wording)

    def _group(self, group: etree._Element, around: Wording | None) -> Iterator[Page]:
        wording = self._label_of(group) or around
        inner = [control for control in controls(group) if local(control) == "group"]
        name = group.get("ref", "")
        if not name or (inner and "field-list" not in group.get("appearance", "").split()):
            yield from self.pages(group, wording)
            return
        questions = tuple(self._all(group))
        if questions:
            yield Page(name, questions, wording)

    def _all(self, group: etree._Element) -> Iterator[Question]:
        for control in controls(group):
            if local(control) == "group":
                yield from self._all(control)
            else:
                yield self._question(control)

    def _question(self, control: etree._Element) -> Question:
        return self._questions[control.get("ref", "")]


def _run(loose: list[Question], wording: Wording | None) -> Iterator[Page]:
    if loose:
        yield Page(loose[0].path, tuple(loose), wording)
