"""Bringing a database to the shape of the models."""

from pathlib import Path

from alembic import command
from alembic.config import Config

HERE = Path(__file__).parent


def configuration(url: str) -> Config:
    """Return Alembic's configuration for the database at `url`."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["url"] = url  # as an attribute: "%" in a password stays what it is
    return config


def upgrade(url: str) -> None:
    """Bring the database at `url` to the newest shape."""
    command.upgrade(configuration(url), "head")
