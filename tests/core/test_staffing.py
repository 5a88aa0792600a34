"""People leave, forget, change their task: each holds what her role needs, no more."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import (
    drafts,
    invitations,
    keyring,
    passphrases,
    people,
    records,
    rotation,
    staffing,
    versions,
)
from core.invitations import Invitation, InvitationGone
from core.keyring import PURPOSES, NotGranted
from core.people import Person, SignedIn
from core.presence import Presence
from core.staffing import LastCoordinator
from core.vault import Tampered
from surveys import interviews
from tests.core.changing import (
    DAY,
    NAME,
    OWN,
    again,
    holds_the_newest,
    is_locked_out,
    lines,
    person,
    purposes,
    referral,
    second_coordinator,
    sits_somewhere,
)
from tests.support.house import CHEAP, NOW, PASSPHRASE, House


def test_revoke__she_holds_nothing_and_what_she_held_is_rotated(
    session: Session, either_house: House, karin: SignedIn
) -> None:
    nora = again(session, "Nora")
    before, held = referral(session, 1), purposes(session, nora)
    newest = {purpose: keyring.newest(session, purpose).id for purpose in PURPOSES}
    sits_somewhere(session, nora.person)
    staffing.revoke(session, karin.person.id, nora.person, DAY)
    assert purposes(session, nora) == set()
    assert is_locked_out(session, nora.person)
    assert not session.scalar(select(func.count()).select_from(Invitation))
    assert passphrases.sign_in(session, "Nora", PASSPHRASE) is None
    assert nora.person.left == DAY
    changed = {one for one in PURPOSES if keyring.newest(session, one).id != newest[one]}
    assert changed == held == {"contact-north", "contact-county", "answers"}
    after = referral(session, 2)
    old_keys = nora.keys
    assert records.open_identity(session, before, old_keys)[NAME] == "Amsel 1"
    for opener in (records.open_identity, records.open_answers):
        with pytest.raises(NotGranted):
            opener(session, after, old_keys)
    assert records.open_identity(session, after, again(session, "Karin").keys)[NAME] == "Amsel 2"
    assert f"person:{nora.person.id}" in lines(session, "revoked")


def test_revoke__later_rotations_pass_her_by(session: Session, karin: SignedIn) -> None:
    nora = again(session, "Nora")
    staffing.revoke(session, karin.person.id, nora.person, DAY)
    rotation.rotate(session, karin.person.id, PURPOSES, DAY)
    assert purposes(session, nora) == set()


def test_revoke__who_was_invited_only_cannot_come_any_more(
    session: Session, karin: SignedIn
) -> None:
    token = invitations.invite(session, karin, "Olga", people.EVALUATOR, "", NOW)
    staffing.revoke(session, karin.person.id, person(session, "Olga"), DAY)
    with pytest.raises(InvitationGone):
        invitations.accept(session, token, "Olga", OWN, NOW, CHEAP)


def test_revoke__the_last_coordinator_stays(session: Session, karin: SignedIn) -> None:
    invitations.invite(session, karin, "Olga", people.COORDINATOR, "", NOW)  # has not come yet
    for deed in (
        lambda: staffing.revoke(session, karin.person.id, karin.person, DAY),
        lambda: staffing.renew(session, karin, karin.person, NOW),
        lambda: staffing.assign(session, karin, karin.person, people.EVALUATOR, "", DAY),
    ):
        with pytest.raises(LastCoordinator):
            deed()
    assert purposes(session, karin) == set(PURPOSES)


def test_revoke__of_two_coordinators_one_may_go(session: Session, karin: SignedIn) -> None:
    olga = second_coordinator(session, karin)
    assert purposes(session, olga) == set(PURPOSES)
    staffing.revoke(session, olga.person.id, karin.person, DAY)
    assert purposes(session, karin) == set()
    assert staffing.is_indispensable(session, olga.person)


def test_revoke__her_unfinished_work_opens_to_nobody_and_is_kept(
    session: Session, karin: SignedIn
) -> None:
    ines = again(session, "Ines")
    version = versions.current(session, "client")
    draft = interviews.begin(session, ines, version, b"half an interview", DAY)
    assert staffing.unfinished(session, ines.person) == 1
    staffing.revoke(session, karin.person.id, ines.person, DAY)
    with pytest.raises(Tampered):
        drafts.read(ines, draft)
    token = staffing.renew(session, karin, ines.person, NOW)
    invitations.accept(session, token, "Ines", OWN, NOW, CHEAP)
    back = again(session, "Ines", OWN)
    assert back.person.left is None
    assert drafts.read(back, draft) == b"half an interview"


def test_renew__a_forgotten_passphrase_costs_nothing_but_a_new_link(
    session: Session, karin: SignedIn
) -> None:
    nora, before = again(session, "Nora"), referral(session, 1)
    sits_somewhere(session, nora.person)
    token = staffing.renew(session, karin, nora.person, NOW)
    assert passphrases.sign_in(session, "Nora", PASSPHRASE) is None
    assert purposes(session, nora) == set()
    assert is_locked_out(session, nora.person)
    assert len(session.scalars(select(Invitation)).all()) == 1
    after = referral(session, 2)
    invitations.accept(session, token, "Nora", OWN, NOW, CHEAP)
    back = again(session, "Nora", OWN)
    assert back.person.id == nora.person.id
    assert purposes(session, back) == {"contact-north", "contact-county", "answers"}
    for response in (before, after):
        assert records.open_identity(session, response, back.keys)[NAME].startswith("Amsel")


def test_renew__the_drafts_of_an_interviewer_come_with_her(
    session: Session, either_house: House, karin: SignedIn
) -> None:
    ines = again(session, "Ines")
    version = versions.current(session, "client")
    contents = [f"interview {n}".encode() for n in range(3)]
    for content in contents:
        interviews.begin(session, ines, version, content, DAY)
    rotation.rotate(session, karin.person.id, PURPOSES, DAY)  # the rescue has an older key
    karin = again(session, "Karin")
    token = staffing.renew(session, karin, ines.person, NOW)
    invitations.accept(session, token, "Ines", OWN, NOW, CHEAP)
    back = again(session, "Ines", OWN)
    found = [drafts.read(back, draft) for draft, _ in drafts.mine(session, back)]
    assert sorted(found) == contents


def test_renew__who_holds_no_key_cannot_give_one(session: Session, either_house: House) -> None:
    eva, nora = again(session, "Eva"), person(session, "Nora")
    with pytest.raises(NotGranted):
        staffing.renew(session, eva, nora, NOW)


@pytest.mark.parametrize(
    ("name", "role", "part", "gone"),
    [
        ("Nora", people.COUNSELLOR, "south", {"contact-north"}),
        ("Nora", people.COUNSELLOR, "both", set()),
        ("Nora", people.EVALUATOR, "", {"contact-north", "contact-county"}),
        ("Nora", people.INTERVIEWER, "", {"contact-north", "contact-county", "answers"}),
        ("Eva", people.COORDINATOR, "", set()),
    ],
)
def test_assign__she_holds_what_the_new_task_needs_and_the_rest_is_rotated(
    session: Session, karin: SignedIn, name: str, role: str, part: str, gone: set[str]
) -> None:
    old = {one: referral(session, n, one) for n, one in enumerate(("north", "south"), 1)}
    newest = {purpose: keyring.newest(session, purpose).id for purpose in PURPOSES}
    sits_somewhere(session, person(session, name))
    staffing.assign(session, karin, person(session, name), role, part, DAY)
    who = again(session, name)
    assert purposes(session, who) == set(who.person.purposes)
    assert holds_the_newest(session, who, *who.person.purposes)
    changed = {one for one in PURPOSES if keyring.newest(session, one).id != newest[one]}
    assert changed == gone
    assert not session.scalar(select(func.count()).select_from(Presence))
    for one, response in old.items():
        if f"contact-{one}" in who.person.purposes:
            assert records.open_identity(session, response, who.keys)[NAME]
        else:
            with pytest.raises(NotGranted):
                records.open_identity(session, response, who.keys)


def test_accept__a_renewed_link_runs_out_like_any_other(session: Session, karin: SignedIn) -> None:
    nora = person(session, "Nora")
    token = staffing.renew(session, karin, nora, NOW)
    later: datetime = NOW + timedelta(hours=invitations.HOURS, seconds=1)
    with pytest.raises(InvitationGone):
        invitations.accept(session, token, "Nora", OWN, later, CHEAP)
    token = staffing.renew(session, karin, nora, later)
    invitations.accept(session, token, "Nora", OWN, later, CHEAP)
    assert purposes(session, again(session, "Nora", OWN))


def test_renew__a_draft_that_somebody_changed_keeps_nobody_outside(
    session: Session, karin: SignedIn
) -> None:
    ines = again(session, "Ines")
    version = versions.current(session, "client")
    whole, broken = (interviews.begin(session, ines, version, b"half", DAY) for _ in range(2))
    broken.rescue = b"x" * 300
    token = staffing.renew(session, karin, ines.person, NOW)
    invitations.accept(session, token, "Ines", OWN, NOW, CHEAP)
    back = again(session, "Ines", OWN)
    assert drafts.read(back, whole) == b"half"
    with pytest.raises(Tampered):
        drafts.read(back, broken)
    assert lines(session, "refused") == [f"draft:{broken.id}"]


def test_renew__a_draft_from_before_is_rescued_once_she_has_seen_it(
    session: Session, karin: SignedIn
) -> None:
    ines = again(session, "Ines")
    version = versions.current(session, "client")
    draft = interviews.begin(session, ines, version, b"half", DAY)
    draft.rescue = draft.rescue_key_id = None
    session.flush()
    assert drafts.mine(session, ines) == [(draft, version)]
    token = staffing.renew(session, karin, ines.person, NOW)
    invitations.accept(session, token, "Ines", OWN, NOW, CHEAP)
    assert drafts.read(again(session, "Ines", OWN), draft) == b"half"


def test_revoke__two_who_send_each_other_away_at_the_same_moment_leave_one(
    either_house: House,
) -> None:
    with either_house.database.transaction() as session:
        karin = again(session, "Karin")
        olga = second_coordinator(session, karin)
    both_are_here = Barrier(2)

    def send_away(by: SignedIn, other: SignedIn) -> bool:
        try:
            with either_house.database.transaction() as session:
                found = session.get_one(Person, other.person.id)
                both_are_here.wait()
                staffing.revoke(session, by.person.id, found, DAY)
        except LastCoordinator:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(send_away, (karin, olga), (olga, karin)))
    assert sorted(done) == [False, True]


def test_copy__of_what_was_sent_goes_with_her_key(house: House) -> None:
    ines = house.staff["Ines"]
    with house.database.transaction() as session:
        version = versions.current(session, "client")
        sent, begun = (interviews.begin(session, ines, version, b"half", DAY) for _ in range(2))
        drafts.submit(session, ines, sent, b"whole", DAY)
        assert staffing.unfinished(session, ines.person) == 1
    with house.database.transaction() as session:
        person = session.get_one(Person, ines.person.id)
        staffing.revoke(session, house.staff["Karin"].person.id, person, DAY)
        assert [one.id for one in session.scalars(select(drafts.Draft))] == [begun.id]
