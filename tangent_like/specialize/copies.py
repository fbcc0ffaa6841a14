"""``copy.copy`` and ``copy.deepcopy`` of containers and objects; of arrays, copies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tangent_like.ir.build import builtin_ref, np_call, numpy_ref
from tangent_like.ir.nodes import Assign, Block, Call, Choose, Expr, Name
from tangent_like.ir.walk import bound_in
from tangent_like.kinds.kind import Array, Plain, Scalar, is_list
from tangent_like.specialize import iterate, meet, object_numbers, object_pools, table_methods
from tangent_like.specialize.builtin_bases import ATTRIBUTES, HELD, inherits
from tangent_like.specialize.object_keys import ObjectKey
from tangent_like.specialize.spec import Handler, Spec
from tangent_like.specialize.tables import TABLE
from tangent_like.specialize.values import (
    UNSET,
    Content,
    Handle,
    Keywords,
    Leaf,
    Outer,
    Seq,
    Value,
    is_function_ref,
    is_used_up,
)

OWN_COPIES = ("__copy__", "__deepcopy__", "__reduce_ex__", "__reduce__", "__getstate__", "__setstate__")


def copied(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``copy.copy``: what is in it stays the same."""
    del keywords
    if isinstance(args[0], Handle):
        content = s.content(args[0])
        if content.form == TABLE:
            return copied_table(s, args[0], expr)
        refuse_own(s, content, "copy.copy")
        if any(map(is_used_up, content.values)):
            raise s.refuse("copy.copy of an object that holds an iterator", "make it anew")
        content = replace(object_numbers.by_itself(s, args[0]), row=None)
        content = with_own_items(s, content, "copy.copy")
        made = s.allocate(replace(content, hint=hint or content.hint, borrowed=False, shared=False))
        found = s.settled(made, hint)
        object_pools.put(s, made)
        return found
    if isinstance(args[0], Seq):
        return args[0]
    return leaf(s, args[0], "copy.copy") if isinstance(args[0], Leaf) else None


def deeply_copied(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``copy.deepcopy``: all that is in it, too; what is there twice stays one."""
    made: dict[int, Handle] = {}
    arrays: dict[tuple[str, int], Value] = {}

    def copy_of(value: Value, name: str) -> Value:
        match value:
            case Leaf(Name(id)) if isinstance(s.kind(value.expr), Array):
                one = bound_at(tuple(s.out), id)
                if one not in arrays:
                    arrays[one] = s.held(Leaf(np_call("copy", value.expr)), name or "copied")
                return arrays[one]
            case Leaf():
                return leaf(s, value, "copy.deepcopy")
            case Seq(items, cls):
                return Seq(tuple(copy_of(v, name) for v in items), cls)
            case Handle(id):
                if id in made:
                    return made[id]
                content = s.content(value)
                if content.form == TABLE:
                    made[id] = copied_table(s, value, expr)
                    return made[id]
                refuse_own(s, content, "copy.deepcopy")
                with_own_items(s, content, "copy.deepcopy")
                if any(map(object_numbers.is_reference, content.values)):
                    raise s.refuse("copy.deepcopy of an object that holds others, any number of them,", "make it anew")
                if content.part is not None:
                    raise s.refuse("copy.deepcopy of what only its use tells", "annotate the arguments")
                anew = replace(content, items=(), hint=name, borrowed=False, shared=False, site=None, row=None)
                made[id] = s.allocate(anew)
                if any(isinstance(k, ObjectKey) for k, _ in content.items):
                    raise s.refuse("copy.deepcopy of what holds objects as keys", "build it anew")
                inside = tuple((k, copy_of(v, content.hint)) for k, v in content.items)
                s.state.heap[made[id].id] = replace(s.content(made[id]), items=inside)
                object_pools.put(s, made[id])
                return made[id]
            case Outer():
                raise s.refuse("copy.deepcopy of what the module has", "make it in the function")
            case _:
                return value

    if len(args) != 1 or keywords:
        raise s.refuse("copy.deepcopy with a memo", "", getattr(expr, "at", None))
    return s.settled(copy_of(args[0], hint), hint)


def bound_at(block: Block, name: str) -> tuple[str, int]:
    """The variable that ``name`` is only another name for, and where that is bound."""
    for k in range(len(block) - 1, -1, -1):
        stmt = block[k]
        if name not in bound_in((stmt,)):
            continue
        if isinstance(stmt, Assign) and len(stmt.targets) == len(stmt.values):
            value = dict(zip(stmt.targets, stmt.values, strict=True)).get(name)
            if isinstance(value, Name):
                return bound_at(block[:k], value.id)
        return name, k
    return name, -1


def copied_table(s: Spec, table: Handle, expr: Expr | None) -> Handle:
    """Of a dict whose keys only the run tells; of numbers, which both kinds of copies share."""
    found = table_methods.method(s, table, "copy", [], [], expr, meet.branches, iterate.over)
    assert isinstance(found, Handle)
    return found


def with_own_items(s: Spec, content: Content, what: str) -> Content:
    """Of an object that is a dict or a list: with the items in one of its own."""
    found = content.get(HELD)
    if found is None:
        return content
    sets = "__setitem__", "__setattr__", "append", "extend", "update"
    if not isinstance(found, Handle) or not inherits(content.cls, *sets) or content.get(ATTRIBUTES) is not None:
        raise s.refuse(f"{what} of an object that is a dict or a list", "make one of its class of it")
    own = s.settled(s.allocate(replace(s.content(found), site=None, borrowed=False, shared=False)), content.hint)
    return replace(content, items=tuple((k, own if k == HELD else v) for k, v in content.items))


def refuse_own(s: Spec, content: Content, what: str) -> None:
    """A class may say itself how its objects are copied."""
    if content.form == object_numbers.FORM:
        raise s.refuse(f"{what} of a list of objects whose number only the run tells", "make it in a loop")
    for name in OWN_COPIES:
        member = None if content.cls is None else content.cls.member(name)
        if member is not None and member.owner.type is not object:
            raise s.refuse(f"{what} of an object with {name}")


def leaf(s: Spec, value: Leaf, what: str) -> Value:
    """A number is its own copy; ``x.copy() if isinstance(x, np.ndarray) else x`` of what may be an array."""
    kind = s.kind(value.expr)
    if value.known is not UNSET or is_function_ref(value) or isinstance(kind, Scalar | Plain):
        return value
    if isinstance(kind, Array):
        return Leaf(np_call("copy", value.expr))
    if is_list(kind):
        raise s.refuse(f"{what} of a list whose length only the run tells", "copy its items in a loop")
    held = s.held(value, "held")
    test = Call(builtin_ref("isinstance"), (held.expr, numpy_ref("ndarray")))
    return Leaf(Choose(test, np_call("copy", held.expr), held.expr))


HANDLERS: Mapping[str, Handler] = {"copy.copy": copied, "copy.deepcopy": deeply_copied}
