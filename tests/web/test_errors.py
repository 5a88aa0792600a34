"""Whatever goes wrong: one clear page in the reader's language, with the emergency numbers."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.engine import make_url

from tests.support.house import House, settings_for
from tests.support.houses import PHONE, program, serving
from tests.support.postgres import Cluster
from tests.support.visitor import Visitor
from tests.support.walks import (
    is_error_page,
    send,
    staff,
    value_of,
    walk_to,
    walk_to_check,
    woman,
)

CONTACT, START = "So erreichen wir Sie", "Wir sind für Sie da"
AWAY = {"de": "Gerade nicht erreichbar", "en": "Not available right now"}
Away = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def either_app(either_house: House) -> Iterator[Flask]:
    yield from serving(either_house)


@pytest.fixture
def away(either_house: House, either_app: Flask, request: pytest.FixtureRequest) -> Away:
    """Return a block in which the database of `either_app` is not to be had."""
    url = make_url(either_house.settings.database_url)

    def let_go() -> None:
        either_house.database.close()
        either_app.extensions["zugang"].database.close()

    @contextmanager
    def no_file() -> Iterator[None]:
        let_go()
        file = Path(url.database or "")
        file.rename(file.with_name("elsewhere"))
        file.mkdir()
        yield
        file.rmdir()
        file.with_name("elsewhere").rename(file)

    @contextmanager
    def no_server() -> Iterator[None]:
        cluster: Cluster = request.getfixturevalue("postgres")
        let_go()
        cluster._run(f'ALTER DATABASE "{url.database}" RENAME TO elsewhere')
        yield
        cluster._run(f'ALTER DATABASE elsewhere RENAME TO "{url.database}"')

    return no_file if url.get_backend_name() == "sqlite" else no_server


@pytest.mark.parametrize("path", ["/nothing", "/%FF", "/desk/nothing", "/static/x", "/exit/"])
@pytest.mark.parametrize("language", ["de", "en", "ar"])
def test_answer__an_unknown_address_has_a_page(app: Flask, path: str, language: str) -> None:
    visitor = Visitor(app, language).get(path)
    assert is_error_page(visitor, 404)
    assert visitor.page.get("lang") == language
    assert visitor.post(path, {"x": "y"}).response.status_code == 404


def test_answer__speaks_the_language_that_was_chosen(app: Flask) -> None:
    visitor = woman(app, "en").press("language:ar").get("/nothing")
    assert (visitor.page.get("lang"), visitor.page.get("dir")) == ("ar", "rtl")


def test_answer__in_every_language_the_page_says_something_else(app: Flask) -> None:
    headings = {Visitor(app, tag).get("/nothing").heading for tag in ("de", "en", "ar")}
    assert len(headings) == 3


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/"),
        ("PUT", "/"),
        ("PATCH", "/staff/people"),
        ("POST", "/exit"),
        ("POST", "/style.css"),
        ("POST", "/staff/keys"),
    ],
)
def test_answer__a_wrong_method_has_a_page(app: Flask, method: str, path: str) -> None:
    visitor = Visitor(app)
    visitor._seen(visitor.client.open(path, method=method, data={"go": "begin"}))
    assert is_error_page(visitor, 405)


def test_answer__a_missing_slash_is_put_right(app: Flask) -> None:
    answer = staff(app, "Nora").client.get("/desk")
    assert (answer.status_code, answer.location) == (308, "http://localhost/desk/")


def test_answer__too_long_a_post_is_refused_and_loses_nothing(either_app: Flask) -> None:
    visitor = walk_to(woman(either_app), CONTACT).press("next", phone="12", name="Amsel")
    send(visitor, safety_note=b"x" * 10_000_000)
    assert is_error_page(visitor, 413)
    visitor.get("/")
    assert visitor.heading == CONTACT
    assert value_of(visitor, "name") == ["Amsel"]


def test_answer__a_long_text_is_kept_and_its_length_is_told(app: Flask) -> None:
    visitor = walk_to(woman(app), CONTACT)
    visitor.press("next", phone="0176 040690", safety_note="x" * 10_001)
    assert visitor.response.status_code == 200
    assert visitor.mistakes == [
        "Dieser Text ist zu lang. Bitte schreiben Sie höchstens 10.000 Zeichen."
    ]
    assert value_of(visitor, "safety_note") == ["x" * 10_001]


def test_answer__as_many_long_texts_as_a_page_has_boxes_still_fit(app: Flask) -> None:
    answers = {"contact_way": ["phone", "person", "meeting", "letter"]}
    visitor = walk_to(woman(app), CONTACT, answers)
    boxes = ("other_person", "meeting_place", "address", "safety_note")
    visitor.press("next", phone="0176 040690", **dict.fromkeys(boxes, "ع" * 10_000))
    assert visitor.response.status_code == 200
    assert visitor.mistakes == []


@pytest.mark.parametrize("broken", [b"Am%FFsel", b"Am\xffsel", b"Am%ED%A0%80sel", b"Am%C3"])
def test_answer__broken_letters_are_told_and_the_text_is_kept(app: Flask, broken: bytes) -> None:
    visitor = walk_to(woman(app), CONTACT)
    send(visitor, phone=b"0176+040690", safety_note=broken, name=b"Drossel")
    assert visitor.response.status_code == 200
    assert visitor.mistakes == ["Einige Zeichen waren nicht lesbar. Bitte prüfen Sie den Text."]
    assert value_of(visitor, "safety_note")[0].startswith("Am")
    assert value_of(visitor, "name") == ["Drossel"]
    visitor.press("next", safety_note="Amsel")
    assert visitor.heading == "Zum Schluss"


def test_answer__a_sign_that_no_record_can_hold_is_left_out(app: Flask) -> None:
    visitor = walk_to(woman(app), CONTACT)
    send(visitor, phone=b"0176+040690", safety_note=b"Am%00s%0Bel")
    assert visitor.heading == "Zum Schluss"
    visitor.press("back")
    assert value_of(visitor, "safety_note") == ["Amsel"]


def test_answer__an_unknown_option_is_told_and_the_rest_is_kept(either_app: Flask) -> None:
    visitor = walk_to(woman(either_app), CONTACT)
    send(visitor, phone=b"0176+040690", name=b"Amsel", say_who=b"perhaps")
    assert visitor.response.status_code == 200
    assert visitor.mistakes == [
        "Diese Antwort steht nicht zur Auswahl. Bitte wählen Sie noch einmal."
    ]
    assert value_of(visitor, "name") == ["Amsel"]
    assert value_of(visitor, "say_who") == []


@pytest.mark.parametrize(
    "data",
    [
        {"page": "/data/nothing", "go": "next"},
        {"page": "check", "go": "next"},
        {"go": "page:/data/nothing"},
        {"go": "page:"},
        {"go": "submit"},
        {"go": "nothing"},
        {"go": "language:xx"},
        {},
    ],
)
def test_answer__a_post_that_no_page_of_ours_sends_changes_nothing(
    app: Flask, data: dict[str, str]
) -> None:
    visitor = walk_to(woman(app), CONTACT)
    token = visitor.page.xpath("//input[@name='csrf_token']/@value")[0]
    visitor.post("/", data | {"csrf_token": token})
    assert (visitor.response.status_code, visitor.heading) == (200, CONTACT)


@pytest.mark.parametrize("language", ["de", "en", "ar"])
def test_answer__without_the_database_nothing_is_pretended(
    either_app: Flask, away: Away, language: str
) -> None:
    visitor = walk_to_check(woman(either_app))
    visitor.headers["Accept-Language"] = language
    with away():
        for press in (lambda: visitor.get("/"), lambda: Visitor(either_app, language).get("/")):
            shown = press()
            assert is_error_page(shown, 503)
            assert shown.page.get("lang") == language
            assert shown.heading == AWAY.get(language, shown.heading)
            assert PHONE in shown.text
    assert visitor.get("/").heading == "Stimmt alles?"


def test_answer__what_could_not_be_sent_is_said_and_can_be_sent_later(
    either_app: Flask, away: Away
) -> None:
    visitor = walk_to_check(woman(either_app))
    form = visitor.page.xpath("//form")[0]
    data = dict(form.form_values()) | {"go": "submit"}
    with away():
        visitor.post("/", data)
        assert is_error_page(visitor, 503)
        assert "Es wurde nichts gesendet." in visitor.text
    assert visitor.post("/", data).heading == "Ihre Nachricht ist angekommen"


def test_answer__without_the_database_an_unknown_address_still_has_a_page(
    either_app: Flask, away: Away
) -> None:
    visitor = woman(either_app)
    with away():
        visitor.get("/nothing")
        assert is_error_page(visitor, visitor.response.status_code)
        assert visitor.response.status_code in {404, 503}
        staff_page = Visitor(either_app).get("/staff/sign-in")
        assert is_error_page(staff_page, 503)
        assert visitor.client.get("/style.css").status_code == 200


def test_answer__connections_that_were_cut_are_made_anew(
    postgres_house: House, postgres: Cluster
) -> None:
    for app in serving(postgres_house):
        visitor = woman(app)
        name = make_url(postgres_house.settings.database_url).database
        postgres._run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{name}' AND pid <> pg_backend_pid()"
        )
        assert visitor.press("next").heading == "Wo Sie leben"


def test_answer__before_the_set_up_nobody_is_asked_anything(tmp_path: Path) -> None:
    empty = House(
        settings_for(tmp_path / "empty"), program.prepare(settings_for(tmp_path / "empty"))
    )
    for app in serving(empty):
        visitor = Visitor(app).get("/")
        assert visitor.heading == START
        assert "keine Nachrichten annehmen" in visitor.text
        with pytest.raises(LookupError):
            visitor.button("begin")
        token = visitor.page.xpath("//input[@name='csrf_token']/@value")[0]
        assert is_error_page(visitor.post("/", {"csrf_token": token, "go": "begin"}), 503)
    empty.database.close()
