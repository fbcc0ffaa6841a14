"""``filter``, ``filterfalse``, ``takewhile`` and ``dropwhile``: loops with a condition in them.

Before                                           After

    for u in takewhile(small, x):                    going = True
        s += u                                       for u in x:
                                                         if going:
                                                             going = small(u)
                                                         if going:
                                                             s += u
"""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.ir.nodes import Const, Expr, Name, Unary
from tangent_like.kinds.kind import BOOL
from tangent_like.specialize import containers, iterators, meet
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Lazy, Value

Turn = Callable[[Value], None]

FORMS = ("filter", "filterfalse", "takewhile", "dropwhile")


def filtered(s: Spec, value: Lazy, turn: Turn, wanted: str, over: Callable[..., None]) -> None:
    """The loop; ``over`` emits one over all there is."""
    if len(value.parts) != 2:
        raise s.refuse(f"this call of {value.form}", "write the loop out")
    function, inner = value.parts
    if value.form in ("takewhile", "dropwhile"):
        from_or_to(s, value.form, function, inner, turn, wanted, over)
        return

    def tested(item: Value) -> None:
        held = s.settled(item, wanted or "item")
        condition = asked(s, function, held)
        test = Unary("not", condition) if value.form == "filterfalse" else condition
        meet.branches(s, [(test, lambda: turn(held))])

    over(s, inner, tested, wanted)


def asked(s: Spec, function: Value, item: Value) -> Expr:
    """What the function says of an item; None in its place asks for the truth of the item."""
    test = item if containers.constant_key(s, function) is None else s.call(function, [item])
    return s.materialize(test)


def from_or_to(
    s: Spec, form: str, function: Value, inner: Value, turn: Turn, wanted: str, over: Callable[..., None]
) -> None:
    """What comes before the first item that the function is false of, or from that on."""
    if iterators.is_endless(inner):
        raise s.refuse(f"itertools.{form} of what has no end", "write a while loop")
    going = s.fresh("going")
    s.unstable.add(going)
    s.assign(going, Const(True))
    s.state.kinds[going] = BOOL

    def one(item: Value) -> None:
        held = s.settled(item, wanted or "item")
        meet.branches(s, [(Name(going), lambda: s.assign(going, asked(s, function, held)))])
        test: Expr = Name(going) if form == "takewhile" else Unary("not", Name(going))
        meet.branches(s, [(test, lambda: turn(held))])

    over(s, inner, one, wanted)
