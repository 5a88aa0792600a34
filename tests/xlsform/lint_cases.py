"""What each rule of lint should find: a table, the place, and words of what is said."""

from xlsform.lint import choices, engines, expressions, privacy, reach, structure
from xlsform.lint import wording as words

# A list, and questions that expressions may look at; what a case adds stands in row 8.
FORM = """
| survey |
| | type               | name  | label | {columns} |
| | select_one yes_no  | flat  | Flat  | |
| | select_multiple yes_no | needs | Needs | |
| | integer            | age   | Age   | |
| | date               | since | Since | |
| | text               | words | Words | |
| | note               | hello | Hello | |
| | {row} |
| choices |
| | list_name | name | label |
| | yes_no    | yes  | Yes   |
| | yes_no    | no   | No    |
"""


def in_column(column: str, text: str) -> str:
    return FORM.format(columns=column, row=f"text | last | Last | {text}")


def row(text: str) -> str:
    return FORM.format(columns="hint", row=text)


def choice(*cells: str) -> str:
    return row("note | last | Last") + f"| | {' | '.join(cells)} |\n"


FOREIGN = '| settings |\n| | namespaces |\n| | z="https://example.org" |\n'
TWICE = "| settings |\n| | allow_choice_duplicates |\n| | yes |\n"

