"""What is counted for a report: rows that are out, or every documentation and interview.

Rounded tables are the sum of those of whole batches, so they say no more than the rows do. Exact
ones also count whose row still waits, and a case that is still open: a coordinator lets them out.
Of whose row is out they count what went out, whatever was corrected since.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import approving, records
from core.people import SignedIn
from core.periods import Period
from core.records import Response
from exports.anonymise import differences
from exports.anonymise.rules import Rules
from exports.release import begun, corrected, hidden, material, offices, releases
from exports.release.corrected import Since
from exports.release.hidden import LANGUAGE, Columns, Hidden, Rows
from exports.release.material import CASES, COUNTED_IN, INTERVIEWS, Answered
from exports.speaking import say
from exports.tables import figures, report
from exports.tables.figures import Figure
from exports.tables.told import Material, Told
from intake import documenting
from intake.cases import Case, CaseResponse


@dataclass(frozen=True)
class Exact:
    """The exact tables of a period, whom they count that no row shows, and what they leave out.

    `left_out` are those who wait for a row and whom the tables, less the rows, would tell of;
    `without` are the questions that stay out because they would tell of few even so, or because few
    were asked. In those that are `alike` most of all say the same: whoever knows that a woman is
    among them knows it of her.
    """

    figures: tuple[Figure, ...]
    hidden: Mapping[str, Any]
    left_out: int
    without: tuple[str, ...]
    alike: tuple[str, ...]


def of_rows(session: Session, who: SignedIn, half: Period, language: str) -> tuple[Figure, ...]:
    """Return the tables of the batches of a half-year, as they were when these went out."""
    parts = []
    for questionnaire in COUNTED_IN:
        for batch in releases.batches(session, questionnaire):
            content = cast("Mapping[str, Any]", releases.content(who, batch))
            if content.get("half") == str(half):
                parts.append(figures.load(content["tables"][language]))
    heard = offices.figures(session, who, half, say(language))
    return (*material.added(parts), *heard)


class Counting:
    """What may be evaluated, opened once for as many tables as are asked for."""

    def __init__(self, session: Session, who: SignedIn, rules: Rules) -> None:
        self._session, self._who, self._rules = session, who, rules
        self._begun = begun.days(session)
        self._unseen = {version.id for version in approving.waiting(session)}
        self._rows = {name: hidden.rows_of(session, who, name) for name in COUNTED_IN}
        self._answered = {name: list(self._open(name)) for name in COUNTED_IN}
        self._said = {name: self._in_rows(name) for name in COUNTED_IN}

    def exactly(self, period: Period, language: str) -> Exact:
        """Return the tables of a period as they may go out."""
        chosen = {name: self._chosen(name, period) for name in COUNTED_IN}
        told = {name: self._told(name, one.answered, language) for name, one in chosen.items()}

        def labels(names: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
            lists = (material.labels(told[name].values(), some) for name, some in names.items())
            return tuple(label for one in lists for label in one)

        counted = {
            name: material.together(told[name].values(), one.without)
            for name, one in chosen.items()
        }
        rules, cases = self._rules, chosen[CASES]
        waited = _waited(self._session, self._begun, cases.answered, rules.k)
        in_rows = self._rows[CASES].without
        unseen = [one for number, one in told[CASES].items() if number not in in_rows]
        whole = Material(
            counted[CASES],
            counted[INTERVIEWS],
            waited,
            rules,
            material.together(unseen, cases.without),
        )
        heard = offices.figures(self._session, self._who, period, say(language))
        since = [one for name in COUNTED_IN for one in self._since(name, chosen[name].answered)]
        tables, changed = corrected.put_back(report.figures(whole, say(language)), since)
        return Exact(
            (*tables, *heard),
            {name: one.hidden.dump() for name, one in chosen.items()},
            sum(one.left_out for one in chosen.values()),
            (*labels({name: one.without for name, one in chosen.items()}), *changed),
            labels({name: one.alike for name, one in chosen.items()}),
        )

    def _chosen(self, questionnaire: str, period: Period) -> "_Chosen":
        """Those whom tables may count: all, or where that tells of few those whose row is out."""
        rows, said = self._rows[questionnaire], self._said[questionnaire]
        gone = rows.gone | said.gone  # less the rest of her class, they would show her
        every = [
            (response, answers)
            for response, answers in self._answered[questionnaire]
            if self._begun.get(response.id, response.received) in period and response.id not in gone
        ]
        out = [one for one in every if one[0].id in rows.without]
        some = every
        values = self._values(questionnaire, some, rows)
        if out and values.giving_away(self._rules):
            some = out
            values = self._values(questionnaire, some, rows)
        away = values.giving_away(self._rules) if out else []
        outside = said.outside_of(one[0].id for one in some)
        without = list(dict.fromkeys([*values.of_few(self._rules), *away, *outside]))
        known = {name: values.known(name, self._rules) for name in values.told}
        alike = [name for name, most in known.items() if most and name not in without]
        told = self._hidden(questionnaire, [one for one in some if one not in out], values)
        told = replace(told, counts={k: n for k, n in told.counts.items() if k not in without})
        return _Chosen(some, without, alike, len(every) - len(some), told)

    def _hidden(self, questionnaire: str, wait: Sequence[Answered], values: "_Values") -> Hidden:
        """What is remembered of those who are in no row."""
        final = {one[0].id for one in wait if self._is_final(questionnaire, one)}
        others = [one for one in wait if one[0].id not in final]
        known = {name: sorted(values.known(name, self._rules)) for name in values.told}
        asked = self._values(questionnaire, others, Rows({}, frozenset())).told
        numbers = sorted(one[0].id for one in others)
        plain = sorted(values.told.keys() - values.judged)
        return Hidden(values.hidden, known, sorted(final), numbers, sorted(asked), plain)

    def _values(self, questionnaire: str, some: Sequence[Answered], rows: Rows) -> "_Values":
        """The values by column, of all and of those whose value is in no row."""
        told: list[dict[str, str]] = []
        unseen: list[dict[str, str]] = []
        judged: set[str] = set()
        for number, one in self._told(questionnaire, some, LANGUAGE).items():
            cells = {
                name: differences.told(one.columns[name], cell)
                for name, cell in one.rows[0].items()
                if cell is not None
            }
            judged.update(name for name in cells if one.columns[name].role in differences.JUDGED)
            told.append(cells)
            unseen.append({k: v for k, v in cells.items() if not rows.shows(number, k)})
        return _Values(hidden.added(told), hidden.added(unseen), frozenset(judged))

    def _told(self, questionnaire: str, some: Sequence[Answered], language: str) -> dict[str, Told]:
        return self._said[questionnaire].instead(material.told(self._session, some, language))

    def _in_rows(self, questionnaire: str) -> corrected.Said:
        now = material.told(self._session, self._answered[questionnaire], LANGUAGE)
        return corrected.said(now, self._rows[questionnaire].batches)

    def _since(self, questionnaire: str, counted: Sequence[Answered]) -> Iterator[Since]:
        """Yield the tables of each batch that is counted, as they were and as they would be."""
        for batch in self._rows[questionnaire].batches:
            members = {number for one in batch.classes for number in one.members}
            mine = [one for one in counted if one[0].id in members]
            if mine and batch.tables:
                parts = self._told(questionnaire, mine, LANGUAGE).values()
                now = material.tables(questionnaire, parts, batch.without, self._rules, LANGUAGE)
                yield Since(batch.tables, now, len(mine) == batch.size)

    def _is_final(self, questionnaire: str, one: Answered) -> bool:
        if questionnaire != CASES:
            return True
        return releases.is_whole(self._session, self._who, releases.Opened(*one))

    def _open(self, questionnaire: str) -> Iterator[Answered]:
        out = self._rows[questionnaire].without
        for response in records.responses(self._session, questionnaire):
            if response.version_id in self._unseen and response.id not in out:
                continue  # nobody has looked at what she was asked
            if response.answers:
                answers = records.open_answers(self._session, response, self._who.keys)
                if self._may(questionnaire, response, answers):
                    yield response, answers

    def _may(self, questionnaire: str, response: Response, answers: Mapping[str, str]) -> bool:
        if questionnaire == CASES:
            return documenting.agreed(self._session, self._who, response)
        return releases.agreed(self._session, releases.Opened(response, answers))


@dataclass(frozen=True)
class _Values:
    """By column, what is told of all, and of those whose value is in no row.

    A column that is `judged` may not tell that most say the same; in all others few are too few.
    """

    told: Columns
    hidden: Columns
    judged: frozenset[str]

    def known(self, name: str, rules: Rules) -> frozenset[str]:
        if name not in self.judged:
            return frozenset()
        return differences.common(self.told[name], rules.share)

    def of_few(self, rules: Rules) -> list[str]:
        """The columns that fewer than a class has said anything in: a table would show them."""
        return [name for name, some in self.told.items() if sum(some.values()) < rules.k]

    def giving_away(self, rules: Rules) -> list[str]:
        """The columns of which the tables, less the rows, would tell too much."""
        return [
            name
            for name, some in self.hidden.items()
            if differences.gives_away(
                some,
                rules.k,
                rules.share if name in self.judged else 1,
                self.known(name, rules),
            )
        ]


@dataclass(frozen=True)
class _Chosen:
    answered: Sequence[Answered]
    without: Sequence[str]
    alike: Sequence[str]
    left_out: int
    hidden: Hidden


def _waited(
    session: Session, begun_on: Mapping[str, date], counted: Sequence[Answered], least: int
) -> list[int]:
    """Return the days from the first referral of each counted case until somebody took it up.

    None where they are fewer than the least: no row says it, so the table would tell of few.
    """
    mine = {response.id for response, _ in counted}
    query = select(CaseResponse.response_id, Case.id, Case.opened)
    query = query.join(Case, Case.id == CaseResponse.case_id)
    # A case has the number of its first referral; that of one without a referral is nowhere else.
    found = [
        (opened - begun_on[number]).days
        for documentation, number, opened in session.execute(query)
        if documentation in mine and number in begun_on
    ]
    return found if len(found) >= least else []
