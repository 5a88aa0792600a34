"""Words typed into every field of every form are in no byte that the service leaves behind."""

import base64
import io
import re
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import psycopg
import pytest
from sqlalchemy import text

from core import audit, people, versions
from core.database import connect
from core.settings import Settings
from tests.policy.canary import Canary, fill, found, walk
from tests.policy.canary_walks import (
    bad_input,
    documentation,
    for_women,
    in_the_field,
    interviews,
    open_browser,
    staff,
    women,
)
from tests.support import house
from tests.support.files import FORM, PAPERS, file
from tests.support.postgres import Cluster
from tests.support.remote import Remote
from tests.support.service import Service
from tests.support.visitor import Visitor
from tests.support.walks import fetched
from tests.xlsform.builders import workbook_from
from xlsform.form import Form
from xlsform.source import convert

PLACES = re.compile(
    r"/|/staff/(sign-in|people)?|/desk/((cases/)?[0-9a-f-]{36}(/documentation)?)?|/results/(files/1(\?coming=1)?)?"
    r"|/interviews/((\?done=)?[0-9a-f-]{36})?|/desk/new(\?done=1)?|/p/[\w-]{22}"
)
Serve = Callable[..., Service]


def written_questions(form: Form) -> set[str]:
    return {one.name for one in form.visible_questions if one.type in {"text", "date"}}


@dataclass
class Scene:
    """A running service in which canary words were typed everywhere."""

    service: Service
    database_url: str
    temporary: Path
    canary: Canary
    remote: Remote
    workbook: bytes
    partner: str

    @property
    def folders(self) -> tuple[Path, ...]:
        return self.service.data, self.service.log_file, self.temporary


def files(remote: Remote, canary: Canary, chosen: Settings) -> None:
    """Files with words inside and in their names: sent, left lying, replaced, refused, broken."""
    with closing(audit.connect(chosen)) as database, database.transaction() as session:
        for name in ("referral", "client"):
            versions.publish(session, name, convert(workbook_from(FORM)).xml)
    for visitor in (
        open_browser(remote).get("/").press("begin"),
        open_browser(remote, "Ines").get("/interviews/").press("client"),
    ):
        walk(visitor, canary, PAPERS)
        visitor.press("next", photo=file(canary.word("strange").encode(), f"{canary.start}.exe"))
        assert visitor.mistakes
        for token in visitor.page.xpath("//input[@name='csrf_token']"):
            token.set("value", "wrong")
        assert visitor.press("next", photo=canary.file("late")).response.status_code == 400
        broken = b"--x\r\n" + canary.word("broken").encode()
        visitor.post(visitor.path, broken, content_type="multipart/form-data; boundary=x")
        assert visitor.response.status_code == 400
        walk(visitor.get(visitor.path), canary)
        visitor.press("back").press("back")  # and leaves all of it lying
    walk(open_browser(remote).get("/").press("begin"), canary).press("submit")
    interview = open_browser(remote, "Ines").get("/interviews/").press("client")
    assert walk(interview, canary).press("submit").page.find_class("good")


def failure(remote: Remote, canary: Canary, database_url: str) -> None:
    """The database refuses a submission: its words are in no error that is written down."""
    visitor = walk(open_browser(remote).get("/").press("begin"), canary, "So erreichen wir Sie")
    page = visitor.page
    with without_table(database_url, "web_session"):
        fill(visitor, canary)
        assert visitor.response.status_code == 503
    visitor.page = page
    walk(visitor, canary)
    with without_table(database_url, "response"):
        assert visitor.press("submit").response.status_code == 503


@contextmanager
def without_table(database_url: str, table: str) -> Iterator[None]:
    def rename(before: str, after: str) -> None:
        with closing(connect(database_url)) as database, database.durable.begin() as connection:
            connection.execute(text(f"ALTER TABLE {before} RENAME TO {after}"))

    rename(table, "away")
    yield
    rename("away", table)


@pytest.fixture
def scene(serve: Serve, tmp_path: Path, database_url: str) -> Scene:
    chosen = house.settings_for(tmp_path / "data", database_url)
    built = house.build(chosen)
    for name, role, part in (
        ("Nora", people.COUNSELLOR, "both"),
        ("Ines", people.INTERVIEWER, ""),
        ("Eva", people.EVALUATOR, ""),
    ):
        house.join(built, name, role, part)
    with built.database.transaction() as session:
        forms = {
            name: versions.form_of(session, versions.current(session, name).id)
            for name in ("referral", "client", "municipality", "case")
        }
    built.database.close()
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    (temporary / "kept").touch()
    url = "" if database_url.startswith("sqlite") else database_url
    service = serve(url or database_url, data=chosen.data, TMPDIR=str(temporary))
    canary, remote = Canary(), Remote(service.address)
    for part_of_it in (women, interviews, in_the_field, staff, bad_input):
        part_of_it(remote, canary)
    address = for_women(remote, canary)
    documentation(remote, canary)
    wanted = {name for form in forms.values() for name in written_questions(form)}
    assert wanted <= set(canary.typed)
    workbook = fetched(open_browser(remote, "Eva")).data
    failure(remote, canary, database_url)
    files(remote, canary, chosen)
    assert "Error" in service.log
    return Scene(service, database_url, temporary, canary, remote, workbook, address)


