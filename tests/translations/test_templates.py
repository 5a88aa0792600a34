"""Templates say nothing that cannot be translated."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
GETTEXT = {"_", "gettext", "ngettext"}
# The name of the service is no German.
UNTRANSLATED = {"zugang"}
# A macro may write attributes only; the parser takes them for text.
ATTRIBUTE = re.compile(r'aria-(?:describedby|invalid)="[^"]*"')
READ_ALOUD = {"aria-label", "aria-description", "title", "alt", "placeholder"}


class Texts(HTMLParser):
    """Collects what a person reads or hears of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.found |= {value for name, value in attrs if name in READ_ALOUD and value}

    def handle_data(self, data):
        self.found.add(ATTRIBUTE.sub("", data).strip())


def written(template: str) -> set[str]:
    """Return the words of a template that stand outside its expressions."""
    parser = Texts()
    lexed = Environment(autoescape=True).lex(template)
    parser.feed("".join(value for _, kind, value in lexed if kind == "data"))
    parser.close()
    return {text for text in parser.found if re.search(r"[^\W\d_]", text)}


def quoted(template: str) -> set[str]:
    """Return the strings inside expressions that look like words for people, gettext's left out."""
    tree = Environment(autoescape=True).parse(template)
    calls = [call for call in tree.find_all(nodes.Call) if called(call) in GETTEXT]
    translated = {id(text) for call in calls for text in call.args}
    return {
        text.value
        for text in tree.find_all(nodes.Const)
        if isinstance(text.value, str)
        and id(text) not in translated
        and re.search(r"[^\W\d_]", text.value)
        and not re.fullmatch(r"[a-z0-9_./-]+", text.value)
    }


def called(call: nodes.Call) -> str:
    return call.node.name if isinstance(call.node, nodes.Name) else ""


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_templates__say_nothing_outside_gettext(template):
    text = template.read_text("utf-8")
    assert written(text) <= UNTRANSLATED
    assert quoted(text) == set()


@pytest.mark.parametrize(
    "template",
    [
        "<p>Weiter</p>",
        '<a aria-label="Zurück">{{ _("Zurück") }}</a>',
        '{% if true %}<img alt="Bild" src="x">{% endif %}',
        "{{ _('Weiter') }} zum Ende",
        '{{ text("Weiter gehen") }}',
        "{% set title = 'Kontakt' %}",
        '{{ _("%(name)s", name="Weiter gehen") }}',
    ],
)
def test_templates__words_outside_gettext_are_found(template):
    assert written(template) | quoted(template)
