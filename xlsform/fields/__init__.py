"""Web forms: what is asked on a page, as WTForms fields, and what was sent read back."""

from xlsform.fields.base import MESSAGES, QuestionField
from xlsform.fields.page import FIELDS, PageForm, field_name, page_form, question_text

__all__ = [
    "FIELDS",
    "MESSAGES",
    "PageForm",
    "QuestionField",
    "field_name",
    "page_form",
    "question_text",
]
