"""Who looks after every single answer learns of nobody what she said: every course of things."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, product
from threading import Thread
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core import keyring, resealing, rotation
from core.people import SignedIn
from core.vault import Tampered
from surveys import tallies
from surveys.agreement import compare, kappa_of
from surveys.tallies import Rules, Table, Tally
from tests.support.entered import DAY
from tests.support.house import House

RULES = Rules(least=5, percent=75)
World = Sequence[Any]  # what each woman says, in the order of their coming
Looks = Sequence[int]  # after which of them somebody looks


def judged(world: World, looks: Looks) -> Iterator[object]:
    """What a table of reasons tells at each look."""
    table = Table()
    for number in looks:
        new = table.group(map(str, range(number)), RULES.least)
        group = [(world[int(one)],) for one in new]
        table.add_unless(alike=RULES.too_alike(group), group=group)
        yield (table.size, table.left_out, *sorted(table.said.items()))


def compared(world: World, looks: Looks) -> Iterator[object]:
    """What the line of a question that was entered twice tells at each look."""
    table, every = Table(), Table()
    for number in looks:
        new = every.group(map(str, range(number)), RULES.least)
        told = [world[int(one)] for one in new]
        every.add([{"same"} if first == second else () for first, second in told])
        compare(table, told, RULES)
        yield (every.size, every.said["same"], table.size, kappa_of(table))


def surest(
    worlds: Iterator[World], tell: Callable[[World], object], of: Callable[[World], Sequence[Any]]
) -> float:
    """How sure somebody who holds all worlds for equally likely gets of one thing at the most."""
    told = defaultdict(list)
    for world in worlds:
        told[tell(world)].append(of(world))
    return max(
        max(Counter(column).values()) / len(possible)
        for possible in told.values()
        for column in zip(*possible, strict=True)
    )


def each(world: World) -> World:
    return world


def same_as_another(world: World) -> Sequence[bool]:
    return [one == other for one, other in combinations([first for first, _ in world], 2)]


@pytest.mark.parametrize("women", [5, 6, 7, 11])
def test_reasons__looked_at_after_each_woman_tell_of_none(women: int) -> None:
    def tell(world: World) -> object:
        return tuple(judged(world, range(1, women + 1)))

    assert surest(product("ab", repeat=women), tell, each) <= 0.75


@pytest.mark.parametrize("women", [5, 6, 7])
def test_reasons__of_three_kinds_tell_of_none(women: int) -> None:
    def tell(world: World) -> object:
        return tuple(judged(world, range(1, women + 1)))

    assert surest(product("abc", repeat=women), tell, each) <= 0.75


@pytest.mark.parametrize("looks", [(4, 5), (5, 9), (6, 11), (3, 8), (1, 7, 10), (10,)])
def test_reasons__looked_at_now_and_then_tell_of_none(looks: Looks) -> None:
    def tell(world: World) -> object:
        return tuple(judged(world, looks))

    assert surest(product("ab", repeat=11), tell, each) <= 0.75


def test_kappa__looked_at_after_each_pair_tells_of_no_two_that_they_said_the_same() -> None:
    def tell(world: World) -> object:
        return tuple(compared(world, range(1, 7)))

    worlds = product(tuple(product("ab", repeat=2)), repeat=6)
    assert surest(worlds, tell, same_as_another) <= 0.75


def test_kappa__of_pairs_that_always_agree_tells_of_no_two_that_they_said_the_same() -> None:
    def tell(world: World) -> object:
        return tuple(compared(world, range(1, 8)))

    worlds = product((("a", "a"), ("b", "b"), ("c", "c")), repeat=7)
    assert surest(worlds, tell, same_as_another) <= 0.75


def test_share__is_broken_by_more_than_it_alone() -> None:
    assert not RULES.too_alike([("a",)] * 3 + [("b",)])
    assert RULES.too_alike([("a",)] * 4 + [("b",)])
    assert RULES.too_alike([("a", "b"), ("b",), ("a", "b"), ("b",)])
    assert not RULES.too_alike([("a", "a"), ("a",), ("b",), ("c", "b")])


def kept(session: Session, who: SignedIn) -> dict[str, Table]:
    with tallies.counting(session, who, "client") as tables:
        return dict(tables)


def count(session: Session, who: SignedIn, *ids: str) -> set[str]:
    """Count these in one table; return who is counted."""
    with tallies.counting(session, who, "client") as tables:
        new = tables["one"].group(ids, RULES.least)
        tables["one"].add([("said",)] * len(new))
        return {*tables["one"].counted}


def test_tally__is_kept_as_it_was_told(either_house: House) -> None:
    eva = either_house.staff["Eva"]
    with either_house.database.transaction() as session:
        count(session, eva, *"abcde")
        count(session, eva, *"fghi")
    with either_house.database.transaction() as session:
        assert kept(session, eva)["one"] == Table({*"abcde"}, 5, 0, Counter(said=5))


def test_tally__is_sealed_and_opens_in_its_place_alone(house: House) -> None:
    eva = house.staff["Eva"]
    with house.database.transaction() as session:
        count(session, eva, *"abcde")
        row = session.get_one(Tally, "client")
        assert b"said" not in row.content
        with pytest.raises(keyring.NotGranted):
            kept(session, house.staff["Ines"])
        session.add(Tally(questionnaire="other", service_key_id=row.service_key_id, content=b""))
        session.get_one(Tally, "other").content = row.content
        session.flush()
        with pytest.raises(Tampered), tallies.counting(session, eva, "other"):
            pass


def test_tally__two_who_look_at_once_count_one_after_the_other(either_house: House) -> None:
    eva, seen = either_house.staff["Eva"], []
    with either_house.database.transaction() as session:
        count(session, eva)

    def look() -> None:
        with either_house.database.transaction() as other:
            seen.append(count(other, eva, *"abcdef"))

    beside = Thread(target=look)
    with (
        either_house.database.transaction() as session,
        tallies.counting(session, eva, "client") as tables,
    ):
        beside.start()
        beside.join(0.5)
        assert beside.is_alive()
        tables["one"].group("abcde", RULES.least)
    beside.join()

    assert seen == [{*"abcde"}]


def test_tally__opens_with_the_newest_key_after_it_was_changed(either_house: House) -> None:
    karin, eva = either_house.staff["Karin"], either_house.staff["Eva"]
    with either_house.database.transaction() as session:
        count(session, eva, *"abcde")
        before = session.get_one(Tally, "client").service_key_id
        rotation.rotate(session, karin.person.id, keyring.PURPOSES, DAY)
        run = resealing.Run()
        while resealing.batch(session, karin.keys, karin.person.id, run):
            pass
    with either_house.database.transaction() as session:
        assert session.get_one(Tally, "client").service_key_id > before
        now = SignedIn(eva.person, eva.pair, keyring.collect(session, eva.pair))
        assert kept(session, now)["one"].counted == {*"abcde"}
