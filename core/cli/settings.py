"""`zugang settings`: what can be set."""

import click

from core import settings as core_settings


@click.command()
def settings() -> None:
    """Print the table of all settings; no value is shown."""
    click.echo(core_settings.markdown(), nl=False)
