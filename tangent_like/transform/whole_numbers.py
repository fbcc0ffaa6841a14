"""Arrays into which values with derivatives are stored, where nothing tells that they hold no whole numbers.

Before                                   After

    counts = np.gcd(sizes, 2)                counts = np.gcd(sizes, 2)
    counts[0] = x[0] * 3                     refuse_integers(counts)
                                             counts[0] = x[0] * 3

NumPy would cut what is stored to a whole number, and its derivative is zero. What is made of something that carries a
derivative holds floating-point numbers.
"""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.analysis.activity import Activity, carriers_at
from tangent_like.analysis.aliases import Aliases
from tangent_like.analysis.typing import Typing
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import Assign, Block, Call, Do, Expr, Function, Library, Name, Ref, Stmt, Store
from tangent_like.ir.walk import base_name, names, statements, with_body
from tangent_like.kinds.kind import Array, Kind, Unknown
from tangent_like.transform.runtime_refs import helper

Found = tuple[Typing, Aliases, Activity]
LIKES = frozenset({"zeros_like", "empty_like", "ones_like", "full_like"})
MAKERS = frozenset({"zeros", "empty", "ones", "full", "eye", "identity", "ndarray", "arange"})


def checked(
    function: Function, kinds: Callable[[Function], Typing], find: Callable[[Function], Found]
) -> Function:
    """The function with a check behind each statement that makes such an array.

    ``find`` tells of memory and of what carries derivatives, too: it is not asked where the kinds tell enough.
    """
    stores = [s for s in statements(function.body) if _written(s)]
    if not stores:
        return function
    before = kinds(function).before
    if not any(_is_open(before[s].get(n)) for s in stores if s in before for n in _written(s)):
        return function
    typing, aliases, activity = find(function)
    written = {
        aliases.class_of.get(name, name)
        for stmt in stores
        if stmt in activity.acts
        for name in _written(stmt)
        if _is_open(typing.before[stmt].get(name))
    }
    if not written:
        return function
    unsure: dict[Stmt, list[str]] = {}
    for stmt in statements(function.body):
        if isinstance(stmt, Assign) and len(stmt.targets) == len(stmt.values):
            for target, value in zip(stmt.targets, stmt.values, strict=True):
                own = aliases.class_of.get(target, target) in written and _is_open(typing.after[stmt].get(target))
                if own and not isinstance(value, Name) and not is_floating(value, stmt, typing, activity):
                    unsure.setdefault(stmt, []).append(target)
    if not unsure:
        return function

    def block(body: Block) -> Block:
        out: list[Stmt] = []
        for stmt in body:
            out.append(with_blocks(stmt, block))
            out += [Do(Call(helper("refuse_integers"), (Name(n),)), stmt.origin) for n in unsure.get(stmt, ())]
        return tuple(out)

    return with_body(function, block(function.body))


def _written(stmt: Stmt) -> tuple[str, ...]:
    if isinstance(stmt, Store):
        name = base_name(stmt.target)
        return () if name is None else (name,)
    return tuple(stmt.writes) if isinstance(stmt, Assign) else ()


def _is_open(kind: Kind | None) -> bool:
    return isinstance(kind, Unknown) or (isinstance(kind, Array) and kind.dtype is None)


def is_floating(value: Expr, stmt: Stmt, typing: Typing, activity: Activity) -> bool:
    """Is it made of something that carries a derivative, so that it holds floating-point numbers?"""

    def carries(expr: Expr) -> bool:
        return bool(carriers_at(stmt, expr, typing) & activity.varied_reads.get(stmt, frozenset()))

    if carries(value):
        return True
    match value:
        case Call(Ref(target=Library("numpy", name)), (like, *_), keywords) if name in LIKES:
            return carries(like) and "dtype" not in dict(keywords)
        case Call(Ref(target=Library("numpy", name)), _, keywords) if name in MAKERS and "dtype" in dict(keywords):
            dtype = dict(keywords)["dtype"]
            return any(carries(Name(n)) for n in names(dtype))
        case _:
            return False
