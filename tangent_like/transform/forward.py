"""Forward mode: one pass that carries values and tangents.

Before                                   After

    for i in range(n):                       for i in range(n):
        x = x * math.sin(k)                      s = math.sin(k)
    return x                                     s_dot = k_dot * math.cos(k)
                                                 x_dot = x_dot * s + x * s_dot
                                                 x = x * s
                                             return x, x_dot
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tangent_like.analysis.activity import carriers
from tangent_like.analysis.aliases import NOTHING_LENT, Lent
from tangent_like.analysis.live import keep_live
from tangent_like.analysis.seen import Earlier
from tangent_like.analysis.typing import Typing
from tangent_like.errors import DifferentiationError, ResultError, UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.build import beside
from tangent_like.ir.names import Namer
from tangent_like.ir.never import assert_never
from tangent_like.ir.nodes import (
    Assert,
    Assign,
    Attribute,
    Augment,
    Binary,
    Bind,
    Block,
    Break,
    Call,
    Choose,
    Comment,
    Compare,
    Const,
    Continue,
    Define,
    Delete,
    Do,
    Each,
    Expr,
    For,
    Fresh,
    Function,
    GradOf,
    If,
    Loop,
    Name,
    Param,
    Pass,
    Pop,
    Push,
    Raise,
    Return,
    Stmt,
    Store,
    Try,
    Tuple,
    Unary,
    While,
    With,
)
from tangent_like.ir.walk import (
    binds,
    called_by,
    expressions,
    last_return,
    names,
    rebuild,
    same,
    statements,
    subexpressions,
    with_body,
)
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import (
    UNKNOWN,
    Array,
    Kind,
    ListOf,
    Plain,
    Scalar,
    Sequence,
    Unknown,
    is_complex,
    is_float,
    item_of,
)
from tangent_like.rules.over_complex import holds
from tangent_like.transform.accumulate import is_fresh
from tangent_like.transform.derive import Facts, Outside, new_values, overlap_checks, watch_facts, whole_checks
from tangent_like.transform.drawn import draws_in_order
from tangent_like.transform.entry_copies import copies_of_arguments
from tangent_like.transform.expose import Exposer, Simple, is_user_call, roots
from tangent_like.transform.overwritten import overwritten
from tangent_like.transform.plan import Planner
from tangent_like.transform.push import Part, Pusher
from tangent_like.transform.ready import reshaped
from tangent_like.transform.results import check_count, several
from tangent_like.transform.rows_in_place import with_rows_in_place
from tangent_like.transform.rows_of_results import with_arrays_named
from tangent_like.transform.runtime_refs import helper
from tangent_like.transform.sorts import apart as apart_by_sort
from tangent_like.transform.stages import Stage, Swept
from tangent_like.transform.statements import assign, attempt, branch, context, lists, loop, store, surgery
from tangent_like.transform.tangents import PushCall, Tangents, copy_in_order, ever_active
from tangent_like.transform.tidy.width import COLUMNS, line_width
from tangent_like.transform.whole_numbers import checked
from tangent_like.transform.widened import with_widened
from tangent_like.transform.zeros import zero_of


def tangent_block(block: Block, sweep: Tangents) -> Block:
    """The statements of a block, each with its tangent statement beside it."""
    out: list[Stmt] = []
    for stmt in block:
        out.extend(tangent(stmt, sweep))
    return tuple(out)


def tangent(stmt: Stmt, sweep: Tangents) -> list[Stmt]:
    match stmt:
        case Assign() | Augment():
            return assign.tangent(stmt, sweep)
        case Store():
            return store.tangent(stmt, sweep)
        case If():
            return branch.tangent(stmt, sweep)
        case For() | Each() | While():
            return loop.tangent(stmt, sweep)
        case With():
            return context.tangent(stmt, sweep)
        case Try():
            return attempt.tangent(stmt, sweep)
        case Push() | Pop():
            return lists.tangent(stmt, sweep)
        case Break() | Do() | Assert() | Raise() | Pass() | Comment():
            return [stmt]
        case GradOf():
            return surgery.tangent(stmt, sweep)
        case Return():
            return []
        case Bind() | Loop() | Define() | Continue() | Delete():
            raise AssertionError(f"{type(stmt).__name__} is normalized away before")
        case _:
            assert_never(stmt)


@dataclass(eq=False)
class ForwardExposer(Exposer):
    """Names for what tangents read; rows that carry derivatives by index, to have their tangents beside them."""

    def probe(self, stmt: Simple) -> Planner | None:
        if not isinstance(stmt, Return) and stmt not in self.activity.acts:
            return None
        varied = self.activity.varied_reads.get(stmt, frozenset())
        pusher = Pusher(stmt, stmt.origin, self.typing, varied, Namer(), probe=True, dot_of=lambda name: f"{name}@dot")
        if isinstance(stmt, Return):
            for item in returned_items(stmt):
                pusher.full(item)
                if not isinstance(pusher.kind_of(item), Scalar | Array):
                    pusher.want_shape(item)
            return pusher
        if isinstance(stmt, Assign) and len(stmt.targets) > 1 and len(stmt.values) == 1:
            found = several(stmt.values[0], pusher.kind_of)
            if found is not None:
                check_count(stmt, found)
                pusher.push_results(stmt.values[0], found, tuple(Fresh(t) for t in stmt.targets))
                return pusher
        for value, _, result in roots(stmt):
            whole_call = isinstance(stmt, Assign) and len(stmt.values) == 1 and is_user_call(value)
            if not whole_call:
                tangent = pusher.push(value, result)
                if tangent is not None and result is None and not isinstance(stmt, Store):
                    pusher.full(value)
        return pusher

    def simple(self, stmt: Simple, in_loop: bool) -> list[Stmt]:
        if isinstance(stmt, Store) and stmt.op not in ("", "+", "-") and stmt in self.activity.acts:
            pusher = self.probe(stmt)
            value = Binary(stmt.op, stmt.target, stmt.value, stmt.target.at)
            if pusher is not None and any(same(e, value) for e in pusher.wanted):
                # the result is read: computed first, then stored
                self.changed = self.again = True
                name = self.fresh("v")
                return [Assign((name,), (value,), stmt.origin), Store(stmt.target, "", Name(name), stmt.origin)]
        return super().simple(stmt, in_loop)

    def cheap(self, expr: Expr, kind_of: Callable[[Expr], Kind], in_loop: bool) -> bool:  # noqa: ARG002
        """A name costs nothing here, in loops neither: nothing is kept."""
        return super().cheap(expr, kind_of, False)

    def said_together(self, planner: Planner, in_loop: bool) -> frozenset[Expr]:  # noqa: ARG002
        return frozenset()

    def written_inside(self, stmt: Each) -> bool:
        carrying = carriers(stmt.iterable, self.typing.at(stmt), self.typing)
        return bool(carrying & self.activity.varied_reads.get(stmt, frozenset())) or super().written_inside(stmt)


def returned_items(stmt: Return) -> tuple[Expr, ...]:
    if stmt.value is None:
        return ()
    return stmt.value.items if isinstance(stmt.value, Tuple) else (stmt.value,)


@dataclass(frozen=True, eq=False)
class Carrying:
    """A function with its facts complete: ready to carry tangents."""

    function: Function
    sweep: Tangents
    outside: Outside
    wrt: tuple[str, ...]
    entry: Block
    copied: tuple[str, ...]
    given: Function  # as it was before all this

    @property
    def typing(self) -> Typing:
        return self.sweep.typing

    @property
    def last(self) -> Return:
        return last_return(self.function.body)


def carry(
    function: Function,
    kinds: Mapping[str, Kind],
    wrt: tuple[str, ...],
    sizes: Sizes,
    namer: Namer,
    outside: Outside,
    push_call: PushCall,
    lent: Lent = NOTHING_LENT,
    varied: tuple[str, ...] | None = None,
) -> Carrying:
    """Facts, then names for what will be read, until nothing changes."""
    given = function
    checks = overlap_checks(function, kinds)
    facts = Facts(kinds, wrt if varied is None else varied, sizes, outside, lent, True, Earlier(again=outside.flat))
    ordered = draws_in_order(new_values(function, facts), namer, outside.happens_once)
    function = checked(ordered, facts.typing, facts.find)
    function = with_widened(function, facts.typing(function))
    function = with_arrays_named(function, facts.typing(function), namer)
    function = with_rows_in_place(function, facts.typing(function))
    function = apart_by_sort(function, facts.typing(function), namer)
    for turn in range(50):
        typing, aliases, activity = facts.find(function)
        if turn == 0:
            watch_facts(function, given, (typing, aliases, activity), outside.watch)
        exposer = ForwardExposer(typing, activity, aliases, namer)
        body = exposer.block(function.body)
        if not exposer.changed:
            break
        function = with_body(function, body)
    else:
        raise UnsupportedError(
            "an expression nests too deep to be taken apart", place_of(function.origin), "split it into statements"
        )
    outside.watch(Stage("expose", function, given))
    ever = ever_active(function.body, activity, aliases, typing, wrt)
    sweep = Tangents(
        typing,
        activity,
        aliases,
        namer,
        outside.returns_argument,
        push_call,
        outside.written_arguments,
        tangent_block,
        ever,
        overwritten(function.body, typing),
        outside.happens_once,
    )
    for param in function.params:  # first: they are called what the user expects
        if param.name in wrt:
            sweep.dot(param.name)
    copied = aliases.copied
    arrays = [p.name for p in function.params if not isinstance(typing.overall.get(p.name), Scalar | Plain)]
    entry: list[Stmt] = [*checks, *whole_checks(function, activity, aliases, typing, copied)]
    entry += real_checks(function, kinds, wrt, typing)
    for name in copied:
        others = [a for a in arrays if a != name]
        if others:  # copied one by one, they would no longer be one memory
            entry.append(Do(Call(helper("refuse_overlap"), (Name(name), *map(Name, others)))))
    layout = [n for n in copied if aliases.class_of.get(n, n) in reshaped(function, aliases)]
    entry += [Do(Call(helper("refuse_strided"), (Name(n),))) for n in layout]
    entry += copies_of_arguments(function, copied, typing)
    for param in function.params:
        name = param.name
        if name not in ever:
            continue
        if name not in wrt:
            entry.append(Assign((sweep.dot(name),), (zero_of(Name(name), kinds[name]),)))
        elif name in copied:
            dot = sweep.dot(name)
            entry.append(Assign((dot,), (Call(Attribute(Name(dot), "copy"), ()),)))
    return Carrying(function, sweep, outside, wrt, tuple(entry), copied, given)


def real_checks(function: Function, kinds: Mapping[str, Kind], wrt: tuple[str, ...], typing: Typing) -> list[Stmt]:
    """Arguments of which nothing is known are taken for real: where a rule holds for those alone, the text checks."""
    unknown = [n for n in wrt if isinstance(kinds[n], Unknown) or getattr(kinds[n], "dtype", "") is None]
    unknown = [n for n in unknown if not isinstance(kinds[n], Scalar) and not is_complex(kinds[n])]
    if not unknown or not any(for_reals_alone(s, typing) for s in statements(function.body)):
        return []
    return [Do(Call(helper("refuse_complex"), (Name(n),))) for n in unknown]


def for_reals_alone(stmt: Stmt, typing: Typing) -> bool:
    if stmt not in typing.before:
        return False
    for node in (n for top in expressions(stmt) for n in subexpressions(top)):
        if isinstance(node, Call | Attribute | Binary | Unary):
            try:
                found = typing.at(stmt).application(node)
            except DifferentiationError:
                continue
            if found is not None and found.rule.form != "constant" and not holds(found.rule):
                return True
    return False


@dataclass(frozen=True, eq=False)
class Results:
    """What a function returns, item by item: values, and the tangents of those that carry derivatives."""

    values: tuple[Expr, ...]
    tangents: tuple[Expr | None, ...]
    kinds: tuple[Kind, ...]
    temps: tuple[Stmt, ...]
    tupled: bool


def results(p: Carrying) -> Results:
    last = p.last
    items = returned_items(last)
    pusher = p.sweep.pusher(last)
    kinds = tuple(map(pusher.kind_of, items))
    parts = [Part(str(k), pusher.whole(i)) for k, i in enumerate(items) if is_float(kinds[k])]
    temps, parts = p.sweep.once(pusher, parts)
    found = {int(part.target): part.value for part in parts}
    tangents = tuple(found.get(k) for k in range(len(items)))
    return Results(items, tangents, kinds, tuple(Assign((n,), (e,)) for n, e in temps), isinstance(last.value, Tuple))


def forward_function(p: Carrying, name: str, mode: str) -> Function:
    """``f_jvp(args, dots)``. "push": one of the user's own, called by another: its results stand side by side."""
    inner = mode == "push"
    found = results(p)
    for kind in found.kinds:
        if isinstance(kind, Sequence) and is_float(kind) and (not kind.is_list or item_of(kind) == UNKNOWN):
            place = place_of(p.last.origin or p.function.origin)
            raise ResultError("a result that is a list or a nested tuple is not differentiated", place, "return arrays")
    body = (*p.entry, *tangent_block(p.function.body, p.sweep), *found.temps)
    seen: set[str] = set()
    tangents: list[Expr | None] = []
    for result, expr, kind in zip(found.values, found.tangents, found.kinds, strict=True):
        tangents.append(None if expr is None else apart(result, expr, kind, body, seen, p, inner))
    if inner:
        beside = (*found.values, *(t for t in tangents if t is not None))
        value: Expr = Tuple(beside) if len(beside) != 1 or found.tupled else beside[0]
    else:
        dots = tuple(Const(None) if t is None else t for t in tangents)
        both = (Tuple(found.values), Tuple(dots)) if found.tupled else (found.values[0], dots[0])
        value = both[1] if mode == "tangent" else Tuple(both)
    ending = Return(value, p.last.origin)
    if line_width(ending, 1) > COLUMNS:
        ending, temps = tangents_named(ending, tangents, p)
        body = (*body, *temps)
    kept = keep_live((*body, ending), set(), p.sweep.memory(), p.outside.has_effects)
    made = Function(name, parameters(p), kept, p.function.origin, "", "")
    p.outside.watch(Stage("live", made, p.given, Swept(((*body, ending), ()), kept, (), p.sweep.typing, {})))
    return made


