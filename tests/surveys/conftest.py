"""The houses that these tests live in."""

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
    "either_house",
    "house",
    "postgres_house",
    "postgres_pattern",
    "sqlite_pattern",
]
