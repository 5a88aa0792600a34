"""The evaluators' page on how good the data of the interviews are."""

from flask import Blueprint, render_template
from flask_babel import format_decimal, format_percent

from core import approving, versions
from core.web.access import requires, signed_in
from core.web.locale import language
from core.web.services import db, settings
from core.web.words import QUESTIONNAIRES
from surveys import quality
from surveys.agreement import Line
from surveys.entering_views import REASONS
from surveys.tallies import Rules
from surveys.views import REFUSALS, STATES
from xlsform.reading import wording

pages = Blueprint("quality", __name__, url_prefix="/results/quality")

SUBSTANTIAL = 0.6  # Landis and Koch, Biometrics 33 (1977), 159-174


@pages.get("")
@requires("results")
def show() -> str:
    """Show per questionnaire who was reached, what was corrected, how well two entries agree."""
    rules = Rules(settings().k, settings().share_percent)
    found = {name: quality.of(db(), signed_in(), name, rules) for name in QUESTIONNAIRES}
    return render_template(
        "surveys/quality.html",
        found=found,
        least=rules.least,
        names=QUESTIONNAIRES,
        questions={name: _questions(name) for name in QUESTIONNAIRES},
        states=STATES,
        refusals=REFUSALS,
        reasons=REASONS,
        asked=_asked,
        percent=lambda part, whole: format_percent(part / whole),
        number=lambda kappa: format_decimal(kappa, "0.0"),
        doubtful=SUBSTANTIAL,
    )


def _asked(row: Line) -> str:
    """Return what a line of the agreement is about, as people read it."""
    text = wording(row.question, language().tag, None)[0]
    options = {one.value: one.label for one in row.question.choices(None, language().tag)}
    return f"{text} – {options.get(row.option, row.option)}" if row.option else text


def _questions(questionnaire: str) -> dict[str, str]:
    """Return the wording of each question of the newest version that counts, by its path."""
    every = versions.all_of(db(), questionnaire)
    version = next(one for one in every if not approving.is_waiting(one))
    form = versions.form_of(db(), version.id, version.digest)
    tag = language().tag
    return {one.path: wording(one, tag, None)[0] for one in form.visible_questions}
