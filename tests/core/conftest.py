"""The houses that these tests live in."""

from tests.core.demo_run import demo
from tests.support.houses import (
    app,
    either_house,
    house,
    postgres_house,
    postgres_pattern,
    sqlite_pattern,
)

__all__ = [
    "app",
    "demo",
    "either_house",
    "house",
    "postgres_house",
    "postgres_pattern",
    "sqlite_pattern",
]
