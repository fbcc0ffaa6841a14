"""What is known of the value behind a name: is it a number, and of which type is it? Without kinds, from the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np

from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Call,
    Choose,
    Compare,
    Const,
    Each,
    Expr,
    For,
    Function,
    Index,
    List,
    Name,
    Pop,
    Push,
    Slice,
    Stmt,
    Try,
    Tuple,
    Unary,
    With,
)
from tangent_like.ir.quick import quick
from tangent_like.ir.walk import binds, statements
from tangent_like.kinds.kind import Array, Kind, Scalar
from tangent_like.transform.tidy.calls import (
    FLOATING,
    FLOATING_RUNTIME,
    LIKE,
    computes,
    library,
    origin_of,
    takes,
)


@quick
@dataclass(frozen=True, slots=True)
class Look:
    """``rank`` 0 is a number, which no one can write into; None is anything. ``type`` None likewise.

    "float64" stands for Python's floats too, "float" for floating point of some precision.
    """

    rank: int | None
    type: str | None


ANY = Look(None, None)
WHOLE = Look(0, "int")
REAL = Look(0, "float64")


def look_of(kind: Kind) -> Look:
    match kind:
        case Scalar(type="float", dtype=dtype, mixed=mixed):
            return Look(0, "float64" if dtype in (None, "float64") and not mixed else "float")
        case Scalar(type="complex"):
            return Look(0, "float")
        case Scalar(type=type_):
            return Look(0, type_)
        case Array(dtype=None):
            return Look(kind.rank or None, None)
        case Array(dtype=dtype):
            sort = {"f": "float", "c": "float", "i": "int", "u": "int", "b": "bool"}.get(
                np.dtype(dtype).kind
            )
            return Look(kind.rank or None, "float64" if dtype == "float64" else sort)
        case _:
            return ANY


def joined(a: Look | None, b: Look | None) -> Look | None:
    """What is known where either may be; None is nothing yet."""
    if a is None or b is None or a == b:
        return a or b
    floats = {a.type, b.type} <= {"float64", "float"}
    type_ = a.type if a.type == b.type else "float" if floats else None
    return Look(a.rank if a.rank == b.rank else None, type_)


def combined(a: str | None, b: str | None) -> str | None:
    """The type of a sum or a product."""
    if a == b and a in ("float64", "float", "int"):
        return a
    if {a, b} <= {"float64", "int", "bool"} and "float64" in (a, b):
        return "float64"
    if "float" in (a, b) or "float64" in (a, b):
        return "float"
    return None


@dataclass(eq=False)
class Looker:
    """Finds the looks of the names that nothing is known of yet, from what is bound to them."""

    looks: dict[str, Look | None]

    def __call__(self, expr: Expr) -> Look | None:
        if isinstance(expr, Name):  # what most are
            return self.looks.get(expr.id, ANY)
        match expr:
            case Const(value=bool()):
                return Look(0, "bool")
            case Const(value=int()):
                return WHOLE
            case Const(value=float()):
                return REAL
            case Const(value=complex()):
                return Look(0, "float")
            case Unary("-" | "+", operand):
                return self(operand)
            case Unary("not"):
                return Look(0, "bool")
            case Binary(op):
                return (
                    self.binary(expr) if op in ("+", "-", "*", "/", "**", "@", "//", "%") else ANY
                )
            case Compare():
                return self.compared(expr)
            case Choose(_, body, orelse):
                a, b = self(body), self(orelse)
                return None if a is None or b is None else joined(a, b)
            case Index(value, index):
                return self.indexed(self(value), index)
            case Attribute(value, "T"):
                return self(value)
            case Attribute(_, "size" | "ndim"):
                return WHOLE
            case Call():
                return self.called(expr)
            case _:
                return ANY

    def binary(self, expr: Binary) -> Look | None:
        chain: list[Binary] = []
        left: Expr = expr
        while isinstance(left, Binary) and left.op in ("+", "-", "*", "/", "**", "@", "//", "%"):
            chain.append(left)
            left = left.left
        total = self(left)
        for node in reversed(chain):
            other = self(node.right)
            if total is None or other is None:
                return None
            total = self.arithmetic(node.op, total, other)
        return total

    def arithmetic(self, op: str, a: Look, b: Look) -> Look:
        type_ = combined(a.type, b.type)
        if op == "/":
            whole = a.type in ("int", "bool") and b.type in ("int", "bool")
            type_ = "float64" if whole else type_
        elif op == "**" and type_ == "int":
            type_ = None  # of a negative exponent
        if a.rank is None or b.rank is None:
            return Look(None, type_)
        if op == "@":
            rank = {(1, 1): 0, (1, 2): 1, (2, 1): 1, (2, 2): 2}.get((a.rank, b.rank))
            return Look(rank, type_)
        return Look(max(a.rank, b.rank), type_)

    def compared(self, expr: Compare) -> Look | None:
        if any(op in ("is", "is not", "in", "not in") for op in expr.ops):
            return Look(0, "bool")
        looks = [self(e) for e in (expr.left, *expr.rights)]
        if any(found is None for found in looks):
            return None
        numbers = all(found is not None and found.rank == 0 for found in looks)
        return Look(0, "bool") if numbers else Look(None, "bool")

    def indexed(self, value: Look | None, index: Expr) -> Look | None:
        if value is None:
            return None
        if value.rank is None:
            return value
        items = index.items if isinstance(index, Tuple) else (index,)
        rank = value.rank
        for item in items:
            if isinstance(item, Slice) or (isinstance(item, Const) and item.value is Ellipsis):
                continue
            if isinstance(item, Const) and item.value is None:
                rank += 1
                continue
            found = self(item)
            if found is None:
                return None
            if found != WHOLE:
                return Look(None, value.type)
            rank -= 1
        view = rank == 0 and any(isinstance(i, Const) and i.value is Ellipsis for i in items)
        return Look(rank if rank >= 0 and not view else None, value.type)  # ``v[..., 0]`` is a view, no number

    def called(self, expr: Call) -> Look | None:
        if takes(expr) and isinstance(expr.func, Attribute) and isinstance(expr.func.value, Name):
            return self.looks.get(f"in {expr.func.value.id}", ANY)
        if not computes(expr):
            return ANY
        if isinstance(expr.func, Attribute):
            if expr.func.name == "count":
                return WHOLE
            inner = self(expr.func.value)
            if inner is None or (expr.func.name == "copy" and not expr.args):
                return inner
            if expr.func.name == "astype" and is_cast(expr):
                return Look(inner.rank or None, cast_type(expr.args[0]))
            return Look(
                None, inner.type if expr.func.name in ("sum", "dot", "reshape", "ravel") else None
            )
        target = library(expr)
        assert target is not None
        head, name = origin_of(target)
        match head:
            case "math":
                whole = name in (
                    "floor",
                    "ceil",
                    "comb",
                    "factorial",
                    "gcd",
                    "isqrt",
                    "lcm",
                    "perm",
                    "prod",
                )
                return Look(0, None if whole or name.startswith("is") else "float64")
            case "builtins":
                found = {"len": WHOLE, "int": WHOLE, "float": REAL, "bool": Look(0, "bool")}
                return found.get(name, ANY)
            case "numpy":
                return self.numpy(name, target.obj, expr)
            case "runtime":
                numbers = [a for a in map(self, expr.args) if a is None or a.rank != 0]
                if None in numbers:
                    return None
                elementwise = name in (
                    "share",
                    "sign",
                    "quotient",
                    "lowered",
                    "safe_log",
                    "sinc_slope",
                    "digamma",
                )
                return Look(
                    0 if elementwise and not numbers else None,
                    "float" if name in FLOATING_RUNTIME else None,
                )
            case _:
                return ANY

    def numpy(self, name: str, obj: object, expr: Call) -> Look | None:
        if name == "array" and len(expr.args) == 1 and isinstance(expr.args[0], List) and not expr.keywords:
            return self.listed(expr.args[0])
        args = [self(a) for a in expr.args]
        if any(a is None for a in args):
            return None
        looks = [a for a in args if a is not None]
        if name == "einsum" and isinstance(expr.args[0], Const):
            del looks[0]  # how they are summed
        if not looks or any(key == "dtype" for key, _ in expr.keywords):
            return ANY
        if name in ("float64", "float32", "float16") and len(looks) == 1:
            return Look(looks[0].rank, cast_type(Const(name)))
        if name in ("zeros", "ones", "empty") and len(looks) == 1 and not expr.keywords:
            return Look(1 if looks[0].rank == 0 else None, "float64")
        if name in ("zeros_like", "ones_like", "full_like", "empty_like"):
            return Look(looks[0].rank or None, looks[0].type)
        if name == "where" and len(looks) == 3:
            return Look(None, combined(looks[1].type, looks[2].type))
        type_: str | None = looks[0].type
        for other in looks[1:]:
            type_ = combined(type_, other.type)
        if name in FLOATING:
            whole = type_ == "int" and all(found.rank == 0 for found in looks)  # of narrow ones it may be float16
            type_ = "float64" if type_ == "float64" or whole else "float"
        elif name not in LIKE:
            type_ = None
        whole = name in (
            "sum",
            "mean",
            "prod",
            "max",
            "min",
            "amax",
            "amin",
            "std",
            "var",
            "linalg.norm",
            "size",
        )
        if whole and len(looks) == 1 and not expr.keywords:
            return Look(0, "int" if name == "size" else type_)
        if isinstance(obj, np.ufunc) and not expr.keywords and obj.nout == 1:
            ranks = [found.rank for found in looks]
            return Look(
                max(r for r in ranks if r is not None) if None not in ranks else None, type_
            )
        return Look(None, type_)


    def listed(self, expr: List) -> Look | None:
        """Of ``np.array([a, b])``."""
        found = [self(item) for item in expr.items]
        if None in found:
            return None
        looks = [a for a in found if a is not None]
        if not looks or any(a.rank != 0 for a in looks):
            return ANY
        return Look(1, reduce(combined, [a.type for a in looks]))


def is_cast(expr: Call) -> bool:
    return len(expr.args) == 1 and isinstance(expr.args[0], Const) and isinstance(expr.args[0].value, str)


def cast_type(dtype: Expr) -> str | None:
    """The type of what is cast to a dtype, given by its name."""
    name = dtype.value if isinstance(dtype, Const) else None
    return "float64" if name == "float64" else "float" if name in ("float32", "float16") else None


def find_looks(function: Function, known: Mapping[str, Kind]) -> dict[str, Look]:
    looks: dict[str, Look | None] = {name: look_of(kind) for name, kind in known.items()}
    for param in function.params:
        looks.setdefault(param.name, ANY)
    bound: dict[str, list[Expr | Look]] = {}
    for stmt in statements(function.body):
        for name, value in _bindings(stmt):
            if name not in known:
                bound.setdefault(name, []).append(value)
    for name in bound:
        looks.setdefault(name, None)
    looker = Looker(looks)
    for turn in range(10):
        changed = False
        for name, values in bound.items():
            if looks[name] == ANY:
                continue
            total = looks[name]
            for value in values:
                total = joined(total, value if isinstance(value, Look) else looker(value))
            if total != looks[name]:
                looks[name] = total if turn < 8 else ANY
                changed = True
        if not changed:
            break
    return {name: look or ANY for name, look in looks.items()}


def _bindings(stmt: Stmt) -> Iterator[tuple[str, Expr | Look]]:
    match stmt:
        case Assign(targets, values):
            if len(targets) == len(values) and not stmt.saved:
                yield from zip(targets, values, strict=True)
            else:
                yield from ((t, ANY) for t in binds(stmt))
        case Augment(target, op, value):
            yield target, Binary(op, Name(target), value)
        case For(target):
            yield target, WHOLE
        case Each() | With() | Try():
            yield from ((name, ANY) for name in binds(stmt))
        case Push(list=list_, value=value):
            yield f"in {list_}", value
        case Pop(Name(id), list_):
            yield id, Name(f"in {list_}")
        case _:
            pass
