import pytest
from django.db import DatabaseError, connection, transaction

from newsroom.newsletters.append_only import forbidding
from newsroom.newsletters.models import AppendOnlyError, ConsentEvent, Wording
from tests.newsroom.newsletters.people import sign_up

pytestmark = pytest.mark.django_db

TABLES = [ConsentEvent._meta.db_table, Wording._meta.db_table]


@pytest.fixture
def triggers(db: None) -> None:
    """The triggers of the migrations, which tests run without."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for sql in forbidding(connection.vendor, table):
                cursor.execute(sql)


@pytest.mark.usefixtures("triggers")
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id + 1000", "DELETE FROM {}"])
class TestTheDatabase:
    def test_refuses_to_change_the_ledger(self, newsletter, table, sql):
        sign_up(newsletter)
        with (
            pytest.raises(DatabaseError, match="rows are added, never changed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql.format(table))

    def test_goes_on_taking_rows(self, newsletter, table, sql):
        sign_up(newsletter)
        sign_up(newsletter)
        assert ConsentEvent.objects.count() == 2
        assert Wording.objects.get().text == newsletter.promise


class TestTheModels:
    @pytest.mark.parametrize("model", [ConsentEvent, Wording])
    def test_refuse_it_too(self, newsletter, model):
        sign_up(newsletter)
        row = model.objects.first()
        rows = model.objects.all()
        for change in (
            row.save,
            row.delete,
            rows.delete,
            lambda: rows.update(pk=5),
            lambda: rows.bulk_update([row], ["id"]),
        ):
            with pytest.raises(AppendOnlyError):
                change()
