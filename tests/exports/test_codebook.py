from collections import Counter

from exports.anonymise.taxonomy import taxonomy
from exports.formats import codebook
from tests.exports.builders import AGE, CONTACTS, VIOLENCE

CELLS = (
    ("18 bis 29 Jahre", "Ja", "3"),
    ("18 bis 29 Jahre", "Möchte ich nicht sagen", None),
    ("keine Angabe", None, "4"),
    ("50 Jahre oder älter / keine Angabe", "Nein", "4"),
)
COUNTS = [Counter(cells) for cells in zip(*CELLS, strict=True)]


def test_rows__describe_a_column_in_the_order_of_the_header() -> None:
    columns = (AGE, VIOLENCE, CONTACTS)
    age, violence, contacts = (
        dict(zip(codebook.HEADER, row, strict=True))
        for row in codebook.rows(columns, COUNTS, "referral v1", [taxonomy(AGE, [])])
    )
    assert age["treatment"] == "range of the class"
    assert str(age["categories"]).startswith("a18 = 18 bis 21 Jahre; ")
    assert (age["missing"], age["valid n"], age["BAG-W code"]) == ("keine Angabe", 2, "alter")
    assert violence["missing"] == "refused = Möchte ich nicht sagen"
    assert (violence["asked"], violence["valid n"]) == ("safe = 'yes'", 2)
    assert (contacts["asked"], contacts["valid n"]) == ("everyone", 3)
    assert contacts["questionnaire version"] == "referral v1"
