"""How a call of a solver of SciPy is taken apart: its arguments by their names, and what it is passed on with."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import TypeAlias

from tangent_like.frontend.live import function_target
from tangent_like.ir.build import np_call, numpy_ref
from tangent_like.ir.nodes import Attribute, Call, Const, Expr, Ref, UserFunction
from tangent_like.kinds.kind import Array, Kind, Scalar, is_list
from tangent_like.rules.solutions import BRACKETING
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Bound, Fn, Handle, Keywords, Leaf, Outer, Partial, Seq, Value, is_none

Given: TypeAlias = "dict[str, Value]"
Handler: TypeAlias = "Callable[[Spec, list[Value], Keywords, Expr | None, str], Value]"
Make: TypeAlias = "Callable[[Spec, str, Given, Expr | None], Value]"


def handler(signature: str, make: Make, name: str) -> Handler:
    """A call bound by names as SciPy does; ``signature`` names its parameters, in order."""
    names = signature.split()

    def handle(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
        del hint
        at = getattr(expr, "at", None)
        given = dict(zip(names, args, strict=False)) | dict(keywords)
        for own in given:
            if own not in names:
                raise s.refuse(f"the argument {own!r} of {name}", f"known arguments: {', '.join(names)}", at)
        if len(args) > len(names) or len(given) < len(args) + len(keywords):
            raise s.refuse(f"this call of {name}", f"its arguments: {', '.join(names)}", at)
        for own in REFUSED:
            if own in given and own not in PASSED.get(name, ()) and not is_default(given[own]):
                raise s.refuse(f"{name} with {own}=", "leave it out", at)
        given = {n: v for n, v in given.items() if not is_none(v) and not (n == "dense_output" and is_default(v))}
        if names[0] not in given:
            raise s.refuse(f"{name} without a function", "", at)
        return make(s, name, given, expr)

    return handle


# Arguments that change what comes back or is solved: left out, or given as what they are by default. And exceptions.
REFUSED = (
    "bounds", "constraints", "callback", "full_output", "kwargs", "events", "dense_output", "vectorized",
    "tr_options", "jac_sparsity", "verbose", "printmessg", "ixpr",
)  # fmt: skip
PASSED = {
    "minimize": ("bounds",), "minimize_scalar": ("bounds",), "least_squares": ("bounds", "verbose"),
    "linprog": ("bounds", "callback"), "curve_fit": ("bounds",), "solve_ivp": ("events", "dense_output"),
    **dict.fromkeys(("fsolve", "newton", *BRACKETING), ("full_output",)),
}  # fmt: skip


def is_default(value: Value) -> bool:
    """None, False or nothing: as if it had not been given."""
    if isinstance(value, Seq):
        return not value.items
    return is_none(value) or (isinstance(value, Leaf) and (value.known in (False, 0) or is_number(value, 0)))


def is_number(value: Value, number: float) -> bool:
    return isinstance(value, Leaf) and isinstance(value.expr, Const) and value.expr.value == number


def params(given: Given) -> list[Value]:
    """``args=``: a tuple, or the one argument."""
    found = given.get("args")
    if found is None:
        return []
    return list(found.items) if isinstance(found, Seq) else [found]


def options(s: Spec, given: Given, *names: str) -> Keywords:
    """Those of these arguments that are passed on as they are."""
    found = [(n, given[n]) for n in names if n in given]
    return [(n, Leaf(s.materialize(v)) if isinstance(v, Seq | Handle | Outer) else v) for n, v in found]


def vector(s: Spec, value: Value) -> Value:
    """A start as SciPy takes it: an array of one axis, in double precision."""
    if isinstance(value, Handle | Seq | Outer):
        return Leaf(np_call("array", s.materialize(value)))
    if not isinstance(value, Leaf):
        return value
    kind = s.kind(value.expr)
    if isinstance(kind, Scalar):
        return Leaf(np_call("atleast_1d", value.expr))
    if is_list(kind):
        return Leaf(np_call("array", value.expr))
    if is_narrow(kind):
        value = Leaf(Call(Attribute(value.expr, "astype"), (numpy_ref("float64"),)))
    return Leaf(np_call("ravel", value.expr)) if isinstance(kind, Array) and kind.rank not in (1, None) else value


def is_narrow(kind: Kind) -> bool:
    """Is it floating-point, and less than double precision?"""
    return isinstance(kind, Array) and kind.dtype in ("float32", "float16")


def functions(s: Spec, name: str, given: Given, expr: Expr | None, *names: str) -> Keywords:
    """Those of these arguments that are functions of what is solved for, as SciPy calls them."""
    found = [(n, given[n]) for n in names if n in given]
    for own, value in found:
        if not is_function(value):
            raise s.refuse(f"this {own}= of {name}", "pass a function", getattr(expr, "at", None))
    return found


def is_function(value: Value) -> bool:
    match value:
        case Leaf(Ref(target=UserFunction())) | Fn() | Partial() | Bound():
            return True
        case _:
            return False


def in_place(s: Spec, fn: Callable[..., object]) -> Value:
    """A function of the rules that is written out where it is called."""
    assert isinstance(fn, FunctionType)
    target = function_target(fn)
    function = s.library.read(target, s.place())
    return Fn(function, None, (), function.origin.file, None, target)


def needed(s: Spec, name: str, given: Given, own: str, expr: Expr | None) -> Value:
    if own not in given:
        raise s.refuse(f"{name} without {own}", "", getattr(expr, "at", None))
    return s.in_names(given[own], own)
