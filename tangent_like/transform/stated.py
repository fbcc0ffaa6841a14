"""Calls of the user's functions that write their arguments become statements of their own.

Before                                   After (step writes u, and returns it)

    return np.sum(step(u[1:], dt))           a = u[1:]
                                             step(a, dt)
                                             return np.sum(a)

Such a call says which names' memory it writes (``Assign.writes``). An argument that is written is a name
or a view of one; what the function hands back of its arguments is read from the arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from tangent_like.analysis.typing import Typing
from tangent_like.analysis.views import is_view_path
from tangent_like.analysis.young import is_array
from tangent_like.errors import Place
from tangent_like.frontend.lower import place_of
from tangent_like.frontend.taking import Taker, Taking
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Call,
    Const,
    Do,
    Expr,
    Function,
    Index,
    Name,
    Ref,
    Slice,
    Stmt,
    Tuple,
    UserFunction,
)
from tangent_like.ir.walk import (
    base_name,
    binds,
    expressions,
    last_return,
    names,
    statements,
    subexpressions,
    substitute,
    with_body,
)
from tangent_like.kinds.indexing import index_items
from tangent_like.kinds.kind import Kind
from tangent_like.transform.lowered import bindings


@dataclass(frozen=True, eq=False)
class Writing:
    """What a call writes: arguments by position or keyword; ``handed`` as in ``handed_back``.

    ``copies``: the arguments that may be no views, a number ``x[0]`` or entries: read before the call, and not again.
    """

    keys: frozenset[str]
    params: tuple[str, ...]
    handed: tuple[Expr | None, ...]
    copies: frozenset[str] = frozenset()


# What a call writes; None where it writes nothing.
WritingOf = Callable[[UserFunction, Call, tuple[Kind, ...], Place], "Writing | None"]


def stated(function: Function, typing: Typing, namer: Namer, writing_of: WritingOf) -> Function:
    """The function with such calls as statements."""
    found: dict[Expr, Writing] = {}
    for stmt in statements(function.body):
        for expr in expressions(stmt):
            for node in subexpressions(expr):
                if isinstance(node, Call) and isinstance(node.func, Ref) and isinstance(node.func.target, UserFunction):
                    kind_of = typing.at(stmt)
                    kinds = tuple(kind_of(a) for a in (*node.args, *(v for _, v in node.keywords)))
                    writing = writing_of(node.func.target, node, kinds, place_of(stmt.origin))
                    if writing is not None:
                        given = [*((str(k), a) for k, a in enumerate(node.args)), *node.keywords]
                        copies = frozenset(key for key, arg in given if not is_view(arg, kind_of))
                        found[node] = replace(writing, copies=copies)
    if not found:
        return function
    worker = _Stater(found)
    taking = Taking(namer, function.origin.file, found.__contains__, worker.spelled, worker.whole)
    return with_body(function, taking.block(function.body))


@dataclass(frozen=True, eq=False)
class _Stater:
    found: dict[Expr, Writing] = field(default_factory=dict)

    def spelled(self, plain: Call, call: Call, taker: Taker) -> Expr:
        values = self.results(plain, self.found[call], None, Assign((), (plain,), taker.origin), taker)
        if not values:
            return Const(None)
        return values[0] if len(values) == 1 else Tuple(values)

    def whole(self, stmt: Do | Assign, plain: Call, call: Call, taker: Taker) -> list[Stmt] | None:
        writing = self.found[call]
        if isinstance(stmt, Do):
            self.spelled(plain, call, taker)
            return []
        if len(stmt.targets) != len(writing.handed):
            return None
        values = self.results(plain, writing, stmt.targets, stmt, taker)
        pairs = [
            (t, v) for t, v in zip(stmt.targets, values, strict=True) if not (isinstance(v, Name) and v.id == t)
        ]
        return [Assign(tuple(t for t, _ in pairs), tuple(v for _, v in pairs), stmt.origin)] if pairs else []

    def results(
        self, call: Call, writing: Writing, targets: tuple[str, ...] | None, stmt: Assign, taker: Taker
    ) -> tuple[Expr, ...]:
        """The call as a statement; what its results are. Of what is handed back nothing is taken."""
        call, writes = self.plain(call, writing, taker)
        names: list[str] = []
        if any(e is None for e in writing.handed):
            for k, expr in enumerate(writing.handed):
                own = targets[k] if targets is not None else taker.namer.fresh("a")
                names.append(own if expr is None else taker.namer.fresh("unused"))
        taker.out.append(replace(stmt, targets=tuple(names), values=(call,), writes=writes))
        return tuple(
            Name(names[k]) if e is None else self.handed(e, call, writing) for k, e in enumerate(writing.handed)
        )

    def plain(self, call: Call, writing: Writing, taker: Taker) -> tuple[Call, tuple[str, ...]]:
        """The call with a name, or a view of one, for each argument that is written or handed back."""
        back = {n.id for e in writing.handed if e is not None for n in subexpressions(e) if isinstance(n, Name)}
        params = dict(zip(map(str, range(len(call.args))), writing.params, strict=False))
        writes: dict[str, None] = {}

        def one(key: str, arg: Expr) -> Expr:
            written = key in writing.keys
            if not written and params.get(key, key) not in back:
                return arg
            if (key in writing.copies and not written) or not is_place(arg):
                arg = arg if isinstance(arg, Const) else taker.fresh(arg, "a")
            name = base_name(arg)
            if written and name is not None:
                writes[name] = None
            return arg

        args = tuple(one(str(k), a) for k, a in enumerate(call.args))
        keywords = tuple((n, one(n, a)) for n, a in call.keywords)
        return Call(call.func, args, keywords, call.at), tuple(writes)

    def handed(self, expr: Expr, call: Call, writing: Writing) -> Expr:
        table = dict(zip(writing.params, call.args, strict=False)) | dict(call.keywords)
        return substitute(expr, table)


def is_view(expr: Expr, kind_of: Callable[[Expr], Kind]) -> bool:
    """Is it a name, or what shares memory with one for sure?"""
    return isinstance(expr, Name) or (is_array(kind_of(expr)) and is_view_path(expr, kind_of))


def is_place(expr: Expr) -> bool:
    """A name, or a view that can be said again after the call: nothing that the call writes chooses it."""
    match expr:
        case Name():
            return True
        case Attribute(value, "T"):
            return is_place(value)
        case Index(value, index):
            items = index_items(index)
            parts = [p for i in items for p in ((i.lower, i.upper, i.step) if isinstance(i, Slice) else (i,))]
            return is_place(value) and all(p is None or isinstance(p, Const | Name) for p in parts)
        case _:
            return False


def is_view_of(expr: Expr, params: set[str]) -> bool:
    """A parameter, or a view of one that is chosen by constants."""
    name = base_name(expr)
    return name is not None and name in params and is_place(expr) and names(expr) == {name}


def handed_back(target: UserFunction, function: Function, bound: Mapping[str, Kind]) -> tuple[Expr | None, ...]:
    """For each result: the parameter that it is, or the view of one; None for others. ``bound``: arguments' kinds."""
    value = last_return(function.body).value
    if value is None or (isinstance(value, Const) and value.value is None):
        return ()
    in_place = {n for n, kind in bound.items() if is_array(kind)}
    params = set(bound) - {
        name
        for stmt in statements(function.body)
        for name in binds(stmt)
        if not (isinstance(stmt, Augment) and name in in_place)
    }
    items = value.items if isinstance(value, Tuple) else (value,)
    if len(items) == 1 and isinstance(value, Name) and value.id not in params:
        return (_through_calls(target, function, value.id, params),)
    return tuple(item if is_view_of(item, params) else None for item in items)