def test_canary__is_nowhere_on_the_disk(
    scene: Scene, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    assert_nora_can_read(scene)
    traces = scene.canary.traces | cookies(scene.remote) | secret_of(scene.partner)
    assert found(traces, *scene.folders, *databases(scene, request, tmp_path)) == []
    scene.service.stop()
    assert found(traces, *scene.folders, *databases(scene, request, tmp_path)) == []
    assert found({b"Karin"}, *databases(scene, request, tmp_path))  # stored on purpose: it seeks
    assert_headers_and_workbook(scene)


def assert_nora_can_read(scene: Scene) -> None:
    """What was typed did arrive, and what was in the files: the counsellor reads it."""
    nora = open_browser(scene.remote, "Nora").get("/desk/")
    read, contents = "", b""
    for link in nora.page.xpath("//tbody//a/@href"):
        nora.get(link)
        for _ in nora.page.xpath("//form[contains(@action, '/shown')]"):
            nora.press("Gelesen, Kontaktdaten zeigen")
        read += nora.text + open_messages(nora, link)
        for address in nora.page.xpath("//dd/a/@href"):
            contents += nora.client.get(address).data
    for name in ("name", "words", "safety_note", "email", "phone", "message", "new name"):
        assert scene.canary.typed[name] in read
    for name in ("photo", "letter", "picture", "sound"):
        assert scene.canary.typed[name].encode() in contents


def open_messages(nora: Visitor, link: str) -> str:
    files = nora.page
    text = nora.get(f"{link}/messages").text
    nora.page = files
    return text


def assert_headers_and_workbook(scene: Scene) -> None:
    remote, traces = scene.remote, scene.canary.traces
    lines = "\n".join(f"{name}: {value}" for name, value in remote.headers).encode()
    assert [trace for trace in traces if trace in lines] == []
    assert {place for place in remote.values("Location") if not PLACES.fullmatch(place)} == set()
    names = {re.sub("[0-9a-f]{12}", "", one) for one in remote.values("Content-Disposition")}
    known = {"zugang.xlsx", "image-.jpg", "file-.jpg", "audio-.mp3"}
    assert {name.partition("filename=")[2].strip('"') for name in names} == known
    with ZipFile(io.BytesIO(scene.workbook)) as archive:
        parts = b"".join(archive.read(name) for name in archive.namelist())
    assert [trace for trace in traces if trace in parts] == []


def cookies(remote: Remote) -> set[bytes]:
    """The tokens that browsers hold; the service may keep nothing that is as good as one."""
    given = {value.partition(";")[0] for value in remote.values("Set-Cookie")}
    tokens = {text.partition("=")[2].strip('"').encode() for text in given}
    tokens.discard(b"")
    assert len(tokens) > 5
    return {form for token in tokens for form in (token, base64.urlsafe_b64decode(token))}


def secret_of(address: str) -> set[bytes]:
    """The token of a partner's address, of which a hash alone is kept."""
    token = address.rpartition("/")[2]
    return {token.encode(), base64.urlsafe_b64decode(f"{token}==")}


def databases(scene: Scene, request: pytest.FixtureRequest, tmp_path: Path) -> list[Path]:
    """The database as files and as a dump."""
    dump = tmp_path / "dump.sql"
    if scene.database_url.startswith("sqlite"):
        file = Path(scene.database_url.removeprefix("sqlite:///"))
        copied = sqlite3.connect(file)
        dump.write_text("\n".join(copied.iterdump()))
        copied.close()
        return [dump, *file.parent.glob(f"{file.name}*")]
    cluster: Cluster = request.getfixturevalue("postgres")
    name = scene.database_url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(
        host=str(cluster.folder), user="zugang", dbname=name, autocommit=True
    ) as connection:
        connection.execute("CHECKPOINT")
    program = str(cluster.programs / "pg_dump")
    pg_dump = [program, "--username=zugang", f"--host={cluster.folder}", name]
    dump.write_bytes(subprocess.run(pg_dump, capture_output=True, check=True).stdout)
    return [dump, cluster.folder]


@pytest.mark.parametrize("form", range(7))
def test_search__finds_a_word_however_it_is_written(tmp_path: Path, form: int) -> None:
    canary = Canary()
    text = f"vorher {canary.word('x')} nachher".encode()
    written = [
        text,
        text.decode().encode("utf-16-le"),
        text.hex().encode(),
        text.hex().upper().encode(),
        *(base64.b64encode(b"." * before + text) for before in range(3)),
    ][form]
    (tmp_path / "file").write_bytes(b"\0\0" + written)

    assert found(canary.traces, tmp_path)
    assert not found(Canary().traces, tmp_path)


def test_search__looks_at_names_of_files(tmp_path: Path) -> None:
    canary = Canary()
    (tmp_path / f"core-{canary.start}").write_bytes(b"")

    assert found(canary.traces, tmp_path)
