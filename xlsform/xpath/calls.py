"""How a function of the table is written down: how many arguments, and what becomes of them."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xlsform.values import Value
from xlsform.xpath.context import Context, Piece

Reader = Callable[[Piece], Callable[[Context], Value]]
Build = Callable[[Sequence[Piece]], Piece]


@dataclass(frozen=True, slots=True)
class Function:
    """A function: least and most arguments, and what makes a piece of compiled arguments."""

    least: int
    most: float
    build: Build


def function(
    kind: str, body: Callable[..., Value], *readers: Reader, least: int | None = None
) -> Function:
    """Return the function whose `body` takes the arguments as `readers` give them."""

    def build(pieces: Sequence[Piece]) -> Piece:
        arguments = [reader(piece) for reader, piece in zip(readers, pieces, strict=False)]
        if len(arguments) == 1:
            (only,) = arguments
            return Piece(lambda context: body(only(context)), kind)
        if len(arguments) == 2:
            first, second = arguments
            return Piece(lambda context: body(first(context), second(context)), kind)
        return Piece(lambda context: body(*[read(context) for read in arguments]), kind)

    return Function(len(readers) if least is None else least, len(readers), build)


def in_context(
    kind: str, body: Callable[..., Value], *readers: Reader, least: int | None = None
) -> Function:
    """Return the function whose `body` takes the context first."""

    def build(pieces: Sequence[Piece]) -> Piece:
        arguments = [reader(piece) for reader, piece in zip(readers, pieces, strict=False)]
        return Piece(lambda context: body(context, *[read(context) for read in arguments]), kind)

    return Function(len(readers) if least is None else least, len(readers), build)


def gathering(
    kind: str, body: Callable[[list[Value]], Value], least: int = 0, most: float = math.inf
) -> Function:
    """Return the function whose `body` takes the list of all its arguments as they are."""

    def build(pieces: Sequence[Piece]) -> Piece:
        runs = [piece.run for piece in pieces]
        return Piece(lambda context: body([run(context) for run in runs]), kind)

    return Function(least, most, build)


def as_value(piece: Piece) -> Callable[[Context], Value]:
    """Return `piece` as a closure that gives its value as it is."""
    return piece.run
