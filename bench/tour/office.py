"""What the coordinator sees, and everybody on the staff: people, keys, audit, signing in."""

import pyotp

from bench.tour import PASSPHRASE, Tour

OTHER = "feder gras hummel jolle insel"


def signing_in(tour: Tour) -> None:
    """Mistake the passphrase; look at the way in with the recovery key."""
    walker = tour.as_stranger("/staff/sign-in")
    tour.stop("sign-in")
    walker.press_go()
    tour.stop("sign-in-mistake")
    walker.open("/staff/recovery")
    tour.stop("recovery")
    walker.answer("words", "eins zwei").answer("name", "Olga")
    walker.answer("passphrase", PASSPHRASE).answer("again", PASSPHRASE).press_go()
    tour.stop("recovery-mistake")


def coordinator(tour: Tour) -> None:
    """Invite somebody, look at everything that can be decided about her, and at keys and audit."""
    walker = tour.camera.speak(tour.tag).sign_in("Karin Demo")
    tour.stop("people")
    walker.answer("name", f"Nina {tour.tag}").press_go()
    tour.stop("invited")
    link = tour.read(".recovery code")
    walker.open("/staff/people").follow(f"Nina {tour.tag}")
    tour.stop("person")
    person = walker.browser.current_url
    for page in ("link", "task", "leave"):
        walker.open(f"{person}/{page}")
        tour.stop(f"person-{page}")
    partners(tour)
    releases(tour)
    keys(tour)
    audit(tour)
    account(tour, link)


def partners(tour: Tour) -> None:
    """Make an address for a partner."""
    walker = tour.walker.open("/staff/partners")
    walker.press_go()
    tour.stop("partners-mistake")
    walker.answer("name", f"Wohnungsamt {tour.tag}").press_go()
    tour.stop("partner-made")
    walker.open("/staff/partners")
    tour.stop("partners")


def releases(tour: Tour) -> None:
    """Look at exact tables before they go out, and forget to say why."""
    walker = tour.walker.open("/results/ledger/plan")
    tour.stop("plan-decided-on")
    walker.open("/releases/")
    tour.stop("releases")
    approving(tour)
    walker.open("/releases/preview?period=2020-02..2020-03")
    tour.stop("release-refused")
    tour.change("DELETE FROM period_release")  # the demo let out the only period with cases
    walker.open("/releases/preview?period=2019-06..2019-12")
    tour.stop("release-preview")
    walker.press_go()
    tour.stop("release-mistake")
    taxonomies(tour)


def approving(tour: Tour) -> None:
    """Look at a questionnaire as if somebody had published it."""
    version = "WHERE questionnaire = 'client' AND number = 1"
    told = "person_id = (SELECT min(id) FROM person), published = '2026-11-02'"
    tour.change(f"UPDATE version SET {told} {version}")
    tour.walker.open("/releases/")
    tour.stop("releases-waiting")
    tour.walker.open("/releases/questionnaires/client/1")
    tour.stop("release-questionnaire")
    tour.change(f"UPDATE version SET person_id = NULL, published = NULL {version}")


def taxonomies(tour: Tour) -> None:
    """Look at how answers count, and make a mistake with choices and with numbers."""
    walker = tour.walker.open("/releases/taxonomies")
    tour.stop("taxonomies")
    for quasi, field in (("case.housing", "place-street"), ("case.children", "bounds")):
        walker.open(f"/releases/taxonomies/{quasi}")
        tour.stop(f"taxonomy-{quasi.replace('.', '-')}")
        walker.answer(field, "drei").press_go()
        tour.stop(f"taxonomy-{quasi.replace('.', '-')}-mistake")


def keys(tour: Tour) -> None:
    """Change the keys, and print a new recovery key."""
    walker = tour.walker.open("/staff/keys")
    tour.stop("keys")
    walker.open("/staff/keys/recovery")
    tour.stop("keys-recovery")
    walker.press_go()
    tour.stop("keys-recovery-printed")
    walker.open("/staff/keys")
    tour.stop("keys-waiting")


def audit(tour: Tour) -> None:
    """Search the audit, and have it checked."""
    walker = tour.walker.open("/staff/audit")
    tour.stop("audit")
    walker.open("/staff/audit?thing=person")
    tour.stop("audit-searched")
    walker.run("document.querySelector('form[action$=\"/check\"]').submit()")
    tour.stop("audit-checked")


def account(tour: Tour, link: str) -> None:
    """Accept an invitation, get a second factor and use it, and choose another passphrase."""
    walker = tour.as_stranger(link)
    tour.stop("accept")
    walker.answer("passphrase", "hallohallohallo").press("judge")
    tour.stop("accept-judged")
    walker.answer("passphrase", "kurz").press_go()
    tour.stop("accept-mistake")
    walker.answer("passphrase", PASSPHRASE).answer("again", PASSPHRASE).press_go()
    walker.open("/staff/account")
    tour.stop("account")
    for page in ("passphrase", "app", "passkey", "sessions"):
        walker.open(f"/staff/account/{page}" if page != "sessions" else "/staff/sessions")
        tour.stop(f"account-{page}")
    code = second_factor(tour)
    walker.open("/staff/unsent")
    tour.stop("unsent-nothing")
    walker.open("/staff/account").run(
        "const form = document.createElement('form'); form.method = 'post';"
        "form.action = '/staff/stay'; form.append(document.querySelector('[name=csrf_token]'));"
        "document.body.append(form); form.submit()"
    )
    tour.stop("staying")
    second_step(tour, code)


def second_factor(tour: Tour) -> str:
    """Set up an app; return a spare code."""
    walker = tour.walker.open("/staff/account/app")
    walker.click(walker.browser.find_element("css selector", "main summary"))
    tour.stop("account-app-unfolded")
    secret = tour.read("details code").replace(" ", "")
    walker.answer("name", "Telefon").answer("code", pyotp.TOTP(secret).now()).press_go()
    tour.stop("account-codes-first")
    code = tour.read("main code")
    walker.open("/staff/account")
    tour.stop("account-safe")
    remove = tour.href('a[href$="/remove"]')
    walker.open("/staff/account/codes")
    tour.stop("account-codes")
    walker.open(remove)
    tour.stop("account-remove")
    return code


def second_step(tour: Tour, code: str) -> None:
    """Sign in with a spare code, and choose another passphrase."""
    walker = tour.as_stranger("/staff/sign-in")
    walker.answer("name", f"Nina {tour.tag}").answer("passphrase", PASSPHRASE).press_go()
    tour.stop("second-step")
    walker.answer("code", "000000").press_go()
    tour.stop("second-step-mistake")
    walker.answer("code", code).press_go()
    walker.open("/staff/account/passphrase").answer("old", PASSPHRASE)
    walker.answer("passphrase", OTHER).answer("again", OTHER).press_go()
    tour.stop("account-passphrase-changed")


def first_link(tour: Tour) -> None:
    """Open the link that sets a service up."""
    tour.as_stranger(tour.camera.service.printed(r"one-time link\): https?://[^/]+(\S+)"))
    tour.stop("set-up")


def setting_up(tour: Tour) -> None:
    """Set a service up."""
    first_link(tour)
    walker = tour.walker.answer("name", "Karin")
    walker.answer("passphrase", PASSPHRASE).answer("again", PASSPHRASE).press_go()
    tour.stop("recovery-key")
