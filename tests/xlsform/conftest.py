"""What tests of the engine may ask for besides: JavaRosa."""

from tests.support.javarosa import javarosa

__all__ = ["javarosa"]  # a fixture, so that every test of this folder has it
