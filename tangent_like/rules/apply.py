"""Which rule an expression calls on, with its operands bound by name; and a rule's text, read once."""

from __future__ import annotations

import functools
import inspect
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tangent_like.errors import NoRuleError, Place, UnsupportedError
from tangent_like.frontend.rule_text import read_rule
from tangent_like.ir.nodes import (
    Attribute,
    Binary,
    Call,
    Const,
    Expr,
    Library,
    List,
    Ref,
    Tuple,
    Unary,
)
from tangent_like.kinds.kind import Kind, Plain, Sequence
from tangent_like.rules.rule import Rule
from tangent_like.rules.table import METHODS, RULES

UNARY: Mapping[str, object] = {"-": operator.neg, "+": operator.pos}
BINARY: Mapping[str, object] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "**": operator.pow,
    "@": operator.matmul, "%": operator.mod, "//": operator.floordiv,
}  # fmt: skip

# Methods of arrays that give an array or number of the same dtype without a rule of their own would be
# taken for constants; only these attributes are known to carry no derivative.
CONSTANT_ATTRIBUTES = frozenset({"shape", "size", "ndim", "dtype", "nbytes", "itemsize", "strides", "flags"})


@dataclass(frozen=True, slots=True, eq=False)
class Application:
    """A primitive applied: ``operands`` by the names that the rule gives them, in order, defaults too."""

    rule: Rule
    operands: Mapping[str, Expr]
    given: frozenset[str]  # the operands that the call names; the others are defaults
    problem: UnsupportedError | None = None  # why it is not differentiated, if a derivative is asked for


def application(expr: Expr, kind_of: Callable[[Expr], Kind], place: Callable[[Expr], Place]) -> Application | None:
    """The rule and operands for ``expr``; None where it is no primitive (a name, an index, the user's call)."""
    match expr:
        case Unary(op, operand) if op in UNARY:
            return _bind(RULES[UNARY[op]], (operand,), (), expr, place)
        case Binary(op, left, right) if op in BINARY:
            return _bind(RULES[BINARY[op]], (left, right), (), expr, place)
        case Call(Ref(target=Library() as target), args, keywords):
            rule = rule_for(target)
            return None if rule is None else _bind(rule, args, keywords, expr, place)
        case Call(Attribute(value, name), args, keywords):
            if not _may_be_array(kind_of(value)):
                return None
            rule = METHODS.get(name)
            return None if rule is None else _bind(rule, (value, *args), keywords, expr, place, method=True)
        case Attribute(value, name) if _may_be_array(kind_of(value)):
            rule = METHODS.get(name)
            if rule is None or name not in ("T", "real", "imag"):
                return None
            return _bind(rule, (value,), (), expr, place)
        case _:
            return None


def _may_be_array(kind: Kind) -> bool:
    return not isinstance(kind, Plain | Sequence)


def rule_for(target: Library) -> Rule | None:
    try:
        return RULES.get(target.obj)
    except TypeError:  # unhashable
        return None


def _bind(
    rule: Rule,
    args: tuple[Expr, ...],
    keywords: tuple[tuple[str, Expr], ...],
    expr: Expr,
    place: Callable[[Expr], Place],
    method: bool = False,
) -> Application:
    if rule.form == "constant":
        operands = _constant_operands(expr, args, keywords, method)
        return Application(rule, operands, frozenset(operands))
    names = rule.operands
    if method and rule.kind in ("reshape", "transpose") and len(args) > 2:
        args = (args[0], Tuple(args[1:]))  # x.reshape(2, -1) means x.reshape((2, -1))
    positional = _positional(rule)
    problem: UnsupportedError | None = None
    unknown: dict[str, Expr] = {}
    if len(args) > len(positional):
        problem = UnsupportedError(
            f"{_called(expr)} is differentiated with at most {len(positional)} positional arguments",
            place(expr),
            "pass fewer arguments, or name them",
        )
        args = args[: len(positional)]
    bound: dict[str, Expr] = dict(zip(names, args, strict=False))
    for name, value in keywords:
        if name not in names or name in bound:
            if isinstance(value, Const) and value.value is None and name in ("out", "where", "initial", "dtype"):
                continue
            problem = UnsupportedError(
                f"the argument {name!r} of {_called(expr)} is not differentiated",
                place(expr),
                f"known arguments: {', '.join(names)}",
            )
            unknown[name] = value
            continue
        bound[name] = value
    given = frozenset(bound)
    for name in names:
        if name not in bound:
            default = _defaults(rule).get(name, inspect.Parameter.empty)
            if default is inspect.Parameter.empty:
                problem = UnsupportedError(f"{_called(expr)} lacks its argument {name!r}", place(expr))
                default = None
            bound[name] = _as_expr(default)
    return Application(rule, {name: bound[name] for name in names} | unknown, given, problem)


