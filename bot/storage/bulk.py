"""Statements with many values in few parameters: both databases allow at most 32,767, and each one costs time.

The values must be numbers or texts as the database stores them: the types of the columns do not convert them.
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
    cast,
    column,
    func,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncConnection


def among(
    connection: AsyncConnection, column: ColumnElement[Any], values: Collection[int | str]
) -> ColumnElement[bool]:
    """Return the SQL condition that `column` is one of `values`, of any number; it is false if `values` is empty."""
    listed = list(values)
    if connection.dialect.name == "sqlite":
        elements = func.json_each(json.dumps(listed)).table_valued("value")
        return column.in_(select(elements.c.value))
    return column == any_(literal(listed, ARRAY(column.type)))


Columns = Mapping[str, type[int | str]]
Values = Sequence[Sequence[int | str | None]]


async def insert_new(connection: AsyncConnection, table: Table, columns: Columns, values: Values) -> None:
    """Insert `values` as rows of `table`; skip each row whose unique key already exists."""
    if connection.dialect.name == "sqlite":
        # The SQLite driver accepts rows directly: this takes half as long as one JSON parameter with all rows.
        statement, in_order = _sqlite_insertion(table, tuple(columns))
        await connection.exec_driver_sql(statement, list(map(in_order, values)))
        return
    rows = table_of(connection, columns, values).c
    selected = [rows[name] == 1 if isinstance(table.c[name].type, Boolean) else rows[name] for name in columns]
    await connection.execute(
        postgresql.insert(table).from_select(list(columns), select(*selected)).on_conflict_do_nothing()
    )


def table_of(connection: AsyncConnection, columns: Columns, values: Values) -> FromClause:
    """Return `values` as a table to join with.

    Args:
        connection: a connection to the database that the SQL is for.
        columns: name and type of each column; a value is a number or a text.
        values: the rows, each with one value for each column.
    """
    return json_table(connection.dialect.name, columns, literal(json.dumps(values)))


def json_table(dialect: str, columns: Columns, rows: ColumnElement[str]) -> FromClause:
    """Return rows as a table to join with.

    Args:
        dialect: the database that the SQL is for.
        columns: name and type of each column; a value is a number or a text.
        rows: an expression whose value is a JSON list with a list of values for each row. PostgreSQL's driver takes
            twice as long for an array of each column.
    """
    if dialect == "sqlite":
        row = func.json_each(rows).table_valued("value").c.value
        named = [func.json_extract(row, f"$[{at}]").label(name) for at, name in enumerate(columns)]
    else:
        row = func.jsonb_array_elements(cast(rows, JSONB)).table_valued(column("value", JSONB)).c.value
        named = [
            cast(row[at].astext, BigInteger if kind is int else Text).label(name)
            for at, (name, kind) in enumerate(columns.items())
        ]
    return select(*named).subquery()


@lru_cache
def _sqlite_insertion(table: Table, names: tuple[str, ...]) -> tuple[str, Callable[[Sequence[Any]], tuple[Any, ...]]]:
    """Return the INSERT statement, and a function that puts a row with the columns `names` into the order it needs."""
    parameters: dict[str, Any] = {name: bindparam(name) for name in names}
    compiled = sqlite.insert(table).values(parameters).on_conflict_do_nothing().compile(dialect=sqlite.dialect())
    return str(compiled), itemgetter(*(names.index(name) for name in compiled.positiontup or ()))


def insert_for(connection: AsyncConnection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT that has the methods `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
