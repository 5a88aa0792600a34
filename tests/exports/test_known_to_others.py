"""What those around a woman can see or know of her: a row never shows it beside what she told."""

from collections import Counter

import pytest

from exports.release import outgoing, releases
from exports.release.batches import rules_of
from tests.exports.ledger import TODAY, eva
from tests.support.house import House

# Who referred her, who was there when she asked for help, who sees her every day.
SEEN = {
    "referral": {
        *("filled_by", "tonight", "urgency", "court_letter", "pregnant", "preferred_language"),
        *("municipality", "reasons"),  # whoever put her out knows one of them
    },
    "case": {
        *("known_earlier", "access", "measures", "municipality", "gender", "contacts"),
        *("continued", "emphasis"),
    },
    "client": {
        *("way_found", "first_contact", "waiting", "municipality", "housing_change"),
        "own_language",
    },
}


@pytest.mark.parametrize("questionnaire", SEEN)
def test_nobody__is_the_only_one_of_her_class_by_what_others_see(
    full_house: House, questionnaire: str
) -> None:
    seen = SEEN[questionnaire]
    with full_house.database.transaction() as session:
        who = eva(full_house)
        outgoing.publish(session, who, TODAY, rules_of(full_house.settings))
        found = [releases.content(who, one) for one in releases.batches(session, questionnaire)]
    assert found
    for content in found:
        columns = [name.partition(".")[0] for name in content["columns"]]
        places = [at for at, name in enumerate(columns) if name in seen]
        rows = zip(content["classes"], content["rows"], strict=True)
        alike = Counter((number, *(str(row[at]) for at in places)) for number, row in rows)
        assert min(alike.values()) >= content["k"]
