"""Bringing a database to the shape of the models."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

HERE = Path(__file__).parent


def configuration(url: str) -> Config:
    """Return Alembic's configuration for the database at `url`."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["url"] = url  # as an attribute: "%" in a password stays what it is
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` to the shape of a revision, the newest one if none is named."""
    command.upgrade(configuration(url), revision)


def revisions() -> list[str]:
    """Return every revision, the oldest first."""
    scripts = ScriptDirectory(str(HERE)).walk_revisions()
    return [script.revision for script in scripts][::-1]
