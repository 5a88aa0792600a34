"""The houses that these tests live in."""

from tests.core.demo_run import demo

__all__ = ["demo"]
