"""The compiled form: immutable, made from XForm XML once, shared by all fillings."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from lxml import etree

from xlsform.actions import Actions, actions_of
from xlsform.attached import Documents, Files
from xlsform.cache import Cache
from xlsform.compiling import Compiler
from xlsform.lists import Lists
from xlsform.ordering import Step
from xlsform.pages import Grouping
from xlsform.questions import MISSING, Choice, FormError, Outline, Page, Question, flat
from xlsform.slots import Slot
from xlsform.template import Template, template_of
from xlsform.texts import Wording
from xlsform.tree import Node
from xlsform.xform import XForm
from xlsform.xpath import Instances

__all__ = ["MISSING", "Choice", "Form", "FormError", "Page", "Question", "compile_form"]


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A questionnaire ready to be filled; compared by identity.

    `questions` are by path, without the numbers of instances of repeats; `outline` is the way
    through the pages, `pages` are all of them, those of repeats once. `defaulted` are the paths of
    questions that start with a value. `classes` keeps what the web forms are made of, `placed` the
    pages of instances.
    """

    id: str
    title: str
    version: str
    languages: tuple[str, ...]
    default_language: str
    root_name: str
    questions: Mapping[str, Question]
    outline: Outline
    template: Template
    steps: tuple[Step, ...]
    actions: Actions
    instances: Mapping[str, Node]
    itext: Mapping[str, Wording]
    defaulted: frozenset[str]
    pages: tuple[Page, ...]
    visible_questions: tuple[Question, ...]
    classes: Cache = field(default_factory=Cache, repr=False)
    placed: Cache = field(default_factory=Cache, repr=False)

    def page_at(self, page: Page, instance: Slot) -> Page:
        """Return a page inside a repeat as it is in one instance."""
        return self.placed.get(
            (page.name, instance.path), lambda: _placed(page, instance.spot.path, instance.path)
        )


def _placed(page: Page, generic: str, concrete: str) -> Page:
    def at(path: str) -> str:
        inside = f"{path}/".startswith((f"{generic}/", f"{generic}#"))
        return concrete + path[len(generic) :] if inside else path

    questions = tuple(question.at(at(question.path)) for question in page.questions)
    return replace(page, name=at(page.name), questions=questions)


def compile_form(xml: str, files: Files = MappingProxyType({})) -> Form:
    """Return the form that XForm XML describes; `files` are those that come with it, by name.

    Raises FormError, in plain words and with the question's name, for what cannot run here: an
    unknown type, an expression that cannot be read, conditions that depend on each other.
    """
    xform = XForm(xml)
    documents = Documents(xform, files)
    template = template_of(xform)
    compiler = Compiler(xform, template, Lists(xform, documents))
    questions = compiler.questions()
    outline = Grouping(xform, questions).outline(xform.body)
    actions = actions_of(xform, template)
    pages = tuple(flat(outline))
    root = xform.instance
    return Form(
        id=root.get("id", ""),
        title=xform.title,
        version=root.get("version", ""),
        languages=xform.languages,
        default_language=xform.languages[0],
        root_name=etree.QName(root).localname,
        questions=MappingProxyType(questions),
        outline=outline,
        template=template,
        steps=compiler.steps(questions),
        actions=actions,
        instances=Instances(documents.known),
        itext=MappingProxyType(
            {key: xform.itext(key, "") for key, kind in xform.texts if not kind}
        ),
        defaulted=template.defaulted | actions.started,
        pages=pages,
        visible_questions=tuple(question for page in pages for question in page.questions),
    )
