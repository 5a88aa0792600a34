"""What authors should hear about a workbook before it becomes a form.

Each rule is a function that looks at the whole workbook and yields what it finds; its docstring
says what holds in a workbook that is in order.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

from xlsform.findings import Finding
from xlsform.lint import choices, engines, expressions, privacy, reach, structure, wording
from xlsform.lint.subject import Subject
from xlsform.source import Workbook

__all__ = ["RULES", "lint"]

MOST = 100  # findings of one rule: nobody mends more at once

Rule = Callable[[Subject], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    structure.missing_columns,
    structure.formulas,
    structure.unfit_headers,
    structure.unknown_types,
    structure.unfit_names,
    structure.colliding_names,
    structure.unmatched_groups,
    structure.unknown_lists,
    structure.endless_repeats,
    choices.incomplete_choices,
    choices.lone_choices,
    choices.spaced_names,
    choices.repeated_choices,
    choices.blind_filters,
    expressions.unreadable,
    expressions.half_references,
    expressions.unknown_references,
    engines.dates_and_texts,
    engines.negated_answers,
    engines.moments_without_zone,
    engines.numbers_and_choices,
    engines.texts_in_order,
    engines.truth_and_answers,
    engines.own_answers,
    reach.never_relevant,
    reach.unlisted_values,
    reach.contradictions,
    wording.missing_translations,
    wording.long_texts,
    wording.unknown_appearances,
    privacy.watching_types,
    privacy.undisclosed,
    privacy.foreign_prefix,
    privacy.unknown_disclosures,
    privacy.choices_like_formulas,
)


def lint(workbook: Workbook) -> tuple[Finding, ...]:
    """Return what all rules find, in the order of the sheets and rows."""
    subject = Subject(workbook)
    return in_order(finding for rule in RULES for finding in _first(rule(subject)))


def _first(findings: Iterator[Finding]) -> Iterator[Finding]:
    """Yield the first findings, and with the last of them that there are more."""
    found = list(islice(findings, MOST + 1))
    yield from found[:MOST]
    for finding in found[MOST:]:
        yield replace(finding, message=f"{finding.message} There are more places like this.")


def in_order(findings: Iterator[Finding]) -> tuple[Finding, ...]:
    """Return each finding once, the errors first, as an author goes through the sheets."""
    sheets = {"": 0, "survey": 1, "choices": 2}

    def place(finding: Finding) -> tuple[bool, int, int]:
        return not finding.is_error, sheets.get(finding.sheet, 3), finding.row

    return tuple(sorted(dict.fromkeys(findings), key=place))
