"""The text of a user's rule, read off its tree: as expressions over holes, and what it takes and returns.

A rule that is assignments and one ``return`` is written into the derivative. One that has more to say (an ``if``,
a loop) is called there, under its name.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import gast

from tangent_like.frontend.expressions import Expressions
from tangent_like.frontend.live import live_target
from tangent_like.frontend.resolve import FileScope
from tangent_like.frontend.rule_text import RuleText
from tangent_like.frontend.source import FunctionSource
from tangent_like.ir.nodes import Call, Const, Expr, Hole, Index, Ref, Ruled, Target, Tuple, UserFunction
from tangent_like.ir.walk import rebuild, substitute

# What the small language has no expression for: a rule with one of these is called.
WIDER = (
    gast.Lambda, gast.ListComp, gast.SetComp, gast.DictComp, gast.GeneratorExp, gast.NamedExpr, gast.Starred,
    gast.Dict, gast.Set, gast.JoinedStr, gast.Await, gast.Yield, gast.YieldFrom,
)  # fmt: skip


# -- what it takes ----------------------------------------------------------------------------------


def signature_of_text(source: FunctionSource) -> inspect.Signature:
    """The parameters of a function, with its defaults where they are literals or it is a live one."""
    if source.obj is not None:
        return inspect.signature(source.obj)
    args = gast.gast_to_ast(source.tree.args)
    positional = [*args.posonlyargs, *args.args]
    defaults = [None] * (len(positional) - len(args.defaults)) + list(args.defaults)
    params = [
        inspect.Parameter(a.arg, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=_literal(d))
        for a, d in zip(positional, defaults, strict=True)
    ]
    if args.vararg is not None:
        params.append(inspect.Parameter(args.vararg.arg, inspect.Parameter.VAR_POSITIONAL))
    for a, d in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        params.append(inspect.Parameter(a.arg, inspect.Parameter.KEYWORD_ONLY, default=_literal(d)))
    if args.kwarg is not None:
        params.append(inspect.Parameter(args.kwarg.arg, inspect.Parameter.VAR_KEYWORD))
    return inspect.Signature(params)


def _literal(node: ast.expr | None) -> object:
    if node is None:
        return inspect.Parameter.empty
    try:
        return ast.literal_eval(node)
    except ValueError:  # what it is only running the file tells: the call has to name it
        return inspect.Parameter.empty


def params_of(source: FunctionSource) -> tuple[str, ...]:
    args = source.tree.args
    return tuple(a.id for a in (*args.posonlyargs, *args.args, *args.kwonlyargs))


def inner_params(source: FunctionSource, name: str) -> tuple[str, ...] | None:
    """The parameters of the function ``name`` inside another; None where there is none."""
    found = inner_function(source, name)
    return None if found is None else tuple(a.id for a in found.args.args)


def inner_function(source: FunctionSource, name: str) -> Any:
    body = source.tree.body if is_def(source) else []
    return next((n for n in body if isinstance(n, gast.FunctionDef) and n.name == name), None)


def is_def(source: FunctionSource) -> bool:
    return isinstance(source.tree, gast.FunctionDef)


def stray(source: FunctionSource) -> Any:
    """What a rule of both modes has beside assignments, ``jvp``, ``vjp`` and a ``return``."""
    inner = [inner_function(source, n) for n in ("jvp", "vjp")]
    for node in without_doc(source.tree.body):
        single = isinstance(node, gast.Assign) and len(node.targets) == 1
        plain = single and isinstance(node.targets[0], gast.Name)
        if not (plain or isinstance(node, gast.Return) or node in inner):
            return node
    return None


# -- what it returns --------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Returned:
    """One ``return``: how many values it shows (0: it is no display), and which of them are ``None``."""

    node: Any
    count: int
    none: tuple[bool, ...]
    nothing: bool
    one: bool  # it cannot be a tuple


def returns(tree: Any) -> list[Returned]:
    """The ``return`` statements of a function itself."""
    if isinstance(tree, gast.Lambda):
        return [_returned(tree, tree.body)]
    found: list[Returned] = []
    pending = list(tree.body)
    while pending:
        node = pending.pop(0)
        if isinstance(node, gast.Return):
            found.append(_returned(node, node.value))
        elif not isinstance(node, gast.FunctionDef | gast.Lambda | gast.ClassDef):
            pending.extend(gast.iter_child_nodes(node))
    return found


def _returned(node: Any, value: Any) -> Returned:
    if isinstance(value, gast.Tuple):
        return Returned(node, len(value.elts), tuple(map(_is_none, value.elts)), False, False)
    one = isinstance(value, gast.BinOp | gast.UnaryOp | gast.Compare | gast.Constant | gast.List)
    return Returned(node, 0, (), value is None or _is_none(value), one)


def _is_none(node: Any) -> bool:
    return isinstance(node, gast.Constant) and node.value is None


# -- what it says -----------------------------------------------------------------------------------


def flat(source: FunctionSource, holes: Sequence[str]) -> RuleText:
    """A function that says it all, its parameters under the names ``holes``."""
    params = params_of(source)
    table = dict(zip(params, holes, strict=True))
    if isinstance(source.tree, gast.Lambda):
        return RuleText(tuple(holes), _read(source, table, source.tree.body))
    body = without_doc(source.tree.body)
    if is_plain(body, params):
        shared, value = _lines(source, table, body, set(holes))
        return RuleText(tuple(holes), value, shared)
    only_named = {a.id for a in source.tree.args.kwonlyargs}
    args = tuple(Hole(table[p]) for p in params if p not in only_named)
    named = tuple((p, Hole(table[p])) for p in params if p in only_named)
    called = Call(_function(source), args, named)
    if not _returns_many(source.tree):
        return RuleText(tuple(holes), called)
    name = unused("bars", set(holes))
    count = _returns_many(source.tree)
    parts = tuple(Index(Hole(name), Const(k)) for k in range(count))
    return RuleText(tuple(holes), Tuple(parts), ((name, called),))


def _returns_many(tree: Any) -> int:
    """How many values a function returns, as its first ``return`` shows it; 0 for what is no display."""
    for node in gast.walk(tree):
        if isinstance(node, gast.Return):
            return len(node.value.elts) if isinstance(node.value, gast.Tuple) else 0
    return 0


def inner_text(source: FunctionSource, name: str, outer: Sequence[str], inner: Sequence[str]) -> RuleText:
    """The function ``name`` inside a rule that says both modes side by side."""
    tree = inner_function(source, name)
    table = dict(zip(params_of(source), outer, strict=True))
    before = [n for n in without_doc(source.tree.body) if isinstance(n, gast.Assign)]
    shared: list[tuple[str, Expr]] = []
    taken = {*outer, *inner}
    _assign(source, table, before, taken, shared)
    for param, hole in zip(tree.args.args, inner, strict=True):
        table[param.id] = hole
    lines, value = _lines(source, table, without_doc(tree.body), taken)
    return RuleText(tuple(inner), value, (*shared, *lines))


def _lines(
    source: FunctionSource, table: dict[str, str], body: list[Any], taken: set[str]
) -> tuple[tuple[tuple[str, Expr], ...], Expr]:
    shared: list[tuple[str, Expr]] = []
    _assign(source, table, body[:-1], taken, shared)
    return tuple(shared), _read(source, table, body[-1].value)


def _assign(
    source: FunctionSource, table: dict[str, str], lines: list[Any], taken: set[str], shared: list[tuple[str, Expr]]
) -> None:
    """What a rule gives a name: holes of their own, in ``table`` by the rule's name for them."""
    for line in lines:
        own = line.targets[0].id
        value = _read(source, table, line.value)
        table[own] = unused(own, taken)
        taken.add(table[own])
        shared.append((table[own], value))


