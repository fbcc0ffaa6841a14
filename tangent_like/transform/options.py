"""Parameters and locals that say how something is computed: the axis of a sum, whether it keeps its axes.

Before                                           After

    def softmax(s, axis=-1):                         def softmax(s, axis=-1):  # as it is called here
        e = np.exp(s)                                    e = np.exp(s)
        return e / e.sum(axis, keepdims=True)            return e / e.sum(-1, keepdims=True)

    axis = 1                                         axis = 1
    total = np.sum(x, axis=axis)                     total = np.sum(x, axis=1)

The kinds of results, and the text of a rule, follow from what such arguments are: they are said where they are read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from tangent_like.ir.nodes import Assign, Attribute, Block, Call, Const, Expr, Function, Library, Name, Ref, Tuple
from tangent_like.ir.walk import binds, expressions, rebuild, statements, subexpressions
from tangent_like.kinds.operands import literal
from tangent_like.rules.apply import rule_for
from tangent_like.rules.rule import Rule, signature_of
from tangent_like.rules.table import METHODS
from tangent_like.transform.tidy.blocks import change_blocks, same_items, with_body, with_expressions

OPTIONS = frozenset({"axis", "axes", "keepdims"})


def is_option(value: object) -> bool:
    """Is it one whole number, a truth value, or None?"""
    return value is None or isinstance(value, bool | int)


def options_read(function: Function) -> set[str]:
    """The names that stand as such an argument, and that the function does not bind."""
    bound = {n for s in statements(function.body) for n in binds(s)}
    return {
        value.id
        for stmt in statements(function.body)
        for top in expressions(stmt)
        for node in subexpressions(top)
        if isinstance(node, Call)
        for _, value in _options(node)
        if isinstance(value, Name) and value.id not in bound
    }


def options_said(function: Function, known: Mapping[str, object] = MappingProxyType({})) -> Function:
    """The function with the literals in place of the locals that are bound to one, once, before all else.

    ``known``: what parameters are.
    """
    params = {p.name for p in function.params}
    counts = Counter(n for s in statements(function.body) for n in binds(s))
    said: dict[str, Expr] = {n: Const(v) for n, v in known.items() if is_option(v) and not counts[n]}
    for stmt in function.body:
        match stmt:
            case Assign((name,), (value,)) if counts[name] == 1 and name not in params and _is_literal(value):
                said[name] = value
    if not said:
        return function

    def change(expr: Expr) -> Expr:
        new = rebuild(expr, change)
        return _with_literals(new, said) if isinstance(new, Call) else new

    def block(body: Block) -> Block:
        out = tuple(with_expressions(change_blocks(s, block), change) for s in body)
        return body if same_items(body, out) else out

    return with_body(function, block(function.body))


def _is_literal(expr: Expr) -> bool:
    value = literal(expr)
    return is_option(value) or (isinstance(expr, Tuple) and isinstance(value, tuple) and all(map(is_option, value)))


def _with_literals(call: Call, said: Mapping[str, Expr]) -> Call:
    wanted = {k: said[v.id] for k, v in _options(call) if isinstance(v, Name) and v.id in said}
    if not wanted:
        return call
    args = tuple(wanted.get(k, a) for k, a in enumerate(call.args))
    keywords = tuple((n, wanted.get(n, v)) for n, v in call.keywords)
    return Call(call.func, args, keywords, call.at)


def _options(call: Call) -> Iterator[tuple[int | str, Expr]]:
    """The arguments of a call that are options, by place or name."""
    match call.func:
        case Ref(target=Library() as target):
            rule, first = rule_for(target), 0
        case Attribute(_, name):
            rule, first = METHODS.get(name), 1
        case _:
            return
    for name, value in call.keywords:
        if name in OPTIONS:
            yield name, value
    if rule is not None:
        for k, name in enumerate(_places(rule)[first:]):
            if name in OPTIONS and k < len(call.args):
                yield k, call.args[k]


def _places(rule: Rule) -> tuple[str, ...]:
    names = tuple(signature_of(rule).parameters)
    if any(p.kind is p.VAR_POSITIONAL for p in signature_of(rule).parameters.values()):
        return ()
    return tuple(n for n in names if n in rule.operands)

