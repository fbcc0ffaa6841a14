"""Zeros that are put aside, and to which all of what came after them is added in the end: that is what came after them.

Before                                   After

    u_bar = np.zeros_like(u)                 u = u.copy()
    u = u.copy()                             u_bar = np.zeros_like(u)
    u_bar_saved = u_bar                      v = u.copy()
    u_bar = np.zeros_like(u)                 ...
    v = u.copy()                             u_bar[1:-1] += part_bar
    ...                                      return u_bar
    u_bar[1:-1] += part_bar
    u_bar_new = u_bar
    u_bar = u_bar_saved
    # u = u.copy()
    u_bar[...] += u_bar_new
    return u_bar

So it is where an argument is copied, and the copy changes places with others. Of double precision, where both are of
one shape. (The sum of 0 and -0.0 is 0: this is none of the passes that ``tidy`` switches.)
"""

from __future__ import annotations

from collections.abc import Mapping

from tangent_like.ir.blocks import mentions
from tangent_like.ir.nodes import Assign, Block, Comment, Const, Function, Index, Name, Stmt, Store
from tangent_like.kinds.kind import Array, Kind
from tangent_like.transform.forms import is_zeros
from tangent_like.transform.tidy.blocks import with_body


def without_zeros_aside(function: Function, kinds: Mapping[str, Kind]) -> Function:
    """The function without them; ``kinds`` are those of its names."""
    body = function.body
    for k in range(len(body)):
        gone = _gone(body, k, kinds)
        if gone:
            return without_zeros_aside(with_body(function, tuple(s for s in body if s not in gone)), kinds)
    return function


def _gone(body: Block, k: int, kinds: Mapping[str, Kind]) -> tuple[Stmt, ...]:
    """What need not be said if ``body[k]`` takes back zeros that were put aside."""
    match body[k - 1] if k else None, body[k], next((s for s in body[k + 1 :] if not isinstance(s, Comment)), None):
        case (
            Assign((new,), (Name(before),), origin=None) as renamed,
            Assign((bar,), (Name(saved),), origin=None) as back,
            Store(Index(Name(place), Const(value)), "+", Name(added), None) as adding,
        ) if before == bar == place and added == new and value is ... and _is_known(kinds.get(bar)):
            pass
        case _:
            return ()
    aside = next((j for j, s in enumerate(body[:k]) if isinstance(s, Assign) and s.targets == (saved,)), None)
    if aside is None or mentions(body, saved) != 2 or mentions(body, new) != 2:
        return ()
    put = body[aside]
    here = [j for j, s in enumerate(body) if mentions((s,), bar)]
    at = here.index(aside) if aside in here else 0
    zeros = body[here[at - 1]] if at else None
    next_ = body[here[at + 1]]
    made = isinstance(zeros, Assign) and zeros.targets == (bar,) and is_zeros(zeros.values[0])
    anew = isinstance(next_, Assign) and next_.targets == (bar,) and is_zeros(next_.values[0])
    plain = isinstance(put, Assign) and isinstance(put.values[0], Name) and put.values[0].id == bar
    if not (made and anew and plain and at == 1):
        return ()
    return (put, renamed, back, *body[k + 1 : body.index(adding) + 1])  # nothing is left to say under the comment


def _is_known(kind: Kind | None) -> bool:
    return isinstance(kind, Array) and kind.dtype == "float64" and kind.dims is not None and None not in kind.dims
