"""Every type of question on one page: left blank, answered, answered wrongly, and shown again."""

from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from werkzeug.datastructures import FileStorage, MultiDict

from tests.xlsform.builders import NOON, filling_of, form_from
from tests.xlsform.every import every_form
from xlsform.fields import MESSAGES, page_form, question_text
from xlsform.filling import Filling
from xlsform.form import Form

Sent = str | list[str]

# question: (what is sent, what is kept, what stands in the box when the page is shown again)
ANSWERED: dict[str, tuple[Sent, str, str]] = {
    "t": (" Ada ", "Ada", "Ada"),
    "long": ("Eins\r\nZwei", "Eins\nZwei", "Eins\nZwei"),
    "digits": ("0176 04069012", "0176 04069012", "0176 04069012"),
    "i": ("\u0663", "3", "3"),
    "d": ("512,50", "512.5", "512,5"),
    "scale": ("\u0662", "2", "2"),
    "stars": ("4", "4", "4"),
    "size": ("20,5", "20.5", "20,5"),
    "floor": ("-1", "-1", "-1"),
    "day": ("24.12.2026", "2026-12-24", "24.12.2026"),
    "moon": ("3/2026", "2026-03-01", "03/2026"),
    "year": ("\u06f2\u06f0\u06f2\u06f6", "2026-01-01", "2026"),
    "clock": ("14.30", "14:30:00.000+00:00", "14:30"),
    "moment": (["24.12.2026", "14 Uhr"], "2026-12-24T14:00:00.000+00:00", "24.12.2026 14:00"),
    "one": ("yes", "yes", "yes"),
    "list": ("selm", "selm", "selm"),
    "find": (" lünen ", "luenen", "Lünen"),
    "like": ("a2", "a2", "a2"),
    "cols": ("unna", "unna", "unna"),
    "cols3": ("unna", "unna", "unna"),
    "pack": ("unna", "unna", "unna"),
    "side": ("no", "no", "no"),
    "many": (["kamen", "selm"], "selm kamen", "selm kamen"),
    "pet": ("cat", "cat", "cat"),
    "order": (
        ["2:selm", "1:unna", "4:luenen", "3:kamen"],
        "unna selm kamen luenen",
        "unna selm kamen luenen",
    ),
    "row1": ("a1", "a1", "a1"),
    "row2": ("a4", "a4", "a4"),
    "row3": (["a1", "a2"], "a1 a2", "a1 a2"),
    "ok": ("OK", "OK", "OK"),
    "code": ("4006381333931", "4006381333931", "4006381333931"),
    "place": ("51,535 7,689", "51.535 7.689 0 0", "51.535, 7.689"),
    "way": ("1, 2\n3, 4", "1 2 0 0;3 4 0 0", "1, 2\n3, 4"),
    "area": ("1 2\n3 4\n5 6", "1 2 0 0;3 4 0 0;5 6 0 0;1 2 0 0", "1, 2\n3, 4\n5, 6"),
    "odd": ("x", "x", "x"),
}
WRONG: dict[str, tuple[Sent, str]] = {
    "t": ("x" * 10_001, "length"),
    "long": ("x" * 10_001, "length"),
    "i": ("zwei", "integer"),
    "d": ("1.200", "ambiguous"),
    "scale": ("2,5", "integer"),
    "floor": ("hoch", "integer"),
    "size": ("x", "decimal"),
    "day": ("31.02.2026", "date"),
    "moon": ("13/2026", "month"),
    "year": ("26", "year"),
    "clock": ("25:00", "time"),
    "moment": (["24.12.2026", ""], "dateTime"),
    "one": ("maybe", "option"),
    "list": ("nowhere", "option"),
    "like": (["a1", "a2"], "option"),
    "many": (["selm", "nowhere"], "option"),
    "order": (["1:selm", "2:unna"], "rank"),
    "row1": ("a9", "option"),
    "row3": (["a1", "a9"], "option"),
    "ok": ("yes", "option"),
    "place": ("Bahnhof", "geopoint"),
    "way": ("1, 2", "geotrace"),
    "area": ("1, 2\n3, 4", "geoshape"),
}
UPLOADS = {"photo", "sound", "film", "letter"}
NOT_ASKED = {"n", "head", "fixed"}


@pytest.fixture(scope="module")
def every() -> Form:
    return every_form()


def opened(filling: Filling, language: str = "de", **sent: Any) -> Any:
    """The page's form, with `sent` by question name as form data if there is any."""
    made = page_form(filling.form, filling.form.pages[0], filling, language)
    if not sent:
        return made(filling=filling)
    data: MultiDict[str, Any] = MultiDict()
    for name, value in sent.items():
        data.setlist(f"q-g-{name}", value if isinstance(value, list) else [value])
    return made(data, filling=filling)


def test_every_question__is_tried_below(every: Form) -> None:
    names = {question.name for question in every.visible_questions}

    assert names == set(ANSWERED) | UPLOADS | NOT_ASKED


