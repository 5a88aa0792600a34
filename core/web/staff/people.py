"""The coordinator's pages of staff: who is there, inviting, a new link, another task, leaving."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField, validators
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # stubs lag

from core import invitations, notices, people, staffing
from core.notices import NOTIFIED, WAITING
from core.people import COUNSELLOR, NotHers, Person
from core.web.access import requires, signed_in
from core.web.forms import StaffForm, told
from core.web.services import db, now, today
from core.web.staff.signing_in import TAKEN
from core.web.words import PARTS, ROLES

pages = Blueprint("people", __name__, url_prefix="/staff/people")

_ONE = "/<int(max=2147483647):person_id>"  # as large as the database counts


class TaskForm(StaffForm):
    """What somebody does, and for which part of the county."""

    role = SelectField(choices=[SelectChoice(*role) for role in ROLES.items()])
    part = SelectField(choices=[SelectChoice(*part) for part in PARTS.items()])

    @property
    def chosen(self) -> tuple[str, str]:
        """The role, and the part of the county where the role has one."""
        return self.text("role"), self.text("part") if self.role.data == COUNSELLOR else ""


class InviteForm(TaskForm):
    """Whom to invite, and as what."""

    name = StringField(validators=[validators.DataRequired(), validators.Length(max=100)])


@pages.get("")
@requires("people")
def everyone() -> str:
    """List the staff, and offer to invite somebody."""
    return _people(InviteForm(role=COUNSELLOR))


@pages.post("")
@requires("people")
def invite() -> str:
    """Invite a person; her one-time link is shown once."""
    form = InviteForm()
    if not form.validate():
        return _people(form)
    if not people.is_free(db(), form.text("name")):
        told(form.name, TAKEN)
        return _people(form)
    token = invitations.invite(db(), signed_in(), form.text("name"), *form.chosen, now())
    return _link(form.text("name"), token)


@pages.get(_ONE)
@requires("people")
def person(person_id: int) -> str:
    """Show one person, and what can be changed."""
    return _show("person", _find(person_id))


@pages.get(f"{_ONE}/link")
@requires("people")
def ask_link(person_id: int) -> str:
    """Say what a new link means."""
    return _show("renew", _find(person_id))


@pages.post(f"{_ONE}/link")
@requires("people")
def renew(person_id: int) -> str:
    """Let a person begin anew; her one-time link is shown once."""
    found = _find(person_id)
    return _link(found.name, staffing.renew(db(), signed_in(), found, now()))


@pages.get(f"{_ONE}/leave")
@requires("people")
def ask_leave(person_id: int) -> str:
    """Say what leaving means."""
    return _show("leave", _find(person_id))


@pages.post(f"{_ONE}/leave")
@requires("people")
def leave(person_id: int) -> Response:
    """Let a person go."""
    staffing.revoke(db(), signed_in().person.id, _find(person_id), today())
    return redirect(url_for("people.everyone"), 303)


@pages.get(f"{_ONE}/task")
@requires("people")
def ask_task(person_id: int) -> str:
    """Ask for another task, and say what it means."""
    found = _find(person_id)
    return _show("task", found, TaskForm(role=found.role, part=found.part))


@pages.post(f"{_ONE}/task")
@requires("people")
def assign(person_id: int) -> str | Response:
    """Give a person another task."""
    found, form = _find(person_id), TaskForm()
    if not form.validate():
        return _show("task", found, form)
    staffing.assign(db(), signed_in(), found, *form.chosen, today())
    return redirect(url_for("people.person", person_id=found.id), 303)


def _find(person_id: int) -> Person:
    found = db().get(Person, person_id)
    if found is None:
        raise NotHers
    return found


def _people(form: InviteForm) -> str:
    everyone = people.everyone(db())
    return render_template(
        "staff/people.html",
        form=form,
        people=everyone,
        unheard=people.unread_parts(everyone),
        silent=people.unread_parts(one for one in everyone if one.mail),
        notified=NOTIFIED,
        waiting=notices.is_told(db(), signed_in().person.id, WAITING),
    )


def _link(name: str, token: str) -> str:
    link = url_for("staff.accept", token=token, _external=True)
    return render_template("staff/invited.html", link=link, name=name)


def _show(page: str, found: Person, form: TaskForm | None = None) -> str:
    return render_template(
        f"staff/{page}.html",
        person=found,
        form=form,
        unfinished=staffing.unfinished(db(), found),
        indispensable=staffing.is_indispensable(db(), found),
    )
