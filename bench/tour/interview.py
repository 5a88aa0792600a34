"""What an interviewer sees, and the client beside her: in every language."""

from bench.tour import Tour


def interviews(tour: Tour) -> None:
    """Enter each kind of interview up to its end; one with a mistake, one that waits."""
    walker = tour.camera.speak(tour.tag).sign_in("Ines Demo")
    tour.stop("interviews")
    walker.press("municipality").answer("wave", "viele").press("next")
    tour.stop("interview-mistake")
    walker.answer("wave", "2").answer("office", "luenen").press("next")
    through(tour, "interview-municipality")
    walker.press("submit")
    tour.stop("interviews-done")
    walker.press("client")
    through(tour, "interview-client")
    walker.press("back").press("pause")
    tour.stop("interviews-begun")


def sent(tour: Tour) -> None:
    """Meet an interview that went on elsewhere; look at what was sent, and correct it."""
    walker = tour.camera.speak(tour.tag).sign_in("Ines Demo")
    walker.press("municipality").answer("wave", "3").answer("office", "unna").press("next")
    walker.press("back")
    tour.send({"turn": "0", "wave": "4"})
    tour.stop("interview-overtaken")
    while not walker.buttons("submit"):
        walker.press("next")
    walker.press("submit")
    walker.open(tour.href("main ul:last-of-type a[href*='/interviews/']"))
    tour.stop("interview-sent")
    walker.press("correct")
    tour.stop("interview-correcting")
    walker.press("page:/data/effect").answer("relief", "4").press("next").press("submit")
    tour.stop("interview-corrected")


def alone(tour: Tour) -> None:
    """Answer alone, by a link of an interviewer's."""
    walker = tour.camera.speak(tour.tag).sign_in("Ines Demo")
    walker.run("document.querySelector('form[action$=\"/links\"]').submit()")
    tour.stop("answer-link")
    link = tour.read("main code")
    walker = tour.as_stranger(link)
    tour.stop("alone-start")
    walker.press("begin")
    through(tour, "alone")
    walker.press("submit")
    tour.stop("alone-received")
    tour.as_stranger(link)
    tour.stop("alone-over")


def devices(tour: Tour) -> None:
    """Add a device for interviews in the field, and see it in the list."""
    walker = tour.camera.speak(tour.tag).sign_in("Ines Demo").open("/interviews/devices")
    tour.stop("devices-none")
    walker.press_go()
    tour.stop("devices-mistake")
    walker.answer("name", "Tablet").press_go()
    tour.stop("device-added")
    walker.open("/interviews/devices")
    tour.stop("devices")


def through(tour: Tour, name: str) -> None:
    """Go on page by page, answering nothing, up to the page where everything can be checked."""
    walker = tour.walker
    number = 1
    while not walker.buttons("submit"):
        tour.stop(f"{name}-{number}")
        number += 1
        walker.press("next")
    tour.stop(f"{name}-check")


def interrupted(tour: Tour) -> None:
    """Be warned, be signed out while writing, and send later what was written."""
    walker = tour.camera.speak(tour.tag).sign_in("Ines Demo").press("client")
    while not walker.fields("good"):
        walker.press("next")
    walker.answer("good", "Sie kam am Mittwoch.")
    tour.let_pass(26)
    walker.until(lambda: tour.read("#leaving h2"))
    tour.stop("staying-warning")
    walker.click(walker.button("stay"))
    walker.until(lambda: not tour.read("#leaving h2"))
    tour.let_pass(31, seen=False)
    walker.run("document.querySelector('button[value=next]').click()")  # before she is told
    tour.stop("sign-in-unsent")
    walker.answer("name", "Ines Demo").answer("passphrase", tour.passphrase_of("Ines Demo"))
    walker.press_go()
    tour.stop("unsent")
    walker.press_go()
