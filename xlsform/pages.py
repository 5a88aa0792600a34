"""Which questions stand on one page, and what is gone through once for each instance."""

from collections import Counter
from collections.abc import Iterator, Mapping

from lxml import etree

from xlsform.formulas import Formula
from xlsform.questions import Outline, Page, Question, Repeated
from xlsform.texts import Wording
from xlsform.xform import AROUND, JAVAROSA, XForm, controls, expression, local


class Grouping:
    """Walks the body of a form and cuts it into pages.

    A page is a `field-list` group with everything inside, a group or repeat without groups inside,
    or a run of loose questions between groups. What repeats inside a group ends its page.
    """

    def __init__(self, xform: XForm, questions: Mapping[str, Question]) -> None:
        self._xform = xform
        self._questions = questions
        self._names: Counter[str] = Counter()

    def outline(self, parent: etree._Element, wording: Wording | None = None) -> Outline:
        """Return the pages and repeats inside `parent`, in order; empty ones are left out."""
        return tuple(self._parts(parent, wording))

    def _parts(self, parent: etree._Element, wording: Wording | None) -> Iterator[Page | Repeated]:
        loose: list[Question] = []
        for control in controls(parent):
            if local(control) not in AROUND:
                loose.append(self._question(control))
                continue
            yield from self._page(loose, wording)
            loose = []
            if local(control) == "group":
                yield from self._group(control, wording)
            else:
                yield from self._repeat(control, wording)
        yield from self._page(loose, wording)

    def _group(self, group: etree._Element, around: Wording | None) -> Iterator[Page | Repeated]:
        name = self._xform.reference(group)
        wording = self._xform.label_of(group, "label", name) or around
        if not name or not _is_one_page(group):
            yield from self._parts(group, wording)
            return
        yield from self._page(list(self._all(group)), wording, name)

    def _repeat(self, repeat: etree._Element, wording: Wording | None) -> Iterator[Repeated]:
        path = self._xform.reference(repeat)
        if _is_one_page(repeat):
            inner: Outline = tuple(self._page(list(self._all(repeat)), wording, path))
        else:
            inner = self.outline(repeat, wording)
        fixed = repeat.get(f"{JAVAROSA}noAddRemove", "") not in {"", "false()"}
        counted = fixed or repeat.get(f"{JAVAROSA}count") is not None
        if inner:
            yield Repeated(path, inner, wording, self._relevant(path), counted)

    def _relevant(self, path: str) -> Formula | None:
        bind = self._xform.binds.get(path)
        return expression(bind.relevant, path, "'relevant'") if bind and bind.relevant else None

    def _page(
        self, questions: list[Question], wording: Wording | None, name: str = ""
    ) -> Iterator[Page]:
        """Yield a page, none without questions; what is shown twice is on pages of two names."""
        if questions:
            name = name or questions[0].path
            self._names[name] += 1
            times = self._names[name]
            name = name if times == 1 else f"{name}#{times}"
            yield Page(name, tuple(questions), wording)

    def _all(self, group: etree._Element) -> Iterator[Question]:
        for control in controls(group):
            if local(control) == "group":
                yield from self._all(control)
            else:
                yield self._question(control)

    def _question(self, control: etree._Element) -> Question:
        return self._questions[self._xform.reference(control)]


def _is_one_page(group: etree._Element) -> bool:
    inside = [control for control in controls(group) if local(control) in AROUND]
    if "field-list" not in group.get("appearance", "").split():
        return not inside
    return not any(local(element) == "repeat" for element in group.iterdescendants())
