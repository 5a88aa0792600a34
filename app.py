"""create_app(settings): builds and registers, nothing else. `main` is the `zugang` command."""

import os
from datetime import datetime
from pathlib import Path

import click
from flask import Flask

import exports.cli
import exports.demo
import exports.retention
import exports.routes
import intake.demo
import intake.documenting
import intake.overdue
import intake.retention
import intake.routes
import intake.withdrawing
import migrations
import surveys.cli
import surveys.demo
import surveys.interviews
import surveys.routes
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
    exports.retention.PARAPHRASES,
    DRAFTS,
    ACCOUNTS,
)


def create_app(chosen: Settings) -> Flask:
    """Return the web application for these settings."""
    app = Flask("zugang", template_folder=str(ROOT / "templates"), static_folder=None)
    glue.init_app(app, chosen)
    for pages in (*intake.routes.PAGES, *surveys.routes.PAGES, *exports.routes.PAGES):
        app.register_blueprint(pages)
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
    exports.cli.anonymise_table,
    exports.cli.export,
    exports.cli.release,
    exports.cli.report,
):
    main.add_command(command)
