import msgspec
import pytest

from elections.counting.fingerprints import fingerprint
from elections.counting.results import ContestCount, SelectionCount
from tests.elections.counting.documents import contest, report

AT = "2024-11-05T20:36:34"
MAYOR = ContestCount(
    title="Mayor", selections=(SelectionCount("Ann Lee", 5), SelectionCount("Bo Ray", 3))
)
SAME = {
    "another release time": report("2024-11-05T21:00:00", MAYOR),
    "another group": report(AT, msgspec.structs.replace(MAYOR, group="Cities")),
    "another place on the page": report(AT, msgspec.structs.replace(MAYOR, order=7)),
    "candidates in another order": report(
        AT, msgspec.structs.replace(MAYOR, selections=MAYOR.selections[::-1])
    ),
    "blanks in a note": report(AT, msgspec.structs.replace(MAYOR, question=" \n")),
}
OTHER = {
    "a vote more": contest(5, 4, title="Mayor"),
    "a name": msgspec.structs.replace(MAYOR, title="City mayor"),
    "a seat": msgspec.structs.replace(MAYOR, votes_allowed=2),
    "a question": msgspec.structs.replace(MAYOR, question="Shall it?"),
    "a candidate": msgspec.structs.replace(MAYOR, selections=MAYOR.selections[:1]),
}


class TestFingerprint:
    @pytest.mark.parametrize("document", SAME.values(), ids=SAME)
    def test_is_the_same_in_spite_of(self, document):
        assert fingerprint(document) == fingerprint(report(AT, MAYOR))

    @pytest.mark.parametrize("changed", OTHER.values(), ids=OTHER)
    def test_is_another_for(self, changed):
        assert fingerprint(report(AT, changed)) != fingerprint(report(AT, MAYOR))

    def test_does_not_depend_on_the_order_of_contests(self):
        there = report(AT, MAYOR, contest(1))
        assert fingerprint(there) == fingerprint(report(AT, contest(1), MAYOR))

    def test_tells_votes_from_the_neighbours(self):
        one, other = contest(1, title="A"), contest(2, title="B")
        swapped = contest(2, title="A"), contest(1, title="B")
        assert fingerprint(report(AT, one, other)) != fingerprint(report(AT, *swapped))
