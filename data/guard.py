"""Refusing statements that SQLAlchemy's loader criteria would not reach.

`db` adds the person's stores to every statement. SQLAlchemy applies such criteria to classes it
can see; this module finds the shapes where it cannot, so that they fail loudly, not silently.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Alias, ColumnClause, Select, Table, TextClause
from sqlalchemy.sql import visitors
from sqlalchemy.sql.util import extract_first_column_annotation, surface_expressions

MOST = 10_000  # shapes of statements that a process knows to be harmless
_PASSED: set[int] = set()


class OutsideScope(PermissionError):
    """A statement reached for rows of a store the person does not have, or around the rule."""


def refuse_what_cannot_be_scoped(statement: Any) -> None:
    """Raise OutsideScope if any part of `statement` would escape the criteria.

    What differs in values alone is looked at once: looking takes longer than asking.
    """
    key = statement._generate_cache_key()  # that of SQLAlchemy, which writes the same SQL for it
    shape = None if key is None else hash(key.key)
    if shape is None or shape not in _PASSED:
        _refuse_any_part(statement)
        _passed(shape)


def _passed(shape: int | None) -> None:
    if len(_PASSED) >= MOST:
        _PASSED.clear()
    if shape is not None:
        _PASSED.add(shape)


def _refuse_any_part(statement: Any) -> None:
    for part in visitors.iterate(statement):
        if isinstance(part, TextClause):
            raise OutsideScope("A statement written as text cannot be kept to a person's stores.")
        if isinstance(part, Select):
            _refuse_hidden_tables(part)


def _refuse_hidden_tables(select: Select[Any]) -> None:
    """A table gets criteria only where its class stands openly among what is selected from."""
    orm = select._propagate_attrs.get("compile_state_plugin") == "orm"
    seen = _seen(select) if orm else set()
    classes = {mapper.local_table for mapper in seen if mapper.is_mapper}
    for source in _reached(select) - seen - classes:
        name = getattr(source, "class_", getattr(source, "element", source))
        raise OutsideScope(f"Name the class of {name} with select_from() in this question.")


def _reached(select: Select[Any]) -> set[Any]:
    """Every owned table, as its mapper where it has one, that this one SELECT reads."""
    roots = (*select._raw_columns, *select._where_criteria, *_sources(select))
    return {table for root in roots for table in _tables(root)}


def _seen(select: Select[Any]) -> set[Any]:
    """The mappers SQLAlchemy puts its criteria on."""
    columns, conditions = select._raw_columns, select._where_criteria
    surface = (part for condition in conditions for part in surface_expressions(condition))  # type: ignore[no-untyped-call]
    openly = (_mapper(part) for part in (*columns, *_sources(select), *surface))
    first = (extract_first_column_annotation(c, "parententity") for c in columns)  # type: ignore[no-untyped-call]
    return {mapper for mapper in (*openly, *first) if mapper is not None}


def _sources(select: Select[Any]) -> list[Any]:
    return [*select._from_obj, *(join[0] for join in select._setup_joins)]


def _tables(root: Any) -> Iterator[Any]:
    """The owned tables below `root`, not entering a SELECT within it."""
    stack = [root]
    while stack:
        part = stack.pop()
        if (table := _table(part)) is not None and _owned(table):
            yield _mapper(part) or table
        if not isinstance(part, Select) and not _is_a_class_again(part):
            stack.extend(part.get_children())


def _is_a_class_again(part: Any) -> bool:
    """An alias of a class: the table below it is read through the alias, not beside it."""
    return isinstance(part, Alias) and _mapper(part) is not None


def _mapper(part: Any) -> Any:
    return getattr(part, "_annotations", {}).get("parententity")


def _table(part: Any) -> Any:
    """The table that a column or a table stands for, also below an alias."""
    entity = _mapper(part)
    if entity is not None:
        return entity.local_table
    source = part.table if isinstance(part, ColumnClause) else part
    return source if isinstance(source, Table | Alias) else None


def _owned(table: Any) -> bool:
    name = getattr(table, "element", table).name
    return "store_id" in table.c or name == "store"
