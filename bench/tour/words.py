"""What two counsellors see of free words."""

from bench.tour import Tour


def open_words(tour: Tour) -> None:
    """Say something in free words, retell it, with a mistake first, check it and send it back."""
    said(tour)
    walker = tour.camera.speak(tour.tag).sign_in("Nora Demo").open("/desk/words")
    tour.stop("open-words")
    walker.open(tour.href("td a"))
    tour.stop("open-words-text")
    walker.press("write")
    tour.stop("open-words-mistake")
    here = walker.browser.current_url
    walker.answer("words", "Die Wege sollten kürzer sein.").answer("topics", ["offices"])
    walker.press("write").open(here)
    tour.stop("open-words-hers")
    walker = tour.camera.speak(tour.tag).sign_in("Sonja Demo").open(here)
    tour.stop("open-words-check")
    walker.press("send-back")
    tour.stop("open-words-check-mistake")
    walker.answer("why", "Bitte etwas genauer.").press("send-back").open(here)
    tour.stop("open-words-sent-back")
    tour.send({"words": "Zu spät.", "topics": "offices", "turn": "0", "go": "write"})
    tour.stop("open-words-late")


def said(tour: Tour) -> None:
    """Enter an interview that says something in free words."""
    walker = tour.camera.speak(tour.tag).sign_in("Ines Demo")
    walker.press("municipality").answer("wave", "4").answer("office", "selm").press("next")
    while not walker.fields("improve"):
        walker.press("next")
    walker.answer("improve", "Die Wege nach Selm sind zu lang.")
    while not walker.buttons("submit"):
        walker.press("next")
    walker.press("submit")
