"""Texts that are known before the program runs: keys like ``f"W{k}"``, configurations, names of methods."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping

from tangent_like.ir.nodes import Binary, Const, Expr, Name, Opaque, Slice
from tangent_like.kinds.kind import Scalar
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import UNSET, Content, Handle, Leaf, Seq, Value

PLAIN = (str, int, float, bool, type(None))

# Methods of texts that depend on nothing but the text and their arguments.
METHODS = frozenset({
    "capitalize", "casefold", "count", "endswith", "find", "format", "index", "isalnum", "isalpha", "isdigit",
    "isidentifier", "islower", "isnumeric", "isspace", "istitle", "isupper", "join", "lower", "lstrip", "partition",
    "removeprefix", "removesuffix", "replace", "rfind", "rindex", "rpartition", "rsplit", "rstrip", "split",
    "splitlines", "startswith", "strip", "swapcase", "title", "upper", "zfill",
})  # fmt: skip

ARITHMETIC = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.FloorDiv: operator.floordiv}
WHOLE = {"+": operator.add, "-": operator.sub, "*": operator.mul, "//": operator.floordiv}
CONVERSIONS: dict[int, Callable[[object], str]] = {ord("s"): str, ord("r"): repr, ord("a"): ascii}
FAILS = (TypeError, ValueError, LookupError, ArithmeticError)  # the program's own: they come when it runs


def constant(s: Spec, value: Value) -> object:
    """What a value is, where all of it is known; UNSET where it is not."""
    match value:
        case Leaf(known=known) if isinstance(known, PLAIN) and known is not UNSET:
            return known
        case Leaf(expr):
            whole = fixed_int(s, expr)
            return UNSET if whole is None else whole
        case Seq(items, None):
            parts = tuple(constant(s, v) for v in items)
            return UNSET if any(v is UNSET for v in parts) else parts
        case Handle() if s.content(value).form == "list" and s.content(value).part is None:
            found = [constant(s, v) for v in s.content(value).values]
            return UNSET if any(v is UNSET for v in found) else found
        case _:
            return UNSET


def fixed_int(s: Spec, expr: Expr) -> int | None:
    """The whole number that an expression is whatever the arguments: ``L`` after ``L = 2``."""
    match expr:
        case Const(int() as value) if type(value) is int:
            return value
        case Name(id) if s.fixed.get(id):
            kind = s.kind(expr)  # of what is bound in loops of the core it says too much, but not of those
            size = kind.value if isinstance(kind, Scalar) and kind.type == "int" else None
            return None if size is None or not size.steady else size.known
        case Binary(op, left, right) if op in WHOLE:
            one, two = fixed_int(s, left), fixed_int(s, right)
            return None if one is None or two is None or (op == "//" and two == 0) else WHOLE[op](one, two)
        case _:
            return None


def note_fixed(s: Spec, name: str, value: Leaf, once: bool) -> None:
    """Remember whether a name is bound in one place, and to whole numbers that the text says, or to what is noted."""
    if once and isinstance(value.expr, Name) and value.expr.id in s.facts.notes:
        s.facts.notes.add(name)
    s.fixed[name] = once and s.fixed.get(name, True) and fixed_int(s, value.expr) is not None


def value_of(s: Spec, found: object) -> Value | None:
    """A value of Python's as one of ours."""
    if isinstance(found, PLAIN):
        return Leaf(Const(found), found)
    if isinstance(found, tuple | list):
        items = [value_of(s, v) for v in found]
        known = tuple(v for v in items if v is not None)
        if len(known) != len(items):
            return None
        return Seq(known) if isinstance(found, tuple) else s.allocate(Content("list", tuple(enumerate(known))))
    return None


def method(s: Spec, receiver: Leaf, name: str, args: list[Value], keywords: list[tuple[str, Value]]) -> Value | None:
    """``"W,b".split(",")``: the text of it, where everything in it is known."""
    if not isinstance(receiver.known, str) or name not in METHODS:
        return None
    given = [constant(s, a) for a in args]
    named = {n: constant(s, v) for n, v in keywords}
    if any(v is UNSET for v in (*given, *named.values())):
        return None
    try:
        return value_of(s, getattr(receiver.known, name)(*given, **named))
    except FAILS:
        return None


def formatted(s: Spec, expr: Opaque, read: Mapping[str, Value]) -> str | None:
    """The text of an f-string whose names are all known."""
    values = {name: constant(s, value) for name, value in read.items()}
    if expr.refs or any(v is UNSET for v in values.values()):
        return None
    tree = ast.parse(expr.text, mode="eval").body
    try:
        return _joined(tree, values)
    except FAILS:
        return None


def _joined(node: ast.expr, values: dict[str, object]) -> str | None:
    """The text of an f-string; None for one with more than names and sums in it."""
    out: list[str] = []
    for part in node.values if isinstance(node, ast.JoinedStr) else ():
        match part:
            case ast.Constant(str() as text):
                out.append(text)
            case ast.FormattedValue(inner, conversion, spec):
                found = _computed(inner, values)
                how = "" if spec is None else _joined(spec, values)
                if found is UNSET or how is None:
                    return None
                out.append(format(found if conversion == -1 else CONVERSIONS[conversion](found), how))
            case _:
                return None
    return "".join(out) if isinstance(node, ast.JoinedStr) else None


def _computed(node: ast.expr, values: dict[str, object]) -> object:
    match node:
        case ast.Name(id):
            return values.get(id, UNSET)
        case ast.Constant(value):
            return value
        case ast.BinOp(left, op, right) if type(op) in ARITHMETIC:
            one, two = _computed(left, values), _computed(right, values)
            return UNSET if one is UNSET or two is UNSET else ARITHMETIC[type(op)](one, two)
        case _:
            return UNSET


def folded(op: str, left: Leaf, right: Value, s: Spec) -> str | None:
    """``"W" + "1"``, ``"W%d" % 1``, ``"-" * 3``."""
    if not isinstance(left.known, str):
        return None
    other = constant(s, right)
    try:
        match op:
            case "+" if isinstance(other, str):
                return left.known + other
            case "%" if other is not UNSET:
                return left.known % other
            case "*" if type(other) is int:
                return left.known * other
    except FAILS:
        return None
    return None


def item(value: Leaf, index: Value) -> str | None:
    """``name[0]``, ``name[1:]`` of a text that is known."""
    if not isinstance(value.known, str) or not isinstance(index, Leaf):
        return None
    try:
        if type(index.known) is int:
            return value.known[index.known]
        if isinstance(index.expr, Slice):
            bounds = (index.expr.lower, index.expr.upper, index.expr.step)
            ends = [b.value if isinstance(b, Const) and isinstance(b.value, int) else None for b in bounds]
            if all(b is None or isinstance(b, Const) for b in bounds):
                return value.known[slice(*ends)]
    except IndexError:
        return None
    return None