def _constant_operands(
    expr: Expr, args: tuple[Expr, ...], keywords: tuple[tuple[str, Expr], ...], method: bool
) -> dict[str, Expr]:
    """Operands of what carries no derivative, by the names of its own signature where it has one."""
    names: tuple[str, ...] = ()
    if isinstance(expr, Call) and isinstance(expr.func, Ref) and isinstance(expr.func.target, Library):
        names = _signature(expr.func.target.obj)
    elif method:
        names = ("x", "axis")
    positional = (f"{k}" if k >= len(names) else names[k] for k in range(len(args)))
    return dict(zip(positional, args, strict=True)) | dict(keywords)


@functools.cache
def _signature(obj: object) -> tuple[str, ...]:
    known = {"zeros": ("shape", "dtype"), "empty": ("shape", "dtype"), "ones": ("shape", "dtype")}
    name = getattr(obj, "__name__", "")
    if name in known:
        return known[name]
    try:
        return tuple(inspect.signature(obj).parameters)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return ()


def _as_expr(value: object) -> Expr:
    if isinstance(value, tuple):
        return Tuple(tuple(_as_expr(v) for v in value))
    if isinstance(value, list):
        return List(tuple(_as_expr(v) for v in value))
    return Const(value)


def _called(expr: Expr) -> str:
    match expr:
        case Call(Ref(spelling)):
            return spelling
        case Call(Attribute(_, name)) | Attribute(_, name):
            return f".{name}"
        case Unary(op) | Binary(op):
            return f"operator {op}"
        case _:
            return "this"


@functools.cache
def _positional(rule: Rule) -> tuple[str, ...]:
    """The operands that may be passed by position: not those after a ``*`` in the rule."""
    parameters = inspect.signature(rule.fn).parameters
    return tuple(n for n in rule.operands if parameters[n].kind is not inspect.Parameter.KEYWORD_ONLY)


@functools.cache
def _defaults(rule: Rule) -> Mapping[str, Any]:
    return {p.name: p.default for p in inspect.signature(rule.fn).parameters.values()}


def no_rule(expr: Call, place: Place) -> NoRuleError:
    """The refusal of a call that carries derivatives and is not known."""
    if isinstance(expr.func, Ref):
        name = expr.func.spelling
        return NoRuleError(f"no rule for {name}", place, "write its body in NumPy, or compute it outside")
    return NoRuleError(f"no rule for the method {_called(expr)}", place, "use a function of NumPy's that has one")


# -- the text of rules -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Transposed:
    """The reverse half of a rule over holes: partials (elementwise) or adjoints, by operand."""

    result: str  # the hole that stands for the result
    result_bar: str  # the hole for its adjoint; empty for partials
    parts: Mapping[str, Expr]


@functools.cache
def transposed(rule: Rule) -> Transposed:
    """Read a rule's text once: what flows back to each differentiable operand."""
    texts = read_rule(rule.fn)
    if rule.form == "elementwise":
        text = texts[""]
        return Transposed(text.params[0], "", _parts(rule, text.value))
    if rule.form == "linear":
        text = texts[""]
        return Transposed(text.params[1], text.params[0], _parts(rule, text.value))
    outer = tuple(inspect.signature(rule.fn).parameters)
    text = texts["vjp"]
    return Transposed(outer[0], text.params[0], _parts(rule, text.value))


def _parts(rule: Rule, value: Expr) -> Mapping[str, Expr]:
    values = value.items if isinstance(value, Tuple) and len(rule.differentiable) > 1 else (value,)
    if len(values) != len(rule.differentiable):
        raise ValueError(f"the rule {rule.fn.__qualname__} returns {len(values)} parts for {rule.differentiable}")
    return dict(zip(rule.differentiable, values, strict=True))
