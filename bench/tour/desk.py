"""What counsellors and evaluators see."""

from bench.tour import Tour
from bench.tour.interview import through
from bench.tour.referral import questions_for_her


def desk(tour: Tour) -> None:
    """Read a referral, answer it, take it up, document what was done, and hand it on."""
    walker = tour.camera.speak(tour.tag).sign_in("Nora Demo")
    tour.stop("inbox")
    walker.answer("words", "nirgends").press_go()
    tour.stop("inbox-nothing-found")
    walker.open("/desk/").open(tour.href('td a[href$="/messages"], tbody a'))
    tour.stop("referral-messages")
    walker.open("/desk/").open(tour.href('tbody a.code:not([href*="/cases/"])'))
    tour.stop("referral-safety")
    walker.press_go()
    tour.stop("referral")
    answered(tour)
    taken_up(tour)


def answered(tour: Tour) -> None:
    """Write a reply, with a mistake first."""
    walker = tour.walker
    here = walker.browser.current_url
    walker.open(f"{here}/messages")
    if walker.buttons("send"):
        walker.press("send")
        tour.stop("reply-mistake")
        walker.press("insert").press("send")
    tour.stop("reply")
    walker.open(here)


def taken_up(tour: Tour) -> None:
    """Take a referral up, write of every kind, and close the case."""
    walker = tour.walker
    walker.run("document.querySelector('form[action$=\"/case\"]').submit()")
    tour.stop("case")
    documented(tour)
    for kind in ("attempt", "contact", "note", "step"):
        field = f'input[name="kind"][value="{kind}"]'
        walker.run(f"document.querySelector('{field}').form.submit()")
        if kind == "contact":
            tour.stop("case-mistake")
    walker.browser.execute_script(
        "for (const one of document.querySelectorAll('details')) one.open = true"
    )
    tour.stop("case-unfolded")
    walker.answer("note-note", "Ruft am Donnerstag wieder an.")
    walker.run("document.querySelector('[name=note-note]').form.submit()")
    walker.run("document.querySelector('form[action$=\"/close\"]').submit()")
    tour.stop("case-closed")


def documented(tour: Tour) -> None:
    """Document a case page by page, and read what is stored."""
    walker = tour.walker
    here = walker.browser.current_url
    walker.press("begin")
    through(tour, "documentation")
    walker.press("submit")
    tour.stop("case-documented")
    asked(tour)
    walker.open(f"{here}/documentation")
    tour.stop("documentation")
    walker.open(here)


def asked(tour: Tour) -> None:
    """Note that the client agrees to be asked; look where her answers would stand."""
    walker = tour.walker
    here = walker.browser.current_url
    if walker.buttons("agree"):
        walker.press("agree")
    tour.stop("case-asked")
    walker.open(f"{here}/opinion")
    tour.stop("opinion")
    walker.open(here)


def entering(tour: Tour) -> None:
    """Write for a woman who has phoned."""
    walker = tour.camera.speak(tour.tag).sign_in("Nora Demo").open("/desk/new")
    tour.stop("entering")
    walker.press_go()
    questions_for_her(tour, "entering")
    walker.press("submit")
    tour.stop("entering-done")


def results(tour: Tour) -> None:
    """See the evaluators' page, and what is said to who has no business there."""
    walker = tour.camera.speak(tour.tag).sign_in("Eva Demo")
    tour.stop("evaluation")
    released(tour)
    reports(tour)
    ledger(tour)
    walker.open("/results/quality")
    tour.stop("quality")
    walker.open("/results/questionnaires")
    tour.stop("questionnaires")
    proposal(tour)
    walker.open("/desk/")
    tour.stop("failure-403")


def released(tour: Tour) -> None:
    """Ask for the workbook, see how far it is, and that it is ready."""
    walker = tour.walker.press("xlsx")
    tour.stop("file-under-way")
    walker.until(lambda: walker.browser.find_elements("css selector", "a.go[href$='/content']"))
    tour.stop("file-ready")
    walker.open("/results/")
    tour.stop("evaluation-files")


def reports(tour: Tour) -> None:
    """See a report that is exact, one that is rounded beside the time before, and a wrong one."""
    walker = tour.walker.open("/reports/")
    tour.stop("reports")
    walker.open("/reports/show?period=2019-06..2019-12")
    tour.stop("report-exact")
    walker.open("/reports/show?period=2020-07..2020-12")
    tour.stop("report-rounded")
    walker.open("/reports/show?period=2019-06..2020-06")
    tour.stop("report-mixed")
    walker.open("/reports/show?period=2020-02..2020-03")
    tour.stop("report-refused")


def ledger(tour: Tour) -> None:
    """See what would go out, forget to say that it shall, let it out, and look at what is out."""
    walker = tour.walker.open("/results/ledger/plan")
    tour.stop("plan")
    if walker.browser.find_elements("name", "sure"):  # only the first time round
        walker.press_go()
        tour.stop("plan-mistake")
        walker.answer("sure", "y").press_go()
    walker.open("/results/ledger")
    tour.stop("ledger")
    walker.run("document.querySelector('form[action$=\"/verify\"]').submit()")
    tour.stop("ledger-verified")
    walker.open("/results/ledger?since=2019-06-01")
    tour.stop("ledger-since")


def proposal(tour: Tour) -> None:
    """Send the workbook of the clients back as it is, and try it out."""
    walker = tour.walker
    file = walker.download_at("a[href$='/client/1.xlsx']")
    walker.open("/results/questionnaires").fields("workbook")[0].send_keys(str(file))
    walker.press_go()
    tour.stop("proposal")
    walker.open("/trial/phone")
    tour.stop("trial-phone")
    walker.open("/results/questionnaires/proposal").press("discard")
