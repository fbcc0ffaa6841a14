"""What the user named and one statement of ours reads, where that one reads it.

Before                                   After

    x = np.sin(x * w)                        # x = np.sin(x * w)
    # x = np.sin(x * w)                      t_bar = y * np.sin(x * w)
    t_bar = y * x                            return t_bar * t_bar
    return t_bar * t_bar

The user's text read it more often, or elsewhere: nobody names by hand what one line makes and the next takes. Lines of
the user's stay as they were written; and so does what stands under a comment of the user's, and what is long, or would
make a line so. What goes wrong in it is still said of the user's line. So is what the way back of ``for W in Ws`` reads
of an item once: ``h_bar = z_bar @ Ws[k].T``.
"""

from __future__ import annotations

from dataclasses import replace

from tangent_like.ir.nodes import Assign, Augment, Const, Expr, Function, Index, Name, Stmt, Store
from tangent_like.ir.walk import binds, names
from tangent_like.transform.tidy.alive import Alive
from tangent_like.transform.tidy.blocks import with_body
from tangent_like.transform.tidy.calls import acts
from tangent_like.transform.tidy.facts import Facts
from tangent_like.transform.tidy.nest import Later, Nester, takes_apart
from tangent_like.transform.tidy.width import NAMED, width


def inside(function: Function, facts: Facts) -> Function:
    return with_body(function, _Inside(facts, Alive(facts)).block(function.body, 1))


class _Inside(Nester):
    """Of what the user named, where ``Nester`` is for what we did."""

    def value(self, stmt: Stmt) -> tuple[str, Expr] | None:
        match stmt:
            case Assign((name,), (value,), origin) if (
                not (stmt.saved or (origin is not None and origin.comments))
                and not isinstance(value, Name | Const)
                and (origin is None or not isinstance(value, Index))
                and not self.facts.mine(stmt)
                and not acts(value, self.facts.pure)
                and width(value) <= NAMED
            ):
                return name, value
            case _:
                return None

    def related(self, stmt: Stmt, k: int, target: Stmt, q: int, later: Later) -> bool:  # noqa: ARG002
        match target:
            case Assign():
                ours = self.facts.mine(target)
            case Augment():
                ours = target.origin is None
            case Store(place):  # and not as what says where
                ours = target.origin is None and not names(place) & set(binds(stmt))
            case _:
                return False
        item = isinstance(stmt, Assign) and isinstance(stmt.values[0], Index)
        return ours and (item or not takes_apart(target, stmt))

    def put(self, stmt: Stmt, value: Expr, target: Stmt, name: str) -> Stmt:
        new = super().put(stmt, value, target, name)
        origin = getattr(stmt, "origin", None)
        if origin is None or not isinstance(new, Assign | Augment | Store) or new.origin is not None:
            return new
        return replace(new, origin=replace(origin, comments=(), blank=False, alone=True))
