"""A filling becomes a record, and the record a filling again."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.xlsform.builders import AGE, HOUSING, answered, filled, filling_of, form_from
from xlsform.filling import InstanceError, read_instance
from xlsform.form import Form


@pytest.fixture(scope="module")
def housing() -> Form:
    return form_from(HOUSING)


def test_instance_xml__is_one_and_the_same_text(housing: Form) -> None:
    filling = answered(housing, country="A & B <c>", age="40", needs="flat safety")

    assert filling.instance_xml(instance_id="uuid:1") == (
        '<data xmlns:orx="http://openrosa.org/xforms" id="probe" version="1">'
        "<about><age>40</age><partner/></about>"
        "<home><part/><rent/></home>"
        "<needs>flat safety</needs><since>2026-03-01</since>"
        "<country>A &amp; B &lt;c&gt;</country><twice/>"
        "<orx:meta><orx:instanceID>uuid:1</orx:instanceID></orx:meta></data>"
    )


def test_instance_xml__keeps_only_what_is_wanted_and_no_empty_groups(housing: Form) -> None:
    filling = answered(housing, age="40", country="x")

    assert filling.instance_xml(keep=lambda question: question.name == "country") == (
        '<data xmlns:orx="http://openrosa.org/xforms" id="probe" version="1">'
        "<country>x</country></data>"
    )


def test_instance_xml__carries_the_authors_namespace() -> None:
    form = form_from("""
| survey |
|        | type | name | label |
|        | text | a    | A     |
| settings |
|          | form_id | instance_xmlns       |
|          | probe   | http://example.org/a |
""")
    xml = filling_of(form, {"/data/a": "1"}).instance_xml()

    assert xml.startswith('<data xmlns="http://example.org/a" ')
    assert read_instance(form, xml) == {"/data/a": "1"}


def test_read_instance__takes_any_order_and_gaps_and_passes_meta_over(housing: Form) -> None:
    xml = """<?xml version='1.0' ?>
<data id="probe" version="1" xmlns:orx="http://openrosa.org/xforms">
  <!-- from a tablet -->
  <country> de </country>
  <orx:meta><orx:instanceID>uuid:1</orx:instanceID></orx:meta>
  <about><age>20</age></about>
</data>"""

    assert read_instance(housing, xml) == {AGE: "20", "/data/country": "de"}


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("<gone>1</gone>", "no question '/data/gone'"),
        ("<about><gone/></about>", "no question '/data/about/gone'"),
        ("<about>stray</about>", "no question '/data/about'"),
        ("<country>a</country><country>b</country>", "'/data/country' occurs twice"),
        ("<country><b>a</b></country>", "'/data/country' holds other nodes"),
    ],
)
def test_read_instance__never_reads_a_record_in_part(housing: Form, inside: str, said: str) -> None:
    with pytest.raises(InstanceError, match=said):
        read_instance(housing, f'<data id="probe">{inside}</data>')


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        ('<data id="other"/>', "instance of 'other', not of 'probe'"),
        ("<form/>", "not of 'probe'"),
        ("<data", "not readable as XML"),
        ('<!DOCTYPE d [<!ENTITY a "x">]><data><country>&a;</country></data>', "without a DTD"),
    ],
)
def test_read_instance__refuses_other_documents(housing: Form, xml: str, said: str) -> None:
    with pytest.raises(InstanceError, match=said):
        read_instance(housing, xml)


def test_read_instance__opens_no_file(housing: Form, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("canary")
    xml = (
        f'<!DOCTYPE d [<!ENTITY a SYSTEM "{secret.as_uri()}">]><data><country>&a;</country></data>'
    )

    with pytest.raises(InstanceError) as caught:
        read_instance(housing, xml)
    assert "canary" not in str(caught.value)


def test_filling__start_and_today_are_kept_as_metadata() -> None:
    filling = filled("""
| survey |
|        | type     | name  | label |
|        | start    | begun |       |
|        | today    | day   |       |
|        | deviceid | tool  |       |
|        | text     | a     | A     |
""")

    assert filling.text("/data/day") == "2026-03-01"
    assert filling.text("/data/begun").startswith("2026-03-01T12:00")
    assert filling.text("/data/tool") == ""


texts = st.text(max_size=60)
integers = st.integers(-(2**31), 2**31 - 1).map(str)
days = st.dates().map(lambda day: day.isoformat())


@settings(max_examples=60, deadline=None)
@given(
    country=texts,
    age=st.one_of(st.just(""), integers),
    since=st.one_of(st.just(""), days),
    needs=st.sets(st.sampled_from(["flat", "money", "safety"])).map(" ".join),
    partner=texts,
)
def test_read_instance__gives_back_what_instance_xml_wrote(
    housing: Form, country: str, age: str, since: str, needs: str, partner: str
) -> None:
    given_ = {"country": country, "age": age, "since": since, "needs": needs, "partner": partner}
    filling = answered(housing, **given_)
    relevant = {path: text for path, text in filling.answers.items() if filling.is_relevant(path)}

    xml = filling.instance_xml(instance_id="uuid:1")

    ET.fromstring(xml)
    assert read_instance(housing, xml) == relevant
    assert filling_of(housing, relevant).instance_xml(instance_id="uuid:1") == xml


@settings(max_examples=60, deadline=None)
@given(age=texts, part=texts, rent=texts)
def test_filling__taken_up_again_is_the_same_filling(
    housing: Form, age: str, part: str, rent: str
) -> None:
    filling = answered(housing, age=age, part=part, rent=rent)

    again = filling_of(housing, filling.answers)

    assert again.answers == filling.answers
    assert again.path() == filling.path()
    assert again.instance_xml() == filling.instance_xml()
