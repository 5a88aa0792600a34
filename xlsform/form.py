"""The compiled form: immutable, made from XForm XML once, shared by all fillings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from lxml import etree

from xlsform.cache import Cache
from xlsform.compiling import Compiler
from xlsform.ordering import Step
from xlsform.pages import Grouping
from xlsform.questions import MISSING, Choice, FormError, Page, Question
from xlsform.template import FirstLoad, Template, secondary_documents, template_of
from xlsform.texts import Wording
from xlsform.tree import Node
from xlsform.xform import XForm

__all__ = ["MISSING", "Choice", "Form", "FormError", "Page", "Question", "compile_form"]


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A questionnaire ready to be filled; compared by identity.

    `visible_questions` are those on pages, in the order of the pages; `groups` and `defaulted` are
    paths; `classes` keeps what the web forms are made of.
    """

    id: str
    title: str
    version: str
    languages: tuple[str, ...]
    default_language: str
    root_name: str
    questions: Mapping[str, Question]
    pages: tuple[Page, ...]
    template: Template
    steps: tuple[Step, ...]
    first_load: tuple[FirstLoad, ...]
    instances: Mapping[str, Node]
    itext: Mapping[str, Wording]
    groups: frozenset[str]
    defaulted: frozenset[str]
    visible_questions: tuple[Question, ...]
    classes: Cache = field(default_factory=Cache, repr=False)


def compile_form(xml: str) -> Form:
    """Return the form that XForm XML describes.

    Raises FormError, in plain words and with the question's name, for what cannot run here: an
    unknown type, an expression that cannot be read, conditions that depend on each other.
    """
    xform = XForm(xml)
    instances = secondary_documents(xform)
    template = template_of(xform)
    compiler = Compiler(xform, instances, template)
    questions = compiler.questions()
    pages = tuple(Grouping(questions, compiler.group_label).pages(xform.body))
    first_load = compiler.first_load()
    root = xform.instance
    return Form(
        id=root.get("id", ""),
        title=xform.title,
        version=root.get("version", ""),
        languages=xform.languages,
        default_language=xform.languages[0],
        root_name=etree.QName(root).localname,
        questions=MappingProxyType(questions),
        pages=pages,
        template=template,
        steps=compiler.steps(questions),
        first_load=first_load,
        instances=MappingProxyType(instances),
        itext=MappingProxyType(
            {key: xform.itext(key, "") for key, form in xform.texts if not form}
        ),
        groups=template.groups,
        defaulted=template.defaulted | {default.path for default in first_load},
        visible_questions=tuple(question for page in pages for question in page.questions),
    )