def tangents_named(ending: Return, tangents: Iterable[Expr | None], p: Carrying) -> tuple[Return, list[Stmt]]:
    """A long ``return`` with names for the tangents in it."""
    table: dict[Expr, Expr] = {}
    temps: list[Stmt] = []
    for tangent in tangents:
        if tangent is not None and not isinstance(tangent, Name | Const):
            name = p.sweep.namer.fresh("result_dot")
            temps.append(Assign((name,), (tangent,)))
            table[tangent] = Name(name)

    def change(expr: Expr) -> Expr:
        return table[expr] if expr in table else rebuild(expr, change)

    assert ending.value is not None
    return Return(change(ending.value), ending.origin), temps


def dots_by_keyword(function: Function) -> bool:
    return any(q.default is not None or q.keyword_only for q in function.params)


def parameters(p: Carrying) -> tuple[Param, ...]:
    """The parameters, then the tangents of those asked for; by keyword alone where a default stands before them."""
    keyword = dots_by_keyword(p.function)
    notes = {q.name: q.note for q in p.function.params}
    dots = (Param(p.sweep.dot(n), keyword_only=keyword, note=notes.get(n)) for n in p.wrt)
    return beside(p.function.params, dots)


def apart(value: Expr, expr: Expr, kind: Kind, body: Block, seen: set[str], p: Carrying, inner: bool) -> Expr:
    """The tangent that is returned, in memory of its own."""
    if isinstance(kind, Scalar) or is_fresh(expr):
        return expr
    if inner and isinstance(value, Name) and isinstance(expr, Name) and expr.id == p.sweep.dots.get(value.id):
        bound = {n for s in statements(body) if isinstance(s, Assign) for n in s.targets}
        if value.id in {q.name for q in p.function.params} and not {value.id, expr.id} & bound:
            return expr  # the argument itself, and its tangent: they share memory alike
    if inner and not isinstance(value, Name):
        return copy_of(value, expr, kind, inner)
    if isinstance(expr, Name) and expr.id not in seen:
        seen.add(expr.id)
        bindings = [s for s in statements(body) if isinstance(s, Assign) and expr.id in s.targets]
        params = {p.sweep.dot(n) for n in p.wrt}
        called = isinstance(value, Name) and expr.id == p.sweep.dots.get(value.id) and only_called(value.id, p)
        fresh = bindings and all(
            is_fresh(s.values[s.targets.index(expr.id)]) if len(s.targets) == len(s.values) else called
            for s in bindings
        )
        if fresh and (expr.id not in params or expr.id in {p.sweep.dot(n) for n in p.copied}):
            if not _shared_out(expr.id, body):
                return expr
    copied = copy_of(value, expr, kind, inner)
    if isinstance(value, Name) and isinstance(kind, Unknown) and _may_be_none(value.id, body):
        return Choose(Compare(value, ("is",), (Const(None),)), Const(None), copied)
    return copied


