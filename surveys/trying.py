"""Trying a questionnaire out, page by page, in each of its languages; nothing is kept for good."""

from dataclasses import dataclass

from flask import render_template, request, session

from core.web.journey import Journey, Outcome, Run
from core.web.locale import speak_here
from core.web.services import now
from xlsform.findings import Finding
from xlsform.form import Form
from xlsform.slots import generic

JOURNEY, LANGUAGE, RECORD = "journey", "language", "record"


@dataclass(frozen=True)
class Trial:
    """A questionnaire that somebody tries out, under a `name` that only her session knows.

    `form` is None when it does not run; `back` is where the pages lead back to, "" for nowhere.
    """

    name: str
    file: str
    form: Form | None
    findings: tuple[Finding, ...] = ()
    back: str = ""

    def show(self) -> str:
        """Return where she stands, the record that would be sent, or what is wrong."""
        speak_here(self._language)
        if self.form is None:
            return render_template("preview/broken.html", **self._told())
        if RECORD in self._kept:
            record = self._kept[RECORD]
            return render_template("preview/record.html", record=record, **self._told())
        run = self._run(self.form)
        if run.at_check:
            return render_template("preview/check.html", sections=run.check(), **self._told())
        return render_template("preview/page.html", view=run.page(), **self._told())

    def take(self) -> None:
        """Take what was typed or pressed."""
        kind, _, target = request.form.get("go", "").partition(":")
        if kind == "language":
            self._keep(LANGUAGE, target)
        if kind == "again" or self.form is None:
            self._keep(JOURNEY, None)
            self._keep(RECORD, None)
        elif RECORD not in self._kept:
            run = self._run(self.form)
            if run.take(request.form, request.files) is Outcome.SUBMIT:
                self._keep(RECORD, run.filling.instance_xml())
            self._keep(JOURNEY, run.journey.dump())

    @property
    def _kept(self) -> dict[str, object]:
        kept: dict[str, object] = session.get(self.name, {})
        return kept

    def _keep(self, what: str, value: object) -> None:
        kept = {**self._kept, what: value}
        session[self.name] = {name: one for name, one in kept.items() if one is not None}

    @property
    def _language(self) -> str:
        spoken = self.form.languages if self.form else ()
        chosen = str(self._kept.get(LANGUAGE, ""))
        default = self.form.default_language if self.form else ""
        return chosen if chosen in spoken else default

    def _run(self, form: Form) -> Run:
        """Return how far she has come; what a changed form no longer asks is forgotten."""
        kept = self._kept.get(JOURNEY)
        journey = Journey.load(kept) if isinstance(kept, dict) else Journey(0, "")
        known = form.questions.keys() | form.template.repeats.keys()
        journey.answers = {p: text for p, text in journey.answers.items() if generic(p) in known}
        return Run(journey, form, self._language, now(), seconds=0)  # no file is stored either

    def _told(self) -> dict[str, object]:
        """Return what every page shows around the questionnaire."""
        form = self.form
        return {
            "file": self.file,
            "title": form.title if form else self.file,
            "findings": self.findings,
            "spoken": form.languages if form else (),
            "chosen": self._language,
            "back": self.back,
        }
