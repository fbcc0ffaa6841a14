"""The text of a rule as expressions over holes: the compiler's way of reading what the tests call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gast

from tangent_like.frontend.expressions import Expressions
from tangent_like.frontend.source import from_function
from tangent_like.ir.nodes import Expr, Hole
from tangent_like.ir.walk import substitute


@dataclass(frozen=True, slots=True, eq=False)
class RuleText:
    """What one function of a rule returns, with its parameters (and the rule's) as holes."""

    params: tuple[str, ...]
    value: Expr
    shared: tuple[tuple[str, Expr], ...] = ()  # assignments before the return, their names being holes too


def read_rule(fn: Callable[..., object]) -> dict[str, RuleText]:
    """The returned expression of ``fn`` under "", or those of its inner functions under their names."""
    source = from_function(fn)
    given = source.tree.args
    rest = (given.vararg,) if given.vararg is not None else ()
    outer = tuple(a.id for a in (*given.args, *rest, *given.kwonlyargs))
    found: dict[str, RuleText] = {}
    for node in source.tree.body:
        if isinstance(node, gast.FunctionDef):
            inner = tuple(a.id for a in node.args.args)
            known, shared = {*outer, *inner}, []
            for statement in node.body:
                if isinstance(statement, gast.Assign):
                    name = statement.targets[0].id
                    shared.append((name, _holes(source, known, statement.value)))
                    known.add(name)
            value = _returned(node.body)
            found[node.name] = RuleText(inner, _holes(source, known, value), tuple(shared))
        elif isinstance(node, gast.Return) and not found:
            found[""] = RuleText(outer, _holes(source, set(outer), node.value))
    if not found:
        raise ValueError(f"{source.file}:{source.first}: a rule is one return, or inner functions that are")
    return found


def _returned(body: list[Any]) -> Any:
    for node in body:
        if isinstance(node, gast.Return):
            return node.value
    raise ValueError("a rule's inner function is assignments and one return")


def _holes(source: Any, params: set[str], value: Any) -> Expr:
    lowered = Expressions(source, params, {})(value)
    return substitute(lowered, {name: Hole(name) for name in params})
