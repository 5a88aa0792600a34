"""How good the data of a survey are: who was not reached, what was corrected, do two entries agree.

Only counts leave this module, and they grow as `tallies` lets them: which interview it was, and
what one woman said, stays where it is.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core import approving, records, sampling, versions
from core.people import SignedIn
from core.sampling import REFUSED
from core.versions import Version
from surveys import agreement, corrections, second_entries, tallies
from surveys.agreement import Line
from surveys.corrections import Corrected
from surveys.tallies import Rules, Table, Tables
from xlsform.slots import generic


@dataclass(frozen=True)
class Agreement:
    """One question, or one option of a question with several.

    `equal` says of how many both entries are the same, `kappa` how much better than by chance the
    `compared` ones agree; it is None without any.
    """

    line: Line
    equal: int
    compared: int
    kappa: float | None


@dataclass(frozen=True)
class Twice:
    """A version of which interviews were entered twice: how many, and how well they agree."""

    number: int
    pairs: int
    rows: tuple[Agreement, ...]


@dataclass(frozen=True)
class Quality:
    """What there is to say about the data of one questionnaire.

    `over` counts planned interviews by what became of them, `refusals` why there were none;
    `reasons` and `corrected` count interviews that were corrected, why and by path in what.
    """

    interviews: int
    over: Table
    refusals: Table
    reasons: Table
    corrected: Table
    twice: tuple[Twice, ...]


def of(session: Session, who: SignedIn, questionnaire: str, rules: Rules) -> Quality:
    """Return what may be told of the data of a questionnaire; raise `NotGranted` or `Tampered`."""
    with tallies.counting(session, who, questionnaire) as tables:
        _count_interviews(session, questionnaire, tables, rules)
        _count_planned(session, who, questionnaire, tables, rules)
        _count_corrected(session, who, questionnaire, tables, rules)
        every = versions.all_of(session, questionnaire)
        found = [version for version in every if not approving.is_waiting(version)]
        for version in found:
            _count_twice(session, who, version, tables, rules)
        return Quality(
            interviews=tables["interviews"].size,
            over=tables["over"],
            refusals=tables["refusals"],
            reasons=tables["reasons"],
            corrected=tables["corrected"],
            twice=tuple(_twice(session, found, tables)),
        )


def _count_interviews(session: Session, questionnaire: str, tables: Tables, rules: Rules) -> None:
    ids = [one.id for one in records.responses(session, questionnaire)]
    new = tables["interviews"].group(ids, rules.least)
    tables["interviews"].add([()] * len(new))


def _count_planned(
    session: Session, who: SignedIn, questionnaire: str, tables: Tables, rules: Rules
) -> None:
    # Together: by a count of the refused alone, who knows of one woman would see when it grows.
    over = sampling.over(session, questionnaire)
    table, refusals = tables["over"], tables["refusals"]
    table.add([(over[number],) for number in table.group(over, rules.least)])
    # And why, of those alone who are told as refused by now.
    refused = {number for number, state in over.items() if state == REFUSED}
    new = refusals.group(refused & table.counted, rules.least)
    said = [(reason,) for reason in sampling.refusals(session, who, new)]
    refusals.add_unless(alike=rules.too_alike(said), group=said)


def _count_corrected(
    session: Session, who: SignedIn, questionnaire: str, tables: Tables, rules: Rules
) -> None:
    # An interview counts once with all that was corrected in it by then, and never again.
    ids = corrections.corrected(session, questionnaire)
    new = tables["mended"].group(ids, rules.least)
    mended: defaultdict[str, list[Corrected]] = defaultdict(list)
    for one in corrections.of(session, who.keys, new):
        mended[one.response_id].append(one)
    why = [{one.reason for one in every} for every in mended.values()]
    what = [{generic(path) for one in every for path in one.old} for every in mended.values()]
    for name, group in (("reasons", why), ("corrected", what)):
        tables[name].add_unless(alike=rules.too_alike(group), group=group)


def _count_twice(
    session: Session, who: SignedIn, version: Version, tables: Tables, rules: Rules
) -> None:
    ids = second_entries.entered(session, version.id)
    table = tables[_pairs(version)]
    new = table.group(ids, rules.least)
    if not new:
        return
    pairs = second_entries.pairs(session, who.keys, new)
    lines = list(agreement.lines(versions.form_of(session, version.id, version.digest)))
    table.add([{one.name for one in lines if one.is_same(pair)} for pair in pairs])
    for line in lines:
        told = [line.told(pair) for pair in pairs]
        agreement.compare(tables[_compared(version, line)], told, rules)


def _twice(session: Session, found: Iterable[Version], tables: Tables) -> Iterator[Twice]:
    """Yield the versions of which anything may be told."""
    for version in found:
        size = tables[_pairs(version)].size
        if size:
            form = versions.form_of(session, version.id, version.digest)
            rows = (_agreement(version, line, tables) for line in agreement.lines(form))
            yield Twice(version.number, size, tuple(rows))


def _agreement(version: Version, line: Line, tables: Tables) -> Agreement:
    table = tables[_compared(version, line)]
    equal = tables[_pairs(version)].said[line.name]
    return Agreement(line, equal, table.size, agreement.kappa_of(table))


def _pairs(version: Version) -> str:
    return f"pairs:{version.id}"


def _compared(version: Version, line: Line) -> str:
    return f"compared:{version.id}:{line.name}"
