"""How far forms came: counts, and reasons grouped by what is the same in them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# What a form must pass, in order; a verdict names the first that it did not.
STAGES = ("loaded", "rendered", "accepted", "round trip")
REFUSED, INVALID = "refused", "invalid"  # by pyxform, by ODK Validate: no forms, so not counted

_PARTICULAR = re.compile(r"'[^']*'|\"[^\"]*\"|\b\d+\b|/\S+")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a form stands, the stage it did not pass ("" when it passed all), and why.

    `made_up` are the files it names that were not at hand, so that others stood in.
    """

    origin: str
    failed: str
    reason: str
    made_up: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """The reason without names and numbers, so that like falls to like."""
        return _PARTICULAR.sub("…", self.reason)[:200]


def table(verdicts: Sequence[Verdict], examples: int) -> str:
    """Return the counts and the grouped reasons as text."""
    return "\n".join([*_counts(verdicts), "", *_reasons(verdicts, examples)])


def _counts(verdicts: Sequence[Verdict]) -> Iterator[str]:
    forms = [one for one in verdicts if one.failed not in {REFUSED, INVALID}]
    yield f"found {len(verdicts)}"
    yield f"refused by pyxform {sum(one.failed == REFUSED for one in verdicts)}"
    yield f"refused by ODK Validate {sum(one.failed == INVALID for one in verdicts)}"
    yield f"forms {len(forms)}, {sum(bool(one.made_up) for one in forms)} with made-up lists"
    for number, stage in enumerate(STAGES):
        passed = sum(one.failed not in STAGES[: number + 1] for one in forms)
        share = f"{passed / len(forms):.1%}" if forms else "-"
        yield f"{stage} {passed} ({share})"


def _reasons(verdicts: Sequence[Verdict], examples: int) -> Iterator[str]:
    groups = defaultdict(list)
    for one in verdicts:
        if one.failed in STAGES:
            groups[one.failed, one.group].append(one)
    for (stage, group), members in sorted(groups.items(), key=lambda item: -len(item[1])):
        yield f"{len(members):5} not {stage}: {group}"
        for one in members[:examples]:
            yield f"        {one.origin}: {one.reason[:300]}"