def _through_calls(target: UserFunction, function: Function, result: str, params: set[str]) -> Name | None:
    """The parameter that ``result`` is on every path: by its name, or as a call of the function itself returns it."""
    if any(p.name == result for p in function.params):
        return None  # where nothing binds it, it is what was given
    bound: list[Expr] = []
    for stmt in statements(function.body):
        if result in binds(stmt):
            found = list(bindings(stmt, result)) if isinstance(stmt, Assign) else []
            if not found:
                return None
            bound.extend(found)
    own = {value.id for value in bound if isinstance(value, Name)}
    if len(own) != 1 or not own <= params:
        return None
    (name,) = own
    position = [p.name for p in function.params].index(name)
    for value in bound:
        if isinstance(value, Call):
            if not (isinstance(value.func, Ref) and value.func.target == target):
                return None
            given = dict(value.keywords).get(name, value.args[position] if position < len(value.args) else None)
            if not (isinstance(given, Name) and given.id == name):
                return None
        elif not isinstance(value, Name):
            return None
    return Name(name)


def with_handed(target: UserFunction, function: Function, bound: Mapping[str, Kind]) -> Function:
    """The function with each argument that it hands back said as that."""
    return returning(function, handed_back(target, function, bound), frozenset())


def returning(function: Function, handed: tuple[Expr | None, ...], idle: frozenset[int]) -> Function:
    """The function with what it hands back said as the parameter that it is, and which results nobody follows."""
    last = last_return(function.body)
    if idle:
        return with_body(function, tuple(replace(s, idle=idle) if s is last else s for s in function.body))
    match handed:
        case (Name() as param,) if isinstance(last.value, Name) and last.value.id != param.id:
            return with_body(function, tuple(replace(s, value=param) if s is last else s for s in function.body))
        case _:
            return function
