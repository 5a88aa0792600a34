"""The houses that these tests live in."""

__all__ = []
