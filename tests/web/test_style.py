"""The one stylesheet: small, alone, for both directions, and readable in both schemes."""

import gzip
import re

import pytest

from tests.web.test_questions import STYLE

SCHEMES = ("light", "dark")


def test_style__stays_small_and_asks_for_nothing_else() -> None:
    style = STYLE.read_bytes()

    assert len(gzip.compress(style)) < 4096
    assert b"url(" not in style
    assert b"@import" not in style


def test_style__knows_no_left_and_no_right() -> None:
    """Logical sides only, so that one stylesheet reads in both directions."""
    assert not re.findall(r"[-\s](?:left|right)\s*[:;]", STYLE.read_text("utf-8"))


def test_style__has_a_rule_for_every_layout() -> None:
    style = STYLE.read_text("utf-8")
    for layout in ("likert", "packed", "columns", *(f"n{number}" for number in range(1, 7))):
        assert re.search(rf"\.{layout}\b", style), layout


def colours(scheme: str) -> dict[str, str]:
    """Return the colours of a scheme by name; the dark one changes some of the light ones."""
    light, dark = re.findall(r":root \{(.*?)\}", STYLE.read_text("utf-8"), re.DOTALL)
    named = re.compile(r"--([a-z-]+): (#[0-9a-f]+);")
    return dict(named.findall(light)) | (dict(named.findall(dark)) if scheme == "dark" else {})


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_style__words_stand_out_from_every_ground(scheme: str) -> None:
    named = colours(scheme)
    for words in ("ink", "soft", "deed", "wrong", "good"):
        for ground in ("ground", "shade"):
            assert contrast(named[words], named[ground]) >= 4.5, (words, ground)
    assert contrast(named["on-deed"], named["deed"]) >= 4.5
    assert contrast("#1d1a00", named["exit"]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_style__the_edges_of_boxes_can_be_seen(scheme: str) -> None:
    named = colours(scheme)
    assert contrast(named["line"], named["ground"]) >= 3
