"""Which taxonomy counts: what was declared last, what comes with zugang, who said so."""

import pytest
from sqlalchemy import select

from core import versions
from core.audit import Entry
from exports.anonymise import declared
from exports.anonymise.leaves import Choices, TaxonomyError
from exports.anonymise.table import COUNTED, build
from exports.release import declaring
from tests.exports.declarations import BANDS, TWO, column, declare, in_force, karin
from tests.exports.ledger import TODAY
from tests.support.house import House
from xlsform import source
from xlsform.form import compile_form

# -- what counts -----------------------------------------------------------------------------------


def test_in_force__the_newest_counts_until_it_is_taken_back(either_house: House) -> None:
    shipped = in_force(either_house)["housing"]
    declare(either_house, "housing", TWO)
    declare(either_house, "children", BANDS)
    declare(either_house, "children", {"from": [0, 2]})
    assert in_force(either_house)["housing"] == declared.read("housing", TWO)
    assert in_force(either_house)["children"] == declared.read("children", {"from": [0, 2]})
    for question in ("housing", "children"):
        asked = column(either_house, "case", question)
        with either_house.database.transaction() as session:
            declaring.reset(session, karin(either_house), "case", asked, TODAY)
    assert in_force(either_house)["housing"] == shipped
    assert "children" not in in_force(either_house)
    with either_house.database.transaction() as session:
        assert session.query(declaring.Declared).count() == 5


def test_in_force__of_one_questionnaire_says_nothing_of_another(house: House) -> None:
    declare(
        house,
        "age",
        {
            "leaves": [
                {"codes": ["18_21", "22_29", "under_18"], "label": "jung"},
                {"codes": ["30_49", "50_64", "65_plus"], "label": "alt"},
            ]
        },
    )
    assert "age" in in_force(house)
    assert "age" not in in_force(house, "referral")


def test_declare__what_does_not_fit_changes_nothing(house: House) -> None:
    with pytest.raises(TaxonomyError, match="misses the choice 'own_flat'"):
        declare(house, "housing", {"leaves": TWO["leaves"][:1]})
    assert in_force(house)["housing"] == declaring.shipped("case")["housing"]


def test_questions__have_the_choices_of_every_version(house: House) -> None:
    with house.database.transaction() as session:
        xform = versions.current(session, "case").xform
        versions.publish(session, "case", xform.replace("<name>clinic<", "<name>hospital<"))
    codes = column(house, "case", "housing").codes
    assert {"clinic", "hospital"} <= codes
    with house.database.transaction() as session:
        names = [one.name for one in declaring.questions(session, "case")]
    assert names == ["age", "children", "housing"]


def test_declare__is_noted_with_who_did_it(house: House) -> None:
    declare(house, "housing", TWO)
    with house.database.transaction() as session:
        lines = session.execute(select(Entry.person_id, Entry.thing).where(Entry.deed == "changed"))
        assert [tuple(line) for line in lines] == [
            (karin(house).person.id, "taxonomy:case.housing")
        ]


# -- what comes with zugang ------------------------------------------------------------------------


@pytest.mark.parametrize("questionnaire", ["referral", "case", "client"])
def test_shipped__fits_the_questionnaire_beside_it(questionnaire: str) -> None:
    (folder,) = (one for one in declaring.FOLDERS if (one / f"{questionnaire}.md").exists())
    made = source.convert(source.read(folder / f"{questionnaire}.md"))
    columns = build(compile_form(made.xml, made.files), [], "de", roles=COUNTED).columns
    found = declaring.shipped(questionnaire)
    for question, how in found.items():
        declared.check(how, next(one for one in columns if one.name == question))
    assert "municipality" in found


def test_shipped__housing_goes_from_the_street_to_a_home_of_ones_own() -> None:
    for questionnaire, question in (
        ("referral", "housing"),
        ("case", "housing"),
        ("client", "housing_now"),
    ):
        how = declaring.shipped(questionnaire)[question]
        assert isinstance(how, Choices)
        order = [leaf.name for leaf in how.leaves]
        assert (order[0], order[-1]) == ("street", "own_flat")
        assert order.index("placed") < order.index("clinic") < order.index("with_others")
