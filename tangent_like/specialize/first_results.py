"""May a function give a whole number? ``np.vectorize`` makes an array of the type of the first result.

    def payoff(s):                         np.vectorize(payoff)(prices)
        return max(s - 100.0, 0)           whole numbers, where the first price is below 100
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Block,
    Call,
    Choose,
    Const,
    Expr,
    For,
    Library,
    List,
    Name,
    Ref,
    Return,
    Unary,
    UserFunction,
)
from tangent_like.ir.walk import statements
from tangent_like.kinds.kind import UNKNOWN, Kind, Scalar
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Fn, Leaf, Value

COUNTING = frozenset({"int", "len", "round", "bool"})
CHOOSING = frozenset({"max", "min", "abs", "sum", "pow"})


KindOf = Callable[[Expr], Kind]


def says_whole(s: Spec, f: Value) -> bool:
    """May a function of the user's return a whole number or a truth, by its text?"""
    target = f.expr.target if isinstance(f, Leaf) and isinstance(f.expr, Ref) else None
    whole = f.function if isinstance(f, Fn) else None
    if isinstance(target, UserFunction):
        whole = s.library.read(target, s.place())
    if whole is None:
        return False
    results = [t.value for t in statements(whole.body) if isinstance(t, Return) and t.value is not None]
    return any(_is_whole(value, whole.body, lambda _: UNKNOWN, frozenset()) for value in results)


def may_be_whole(s: Spec, f: Value, count: int) -> bool:
    """May a function of ``count`` floats return a whole number or a truth: by its text, or by what it comes to here?"""
    if says_whole(s, f):
        return True
    base = s.state
    s.state = base.copy()
    with s.block() as out:
        given = [s.in_names(Leaf(Call(builtin_ref("float"), (Const(1.0),))), "v") for _ in range(count)]
        found = s.call(f, given)
    kinds = s.state.kinds
    s.state = base
    if not isinstance(found, Leaf):
        return False
    return _is_whole(found.expr, tuple(out), lambda e: s.typing.kind(e, kinds), frozenset())


def _is_whole(expr: Expr, body: Block, kind_of: KindOf, seen: frozenset[str]) -> bool:
    """On some path through ``body``; where nothing is shown, its kind tells."""

    def whole(inner: Expr) -> bool:
        return _is_whole(inner, body, kind_of, seen)

    match expr:
        case Const(value):
            return isinstance(value, int)
        case Unary("not"):
            return True
        case Unary(_, operand):
            return whole(operand)
        case Binary("/"):
            return False
        case Binary(_, left, right) if whole(left) and whole(right):
            return True
        case Choose(_, body_, orelse):
            return whole(body_) or whole(orelse)
        case List(items):
            return all(map(whole, items))
        case Call(Ref(target=Library(module="numpy", qualname="array" | "asarray")), (first,), ()):
            return whole(first)
        case Call(Ref(target=Library(module="builtins", qualname=name)), args) if name in COUNTING | CHOOSING:
            return name in COUNTING or any(map(whole, args))
        case Name(id) if id not in seen:
            bound = list(_bound_to(id, body))
            if any(_is_whole(e, body, kind_of, seen | {id}) for e in bound):
                return True
        case _:
            pass
    kind = kind_of(expr)
    return isinstance(kind, Scalar) and kind.type in ("int", "bool")


def _bound_to(name: str, body: Block) -> Iterator[Expr]:
    for stmt in statements(body):
        if isinstance(stmt, Assign) and len(stmt.targets) == len(stmt.values):
            yield from (v for t, v in zip(stmt.targets, stmt.values, strict=True) if t == name)
        elif isinstance(stmt, Augment) and stmt.target == name:
            yield Binary(stmt.op, Name(name), stmt.value)
        elif isinstance(stmt, For) and stmt.target == name:
            yield Const(0)
