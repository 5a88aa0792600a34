"""What can be measured of a page that a browser shows: nothing sticks out, covers or is tiny."""

from typing import cast

from selenium.webdriver import Chrome

_OUTSIDE = """
const root = document.documentElement;
if (root.scrollWidth <= root.clientWidth) return [];
const out = [...document.querySelectorAll("body *")].filter(one => {
  const box = one.getBoundingClientRect();
  return box.width > 1 && (box.right > root.clientWidth + 0.5 || box.left < -0.5);
});
return out.map(one => "sticks out: " + one.outerHTML.slice(0, 90));
"""
_STICKY = """
const stuck = [...document.querySelectorAll("body *")].filter(one =>
  ["sticky", "fixed"].includes(getComputedStyle(one).position) && !one.closest("dialog"));
const height = stuck.reduce((sum, one) => sum + one.getBoundingClientRect().height, 0);
return height > innerHeight / 3
  ? [`stays in view and takes ${Math.round(height)} of ${innerHeight} pixels: `
     + stuck.map(one => one.className)]
  : [];
"""


def sticking_out(browser: Chrome) -> list[str]:
    """Return what makes the page wider than the window, so that it scrolls sideways."""
    return cast("list[str]", browser.execute_script(_OUTSIDE))


def unusable(browser: Chrome) -> list[str]:
    """Return what makes a very small window useless: sideways scrolling, or what always covers it.

    At most a third of the height may stay in view while the page scrolls.
    """
    return sticking_out(browser) + cast("list[str]", browser.execute_script(_STICKY))
