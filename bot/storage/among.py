"""Many values with few parameters: a list of parameters ends at 32,767 on both databases, and each costs its time."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, FromClause, Text, any_, column, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection


def among(
    connection: AsyncConnection, column: ColumnElement[Any], values: Collection[int | str]
) -> ColumnElement[bool]:
    """Whether `column` is one of `values`, however many they are; of none it is false."""
    listed = list(values)
    if connection.dialect.name == "sqlite":
        each = func.json_each(json.dumps(listed)).table_valued("value")
        return column.in_(select(each.c.value))
    return column == any_(literal(listed, ARRAY(column.type)))


def table_of(
    connection: AsyncConnection, columns: Mapping[str, type[int | str]], values: Sequence[Sequence[int | str | None]]
) -> FromClause:
    """`values` as a table to join with; each has one value for each of `columns`, which are numbers or texts."""
    if connection.dialect.name == "sqlite":
        each = func.json_each(json.dumps(values)).table_valued("value")
        named = (func.json_extract(each.c.value, f"$[{at}]").label(name) for at, name in enumerate(columns))
        return select(*named).subquery()
    kinds = [BigInteger() if kind is int else Text() for kind in columns.values()]
    arrays = (literal(list(each), ARRAY(kind)) for kind, each in zip(kinds, zip(*values, strict=True), strict=True))
    derived = [column(name, kind) for name, kind in zip(columns, kinds, strict=True)]
    return func.unnest(*arrays).table_valued(*derived).render_derived()
