"""The tables of the interim report, in its order: what is counted, and from which questions.

A questionnaire may have lost a question, or call it otherwise: then its table is not there.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from core.periods import Period
from exports.speaking import Say
from exports.tables import satisfaction
from exports.tables.counts import several_of, shares_of, within
from exports.tables.figures import Figure, Group, Line, shares
from exports.tables.told import Material, Told

YES, NO, WOMAN = "yes", "no", "female"
YOUNG = frozenset({"under_18", "18_21", "22_29"})
FOCUS = ("18_21", "65_plus")
PARENTS, OTHERS = "with_parents", "with_others"
_MONTHS = 12
WAITED = ((0, 0), (1, 3), (4, 7), (8, math.inf))  # days


@dataclass(frozen=True)
class Report:
    """The tables of a period, those of the period before where there are some, and how exact."""

    period: Period
    figures: tuple[Figure, ...]
    exact: bool
    before: tuple[Figure, ...] = ()
    released: tuple[str, ...] = ()  # the periods that went out exactly, and when


def figures(material: Material, _: Say) -> tuple[Figure, ...]:
    """Every table that can be counted, in the order of the report."""
    return tuple(
        Figure(key, title, groups)
        for key, title, build in _tables(_)
        if (groups := tuple(build(material, _)))
    )


def in_order(found: Iterable[Figure]) -> tuple[Figure, ...]:
    """The tables in the order of the report."""
    places = {key: place for place, (key, *_rest) in enumerate(_tables(str))}
    return tuple(sorted(found, key=lambda figure: places[figure.key]))


_Build = Callable[[Material, Say], Iterator[Group]]


def _tables(_: Say) -> tuple[tuple[str, str, _Build], ...]:
    return (
        ("clients", _("Klientinnen und Klienten"), _clients),
        ("housing", _("Wohnsituation beim ersten Kontakt"), _housing),
        ("known", _("Aus früherem Kontakt bekannt"), _of("known_earlier")),
        ("access", _("Weg in die Beratung"), _of("access")),
        ("catchment", _("Einzugsgebiet"), _of("municipality")),
        ("measures", _("Maßnahmen"), _measures),
        ("closed", _("Abgeschlossene Begleitungen"), _closed),
        ("contacts", _("Intensität des Kontakts"), _of("contacts")),
        ("renewed", _("Erneuter Kontakt nach dem Abschluss"), _renewed),
        ("target", _("Zielzahl"), _target),
        ("target_group", _("Wohnungsnotfall beim ersten Kontakt"), _of("target_group")),
        ("reason", _("Anlass"), _reasons),
        ("prevention", _("Wohnungsverlust verhindert"), _prevention),
        ("waited", _("Zeit von der Meldung bis zur Aufnahme"), _waited),
        ("waiting", _("Wartezeit bis zum ersten Gespräch"), _heard("waiting")),
        ("satisfaction", _("Zufriedenheit der Klientinnen"), _satisfaction),
        ("lacking", _("Was Klientinnen noch gebraucht hätten"), _lacking),
    )


def _clients(material: Material, _: Say) -> Iterator[Group]:
    cases = material.cases
    if not cases.columns:
        return
    yield Group("all", "", "counts", (Line("all", _("Klientinnen und Klienten"), len(cases.rows)),))
    yield from shares_of(cases, "gender")
    if "children" in cases.columns:
        children = sum(int(row.get("children") or 0) for row in cases.rows)
        label = _("Kinder und Jugendliche in den Haushalten")
        yield Group("children", "", "counts", (Line("children", label, children),))
    if "gender" in cases.columns:
        for group in within(material, _women, "age", _("Alter der Frauen")):
            yield from _young(_women(cases), _("Frauen unter 30"), _)
            yield group
    else:  # rows do not say it where nearly all are women
        for group in (*_young(cases, _("Unter 30"), _), *shares_of(cases, "age", _("Alter"))):
            yield replace(group, key=f"{group.key}:all")


def _young(women: Told, title: str, _: Say) -> Iterator[Group]:
    column = women.columns.get("age")
    if column is None:
        return
    told = [row["age"] for row in women.rows if row.get("age") in column.codes - column.missing]
    young = sum(age in YOUNG for age in told)
    lines = (
        Line("young", _("unter 30 Jahren"), young),
        Line("older", _("30 Jahre und älter"), len(told) - young),
    )
    yield shares("young", title, lines, len(women.rows) - len(told))


def _housing(material: Material, _: Say) -> Iterator[Group]:
    """Living with parents is part of staying with others."""
    for group in shares_of(material.cases, "housing"):
        counted = {line.key: line for line in group.lines}
        parents = counted.pop(PARENTS, None)
        if parents is None or OTHERS not in counted:
            yield group
            continue
        both = counted[OTHERS].count + parents.count
        label = _("Bei anderen untergekommen")
        counted[OTHERS] = replace(counted[OTHERS], label=label, count=both)
        lines = list(counted.values())
        inner = Line(PARENTS, _("davon bei den Eltern"), parents.count, inner=True)
        lines.insert(lines.index(counted[OTHERS]) + 1, inner)
        yield replace(group, lines=tuple(lines))


def _measures(material: Material, _: Say) -> Iterator[Group]:
    cases = material.cases
    if "measures" in cases.columns:
        total = sum(int(row.get("measures") or 0) for row in cases.rows)
        lines = (Line("total", _("Maßnahmen insgesamt"), total),)
        yield Group("total", "", "counts", lines)
    yield from several_of(cases, "emphasis", _("Schwerpunkte"))


def _closed(material: Material, _: Say) -> Iterator[Group]:
    """How a case ended is asked of closed ones alone: a table of these crosses nothing."""
    cases = material.cases
    yield from shares_of(cases, "closed")
    yield from shares_of(_over(cases), "tied_in")
    yield from shares_of(_over(cases), "secured_housing")
    if "continued" in cases.columns:
        going_on = len(cases.where("continued", YES).rows)
        line = Line(YES, _("Über den Zeitraum hinaus begleitet"), going_on)
        yield Group("continued", "", "counts", (line,))


def _renewed(material: Material, _: Say) -> Iterator[Group]:
    for group in shares_of(_over(material.cases), "renewed_contact"):
        labels = {YES: _("Wieder gemeldet"), NO: _("Stabil angebunden")}
        lines = (replace(line, label=labels.get(line.key, line.label)) for line in group.lines)
        yield replace(group, lines=tuple(lines))


def _target(material: Material, _: Say) -> Iterator[Group]:
    if "gender" not in material.cases.columns:
        return
    women = len(material.cases.where("gender", WOMAN).rows)
    yield Group("women", "", "counts", (Line("women", _("Begleitete Frauen"), women),))


def with_target(found: Sequence[Figure], months: int, year: int, _: Say) -> tuple[Figure, ...]:
    """The figures of so many months, with the women to be accompanied in a year beside them."""
    return tuple(_targeted(one, months, year, _) if one.key == "target" else one for one in found)


def _targeted(figure: Figure, months: int, year: int, _: Say) -> Figure:
    pro_rata = round(year * months / _MONTHS)
    title = _("Anteil am Ziel für den Zeitraum")
    women = replace(figure.groups[0], title=title, kind="several", base=pro_rata)
    lines = (
        Line("period", _("Ziel für den Zeitraum, anteilig"), pro_rata),
        Line("year", _("Ziel im Jahr"), year),
    )
    return replace(figure, groups=(women, Group("target", "", "values", lines)))


def _prevention(material: Material, _: Say) -> Iterator[Group]:
    """Who came with a home of her own and has a secured one at the end did not lose it."""
    title = _("Kam mit eigener Wohnung, abgeschlossen")
    for group in within(material, _over_with_home, "secured_housing", title, besides=_over):
        labels = {YES: _("Wohnraum am Ende gesichert"), NO: _("Wohnraum am Ende nicht gesichert")}
        lines = (replace(line, label=labels.get(line.key, line.label)) for line in group.lines)
        yield replace(group, key="prevention", lines=tuple(lines))


def _reasons(material: Material, _: Say) -> Iterator[Group]:
    yield from several_of(material.cases, "reason", "")


def _waited(material: Material, _: Say) -> Iterator[Group]:
    """Days from a referral until a counsellor took it up."""
    labels = (_("am selben Tag"), _("1 bis 3 Tage"), _("4 bis 7 Tage"), _("mehr als 7 Tage"))
    lines = [
        Line(str(low), label, sum(low <= days <= high for days in material.waited))
        for (low, high), label in zip(WAITED, labels, strict=True)
    ]
    if material.waited:
        yield shares("waited", "", lines)


def _satisfaction(material: Material, _: Say) -> Iterator[Group]:
    interviews = material.interviews
    items = satisfaction.complete(interviews.rows)
    if not interviews.rows or not set(satisfaction.ITEMS) <= interviews.columns.keys():
        return
    lines = [
        Line(str(low), _span(low, high), satisfaction.in_band(items, low, high))
        for low, high in satisfaction.BANDS
    ]
    missing = len(interviews.rows) - len(items)
    yield shares("index", _("Index aus acht Aussagen, 8 bis 32"), lines, missing)
    mean, alpha = satisfaction.average(items), satisfaction.alpha(items)
    values = [Line("mean", _("Mittelwert des Index"), round(mean, 1))] if mean else []
    if alpha is not None:
        values.append(Line("alpha", _("Cronbachs Alpha"), round(alpha, 2)))
    yield Group("values", "", "values", tuple(values))
    for item in satisfaction.ITEMS:
        yield from shares_of(interviews, item)


def _span(low: int, high: int) -> str:
    return f"{low}–{high}" if high > low else str(low)


def _lacking(material: Material, _: Say) -> Iterator[Group]:
    yield from several_of(material.interviews, "lacking", "")


def _of(name: str) -> _Build:
    """The shares of one question about a case."""
    return lambda material, _: shares_of(material.cases, name)


def _heard(name: str) -> _Build:
    """The shares of one question of the interviews with clients."""
    return lambda material, _: shares_of(material.interviews, name)


def _women(cases: Told) -> Told:
    return cases.where("gender", WOMAN)


def _over(cases: Told) -> Told:
    return cases.where("closed", YES)


def _over_with_home(cases: Told) -> Told:
    return _over(cases).where("housing", "own_flat")
