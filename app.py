"""create_app(settings): builds and registers, nothing else. `main` is the `zugang` command."""

import os
from datetime import datetime
from pathlib import Path

import click
from flask import Flask

import exports.cli
import exports.demo
import exports.views
import intake.demo
import intake.desk_asking_views
import intake.desk_cases
import intake.desk_conversation_views
import intake.desk_documenting_views
import intake.desk_entering_views
import intake.desk_partner_views
import intake.desk_views
import intake.documenting
import intake.overdue
import intake.partner_views
import intake.retention
import intake.views
import intake.withdrawing
import migrations
import surveys.alone_views
import surveys.cli
import surveys.demo
import surveys.device_views
import surveys.entering_views
import surveys.interviews
import surveys.openrosa_views
import surveys.publishing_views
import surveys.quality_views
import surveys.views
from core import audit, console, database, demo, rotation, shipped, versions
from core.cli import backup, doctor, keys, recordings, responses, retention, settings
from core.cli.audit import audit_commands
from core.retention import ACCOUNTS, DRAFTS
from core.settings import Settings
from core.web import glue, mailing, serving, sweeping

ROOT = Path(__file__).parent
QUESTIONNAIRES = (ROOT / "intake" / "questionnaires", ROOT / "surveys" / "questionnaires")

TAKEN = dict.fromkeys(surveys.interviews.QUESTIONNAIRES, surveys.interviews.take_in)
TAKEN |= {intake.documenting.QUESTIONNAIRE: intake.documenting.take_in}

RULES = (
    intake.retention.IDENTITIES,
    intake.withdrawing.TAKEN_BACK,
    DRAFTS,
    ACCOUNTS,
)


def create_app(chosen: Settings) -> Flask:
    """Return the web application for these settings."""
    app = Flask("zugang", template_folder=str(ROOT / "templates"), static_folder=None)
    glue.init_app(app, chosen)
    for views in (
        intake.views,
        intake.partner_views,
        intake.desk_views,
        intake.desk_cases,
        intake.desk_asking_views,
        intake.desk_conversation_views,
        intake.desk_documenting_views,
        intake.desk_entering_views,
        intake.desk_partner_views,
        surveys.views,
        surveys.entering_views,
        surveys.alone_views,
        surveys.device_views,
        surveys.openrosa_views,
        surveys.publishing_views,
        surveys.quality_views,
        exports.views,
    ):
        app.register_blueprint(views.pages)
    app.register_blueprint(surveys.publishing_views.trial)
    return app


def prepare(chosen: Settings) -> database.Database:
    """Bring the database up to date; publish the questionnaires that come with zugang, compiled."""
    opened = audit.connect(chosen)
    migrations.upgrade(chosen.database_url)
    with opened.transaction() as session:
        rotation.complete(session, datetime.now(chosen.zone).date())
        shipped.publish(session, QUESTIONNAIRES)
        versions.make_ready(session)
    return opened


@click.group()
@click.pass_context
def main(context: click.Context) -> None:
    """Take in forms, enter interviews, hand out anonymised workbooks."""
    os.umask(0o077)  # what this service writes is for this service alone
    context.obj = console.Above(migrations, RULES, QUESTIONNAIRES, TAKEN)


@main.command()
def serve() -> None:
    """Migrate, then serve until Ctrl-C."""
    chosen = console.settings()
    serving.announce(prepare(chosen), chosen)
    serving.Service(lambda: _at_work(create_app(chosen)), chosen).run()


def _at_work(app: Flask) -> Flask:
    return mailing.start(sweeping.start(app, RULES), intake.overdue.look)


@main.command("demo")
def fill_demo() -> None:
    """Fill an empty data folder with 63 invented cases and demo staff."""
    chosen = console.settings()
    demo.refuse_used(chosen)
    demo.fill(prepare(chosen), chosen, (intake.demo.fill, surveys.demo.fill, exports.demo.fill))


for command in (
    audit_commands,
    backup.backup,
    backup.restore,
    doctor.doctor,
    keys.keys,
    recordings.recordings,
    responses.responses,
    retention.retention,
    settings.settings,
    surveys.cli.forms,
    exports.cli.export,
):
    main.add_command(command)