WRONG = [
    (
        structure.unfit_headers,
        in_column("bind::a b", "x"),
        "survey 1 bind::a b",
        "cannot be the name",
    ),
    (
        structure.unfit_headers,
        row("note | a | A").replace("| label |\n| | yes_no", "| label | <x> |\n| | yes_no"),
        "choices 1 <x>",
        "cannot be the name",
    ),
    (
        privacy.foreign_prefix,
        row("note | a | A") + FOREIGN,
        "settings 2 namespaces",
        'Write z="https://zugang.example/ns"',
    ),
    (
        structure.missing_columns,
        FORM.replace("| name |", "| nmae |", 1),
        "choices 1 name",
        "by 'nmae'",
    ),
    (structure.unknown_types, row("txt | a | A"), "survey 8 type", "Did you mean 'text'?"),
    (
        structure.unknown_types,
        row("select_one | a | A"),
        "survey 8 type",
        "name of its list behind",
    ),
    (structure.unknown_types, row(" | a | A"), "survey 8 type", "no type"),
    (structure.unfit_names, row("text | | A"), "survey 8 name", "has no name"),
    (structure.unfit_names, row("text | 1 a | A"), "survey 8 name", "'1 a' cannot be a name"),
    (structure.colliding_names, row("text | age | A"), "survey 8 name", "taken by row 4"),
    (structure.unmatched_groups, row("end_group"), "survey 8 type", "no row before began"),
    (structure.unmatched_groups, row("begin_repeat | r | R"), "survey 8 type", "never ends"),
    (structure.unknown_lists, row("select_one yesno | a | A"), "survey 8 type", "mean 'yes_no'?"),
    (
        structure.endless_repeats,
        in_column("repeat_count", "1000000"),
        "survey 8 repeat_count",
        "at most 200",
    ),
    (choices.incomplete_choices, choice("yes_no", "", "C"), "choices 4 name", "has no name"),
    (choices.incomplete_choices, choice("yes_no", "c"), "choices 4 label", "has no label"),
    (choices.lone_choices, choice("", "c", "C"), "choices 4 list_name", "belongs to no list"),
    (choices.spaced_names, choice("yes_no", "a b", "C"), "choices 4 name", "'a b' has a space"),
    (choices.repeated_choices, choice("yes_no", "yes", "C"), "choices 4 name", "already in row 2"),
    (
        choices.repeated_choices,
        choice("yes_no", "yes", "C") + TWICE,
        "choices 4 name",
        "a filter only ever leaves one",
    ),
    (
        choices.blind_filters,
        FORM.format(columns="choice_filter", row="select_one yes_no | a | A | part = ${flat}"),
        "survey 8 choice_filter",
        "looks at 'part'",
    ),
    (
        expressions.unreadable,
        in_column("relevant", "${age} = = 1"),
        "survey 8 relevant",
        "character 10",
    ),
    (
        expressions.unreadable,
        in_column("constraint", ". > 1)"),
        "survey 8 constraint",
        "before “)”",
    ),
    (expressions.unreadable, in_column("calculation", "foo(1)"), "survey 8 calculation", "foo()"),
    (
        expressions.unreadable,
        in_column("constraint", "regex(., '(a+)+b')"),
        "survey 8 constraint",
        "cannot be read",
    ),
    (
        expressions.half_references,
        in_column("relevant", "${age = 1"),
        "survey 8 relevant",
        "not complete",
    ),
    (
        expressions.unknown_references,
        in_column("relevant", "${aeg} > 1"),
        "survey 8 relevant",
        "mean 'age'?",
    ),
    (
        expressions.unknown_references,
        in_column("hint", "See ${her}"),
        "survey 8 hint",
        "no question 'her'",
    ),
    (
        expressions.unknown_references,
        row("text | age | A ${age}"),
        "survey 8 label",
        "may mean row 4 and 8",
    ),
    (
        engines.dates_and_texts,
        in_column("relevant", "${since} > '2020-01-01'"),
        "survey 8 relevant",
        "Write date('2020-01-01')",
    ),
    (
        engines.dates_and_texts,
        in_column("relevant", "'2020-01-01' < today()"),
        "survey 8 relevant",
        "date(",
    ),
    (
        engines.negated_answers,
        in_column("relevant", "not(${flat})"),
        "survey 8 relevant",
        "Write ${flat} = ''",
    ),
    (
        engines.moments_without_zone,
        in_column("relevant", "now() > date-time('2020-01-01T10:00:00')"),
        "survey 8 relevant",
        "another moment in each time zone",
    ),
    (
        engines.numbers_and_choices,
        in_column("relevant", "${flat} > 2"),
        "survey 8 relevant",
        "the number 2",
    ),
    (
        engines.texts_in_order,
        in_column("relevant", "'b' > 'a'"),
        "survey 8 relevant",
        "never holds",
    ),
    (
        engines.truth_and_answers,
        in_column("relevant", "${flat} = true()"),
        "survey 8 relevant",
        "true()",
    ),
    (engines.own_answers, in_column("relevant", ". != ''"), "survey 8 relevant", "The dot means"),
    (
        reach.never_relevant,
        in_column("relevant", "false()"),
        "survey 8 relevant",
        "Nobody can reach",
    ),
    (
        reach.never_relevant,
        in_column("relevant", "1 = 2 and true()"),
        "survey 8 relevant",
        "Nobody",
    ),
    (
        reach.unlisted_values,
        in_column("relevant", "${flat} = 'ye'"),
        "survey 8 relevant",
        "mean 'yes'?",
    ),
    (
        reach.unlisted_values,
        in_column("relevant", "selected(${needs}, 'maybe')"),
        "survey 8 relevant",
        "'maybe' is no choice of 'needs'",
    ),
    (
        reach.contradictions,
        in_column("relevant", "${flat} = 'yes' and ${flat} = 'no'"),
        "survey 8 relevant",
        "cannot be 'yes' and 'no' at once",
    ),
    (
        words.missing_translations,
        in_column("label::English (en)", ""),
        "survey 8 label::English (en)",
        "no text in the language 'English (en)'",
    ),
    (
        words.missing_translations,
        in_column("label::English (en)", "-"),
        "survey 8 label::English (en)",
        "no text in the language 'English (en)'",
    ),
    (words.long_texts, row(f"text | a | {'x' * 301}"), "survey 8 label", "301 characters"),
    (words.long_texts, choice("yes_no", "c", "x" * 121), "choices 4 label", "121 characters"),
    (
        words.unknown_appearances,
        in_column("appearance", "minimale"),
        "survey 8 appearance",
        "'minimal'?",
    ),
    (privacy.watching_types, row("deviceid | a"), "survey 8 type", "stays empty"),
    (privacy.watching_types, row("audit | "), "survey 8 type", "stays empty"),
    (privacy.undisclosed, row("text | a | A"), "survey 1 bind::z:disclosure", "No question says"),
    (
        privacy.unknown_disclosures,
        in_column("bind::z:disclosure", "opn"),
        "survey 8 bind::z:disclosure",
        "mean 'open'?",
    ),
    (
        privacy.choices_like_formulas,
        choice("yes_no", "c", "=1+1"),
        "choices 4 label",
        "'=1+1' starts",
    ),
    (privacy.choices_like_formulas, choice("yes_no", "-c", "C"), "choices 4 name", "'-c' starts"),
]
