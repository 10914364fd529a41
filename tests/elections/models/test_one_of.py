from __future__ import annotations

from collections.abc import Callable

import pytest

from elections.models import Contest, Election
from elections.models.one_of import OneOf

pytestmark = pytest.mark.django_db
Make = Callable[[str], Contest]


@pytest.fixture
def make_contest(election: Election) -> Make:
    return lambda name: Contest.objects.create(election=election, name=name)


class TestOneOf:
    def test_finds_the_rows_of_its_ids(self, make_contest: Make) -> None:
        first, _second, third = (make_contest(name) for name in ("A", "B", "C"))
        found = Contest.objects.filter(pk__in=OneOf([third.pk, first.pk, 0])).order_by("name")
        assert list(found) == [first, third]

    def test_leaves_them_out(self, make_contest: Make) -> None:
        first, second = make_contest("A"), make_contest("B")
        assert list(Contest.objects.exclude(pk__in=OneOf({first.pk}))) == [second]

    def test_finds_nothing_without_ids(self, make_contest: Make) -> None:
        make_contest("A")
        assert not Contest.objects.filter(pk__in=OneOf([])).exists()

    def test_is_one_parameter_however_many_there_are(self) -> None:
        _sql, parameters = Contest.objects.filter(pk__in=OneOf(range(430))).query.sql_with_params()
        assert len(parameters) == 1

    def test_is_a_plain_list_where_the_database_has_no_lists(self) -> None:
        assert OneOf([7, 9]).as_sql(None, None) == ("(%s, %s)", [7, 9])
        assert OneOf([]).as_sql(None, None) == ("(NULL)", [])
