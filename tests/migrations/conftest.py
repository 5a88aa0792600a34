"""The houses that these tests live in."""

from tests.support.houses import (
    either_house,
    house,
    postgres_house,
    postgres_pattern,
    sqlite_pattern,
)

__all__ = [
    "either_house",
    "house",
    "postgres_house",
    "postgres_pattern",
    "sqlite_pattern",
]
