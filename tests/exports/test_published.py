from exports.anonymise.grouping import EXEMPT
from exports.anonymise.table import Table
from exports.release.published import allowed, coded, released
from tests.exports.builders import AGE, CONTACTS, REASON, VIOLENCE

TABLE = Table(
    (AGE, VIOLENCE, REASON, CONTACTS),
    (
        ("a18", "yes", "1", "3"),
        ("a22", "no", "0", None),
        (None, None, "refused", "7"),
        ("a50", "yes", "0", "3"),
    ),
)


def test_coded__every_row_has_a_code_in_every_quasi_identifier() -> None:
    found = coded(TABLE)
    assert found.codes.tolist() == [[0], [1], [4], [3]]
    assert found.sizes == (5,)
    assert found.sensitive_names == ("violence", "reason.debts")


def test_coded__not_choosing_an_answer_is_exempt_from_the_share_rule() -> None:
    values = coded(TABLE).sensitive[:, 1].tolist()
    assert values[1] == values[3] == EXEMPT
    assert EXEMPT not in (values[0], values[2])


def test_coded__blanks_count_as_a_value_until_most_rows_share_them() -> None:
    few = Table((VIOLENCE,), (("yes",), (None,), ("no",), ("refused",)))
    most = Table((VIOLENCE,), (("yes",), (None,), (None,), (None,)))
    assert EXEMPT not in coded(few).sensitive[:, 0]
    assert coded(most).sensitive[:, 0].tolist() == [0, EXEMPT, EXEMPT, EXEMPT]


def test_coded__a_value_that_most_rows_share_still_counts() -> None:
    table = Table((VIOLENCE,), (("yes",),) * 4)
    assert EXEMPT not in coded(table).sensitive


def test_coded__a_table_may_have_neither() -> None:
    found = coded(Table((CONTACTS,), (("1",), ("2",))))
    assert (found.codes.shape, found.sensitive.shape) == ((2, 0), (2, 0))


def test_released__shows_one_range_a_class_and_labels() -> None:
    rows = released(TABLE, coded(TABLE).taxonomies, ((0, 1), (3,)))
    assert rows == (
        ("18 bis 29 Jahre", "Ja", "1", "3"),
        ("18 bis 29 Jahre", "Nein", "0", None),
        ("50 Jahre oder älter", "Ja", "0", "3"),
    )


def test_released__shows_codes_on_demand() -> None:
    rows = released(TABLE, coded(TABLE).taxonomies, ((2,),), labels=False)
    assert rows == (("keine Angabe", None, "refused", "7"),)


def test_allowed__lists_ranges_labels_and_numbers() -> None:
    ages, violence, reason, contacts = allowed(TABLE.columns, coded(TABLE).taxonomies)
    assert "18 bis 29 Jahre" in ages.values
    assert violence.values == {"Ja", "Nein", "Möchte ich nicht sagen"}
    assert reason.values == {"1", "0", "Möchte ich nicht sagen"}
    assert (contacts.values, contacts.number) == (frozenset(), True)


def test_allowed__lists_codes_on_demand() -> None:
    found = allowed((VIOLENCE,), (), labels=False)
    assert found[0].values == {"yes", "no", "refused"}
