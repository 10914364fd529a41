"""Many ids as one parameter of a query."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import BigIntegerField, Expression


class OneOf(Expression):
    """The ids on the right side of ``__in``: ``filter(contest__in=OneOf(contest_ids))``.

    Django looks at each of them in turn and writes a parameter for it, which for the races of an
    election takes longer than the answer. No ids find no rows.
    """

    def __init__(self, ids: Iterable[int]) -> None:
        super().__init__(output_field=BigIntegerField())
        self.ids = list(ids)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list]:
        if not self.ids:
            return "(NULL)", []
        return f"({', '.join(['%s'] * len(self.ids))})", list(self.ids)

    def as_postgresql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list]:
        return "(SELECT unnest(%s::bigint[]))", [self.ids]

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list]:
        return "(SELECT value FROM json_each(%s))", [json.dumps(self.ids)]
