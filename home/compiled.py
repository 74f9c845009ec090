"""Queries that are asked on every page, built and compiled once in the life of a process.

Django builds a query from Python objects and writes its SQL anew each time, which costs several times as much as
asking PostgreSQL. A ``Compiled`` query is written like any other queryset, its managers narrow it to the portal in
scope like any other, and every later asking only fills in the parameters.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from typing import Any, ClassVar, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.query import ModelIterable, QuerySet, ValuesListIterable
from django.db.models.sql.compiler import SQLCompiler
from django_scopes import get_scope, scope

Row = TypeVar("Row")
Ints = list[int]
Texts = list[str]
"""The types of parameters that are lists: for ``pk__any_of``, not for ``pk__in``."""

_SITE = "site in scope"
_FIRST = 2_147_400_000
"""Whole numbers from here on stand for parameters while a query is compiled: no key gets there."""


@models.Field.register_lookup
class AnyOf(models.Lookup):
    """``id__any_of=[1, 2]``: as ``in``, with the list as one parameter, so that its length changes no SQL."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        lhs, parameters = self.process_lhs(compiler, connection)
        return f"{lhs} = ANY(%s)", (*parameters, list(self.rhs))


class Compiled(Generic[Row]):
    """A query of rows (or of ``values_list``, in the order of its columns), compiled when it is first asked.

    ``build`` makes the queryset from keyword parameters, whose types are given by ``parameters``: int, str, date,
    datetime, UUID, Ints or Texts. It must make the same query for all values, and pass each of them on unchanged.
    Locks are refused: what must lock is asked inside its transaction, by Django.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], **parameters: Any) -> None:
        self._build = build
        self._types = parameters
        self._statement: _Statement | None = None

    def rows(self, **values: Any) -> list[Row]:
        """The rows, each time from the database, of the portal in scope.

        Where no single portal is in scope it is asked as Django would, which raises ScopeError or sees all portals.
        """
        known = get_scope()
        if not known.get("_enabled", True) or not isinstance(known.get("site"), int):
            return list(self._build(**values))
        return self._compiled().rows({**values, _SITE: known["site"]})

    def first(self, **values: Any) -> Row | None:
        """The first of the rows, or None; the query itself says how many it reads."""
        return next(iter(self.rows(**values)), None)

    def prefetch(
        self, parents: Iterable[models.Model], relation: str, *, to_attr: str = "", **values: Any
    ) -> None:
        """What ``prefetch_related_objects`` does for one reverse foreign key: the query takes ``parents``, their keys.

        Parents that have it already are left alone; none at all ask nothing. What is kept is a list: it can be read
        by ``.all()``, and narrowed no further.
        """
        waiting = [parent for parent in parents if not _has(parent, relation, to_attr)]
        if waiting:
            _hang(waiting, relation, to_attr, self.rows(parents=[parent.pk for parent in waiting], **values))

    def _compiled(self) -> "_Statement":
        if self._statement is None:
            self._statement = _compile(self._build, self._types)
        return self._statement


class CompiledForAll(Compiled[Row]):
    """Of rows that belong to no portal, or that find out which portal it is: nothing narrows them."""

    def rows(self, **values: Any) -> list[Row]:
        return self._compiled().rows(values)


def _has(parent: models.Model, relation: str, to_attr: str) -> bool:
    return hasattr(parent, to_attr) if to_attr else relation in _kept(parent)


def _kept(parent: Any) -> dict[str, Any]:
    kept: dict[str, Any] = parent.__dict__.setdefault("_prefetched_objects_cache", {})
    return kept


def _hang(parents: list[models.Model], relation: str, to_attr: str, children: Iterable[Any]) -> None:
    """Each child to its parent, and its parent to each child, as Django does."""
    field = parents[0]._meta.get_field(relation).field  # type: ignore[union-attr]
    by_parent: dict[int, list[Any]] = {parent.pk: [] for parent in parents}
    known = {parent.pk: parent for parent in parents}
    for child in children:
        key = getattr(child, field.attname)
        field.set_cached_value(child, known[key])
        by_parent[key].append(child)
    for parent in parents:
        if to_attr:
            setattr(parent, to_attr, by_parent[parent.pk])
        else:
            _kept(parent)[relation] = by_parent[parent.pk]


def _compile(build: Callable[..., QuerySet[Any, Row]], types: dict[str, Any]) -> "_Statement":
    stand_ins = {name: _stand_in(kind, number) for number, (name, kind) in enumerate(types.items(), start=1)}
    with scope(site=_FIRST):
        queryset = build(**stand_ins)
    return _Statement(queryset, {**stand_ins, _SITE: _FIRST})


def _stand_in(kind: Any, number: int) -> Any:
    """A value of that type that no query of ours holds by itself."""
    makers: dict[Any, Callable[[], Any]] = {
        int: lambda: _FIRST + number,
        str: lambda: f"\ue000{number}",
        dt.date: lambda: dt.date(1, 2, number),
        dt.datetime: lambda: dt.datetime(1, 2, number, tzinfo=dt.UTC),
        uuid.UUID: lambda: uuid.UUID(int=number),
        Ints: lambda: [_FIRST + number],
        Texts: lambda: [f"\ue000{number}"],
    }
    return makers[kind]()


class _Statement:
    """A compiled query: its SQL, and which of its parameters are whose. Never changes: threads share it."""

    def __init__(self, queryset: QuerySet[Any], stand_ins: dict[str, Any]) -> None:
        shape = queryset._iterable_class  # noqa: SLF001
        if queryset.query.select_for_update or shape not in (ModelIterable, ValuesListIterable):
            raise TypeError("a compiled query reads rows or lists of values, and locks none")
        self._is_of_rows = shape is ModelIterable
        self._compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self._parameters = self._compiler.as_sql()
        named = [(i, _name_of(parameter, stand_ins)) for i, parameter in enumerate(self._parameters)]
        self._places = [(i, name, _adapter(self._parameters[i])) for i, name in named if name]
        if missing := stand_ins.keys() - {_SITE} - {name for _i, name, _adapt in self._places}:
            raise TypeError(f"the query changed or dropped {sorted(missing)}: it cannot be compiled")
        self.converters = self._compiler.get_converters(
            [selected[0] for selected in self._compiler.select[: self._compiler.col_count]]
        )

    def rows(self, values: dict[str, Any]) -> list[Any]:
        filled = list(self._parameters)
        for place, name, adapt in self._places:
            filled[place] = adapt(values[name])
        compiler = _FilledCompiler(self._compiler, self, tuple(filled))
        if not self._is_of_rows:
            return list(compiler.results_iter(tuple_expected=True))
        asked: Any = _Asked(compiler)
        return list(ModelIterable(asked))


def _name_of(parameter: Any, stand_ins: dict[str, Any]) -> str:
    return next((name for name, value in stand_ins.items() if parameter == value), "")


def _adapter(parameter: Any) -> Callable[[Any], Any]:
    """Django sends whole numbers in a type of the column's size; all else as it is."""
    return type(parameter) if isinstance(parameter, int) else lambda value: value


class _FilledCompiler(SQLCompiler):
    """Django's own compiler, that need not compile any more: it asks, and makes sense of the answer."""

    def __init__(self, compiled: SQLCompiler, statement: _Statement, parameters: tuple[Any, ...]) -> None:
        self.__dict__.update(compiled.__dict__)
        self.connection = connections[DEFAULT_DB_ALIAS]  # of this thread
        self._filled = statement.sql, parameters
        self._converters = statement.converters

    def as_sql(self, *_about: Any, **_more: Any) -> Any:
        return self._filled

    def get_converters(self, _expressions: Any) -> Any:
        return self._converters


class _Asked:
    """What Django's iteration over rows asks of a queryset and of its query."""

    db = DEFAULT_DB_ALIAS
    _known_related_objects: ClassVar[dict[Any, Any]] = {}

    def __init__(self, compiler: SQLCompiler) -> None:
        self._compiler = compiler
        self.query = self

    def get_compiler(self, **_using: Any) -> SQLCompiler:
        return self._compiler
