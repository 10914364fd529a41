"""Triggers by which the database itself refuses to change or delete rows of a table.

Emptying a whole table at once is refused as well, unless the session says that it means it:
``SET newsroom.may_empty = 'yes'``.

For migrations. On SQLite a migration that alters such a table builds it anew and loses its
triggers: end that migration with ``AppendOnly`` for the table once more.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

FUNCTION = "newsroom_newsletters_append_only"
EMPTYING = "newsroom_newsletters_never_emptied"
MAY_EMPTY = "newsroom.may_empty"
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
            *keeping(vendor, table),
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
        return [f'DROP TRIGGER IF EXISTS append_only ON "{table}"', *emptying(vendor, table)]
    if vendor == "sqlite":
        changes = ("update", "delete")
        return [f'DROP TRIGGER IF EXISTS "{table}_no_{change}"' for change in changes]
    return []


def keeping(vendor: str, table: str) -> list[str]:
    """Return the statements that forbid to empty a table. Only PostgreSQL has a way to do that."""
    if vendor != "postgresql":
        return []
    return [
        *emptying(vendor, table),
        f"CREATE OR REPLACE FUNCTION {EMPTYING}() RETURNS trigger AS $$ "
        f"BEGIN IF current_setting('{MAY_EMPTY}', true) IS DISTINCT FROM 'yes' THEN "
        f"RAISE EXCEPTION 'This table is not emptied by accident. Say SET {MAY_EMPTY} = ''yes'' "
        "first.' USING ERRCODE = 'restrict_violation'; END IF; RETURN NULL; END "
        "$$ LANGUAGE plpgsql",
        f'CREATE TRIGGER never_emptied BEFORE TRUNCATE ON "{table}" '
        f"FOR EACH STATEMENT EXECUTE FUNCTION {EMPTYING}()",
    ]


def emptying(vendor: str, table: str) -> list[str]:
    """Return the statements that allow it again."""
    if vendor != "postgresql":
        return []
    return [f'DROP TRIGGER IF EXISTS never_emptied ON "{table}"']


class AppendOnly(Operation):
    """Forbid changes to the table of one model: ``AppendOnly("ConsentEvent")``."""

    reduces_to_sql = True
    reversible = True
    forbid = staticmethod(forbidding)
    allow = staticmethod(allowing)

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
        for sql in self.forbid(schema_editor.connection.vendor, model._meta.db_table):
            schema_editor.execute(sql)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        for sql in self.allow(schema_editor.connection.vendor, model._meta.db_table):
            schema_editor.execute(sql)

    def describe(self) -> str:
        return f"Forbid changes to rows of {self.model_name}"


class NeverEmptied(AppendOnly):
    """Forbid to empty the table of one model, whose rows may change: ``NeverEmptied("X")``."""

    forbid = staticmethod(keeping)
    allow = staticmethod(emptying)

    def describe(self) -> str:
        return f"Forbid to empty the table of {self.model_name}"
