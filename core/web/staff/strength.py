"""How easily a passphrase is guessed, in words for who chooses one."""

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, validators

from core import passphrases
from core.passphrases import Verdict
from core.web.forms import StaffForm, told

WORDS = (
    _l("sehr schwach"),
    _l("schwach"),
    _l("mittel"),
    _l("stark"),
    _l("sehr stark"),
)
FAMILIAR = _l("Ihr Name, Orte von hier und Wörter, die viele nehmen, sind leicht zu erraten.")
_COMMON = _l("Dieses Passwort nehmen sehr viele Menschen.")
_LONGER = _l("Nehmen Sie 1 oder 2 Wörter dazu, am besten seltene.")
_REPEATED = _l("Was sich wiederholt, ist leicht zu erraten.")
_ROWS = _l("Tasten, die nebeneinander liegen, sind leicht zu erraten.")
_SEQUENCE = _l("Reihen wie abc oder 6543 sind leicht zu erraten.")
_YEARS = _l("Jahre und Daten, die zu Ihnen gehören, sind leicht zu erraten.")
_NAMES = _l("Vornamen und Nachnamen sind leicht zu erraten.")
_CAPITALS = _l("Große Buchstaben helfen wenig.")
# What zxcvbn may say, in our words; two of its sentences may be one of ours.
REASONS = {
    "Use a few words, avoid common phrases.": _LONGER,
    "No need for symbols, digits, or uppercase letters.": _l(
        "Sonderzeichen, Ziffern und große Buchstaben sind nicht nötig."
    ),
    "Add another word or two. Uncommon words are better.": _LONGER,
    "Straight rows of keys are easy to guess.": _ROWS,
    "Short keyboard patterns are easy to guess.": _ROWS,
    "Use a longer keyboard pattern with more turns.": _ROWS,
    'Repeats like "aaa" are easy to guess.': _REPEATED,
    'Repeats like "abcabcabc" are only slightly harder to guess than "abc".': _REPEATED,
    "Avoid repeated words and characters.": _REPEATED,
    'Sequences like "abc" or "6543" are easy to guess.': _SEQUENCE,
    "Avoid sequences.": _SEQUENCE,
    "Recent years are easy to guess.": _YEARS,
    "Avoid recent years.": _YEARS,
    "Avoid years that are associated with you.": _YEARS,
    "Dates are often easy to guess.": _YEARS,
    "Avoid dates and years that are associated with you.": _YEARS,
    "This is a top-10 common password.": _COMMON,
    "This is a top-100 common password.": _COMMON,
    "This is a very common password.": _COMMON,
    "This is similar to a commonly used password.": _l(
        "Das ist einem Passwort ähnlich, das viele Menschen nehmen."
    ),
    "A word by itself is easy to guess.": _l("Ein Wort allein ist leicht zu erraten."),
    "Names and surnames by themselves are easy to guess.": _NAMES,
    "Common names and surnames are easy to guess.": _NAMES,
    "Capitalization doesn't help very much.": _CAPITALS,
    "All-uppercase is almost as easy to guess as all-lowercase.": _CAPITALS,
    "Reversed words aren't much harder to guess.": _l(
        "Wörter rückwärts zu schreiben, hilft wenig."
    ),
    "Predictable substitutions like '@' instead of 'a' don't help very much.": _l(
        "Ziffern oder Zeichen an der Stelle von Buchstaben helfen wenig."
    ),
}


class NewPassphraseForm(StaffForm):
    """A new passphrase, typed twice; what was tried is judged, and never shown again."""

    passphrase = PasswordField(validators=[validators.InputRequired(), validators.Length(max=500)])
    again = PasswordField(validators=[validators.InputRequired(), validators.Length(max=500)])
    verdict: Verdict | None = None

    def will_do(self, name: str) -> bool:
        """Say whether `name` may take what she typed; False when she only wants it judged."""
        tried = self.text("passphrase")
        if tried:
            self.verdict = passphrases.judge(tried, name)
        if request.form.get("go") == "judge" or not self.validate():
            return False
        if self.verdict is None or not self.verdict.good:
            told(self.passphrase, _refusal(self.verdict))
        elif tried != self.text("again"):
            told(self.again, _("Die beiden Passwort-Sätze sind verschieden."))
        return not self.errors

    @property
    def word(self) -> str:
        """How strong what she tried is."""
        return str(WORDS[self.verdict.score]) if self.verdict else ""

    @property
    def advice(self) -> list[str]:
        """Why what she tried is easy to guess, and what helps; nothing when it is strong."""
        if self.verdict is None or self.verdict.good:
            return []
        reasons = [FAMILIAR] if self.verdict.familiar else []
        reasons += [REASONS[reason] for reason in self.verdict.reasons]
        return list(dict.fromkeys(str(reason) for reason in (*reasons, _LONGER)))


def _refusal(verdict: Verdict | None) -> str:
    if verdict is None or not verdict.long_enough:
        return str(_("Bitte nehmen Sie mindestens %(n)s Zeichen.", n=passphrases.LENGTH))
    return str(_("Dieser Passwort-Satz ist zu leicht zu erraten. Bitte wählen Sie einen anderen."))
