"""Methods that are called in other words than ``b.append(x)``.

Before                                   After

    list.append(b, x)                        b.append(x)
    (a if c else b).append(x)                a.append(x) if c else b.append(x)

What an argument does is done once either way: behind the condition, and behind what says whose method it is. What a
class of the user's may have another method for stays as it is: ``dict.__getitem__(self, key)``.
"""

from __future__ import annotations

import types
from collections import OrderedDict, defaultdict
from dataclasses import replace

from tangent_like.ir.nodes import Attribute, Call, Choose, Expr, Library, Name, Ref, Starred

# What is asked of what is chosen is asked of a value: only a method that writes has to know of which.
WRITING = frozenset({
    "append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse", "update", "fill", "put", "setdefault",
    "add", "discard", "popitem", "popleft", "appendleft", "extendleft", "rotate", "subtract", "move_to_end",
})  # fmt: skip


BASES = (OrderedDict, defaultdict, dict, list)  # classes of Python's whose subclasses are followed


def method_called(call: Call) -> Expr:
    """The call as one of a method of what it is a method of."""
    match call.func:
        case Ref(target=Library() as target) if is_unbound(target.obj) and call.args:
            holder, *rest = call.args
            if isinstance(holder, Starred):
                return call
            name = target.qualname.rpartition(".")[2]
            own = isinstance(holder, Name) and holder.id == "self"
            if is_inherited(target.obj) and (own or name.startswith("__")):
                return call
            return method_called(Call(Attribute(holder, name, call.at), tuple(rest), call.keywords, call.at))
        case Attribute(Choose(test, body, orelse), name, at) if name in WRITING:
            both = [method_called(replace(call, func=Attribute(side, name, at))) for side in (body, orelse)]
            return Choose(test, both[0], both[1], call.at)
        case _:
            return call


def is_inherited(obj: object) -> bool:
    """Is it a method of a dict or a list, which a class of the user's may inherit?"""
    return getattr(obj, "__objclass__", None) in BASES


def is_unbound(obj: object) -> bool:
    """Is it a method that a class of Python's or NumPy's has, as ``list.append`` is?"""
    return isinstance(obj, types.MethodDescriptorType)
