"""``with tl.grad_of(x) as x_bar``: lines of the user's for the way back, which are no part of the function."""

from __future__ import annotations

import ast
import textwrap
from typing import Any

import gast

from tangent_like.errors import DifferentiationError
from tangent_like.frontend.expressions import IN_PLACE_METHODS, Expressions
from tangent_like.frontend.patterns import Lowerer
from tangent_like.frontend.source import FunctionSource
from tangent_like.ir.nodes import GradOf, Library, Opaque, Ref

# What neither writes what it is given nor keeps it.
HARMLESS = ("numpy", "math", "builtins")
FUNCTIONS = (gast.FunctionDef, gast.AsyncFunctionDef, gast.ClassDef, gast.Lambda)


class SetAside(gast.Pass):  # type: ignore[misc] # gast has no types
    """Stands where the statement stood: what it binds are no names of the function."""


def set_aside(source: FunctionSource, body: list[Any], imports: dict[str, tuple[str, str | None]]) -> None:
    """Put a placeholder for each ``with tl.grad_of`` in a body, in place; those of functions inside are theirs."""
    for k, node in enumerate(body):
        if isinstance(node, gast.With) and len(node.items) == 1 and _is_grad_of(source, node, imports):
            found = SetAside()
            found.node = node
            gast.copy_location(found, node)
            body[k] = found
            continue
        if isinstance(node, FUNCTIONS):
            continue
        for name in ("body", "orelse", "finalbody"):
            set_aside(source, getattr(node, name, []), imports)
        for inner in (*getattr(node, "handlers", []), *getattr(node, "cases", [])):
            set_aside(source, inner.body, imports)


def _is_grad_of(source: FunctionSource, node: Any, imports: dict[str, tuple[str, str | None]]) -> bool:
    call = node.items[0].context_expr
    if not isinstance(call, gast.Call) or not isinstance(call.func, gast.Name | gast.Attribute):
        return False
    try:
        made = Expressions(source, set(), imports)(call.func)
    except DifferentiationError:
        return False
    target = made.target if isinstance(made, Ref) else None
    own = isinstance(target, Library) and target.module.partition(".")[0] == "tangent_like"
    return own and getattr(target, "qualname", "") == "grad_of"


def surgery(node: Any, lowerer: Lowerer) -> GradOf:
    (item,) = node.items
    call, bar = item.context_expr, item.optional_vars
    if len(call.args) != 1 or call.keywords or not isinstance(call.args[0], gast.Name):
        raise lowerer.refuse(node, "grad_of of what is no name", "with tl.grad_of(x) as x_bar: ...")
    name = call.args[0].id
    if name not in lowerer.locals:
        raise lowerer.refuse(node, f"grad_of of {name!r}, which is no variable of the function,", "name a variable")
    if not isinstance(bar, gast.Name):
        raise lowerer.refuse(node, "grad_of without a name for the adjoint", "with tl.grad_of(x) as x_bar: ...")
    own, reads, refs = _names(node.body, bar.id, lowerer)
    renamed = {n: lowerer.namer.fresh(n) for n in own}
    text = _text(node, lowerer.source)
    lines = Opaque(text, tuple(reads), tuple(refs.values()), is_block=True)
    if any(n != new for n, new in renamed.items()):
        raise lowerer.refuse(node, f"the lines of grad_of bind {_first(renamed)!r}, a name that is taken,", "rename it")
    changes, keeps = _changed(node.body, bar.id, lowerer)
    return GradOf(name, bar.id, lines, changes, keeps, tuple(own), lowerer.origin(node))


def _first(renamed: dict[str, str]) -> str:
    return next(n for n, new in renamed.items() if n != new)


def _names(body: list[Any], bar: str, lowerer: Lowerer) -> tuple[dict[str, None], dict[str, None], dict[str, Ref]]:
    """The names that the lines bind, those of the function that they read, and those from outside."""
    own: dict[str, None] = {}
    loaded: dict[str, Any] = {}
    for node in body:
        _refuse_jumps(node, lowerer, False)
        for inner in gast.walk(node):
            if isinstance(inner, gast.Yield | gast.YieldFrom | gast.Await | gast.Global | gast.Nonlocal):
                raise lowerer.refuse(inner, "this in the lines of grad_of", "call a function")
            if isinstance(inner, gast.FunctionDef):
                own[inner.name] = None
            if isinstance(inner, gast.Name):
                if isinstance(inner.ctx, gast.Load):
                    loaded.setdefault(inner.id, inner)
                elif inner.id != bar:
                    own[inner.id] = None
    for name in own:
        if name in lowerer.locals:
            raise lowerer.refuse(
                body[0], f"the lines of grad_of bind {name!r}, which the function uses,", "use a name of their own"
            )
    rest = {n: node for n, node in loaded.items() if n != bar and n not in own}
    reads = dict.fromkeys(n for n in rest if n in lowerer.locals)
    refs = {n: lowerer.expr.outside_name(node, None) for n, node in rest.items() if n not in reads}
    return own, reads, refs