def unused(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _read(source: FunctionSource, table: Mapping[str, str], node: Any) -> Expr:
    lowered = Expressions(source, set(table), {})(node)
    return _placeless(substitute(lowered, {name: Hole(hole) for name, hole in table.items()}))


def _placeless(expr: Expr) -> Expr:
    """Without places, which are those of another file; a function of the user's is called, not looked into."""
    made: Expr = replace(rebuild(expr, _placeless), at=None)
    if isinstance(made, Ref) and isinstance(made.target, UserFunction):
        return replace(made, target=unseen(made.target), root=made.root or made.target)
    return made


def unseen(target: UserFunction) -> Ruled:
    """A function that is called by its name, and not differentiated at this order."""
    return Ruled(target.owner, target.qualname, target.source, None, target)


def _function(source: FunctionSource) -> Ref:
    """The function that says the rule, to be called."""
    target: Target
    if isinstance(source.scope, FileScope):
        target = UserFunction(source.scope.file, source.qualname, source.scope)
    else:
        target = live_target(source.file, source.name, source.obj)
    assert isinstance(target, UserFunction)
    return Ref(source.name, unseen(target), None, target)


# -- what is plain ----------------------------------------------------------------------------------


def without_doc(body: list[Any]) -> list[Any]:
    first = body[0] if body else None
    is_doc = isinstance(first, gast.Expr) and isinstance(first.value, gast.Constant)
    return body[1:] if is_doc else body


def is_plain(body: list[Any], params: Sequence[str]) -> bool:
    """Is it assignments to new names, and one ``return`` of an expression of the small language?"""
    known = set(params)
    for node in body[:-1]:
        if not isinstance(node, gast.Assign) or len(node.targets) != 1 or not isinstance(node.targets[0], gast.Name):
            return False
        if node.targets[0].id in known or _is_wide(node.value):
            return False
        known.add(node.targets[0].id)
    last = body[-1] if body else None
    return isinstance(last, gast.Return) and last.value is not None and not _is_wide(last.value)


def _is_wide(node: Any) -> bool:
    return any(isinstance(part, WIDER) for part in gast.walk(node))
