"""Costly primal subexpressions that stand twice in one statement's texts get a name.

Before                                   After

    x_bar = x_bar * math.exp(-k * x)         e = math.exp(-k * x)
    k_bar -= math.exp(-k * x) * x            x_bar = x_bar * e
                                             k_bar -= e * x
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

from tangent_like.analysis.seen import Env
from tangent_like.ir.casts import inside
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import Binary, Call, Expr, Library, Name, Ref
from tangent_like.ir.walk import children, key, rebuild, subexpressions
from tangent_like.kinds.kind import Kind


class Said(Protocol):
    """What is to be said once: temporaries in order, and parts that have a ``value`` each."""

    temps: list[tuple[str, Expr]]
    parts: list[Any]
    namer: Namer
    env: Env

    def kind_of(self, expr: Expr) -> Kind: ...


def say_once(planner: Said) -> tuple[list[tuple[str, Expr]], list[Any]]:
    """Costly primal subexpressions that stand twice in this statement's texts get a name."""
    counts: dict[object, int] = {}
    order: list[Expr] = []
    ours = {name for name, _ in planner.temps}

    pending = [*(e for _, e in planner.temps), *(c.value for c in planner.parts)]
    pending.reverse()  # the next to count comes last
    while pending:
        expr = pending.pop()
        if _costly(expr) and not (_bars(expr, ours)):
            k = key(expr)
            counts[k] = counts.get(k, 0) + 1
            if counts[k] > 1:
                continue
            order.append(expr)
        pending.extend(reversed(children(expr)))
    named: list[tuple[str, Expr]] = []
    table: dict[object, Expr] = {}
    for expr in order:
        if counts[key(expr)] > 1 and key(expr) not in table:
            name = planner.namer.fresh(_short_name(expr))
            planner.env[name] = planner.kind_of(expr)
            named.append((name, expr))
            table[key(expr)] = Name(name)
    if not table:
        return planner.temps, planner.parts

    def change(expr: Expr) -> Expr:
        found = table.get(key(expr)) if _costly(expr) else None
        return found if found is not None else rebuild(expr, change)

    inner = [(n, rebuild(e, change)) for n, e in named]
    temps = [(n, change(e)) for n, e in planner.temps]
    parts = [replace(c, value=change(c.value)) for c in planner.parts]
    return _ordered(inner) + temps, parts


def _ordered(named: list[tuple[str, Expr]]) -> list[tuple[str, Expr]]:
    """Definitions before uses, as far as the temporaries use each other."""
    out: list[tuple[str, Expr]] = []
    done: set[str] = set()
    names_ = {n for n, _ in named}
    pending = list(named)
    while pending:
        for pair in pending:
            used = {e.id for e in subexpressions(pair[1]) if isinstance(e, Name)} & names_
            if used <= done:
                out.append(pair)
                done.add(pair[0])
                pending.remove(pair)
                break
        else:
            raise AssertionError("temporaries that need each other")
    return out


def _costly(expr: Expr) -> bool:
    match expr:
        case Call(Ref(target=Library(module=module))):
            return module in ("math", "numpy", "scipy") and inside(expr) is None
        case Binary("@" | "**"):
            return True
        case _:
            return False


def _bars(expr: Expr, ours: set[str]) -> bool:
    return any(isinstance(e, Name) and (e.id in ours or e.id.endswith(("_bar", "_dot"))) for e in subexpressions(expr))


def _short_name(expr: Expr) -> str:
    if isinstance(expr, Call) and isinstance(expr.func, Ref):
        tail = expr.func.spelling.rpartition(".")[2]
        short = {"exp": "e", "sin": "s", "cos": "c", "sqrt": "r", "log": "l", "where": "w"}
        return short.get(tail, "t")
    return "t"
