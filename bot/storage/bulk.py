"""Many values with few parameters: a list of parameters ends at 32,767 on both databases, and each costs its time.

They are given as they lie in the database: no type of a column stands between.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    FromClause,
    Table,
    Text,
    any_,
    bindparam,
    column,
    func,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
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


Columns = Mapping[str, type[int | str]]
Values = Sequence[Sequence[int | str | None]]


async def insert_new(connection: AsyncConnection, table: Table, columns: Columns, values: Values) -> None:
    """Insert `values` as rows of `table`; whose unique key is there already is passed over."""
    if connection.dialect.name == "sqlite":
        # Half as long as reading them out of one parameter: its driver takes rows as they are.
        statement, in_order = _sqlite_insertion(table, tuple(columns))
        await connection.exec_driver_sql(statement, list(map(in_order, values)))
        return
    told = table_of(connection, columns, values).c
    given = [told[name] == 1 if isinstance(table.c[name].type, Boolean) else told[name] for name in columns]
    await connection.execute(
        postgresql.insert(table).from_select(list(columns), select(*given)).on_conflict_do_nothing()
    )


def table_of(connection: AsyncConnection, columns: Columns, values: Values) -> FromClause:
    """`values` as a table to join with; each has one value for each of `columns`, which are numbers or texts."""
    if connection.dialect.name == "sqlite":
        each = func.json_each(json.dumps(values)).table_valued("value")
        named = (func.json_extract(each.c.value, f"$[{at}]").label(name) for at, name in enumerate(columns))
        return select(*named).subquery()
    kinds = [BigInteger() if kind is int else Text() for kind in columns.values()]
    arrays = (literal(list(each), ARRAY(kind)) for kind, each in zip(kinds, zip(*values, strict=True), strict=True))
    derived = [column(name, kind) for name, kind in zip(columns, kinds, strict=True)]
    return func.unnest(*arrays).table_valued(*derived).render_derived()


@lru_cache
def _sqlite_insertion(table: Table, names: tuple[str, ...]) -> tuple[str, Callable[[Sequence[Any]], tuple[Any, ...]]]:
    """The statement, and what puts a row of the columns `names` into the order that it wants."""
    given: dict[str, Any] = {name: bindparam(name) for name in names}
    compiled = sqlite.insert(table).values(given).on_conflict_do_nothing().compile(dialect=sqlite.dialect())
    return str(compiled), itemgetter(*(names.index(name) for name in compiled.positiontup or ()))


def insert_for(connection: AsyncConnection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An insert that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
