"""One form in the real application: its pages, its templates, its checks; nothing is stored."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask, redirect, render_template, request
from werkzeug.wrappers import Response

import app as program
from core import settings
from core.web.access import public
from core.web.csrf import begins_without_session
from core.web.journey import Journey, Outcome, Run
from core.web.showing import ListView, PageView
from xlsform.form import Form

PATH = "/walk"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Desk:
    """Where a form lies open; what the last request left is there to be looked at."""

    def __init__(self) -> None:
        self.app: Flask
        self.form: Form
        self.kept = b""
        self.run: Run | None = None
        self.view: PageView | ListView | None = None
        self.submitted = False
        self.error: Exception | None = None

    def open(self, form: Form) -> None:
        """Begin a new journey through `form`."""
        self.form = form
        self.kept = Journey(1, "corpus").dump_bytes()
        self.run = self.view = self.error = None
        self.submitted = False

    def answer(self) -> Response | str:
        """Show a page, or take one, as the views of the service do; remember what failed."""
        try:
            return self._take() if request.method == "POST" else self._show()
        except Exception as error:
            self.error = error
            raise

    @property
    def failures(self) -> set[str]:
        """What of the form could not be worked out at the last request."""
        return self.run.filling.failures if self.run is not None else set()

    def _show(self) -> str:
        run = self._run()
        told = {"title": self.form.title, "turn": 0, "overtaken": False, "differences": ()}
        if run.at_check:
            self.view = None
            return render_template(
                "surveys/check.html", sections=run.check(), correcting=False, **told
            )
        self.view = run.page()
        return render_template("surveys/page.html", view=self.view, **told)

    def _take(self) -> Response:
        run = self._run()
        self.submitted = run.take(request.form, request.files) is Outcome.SUBMIT
        self.kept = run.journey.dump_bytes()
        return redirect(PATH, 303)

    def _run(self) -> Run:
        journey = Journey.load_bytes(self.kept)
        self.run = Run(journey, self.form, self.form.default_language, NOW)
        return self.run


@contextmanager
def desk() -> Iterator[Desk]:
    """Provide a desk in an application of its own."""
    made = Desk()
    with TemporaryDirectory(prefix="zugang-corpus-") as folder:
        chosen = settings.read({"ZUGANG_DATA": str(Path(folder, "data"))})
        program.prepare(chosen).close()
        made.app = program.create_app(chosen)

        @public
        @begins_without_session
        def walk() -> Response | str:
            return made.answer()

        made.app.add_url_rule(PATH, view_func=walk, methods=["GET", "POST"])
        yield made
        made.app.extensions["zugang"].database.close()