def only_called(name: str, p: Carrying) -> bool:
    """Is it the one result of calls of the user's functions alone, none of which hands its argument back?

    Then its tangent is in memory of its own, as such functions return it.
    """
    bindings = [s for s in statements(p.function.body) if name in binds(s)]
    return bool(bindings) and all(
        isinstance(s, Assign)
        and s.targets == (name,)
        and (target := called_by(s.values[0])) is not None
        and not s.writes
        and not p.sweep.returns_argument(target)
        for s in bindings
    )


def _may_be_none(name: str, body: Block) -> bool:
    """Is it bound to nothing on some path?"""
    for stmt in statements(body):
        if isinstance(stmt, Assign) and name in stmt.targets and len(stmt.targets) == len(stmt.values):
            value = stmt.values[stmt.targets.index(name)]
            if isinstance(value, Const) and value.value is None:
                return True
    return False


def _shared_out(name: str, body: Block) -> bool:
    """May another name be memory of this one?"""
    for stmt in statements(body):
        if isinstance(stmt, Assign) and name not in stmt.targets:
            for value in stmt.values:
                if not is_fresh(value) and name in names(value):
                    return True
    return False


def copy_of(value: Expr, expr: Expr, kind: Kind, inner: bool) -> Expr:
    """``inner``: what another function of the program is handed, whole numbers too."""
    if isinstance(kind, Array) and (kind.dtype is not None):
        return copy_in_order(expr)
    if is_complex(kind) or (inner and isinstance(kind, Unknown | Array)):
        return Call(helper("matching"), (expr, value))
    return Call(helper("like_list" if isinstance(kind, ListOf | Sequence) else "like"), (expr, value))