def _refuse_jumps(node: Any, lowerer: Lowerer, looped: bool) -> None:
    if isinstance(node, gast.Return) or (isinstance(node, gast.Break | gast.Continue) and not looped):
        raise lowerer.refuse(node, "a jump out of the lines of grad_of", "use an if")
    if isinstance(node, FUNCTIONS):
        return
    for inner in gast.iter_child_nodes(node):
        _refuse_jumps(inner, lowerer, looped or isinstance(node, gast.For | gast.While))


def _changed(body: list[Any], bar: str, lowerer: Lowerer) -> tuple[bool, bool]:
    """May the lines change the adjoint? May they keep it?"""
    changes = keeps = False
    for node in (n for stmt in body for n in gast.walk(stmt)):
        if isinstance(node, gast.Name | gast.Subscript | gast.Attribute) and not isinstance(node.ctx, gast.Load):
            base = node
            while isinstance(base, gast.Subscript | gast.Attribute):
                base = base.value
            changes = changes or (isinstance(base, gast.Name) and base.id == bar)
        if isinstance(node, gast.Assign | gast.NamedExpr | gast.Return) and _may_be(node.value, bar):
            changes = keeps = True  # under another name it may be written
        if not isinstance(node, gast.Call):
            continue
        if isinstance(node.func, gast.Attribute) and _may_be(node.func.value, bar):
            changes = changes or node.func.attr in IN_PLACE_METHODS
        given = [*node.args, *(k.value for k in node.keywords)]
        if any(_may_be(a, bar) for a in given):
            out = any(k.arg == "out" and _may_be(k.value, bar) for k in node.keywords)
            harmless = _is_harmless(node.func, lowerer)
            changes = changes or out or not (harmless or _is_method(node.func))
            keeps = keeps or not harmless
    return changes, keeps


def _may_be(node: Any, bar: str) -> bool:
    """Is it the adjoint, or may it be a view of it?"""
    while isinstance(node, gast.Subscript | gast.Attribute):
        node = node.value
    if isinstance(node, gast.Tuple | gast.List):
        return any(_may_be(item, bar) for item in node.elts)
    return isinstance(node, gast.Name) and node.id == bar


def _is_method(func: Any) -> bool:
    """``history.append(x_bar)`` keeps it, and writes nothing into it."""
    named = ("append", "add", "put", "info", "debug", "warning", "error")
    return isinstance(func, gast.Attribute) and func.attr in named


def _is_harmless(func: Any, lowerer: Lowerer) -> bool:
    try:
        made = lowerer.expr(func) if lowerer.expr.is_outside(func) else None
    except DifferentiationError:
        return False
    target = made.target if isinstance(made, Ref) else None
    if not isinstance(target, Library) or target.module.partition(".")[0] not in HARMLESS:
        return False
    writers = ("copyto", "put", "place", "putmask", "fill_diagonal", "at", "asarray", "atleast_1d", "ravel", "reshape")
    return target.qualname.rpartition(".")[2] not in writers


def _text(node: Any, source: FunctionSource) -> str:
    """The lines as they were written, flush left."""
    first, last = node.body[0], node.body[-1]
    if first.lineno == node.lineno or (first.lineno == last.end_lineno and first is not last):
        return "\n".join(source.segment(stmt) for stmt in node.body)
    start = first.lineno
    while start - 1 > node.lineno and source.lines[start - 2].strip().startswith("#"):
        start -= 1
    text = textwrap.dedent("\n".join(source.lines[start - 1 : last.end_lineno]))
    wanted = [ast.dump(gast.gast_to_ast(stmt)) for stmt in node.body]
    try:
        if [ast.dump(stmt) for stmt in ast.parse(text).body] == wanted:
            return text
    except SyntaxError:
        pass
    return "\n".join(ast.unparse(gast.gast_to_ast(stmt)) for stmt in node.body)  # a text over several lines
