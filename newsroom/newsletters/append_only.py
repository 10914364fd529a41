"""Triggers by which the database itself refuses to change or delete rows of a table.

For migrations. On SQLite a migration that alters such a table builds it anew and loses its
triggers: end that migration with ``AppendOnly`` for the table once more.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

FUNCTION = "newsroom_newsletters_append_only"
MESSAGE = "This table is a record of what happened: rows are added, never changed."


def forbidding(vendor: str, table: str) -> list[str]:
    """Return the statements that make the triggers, anew if they exist.

    Other databases than PostgreSQL and SQLite get none: there the models refuse alone.
    """
    if vendor == "postgresql":
        return [
            *allowing(vendor, table),
            f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger AS $$ "
            f"BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation'; END "
            "$$ LANGUAGE plpgsql",
            f'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION {FUNCTION}()",
        ]
    if vendor == "sqlite":
        return allowing(vendor, table) + [
            f'CREATE TRIGGER "{table}_no_{change}" BEFORE {change.upper()} ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            for change in ("update", "delete")
        ]
    return []


def allowing(vendor: str, table: str) -> list[str]:
    """Return the statements that take the triggers away."""
    if vendor == "postgresql":
        return [f'DROP TRIGGER IF EXISTS append_only ON "{table}"']
    if vendor == "sqlite":
        changes = ("update", "delete")
        return [f'DROP TRIGGER IF EXISTS "{table}_no_{change}"' for change in changes]
    return []


class AppendOnly(Operation):
    """Forbid changes to the table of one model: ``AppendOnly("ConsentEvent")``."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, model_name: str):
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        for sql in forbidding(schema_editor.connection.vendor, model._meta.db_table):
            schema_editor.execute(sql)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        for sql in allowing(schema_editor.connection.vendor, model._meta.db_table):
            schema_editor.execute(sql)

    def describe(self) -> str:
        return f"Forbid changes to rows of {self.model_name}"
