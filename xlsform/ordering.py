"""The order in which counts, conditions, calculations and filtered choices are worked out."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from xlsform.formulas import Formula
from xlsform.questions import FormError

COUNT, RELEVANT, CALCULATE, FILTER = "count", "relevant", "calculate", "filter"

Key = tuple[str, str]  # kind and path of a step

LATE = frozenset({COUNT, FILTER})

# Axes that look beside the node, so that its own name is no step on the way.
_LEAVING = frozenset({"parent", "preceding-sibling", "following-sibling"})


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to work out: a count of instances, a condition, a calculation, a filtered list."""

    kind: str
    path: str
    expression: Formula


def ordered(
    steps: Iterable[Step], paths: Iterable[str], repeats: Collection[str] = ()
) -> tuple[Step, ...]:
    """Return `steps` so that each comes after everything it depends on.

    `paths` are all nodes of the instance, `repeats` those that repeat. Raises FormError naming the
    questions of a cycle.
    """
    table = {(step.kind, step.path): step for step in steps}
    needed = _needed(table, tuple(paths), repeats)
    try:
        return tuple(table[key] for key in TopologicalSorter(needed).static_order())
    except CycleError:
        # Other engines look at a list when it is shown and at a count when the next instance is
        # reached, so these may close a circle: "one more child?" counts the children there are.
        looser = {key: {one for one in keys if one[0] not in LATE} for key, keys in needed.items()}
    try:
        return tuple(table[key] for key in TopologicalSorter(looser).static_order())
    except CycleError as error:
        names = dict.fromkeys(path.rpartition("/")[2] for _, path in error.args[1])
        raise FormError(_circle(list(names)), error.args[1][0][1]) from None


def _needed(
    table: Mapping[Key, Step], paths: tuple[str, ...], repeats: Collection[str]
) -> dict[Key, set[Key]]:
    """Return what each step depends on."""
    needed = {key: _dependencies(step, table, paths) for key, step in table.items()}
    for key, keys in needed.items():
        if repeats and _repeats(key[1], repeats):
            keys.discard(key)  # it means the same node in other instances, worked out in turn
    return needed


def _circle(names: list[str]) -> str:
    if len(names) == 1:
        return f"The condition or calculation of '{names[0]}' depends on itself."
    listed = ", ".join(f"'{name}'" for name in names)
    return f"The conditions and calculations of {listed} depend on each other in a circle."


def resolve(reference: str, path: str) -> str:
    """Return the absolute path that `reference` means at `path`; steps may stay wildcards."""
    steps = [] if reference.startswith("/") else path.split("/")[1:]
    for step in reference.replace("//", "/**/").split("/"):
        axis, _, name = step.rpartition("::")
        if step == ".." or axis in _LEAVING:
            steps = steps[:-1]
        if axis.startswith("descendant"):
            steps.append("**")
        if name and name not in {".", ".."} and axis not in {"self", "parent"}:
            steps.append("*" if name == "node" and axis else name)
    return "/" + "/".join(steps)


def matching(pattern: str, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of `paths` that a resolved reference means."""
    if "*" not in pattern:
        return (pattern,) if pattern in paths else ()
    escaped = re.escape(pattern).replace(r"/\*\*", "(?:/[^/]+)*").replace(r"\*", "[^/]+")
    shape = re.compile(escaped + r"\Z")
    return tuple(path for path in paths if shape.match(path))


def lineage(path: str) -> Iterator[str]:
    """Yield `path` and the paths of all groups around it, innermost first."""
    while path:
        yield path
        path = path.rpartition("/")[0]


def _repeats(path: str, repeats: Collection[str]) -> bool:
    """Return whether there can be several nodes at `path`."""
    return any(around in repeats for around in lineage(path))


def _dependencies(step: Step, table: Mapping[Key, Step], paths: tuple[str, ...]) -> set[Key]:
    """Return the keys in `table` that must be worked out before `step`."""
    needed: set[Key] = set()
    for reference in step.expression.references:
        pattern = resolve(reference, step.path)
        for target in matching(pattern, paths):
            if target == step.path and "*" in pattern:
                continue  # a sum over all siblings does not count itself
            needed |= {(CALCULATE, target), (FILTER, target)}
            needed |= {(kind, a) for kind in (COUNT, RELEVANT) for a in lineage(target)}
    needed |= {(COUNT, around) for around in lineage(step.path)}
    if step.kind in {RELEVANT, COUNT}:
        needed |= {(RELEVANT, around) for around in lineage(step.path.rpartition("/")[0])}
    if step.kind == COUNT:
        needed.discard((COUNT, step.path))
    if step.kind == FILTER:  # an answer is always checked against its own list
        needed |= {(CALCULATE, step.path)}
        needed.discard((FILTER, step.path))
    return needed & table.keys()
