"""Functions about points on the earth, written "latitude longitude altitude accuracy"."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

from xlsform.values import Value, parse_number
from xlsform.xpath.calls import Function, gathering
from xlsform.xpath.context import ExpressionError
from xlsform.xpath.functions.text import texts

_RADIUS = 6_378_100.0  # metres, as both public engines have it
Point = tuple[float, float]
Line = tuple[Point, Point]


def _points(values: Sequence[Value]) -> list[Point]:
    """Return the points of all values; raises ExpressionError for text that is no point."""
    parts = (part for text in texts(values) for part in text.split(";"))
    return [_point(part) for part in parts if part.strip()]


def _point(text: str) -> Point:
    numbers = [parse_number(word) for word in text.split()]
    if len(numbers) < 2 or any(math.isnan(number) for number in numbers):
        raise ExpressionError(f"{text.strip()!r} is not a point: latitude and longitude.")
    latitude, longitude = numbers[:2]
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise ExpressionError(f"{text.strip()!r} is not a point on the earth.")
    return latitude, longitude


def _apart(first: Point, second: Point) -> float:
    """Return the metres between two points along the great circle (haversine formula)."""
    low, high = math.radians(first[0]), math.radians(second[0])
    turn = math.radians(second[1] - first[1])
    half = math.sin((high - low) / 2) ** 2 + math.cos(low) * math.cos(high) * (
        math.sin(turn / 2) ** 2
    )
    return 2 * _RADIUS * math.asin(min(1.0, math.sqrt(half)))


def _distance(values: list[Value]) -> float:
    return math.fsum(_apart(first, second) for first, second in pairwise(_points(values)))


def _area(values: list[Value]) -> float:
    """Return the square metres inside: triangles from the first point, on a flat map around it."""
    points = _points(values)
    if len(points) < 3:
        return 0.0
    (low, left), *others = points
    metres = math.radians(1) * _RADIUS
    flat = [
        ((x - left) * metres * math.cos(math.radians(y)), (y - low) * metres) for y, x in others
    ]
    return abs(math.fsum(y1 * x2 - x1 * y2 for (x1, y1), (x2, y2) in pairwise(flat))) / 2


def _inside(values: list[Value]) -> bool:
    """Return whether the point lies in the polygon (a ray is crossed an odd number of times)."""
    places, corners = _points(values[:1]), _points(values[1:])
    if len(places) != 1 or len(corners) < 3:
        return False
    (y, x), inside = places[0], False
    for first, second in pairwise([*corners, corners[0]]):
        if (first[0] > y) != (second[0] > y):
            slope = (second[1] - first[1]) / (second[0] - first[0])
            inside ^= x < slope * (y - first[0]) + first[1]
    return inside


def _crosses(values: list[Value]) -> bool:
    """Return whether a trace or shape touches itself elsewhere than from one line to the next."""
    points = _points(values)
    lines = [line for line in pairwise(points) if line[0] != line[1]]
    if len(lines) < 2:
        return False
    closed = points[0] == points[-1]
    return any(
        _turns_back(first, second) if there == here + 1 else _touch(first, second)
        for here, first in enumerate(lines)
        for there, second in enumerate(lines[here + 1 :], here + 1)
        if not (closed and here == 0 and there == len(lines) - 1 > 1)
    )


def _turns_back(first: Line, second: Line) -> bool:
    """Return whether a line runs back over the one it goes on from."""
    return _on(second[1], first) or _on(first[0], second)


def _touch(first: Line, second: Line) -> bool:
    sides = [_side(first, point) for point in second] + [_side(second, point) for point in first]
    if sides[0] * sides[1] < 0 and sides[2] * sides[3] < 0:
        return True
    return any(_on(point, first) for point in second) or any(_on(point, second) for point in first)


def _side(line: Line, point: Point) -> float:
    """Return on which side of a line a point lies: above 0, below 0, or 0 on it."""
    (y1, x1), (y2, x2) = line
    side = (x2 - x1) * (point[0] - y1) - (y2 - y1) * (point[1] - x1)
    return float((side > 0) - (side < 0))


def _on(point: Point, line: Line) -> bool:
    (y1, x1), (y2, x2) = line
    y, x = point
    inside = min(y1, y2) <= y <= max(y1, y2) and min(x1, x2) <= x <= max(x1, x2)
    return inside and _side(line, point) == 0


FUNCTIONS: Mapping[str, Function] = {
    "area": gathering("number", _area, 1, 1),
    "enclosed-area": gathering("number", _area, 1, 1),
    "intersects": gathering("boolean", _crosses, 1, 1),
    "distance": gathering("number", _distance, 1),
    "geofence": gathering("boolean", _inside, 2, 2),
}
