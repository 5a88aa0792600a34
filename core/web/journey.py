"""A questionnaire, page by page, for whoever fills it in: woman, interviewer, client.

`Journey` is what the session or the draft remembers. `Run` puts it together with the form for one
request: `take` a post, then `page` or `check` for the next view. Which page comes next is a pure
function of the answers.
"""

import logging
from collections.abc import Collection, Iterator
from datetime import datetime
from enum import Enum
from typing import Any

from werkzeug.datastructures import CombinedMultiDict, MultiDict

from core.web import files, instances
from core.web.files import SITTING, Files, Posted
from core.web.reading import Section, fill, heading
from core.web.remembered import Journey, form_of
from core.web.showing import (
    ListView,
    Mistake,
    PageView,
    View,
    bind,
    chosen_again,
    list_view,
    mistakes,
    validate,
)
from xlsform.fields import PageForm, field_name, question_text
from xlsform.filling import TooMany
from xlsform.form import Form, Page

__all__ = ["CHECK", "Journey", "Outcome", "Run", "form_of"]

log = logging.getLogger("zugang")

CHECK = "check"  # the place after the last page; no page is named so, they are paths


class Outcome(Enum):
    """What a post asks for."""

    STAY = "stay"
    SUBMIT = "submit"


class Run:
    """One request's look at a journey."""

    def __init__(
        self,
        journey: Journey,
        form: Form,
        language: str,
        now: datetime,
        seconds: int = SITTING,
        username: str = "",
        only: Collection[str] = (),
    ) -> None:
        """Look at a journey, or at `only` some pages; its files live so many seconds longer."""
        self.journey = journey
        self.files = Files(journey, seconds)
        self.form = form
        self.language = language
        self.filling = fill(form, journey.answers, language, now, journey.seed, username)
        self._only = only
        self.path = self._asked()
        journey.place = self._place()

    # -- taking a post -------------------------------------------------------------------------

    def take(self, data: MultiDict[str, str], sent: Posted = files.NONE) -> Outcome:
        """Keep what was posted, texts and files, then go where the pressed button leads."""
        outcome = self._take(data, sent)
        self.files.settle()
        self._tell_failures()
        return outcome

    def _take(self, data: MultiDict[str, str], sent: Posted) -> Outcome:
        posted = self._find(data.get("page", ""))
        go, _, target = data.get("go", "next").partition(":")
        self.journey.removing = ""
        if posted is not None:
            shown = self.filling.visible(posted)
            accepted = self._keep(posted, data, sent)
            self.journey.place = posted.name
            if go == "next":
                self._onward(posted, [question.path for question in shown], accepted=accepted)
        if go == "back":
            self._back()
        elif go == CHECK:
            self.journey.place = CHECK
        elif go == "page" and self._find(target) is not None:
            self._change(target)
        elif posted is not None and posted.repeated is not None:
            self._change_list(posted.name, go, target)
        elif go == "submit" and self.journey.place == CHECK:
            return self._submit()
        return Outcome.STAY

    def _keep(self, page: Page, data: MultiDict[str, str], sent: Posted) -> bool:
        """Write every readable answer; remember the others as typed. Say whether all were read."""
        both: MultiDict[str, Any] = CombinedMultiDict([data, sent])
        form = bind(self.form, page, self.filling, self.language, both)
        validate(form)
        self.files.take(form)
        asked = tuple(form.questions())
        for field in asked:
            if not field.errors and not field.is_fixed:
                self.filling.set(field.question.path, question_text(field))
        accepted = not any(field.errors for field in asked)
        self.journey.typed.pop(page.name, None)
        if not accepted:
            self.journey.typed[page.name] = {
                field.question.path: data.getlist(field.name)
                for field in asked
                if field.name in data
            }
        self.filling.recalculate()
        self._remember()
        self.journey.flagged = False
        return accepted

    def _asked(self) -> tuple[Page, ...]:
        path = self.filling.path()
        return tuple(page for page in path if page.name in self._only) if self._only else path

    def _remember(self) -> None:
        self.path = self._asked()
        self.journey.answers = self.filling.answers

    def _onward(self, page: Page, shown: list[str], *, accepted: bool) -> None:
        journey = self.journey
        if not accepted or self.filling.problems(page):
            journey.flagged = True
            return
        if {question.path for question in self.filling.visible(page)} - set(shown):
            return  # answers revealed a question of this very page
        if page.name not in journey.seen:
            journey.seen.append(page.name)
        later = self._names()[self._names().index(page.name) + 1 :]
        if journey.checking:
            later = [name for name in later if name not in journey.seen]
        done = self._elsewhere(page.name) & set(journey.seen)
        later = [name for name in later if name not in done]
        journey.place = later[0] if later else CHECK

    def _elsewhere(self, name: str) -> set[str]:
        """Return the pages in other instances than `name`, of repeats that have a list of them.

        Who has seen them is not led through them again: the list leads to each.
        """
        lists = [page.name for page in self.path if page.repeated is not None]
        return {
            other
            for other in self._names()
            for series in lists
            if other.startswith(f"{series}[")
            and instances.number(series, other) != instances.number(series, name)
        }

    def _back(self) -> None:
        names = [*self._names(), CHECK]
        here = names.index(self.journey.place)
        self.journey.place = names[max(here - 1, 0)]
        self.journey.flagged = False

    def _change(self, name: str) -> None:
        self.journey.place = name
        self.journey.checking = True
        self.journey.flagged = False

    def _submit(self) -> Outcome:
        self._miss_files()
        for page in self.path:
            if self.is_open(page):
                self.journey.place, self.journey.flagged = page.name, True
                self.journey.checking = True
                return Outcome.STAY
        self.filling.finish()
        return Outcome.SUBMIT

    def _miss_files(self) -> None:
        """Take the answers back whose files have run out, and ask for them once more."""
        lost = self.files.lost()
        for path in lost:
            self.filling.set(path, "")
            self.journey.refused[path] = "file_gone"
        if lost:
            self.filling.recalculate()
            self._remember()

    # -- the instances of a repeat -------------------------------------------------------------

    def _change_list(self, series: str, go: str, target: str) -> None:
        """Do what was pressed on the page that lists the instances of a series."""
        if go == "add" and target == series:
            self._add(series)
        elif target in self.filling.instances(series):
            if go == "edit":
                self.journey.place = self._first_page(target)
            elif go == "remove":
                self.journey.removing = target
            elif go == "removed":
                self._remove(series, target)

    def _add(self, series: str) -> None:
        try:
            instance = self.filling.add(series)
        except TooMany:
            return  # the button was not offered
        self._remember()
        self.journey.place = self._first_page(instance)

    def _remove(self, series: str, instance: str) -> None:
        self.filling.remove(instance)
        self._remember()
        gone = instances.number(series, instance)
        self.files.forget_instance(series, gone)
        self.journey.forget_instance(series, gone)

    def _first_page(self, instance: str) -> str:
        inside = (name for name in self._names() if instances.begins(name, instance))
        return next(inside, self.journey.place)

    # -- showing -------------------------------------------------------------------------------

    @property
    def at_check(self) -> bool:
        """Say whether the check page is next."""
        return self.journey.place == CHECK

    def page(
        self, posted: MultiDict[str, str] | None = None, sent: Posted = files.NONE
    ) -> PageView | ListView:
        """Return the page she is on; `posted` shows again what was just typed, unsaved.

        The files that were `sent` with it are not kept, and are asked for again.
        """
        place = self.journey.place if posted is None else posted.get("page", "")
        page = self._find(place) or self.path[0]
        title = heading(page, self.filling, self.language) or self.form.title
        self._tell_failures()
        names = self._names()
        view = View(page, title, names.index(page.name) + 1, len(names) + 1)
        if page.repeated is not None:
            return list_view(view, self.filling, self.language, self.journey.removing)
        data = posted if posted is not None else self._typed(page)
        form = bind(self.form, page, self.filling, self.language, data)
        wrong = chosen_again(form, sent)
        if self.journey.flagged and posted is None:
            wrong = self._mistakes(page, form)
        return PageView(**vars(view), form=form, mistakes=tuple(wrong))

    def _mistakes(self, page: Page, form: PageForm) -> Iterator[Mistake]:
        return mistakes(page, form, self.filling, self.language, self.journey.refused)

    def check(self) -> tuple[Section, ...]:
        """Return every page with its answers, as she would read them."""
        return tuple(
            Section.of(page, self.filling, self.language, complete=not self.is_open(page))
            for page in self.path
        )

    def is_open(self, page: Page) -> bool:
        """Say whether something on a page is still to be mended."""
        typed = self._typed(page)
        refused = self.journey.refused
        if typed is None and not any(question.path in refused for question in page.questions):
            return bool(self.filling.problems(page))
        form = bind(self.form, page, self.filling, self.language, typed)
        return any(True for _ in self._mistakes(page, form))

    def _typed(self, page: Page) -> MultiDict[str, str] | None:
        typed = self.journey.typed.get(page.name)
        if typed is None:
            return None
        asked = (question for question in page.questions if question.path in typed)
        return MultiDict({field_name(question): typed[question.path] for question in asked})

    def _tell_failures(self) -> None:
        """Log which parts of the form fail, not why: that may quote an answer."""
        for part in sorted(self.filling.failures):
            log.warning("questionnaire %s: %s cannot be worked out", self.form.id, part)

    def _names(self) -> list[str]:
        return [page.name for page in self.path]

    def _find(self, name: str) -> Page | None:
        return next((page for page in self.path if page.name == name), None)

    def _place(self) -> str:
        place = self.journey.place
        if place == CHECK or self._find(place) is not None:
            return place
        return next(iter(self._names()), CHECK)
