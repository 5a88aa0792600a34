"""What a woman may see: her whole way, coming back, and everything that may go wrong."""

from bench.tour import Tour
from tests.journeys.walker import Answers

ANSWERS: Answers = {
    "safe_now": "no",
    "housing": "with_partner",
    "reasons": ("notice", "violence"),
    "court_letter": "yes",
    "deadline_date": "24.12.2026",
    "municipality": "luenen",
    "age": "22_29",
    "children": "1",
    "name": "Mina",
    "phone": "0176 04069012",
    "messenger": "Signal, 0176 04069012",
    "email": "mina@example.org",
    "other_person": "meine Schwester Ana, 0176 04069013",
    "meeting_place": "Dienstag um 10 Uhr in der Bücherei",
    "address": "Bücherei, Markt 1, Lünen",
    "safety_note": "nicht am Mittwoch anrufen",
    "words": "Ich kann heute noch hier schlafen, aber morgen nicht mehr.",
    "consent_help": "yes",
}
WAYS = ("phone", "sms", "messenger", "email", "person", "meeting", "letter")
LEAST: Answers = {"contact_way": ("letter",), "address": "Markt 1", "consent_help": "yes"}
TOO_LONG = "x" * 1_100_000


def referral(tour: Tour) -> None:
    """Walk a woman's whole way, mistakes included, up to the number she comes back with."""
    walker = tour.as_stranger()
    tour.stop("start")
    walker.press("begin")
    questions(tour)
    tour.stop("check")
    walker.press("submit")
    tour.stop("received")
    returning(tour, tour.read(".number .code"))


def questions(tour: Tour) -> None:
    """Answer page after page, up to the one where everything can be checked."""
    walker = tour.walker
    while not walker.buttons("submit"):
        page = walker.page_name
        walker.answer_what_is_asked(ANSWERS)
        tour.stop(page)
        if walker.fields("contact_way"):
            walker.press("next")
            tour.stop(f"{page}-mistake")
            walker.answer("contact_way", WAYS)
        if walker.fields("phone"):
            walker.answer("phone", "12").answer("email", "mina").press("next")
            tour.stop(f"{page}-mistake")
            walker.answer_what_is_asked(ANSWERS)
        walker.press("next")


def questions_for_her(tour: Tour, name: str) -> None:
    """Answer the same questions for a woman; two pages show what is otherwise than for her."""
    tour.stop(f"{name}-page")
    while not tour.walker.fields("contact_way"):
        tour.walker.press("next")
    tour.walker.press("next")
    tour.stop(f"{name}-mistake")
    tour.walker.walk(LEAST)
    tour.stop(f"{name}-check")


def returning(tour: Tour, number: str) -> None:
    """Come back with a number: write, be answered, change how to be reached, take all back."""
    walker = tour.walker.press("done")
    walker.answer("number", "0176 1").press("return")
    tour.stop("start-wrong-number")
    walker.answer("number", number).press("return")
    tour.stop("messages")
    walker.press("write")
    tour.stop("messages-mistake")
    walker.answer("words", str(ANSWERS["words"])).press("write")
    tour.stop("messages-sent")
    walker.press("contact")
    tour.stop("contact-changing")
    tour.as_stranger().answer("number", number).press("return").press("withdraw")
    tour.stop("withdraw")
    walker.press("withdrawn")
    tour.stop("withdrawn")


def refusals(tour: Tour) -> None:
    """See what is said when a post is not accepted, and when her time is over."""
    tour.as_stranger()
    tour.send({"csrf_token": "wrong", "go": "begin"})
    tour.stop("start-refused")
    tour.as_stranger().press("begin")
    tour.send({"csrf_token": "wrong", "go": "next"})
    tour.stop("questions-refused")
    walker = tour.as_stranger().press("begin")
    tour.let_pass(56)
    walker.until(lambda: tour.read("#time.soon"))
    tour.stop("questions-time-is-short")
    tour.let_pass(6, seen=False)
    walker.open("/")
    tour.stop("start-time-is-over")


def failures(tour: Tour) -> None:
    """See the pages of every kind of failure that a visitor can bring about."""
    tour.as_stranger("/nowhere")
    tour.stop("failure-404")
    tour.walker.open("/staff/invitation/used")
    tour.stop("failure-410")
    tour.walker.open("/")
    tour.send({}, action="/exit")
    tour.stop("failure-405")
    tour.walker.open("/")
    tour.send({}, enctype="text/plain")
    tour.stop("failure-415")
    tour.walker.open("/")
    tour.send({"words": TOO_LONG})
    tour.stop("failure-413")


def flooded(tour: Tour) -> None:
    """See what is said while very many messages come; the service must be behind a proxy."""
    tour.as_stranger()
    tour.send({"subject": "x", "go": "begin"})
    tour.stop("start-please-wait")


def closed(tour: Tour) -> None:
    """See what is said by a service that nobody has set up."""
    tour.as_stranger()
    tour.stop("start-closed")
    tour.send({"go": "begin"})
    tour.stop("failure-503")


def broken(tour: Tour) -> None:
    """See what is said when the service itself is at fault: its questionnaire is damaged."""
    tour.change("UPDATE version SET xform = 'damaged', digest = 'damaged'")
    tour.as_stranger().press("begin")
    tour.stop("failure-500")
