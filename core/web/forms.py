"""Parent of the staff's own small forms."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field

MESSAGES = {
    "This field is required.": _l("Bitte ausfüllen."),
    "Not a valid choice.": _l("Diese Antwort steht nicht zur Auswahl."),
}
_OTHERWISE = _l("Diese Eingabe passt hier nicht.")


class _Words:
    """WTForms' own messages in the language of the page."""

    def gettext(self, text: str) -> str:
        return str(MESSAGES.get(text, _OTHERWISE))

    def ngettext(self, singular: str, _plural: str, _count: int) -> str:
        return self.gettext(singular)


class StaffForm(FlaskForm):  # type: ignore[misc] # flask_wtf is untyped
    """A form whose token is checked before any view runs, so it carries none of its own."""

    class Meta:
        """WTForms' knobs."""

        csrf = False

        def get_translations(self, _form: Any) -> _Words:
            """Speak the language of the page."""
            return _Words()

    def text(self, name: str) -> str:
        """Return what was typed in a field, "" for nothing."""
        return self[name].data or ""


def told(field: Field, message: str) -> None:
    """Add a mistake that only the whole form can see."""
    field.errors = [*field.errors, message]
