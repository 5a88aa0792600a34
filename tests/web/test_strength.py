"""Every sentence that zxcvbn may say about a passphrase is said in words of ours."""

import ast
import inspect

import pytest
from flask import Flask
from zxcvbn import feedback

from core.passphrases import judge
from core.web.locale import speak
from core.web.staff import strength


def test_reasons__there_are_words_for_whatever_zxcvbn_says() -> None:
    said = {
        call.args[0].value
        for call in ast.walk(ast.parse(inspect.getsource(feedback)))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "_"
        and isinstance(call.args[0], ast.Constant)
    }
    assert len(said) > 20
    assert said == set(strength.REASONS)


@pytest.mark.parametrize(
    ("tried", "english"),
    [
        ("password1234", "many people"),
        ("zxcvbnm,./12", "next to each other"),
        ("unna unna unna", "places around here"),
        ("Nora2026Nora", "Your name"),
        ("abcdefghijklm", "abc"),
        ("12.12.1999 1", "dates"),
    ],
)
def test_advice__says_in_english_too_why_it_is_easy(app: Flask, tried: str, english: str) -> None:
    with app.test_request_context("/staff/account"):
        speak("en")
        form = strength.NewPassphraseForm(formdata=None)
        form.verdict = judge(tried, "Nora")
        assert not form.verdict.good
        assert english in " ".join(form.advice)