@pytest.mark.parametrize("name", ANSWERED)
def test_answer__is_kept_in_its_canonical_form_and_shown_again(every: Form, name: str) -> None:
    sent, kept, typed = ANSWERED[name]
    filling = filling_of(every)
    form = opened(filling, **{name: sent})

    assert form.validate(), form.errors
    assert question_text(form[f"q-g-{name}"]) == kept
    form.store()
    assert filling.problems().get(f"/data/g/{name}") is None
    assert opened(filling)[f"q-g-{name}"].typed == typed


@pytest.mark.parametrize("name", ANSWERED)
def test_answer__may_be_taken_back(every: Form, name: str) -> None:
    _, kept, _ = ANSWERED[name]
    form = opened(filling_of(every, {f"/data/g/{name}": kept}), **{name: ["", ""], "t": ""})

    assert form.validate(), form.errors
    assert question_text(form[f"q-g-{name}"]) == ""


@pytest.mark.parametrize("name", WRONG)
def test_answer__that_is_none_is_named_and_stays_as_typed(every: Form, name: str) -> None:
    sent, problem = WRONG[name]
    form = opened(filling_of(every), **{name: sent})
    field = form[f"q-g-{name}"]

    assert not form.validate()
    assert form.errors == {field.name: [MESSAGES[problem]]}
    assert question_text(field) == ""
    assert field.typed == (sent if isinstance(sent, str) else " ".join(sent).strip())


def test_answer__that_nobody_changed_keeps_what_a_field_client_wrote(every: Form) -> None:
    exact = {
        "/data/g/clock": "14:30:00.250-05:00",
        "/data/g/moment": "2026-07-24T14:30:00.000+02:00",
        "/data/g/place": "51.53500000000001 7.689 1.0E-5 4.0",
        "/data/g/moon": "2026-03-17",
    }
    filling = filling_of(every, exact)
    shown = {field.question.name: field.typed for field in opened(filling).questions()}
    sent: dict[str, Any] = {path.rpartition("/")[2]: shown[path[8:]] for path in exact}
    sent["moment"] = list(opened(filling)["q-g-moment"].boxes)
    opened(filling, **sent).store()

    assert {path: filling.text(path) for path in exact} == exact


def test_answer__of_a_clock_has_the_offset_of_the_services_zone(every: Form) -> None:
    filling = Filling(every, now=NOON, zone=ZoneInfo("Europe/Berlin"))
    form = opened(filling, clock="14:30", moment=["24.7.2026", "14:30"])

    assert question_text(form["q-g-clock"]) == "14:30:00.000+01:00"
    assert question_text(form["q-g-moment"]) == "2026-07-24T14:30:00.000+02:00"


def test_answer__that_is_not_of_its_type_is_not_kept_for_being_unchanged(every: Form) -> None:
    filling = filling_of(every, {"/data/g/i": "zwei"})

    assert opened(filling, i="zwei").errors == {}
    assert not opened(filling, i="zwei").validate()


def test_question__without_a_label_goes_by_its_hint_or_its_name() -> None:
    form = form_from("""
| survey |
|        | type | name  | label | hint | media::audio |
|        | text | first |       | x    |              |
|        | text | heard |       |      | ask.mp3      |
""")
    filling = filling_of(form)
    fields = page_form(form, form.pages[0], filling, "")(filling=filling).questions()

    assert [(field.label.text, field.description) for field in fields] == [("x", ""), ("heard", "")]


def test_question__brings_its_files_and_its_guidance(every: Form) -> None:
    form = opened(filling_of(every))

    assert form["q-g-digits"].media == {"audio": "ask.mp3", "video": "ask.mp4"}
    assert form["q-g-t"].guidance == "Fragen Sie ruhig nach."
    assert form["q-g-pet"].choices[0].media == {"image": "cat.png", "audio": "cat.mp3"}


def test_fixed__is_read_as_people_write_it_and_takes_nothing(every: Form) -> None:
    form = opened(filling_of(every), fixed="01.01.2000", head="a1", n="x", t="")

    assert form["q-g-fixed"].as_read == "24.12.2026"
    assert question_text(form["q-g-fixed"]) == "2026-12-24"
    assert question_text(form["q-g-head"]) == ""
    assert question_text(form["q-g-n"]) == ""


def test_rows__are_what_the_author_asked_for_within_reason() -> None:
    wishes = ("1", "7", "999", "-3")
    rows = "\n".join(f"| | text | t{n} | T | rows={w} |" for n, w in enumerate(wishes))
    form = form_from(f"| survey |\n| | type | name | label | parameters |\n{rows}")
    filling = filling_of(form)
    fields = page_form(form, form.pages[0], filling, "")(filling=filling).questions()

    assert [getattr(field, "rows", None) for field in fields] == [2, 7, 30, 5]


@pytest.mark.parametrize("name", sorted(set(ANSWERED) | NOT_ASKED))
def test_file__sent_for_a_question_that_takes_none_is_no_answer(every: Form, name: str) -> None:
    file = FileStorage(BytesIO(b"x"), filename="x.txt")
    form = opened(filling_of(every), **{name: [file]})

    assert form.validate()
    assert question_text(form[f"q-g-{name}"]) == ("2026-12-24" if name == "fixed" else "")
