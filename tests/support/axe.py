"""axe-core, which finds what WCAG forbids, in our own Chromium; its JavaScript comes in a package.

The browser must run scripts: axe waits for itself with timers.
"""

from functools import cache
from importlib.resources import files
from typing import Any, cast

from selenium.webdriver import Chrome

LEVELS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
RUN = """
axe.run(document, {
  runOnly: LEVELS,
  rules: {"target-size": {enabled: true}}, // new in WCAG 2.2, and off by itself
  resultTypes: ["violations"],
}).then(found => found.violations.flatMap(({id, nodes}) => nodes.map(node =>
  `${id}: ${node.target} ${node.failureSummary.replace(/\\s+/g, " ")}`)))
"""


def violations(browser: Chrome, levels: tuple[str, ...] = LEVELS) -> list[str]:
    """Return each violation of WCAG 2.2 A and AA on the page that is open: rule, element, why."""
    if not browser.execute_script("return 'axe' in window"):
        browser.execute_script(_script())
    asked = {
        "expression": RUN.replace("LEVELS", repr(list(levels))),
        "awaitPromise": True,
        "returnByValue": True,
    }
    answer: dict[str, Any] = browser.execute_cdp_cmd("Runtime.evaluate", asked)
    if "exceptionDetails" in answer:
        raise RuntimeError(answer["exceptionDetails"])
    return cast("list[str]", answer["result"]["value"])


@cache
def _script() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
