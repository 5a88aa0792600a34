"""This engine against JavaRosa, the engine inside ODK Collect: the same answer, or both refuse."""

import os
import re
from datetime import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.javarosa import JavaRosa
from tests.xlsform.agreement import disagreement
from tests.xlsform.expressions import expressions
from tests.xlsform.worlds import ZONE, worlds

FEW = 3_000
ASKED = int(os.environ.get("ZUGANG_TEST_EXPRESSIONS", FEW))
AT_ONCE = 25  # expressions about one world: a process answers a line faster than it loads a form


@settings(
    max_examples=ASKED // AT_ONCE,
    derandomize=ASKED <= FEW,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_expression__means_the_same_to_both_engines(
    javarosa: JavaRosa, data: st.DataObject
) -> None:
    """Always the same 3,000 expressions; ZUGANG_TEST_EXPRESSIONS=20000 asks for others and more."""
    world = data.draw(worlds())
    place = data.draw(st.sampled_from(world.places()))
    kind = re.sub(r"\[\d+\]", "", place)
    asked = data.draw(st.lists(expressions(kind), min_size=AT_ONCE, max_size=AT_ONCE))
    now = datetime.now(ZONE).replace(hour=11, minute=10, second=20, microsecond=0)
    javarosa.set_clock("Europe/Berlin", now.timestamp())
    javarosa.load(world.xform())

    answers = javarosa.evaluate(place, asked)

    context = world.context(place, now)
    for expression, answer in zip(asked, answers, strict=True):
        assert (expression, disagreement(expression, context, answer)) == (expression, "")
