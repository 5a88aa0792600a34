"""What an author of questionnaires sees, with every type of question there is."""

from pathlib import Path

from bench.tour import Tour
from tests.support.service import COMMAND, Service
from tests.xlsform.every import MARKDOWN

REPEAT = """
| | begin_repeat | child  | Kinder              | الأطفال       |
| | begin_group  | one    | Ein Kind            | طفل           |
| | text         | called | Wie heißt das Kind? | ما اسم الطفل؟ |
| | end_group    |        |                     |               |
| | end_repeat   |        |                     |               |
| choices |"""


REMOVE = "document.querySelector('button[value^=remove]').click()"


def serve_preview(service: Service) -> None:
    """Let a service show a questionnaire with every type of question, instead of its own pages."""
    file = write(service, MARKDOWN.replace("\n| choices |", REPEAT))
    bind = service.address.removeprefix("http://")
    service.program = (str(COMMAND), "forms", "preview", str(file), "--bind", bind)


def write(service: Service, markdown: str) -> Path:
    """Write the questionnaire that is previewed; return the file."""
    file = service.data.with_name("every.md")
    file.write_text(markdown, encoding="utf-8")
    return file


def preview(tour: Tour) -> None:
    """Try the questionnaire out, up to the record that would be sent; then break it."""
    walker = tour.as_stranger("/preview/")
    if walker.buttons(f"language:{tour.tag}"):
        walker.press(f"language:{tour.tag}")
    tour.stop("preview")
    walker.answer("d", "viel").answer("day", "gestern").press("next")
    tour.stop("preview-mistake")
    walker.answer("d", "1").answer("day", "24.12.2026").press("next")
    walker.answer("called", "Mina").press("next")
    tour.stop("preview-repeat")
    walker.run(REMOVE)
    tour.stop("preview-repeat-removing")
    walker.run(REMOVE)
    tour.stop("preview-repeat-empty")
    walker.press("next")
    tour.stop("preview-check")
    walker.press("submit")
    tour.stop("preview-record")


def preview_broken(tour: Tour) -> None:
    """See what is said of a questionnaire that does not run."""
    service = tour.camera.service
    write(service, "| survey |\n")
    tour.as_stranger("/preview/")
    tour.stop("preview-broken")
    serve_preview(service)
