"""Dicts whose keys only the run tells where paths meet, and where a turn of a loop hands them to the next."""

from __future__ import annotations

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import Attribute, Call, Expr, Name
from tangent_like.kinds.kind import DictOf
from tangent_like.specialize import object_places
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.state import State
from tangent_like.specialize.tables import TABLE, is_plain
from tangent_like.specialize.values import Content, Handle, Mixed


def beside(s: Spec, contents: list[Content]) -> None:
    """A dict whose keys are known, where another path has one whose keys only the run tells: then it is one too."""
    if any(c.form == TABLE for c in contents):
        grown(s, contents)


def grown(s: Spec, contents: list[Content]) -> None:
    """Dicts of numbers that have not the same keys in every turn, or on every path: only the run tells them."""
    for content in contents if s.facts.tables else ():
        made_here = content.site is not None and not content.borrowed
        plain = content.form == "set" or all(isinstance(v, Mixed) or is_plain(s, v) for v in content.values)
        if content.form in ("dict", "set") and made_here and plain:
            s.facts.learn_table(content.site)


def forget_inner(end: State, table: Handle, head: State) -> None:
    """A turn hands a dict on by one name: what else it is called within the turn is not read behind it."""
    for var, value in end.vars.items():
        if var not in head.vars and isinstance(value, Handle) and value.id == table.id:
            end.vars[var] = Mixed(f"{var[1]!r}, another name for a dict that a loop hands on,")


def apart(s: Spec, expr: Expr) -> Expr:
    """What is handed on under another name: a dict as a copy, since it is written under one name.

    So is the list of an attribute of objects, which is written there.
    """
    if isinstance(expr, Name) and object_places.is_column(s, expr.id):
        return Call(builtin_ref("list"), (expr,))
    if isinstance(expr, Name) and isinstance(s.kind(expr), DictOf):
        return Call(Attribute(expr, "copy"), ())
    return expr
