"""What somebody at a partner's office sees, who writes for a woman."""

from urllib.parse import urlsplit

from bench.tour import Tour
from bench.tour.referral import questions_for_her


def partner(tour: Tour) -> None:
    """Open a partner's address, write for a woman, and find the address ended."""
    path = made(tour)
    walker = tour.as_stranger(path)
    tour.stop("partner")
    walker.press("begin")
    questions_for_her(tour, "partner")
    walker.press("submit")
    tour.stop("partner-received")


def made(tour: Tour) -> str:
    """Return the path of an address that the coordinator has just made."""
    walker = tour.camera.speak("de").sign_in("Karin Demo").open("/staff/partners")
    walker.answer("name", f"Jobcenter {tour.tag}").press_go()
    return urlsplit(tour.read(".recovery code")).path
