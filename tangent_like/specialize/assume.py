"""Structure from use, where nothing is known of an argument but what the program does with it.

``params["W"]`` makes ``params`` a dict with the key "W", ``model.W`` an object, ``W, b = layers[0]`` the
``layers`` a tuple or list of tuples or lists. Each use that tells something new begins the attempt again with
what it told; the keys that are used are all that the argument may have, and the text checks that on entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from tangent_like.errors import UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Call,
    Comprehension,
    Const,
    Each,
    Expr,
    Function,
    Index,
    Library,
    Loop,
    Name,
    Ref,
    Unary,
)
from tangent_like.ir.walk import expressions, names, statements, subexpressions
from tangent_like.kinds.kind import Array, Scalar, Unknown
from tangent_like.kinds.structure import Shape, Struct
from tangent_like.specialize.facts import Assumed, Facts, Restart
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Leaf, Value

Path: TypeAlias = "tuple[object, ...]"  # the parameter, then keys, indices and attributes

ARRAY_ATTRIBUTES = frozenset(dir(np.ndarray)) | frozenset(dir(float)) | frozenset(dir(int))
MOST_KEYS = 64
HINT = "annotate the argument with a class that says what it holds, or call the derivative with real arguments"


def learn(s: Spec, path: Path, form: str, key: object) -> None:
    """The value at ``path`` is of this form, and has this key."""
    if len(path) > 1:
        _establish(s, path)
    found = s.facts.assumed.get(path)
    if found is not None and found.form == form and key in found.keys and form in ("dict", "object"):
        raise s.refuse(f"{key!r} of what may be {shown(path)}", HINT)
    if found is None:
        found = s.facts.assumed[path] = Assumed(form)
    elif found.form != form:
        raise s.refuse(f"{shown(path)}, which is used as {WHAT[found.form]} and as {WHAT[form]},", HINT)
    if form == "tuple":
        assert isinstance(key, int)
        if found.keys and len(found.keys) != key:
            raise s.refuse(f"{shown(path)}, which is unpacked into {len(found.keys)} and into {key} items,", HINT)
        found.keys.update(dict.fromkeys(range(key)))
    elif form == "sequence":
        assert isinstance(key, int)
        found.keys.update(dict.fromkeys(range(key + 1)))
    else:
        found.keys[key] = None
    if len(found.keys) > MOST_KEYS:  # as many as it has are asked for, and one more: ``d[f"W{len(d)}"]``
        raise s.refuse(f"{shown(path)}, of which ever more is asked,", HINT)
    raise Restart


WHAT = {"dict": "a dict", "object": "an object", "tuple": "a tuple", "sequence": "a list or tuple"}


def _establish(s: Spec, path: Path) -> None:
    """What holds a value with structure is no array."""
    holder, key = path[:-1], path[-1]
    if established(s, holder):
        return
    if len(holder) > 1:
        _establish(s, holder)
    assert isinstance(key, int)
    s.facts.assumed[holder] = Assumed("sequence", dict.fromkeys(range(key + 1)))


def established(s: Spec, path: Path) -> bool:
    return path in s.facts.assumed or path in s.facts.given


def by_method(s: Spec, path: Path, method: Attribute) -> None:
    """What a method that no array has says of the value at ``path``."""
    if method.name not in ("get", "items", "keys", "values"):
        raise s.refuse(f"the method .{method.name}() of {shown(path)}, of which nothing is known,", HINT, method.at)
    as_dict(s, path)


def as_dict(s: Spec, path: Path) -> None:
    """The value at ``path`` is a dict, with the keys that are used elsewhere."""
    if len(path) > 1:
        _establish(s, path)
    s.facts.assumed[path] = Assumed("dict")
    raise Restart


def all_used(s: Spec, path: Path | None, form: str) -> None:
    """What use tells about an argument is which items are used, not which others there are: of a dict, none."""
    if path is not None and form == "dict":
        s.facts.walked.setdefault(path, s.origin)
    elif path is not None and form != "object":
        raise s.refuse(f"this use of all of {shown(path)}, of which only its use is known,", HINT)


def in_order(s: Spec) -> None:
    """Dicts that all of is used of have the keys that are used by name, in this order: checked, too."""
    if (error := without_keys(s.facts)) is not None:
        raise error
    for path in s.facts.walked:
        found = s.facts.assumed[path].keys
        keys = ", ".join(map(repr, found))
        words = f"this derivative is for {shown(path)} with its keys in the order {keys}"
        s.conditions.append((f"list({shown(path)}) != [{keys}]", words))


def without_keys(facts: Facts) -> UnsupportedError | None:
    """What is said of a dict that all of is used of, and no key by name."""
    for path, origin in facts.walked.items():
        if path in facts.assumed and not facts.assumed[path].keys:
            what = f"this use of all of {shown(path)}, of which only its use is known, is not differentiated"
            return UnsupportedError(what, place_of(origin), HINT)
    return None


def is_number(s: Spec, value: Leaf) -> bool:
    """Is what is computed of arguments a number? It is assumed of them that they are none with axes, and checked."""
    found = arguments_in(s, value)
    for text in found or ():
        s.conditions.append((f'getattr({text}, "ndim", 0)', f"this derivative is for a number {text}, not an array"))
    return found is not None


def is_no_object(s: Spec, value: Leaf) -> bool:
    """Is what is computed of arguments a number or an array? It is assumed that they are of no class of the user's."""
    found = arguments_in(s, value)
    for text in found or ():
        test = f'type({text}).__module__ not in ("builtins", "numpy")'
        s.conditions.append((test, f"this derivative is for a number or an array {text}"))
    return found is not None


def arguments_in(s: Spec, value: Leaf) -> list[str] | None:
    """The arguments of which nothing is known that arithmetic is made of; None where there is something else in it."""
    if not all(isinstance(e, Name | Const | Binary | Unary) for e in subexpressions(value.expr)):
        return None
    parts = {v.expr.id: v.part for v in s.state.vars.values() if isinstance(v, Leaf) and isinstance(v.expr, Name)}
    unknown = [n for n in sorted(names(value.expr)) if not isinstance(s.kind(Name(n)), Scalar | Array)]
    found = [part for n in unknown if (part := parts.get(n)) is not None and isinstance(s.kind(Name(n)), Unknown)]
    return [shown(part) for part in found] if len(found) == len(unknown) else None


def item_part(s: Spec, path: Path, index: Value) -> Path | None:
    """The item of a part of which nothing is known; a key that is text says that it is a dict."""
    if not isinstance(index, Leaf):
        return None
    if isinstance(index.known, str):
        learn(s, path, "dict", index.known)
    if type(index.known) is int and index.known >= 0:
        return (*path, index.known)
    return None


def shown(path: Path) -> str:
    text = str(path[0])
    for key in path[1:]:
        text += f".{key[1]}" if isinstance(key, tuple) else f"[{key!r}]"
    return text


def with_assumed(shape: Shape, path: Path, facts: Facts) -> Shape:
    """The shape with what use has told about the parts of which nothing is known."""
    if isinstance(shape, Struct):
        facts.given.add(path)
        found = facts.assumed.get(path)
        known = [k for k, _ in shape.items]
        more = [] if found is None else [k for k in found.keys if k not in known]
        items = [*shape.items, *((k, Unknown()) for k in more)]
        inner = tuple((k, with_assumed(v, (*path, step_of(shape.form, k)), facts)) for k, v in items)
        return replace(shape, items=inner)
    found = facts.assumed.get(path)
    if found is None or not isinstance(shape, Unknown):
        return shape
    form = "sequence" if found.form == "tuple" else found.form
    keys = found.keys
    items_ = tuple((k, with_assumed(Unknown(), (*path, step_of(form, k)), facts)) for k in keys)
    return Struct(form, None, items_)


def step_of(form: str, key: object) -> object:
    """An attribute is told apart from a key."""
    return ("attribute", key) if form == "object" or (form == "tuple" and isinstance(key, str)) else key


# -- what shows structure ---------------------------------------------------------------------------


def shows_structure(function: Function) -> bool:
    """Does a function use something as an array is not used?"""
    if walked_by_key(function) & {p.name for p in function.params}:
        return True
    for stmt in statements(function.body):
        if isinstance(stmt, Assign) and len(stmt.targets) > 1 and len(stmt.values) == 1:
            value = stmt.values[0]
            if isinstance(value, Name | Index) or _is_part(value):
                return True
        for top in expressions(stmt):
            for expr in subexpressions(top):
                if isinstance(expr, Index) and isinstance(expr.index, Const) and isinstance(expr.index.value, str):
                    return True
                if _is_part(expr):
                    return True
    return False


def walked_by_key(function: Function) -> set[str]:
    """``for k in d: ... d[k]``: what is in an array, or a list, is not where something is in it."""
    found: set[str] = set()
    for stmt in statements(function.body):
        inside = [e for s in statements((stmt,)) for top in expressions(s) for e in subexpressions(top)]
        read = {pair for e in inside for pair in _pair(e)}
        match stmt:
            case Each(target, iterable) | Loop(Name(target), iterable):
                found |= {d for d, k in read if k == target and _walks(iterable, d)}
        for expr in inside:
            if isinstance(expr, Comprehension):
                walks = [(c.target.id, c.iterable) for c in expr.clauses if isinstance(c.target, Name)]
                found |= {d for d, k in read for target, iterable in walks if k == target and _walks(iterable, d)}
    return found


def _pair(expr: Expr) -> Iterator[tuple[str, str]]:
    match expr:
        case Index(Name(d), Name(k)):
            yield d, k


def _walks(iterable: Expr, name: str) -> bool:
    match iterable:
        case Name(id):
            return id == name
        case Call(Ref(target=Library("builtins", "sorted" | "list")), (Name(id),)):
            return id == name
        case _:
            return False


def _is_part(expr: Expr) -> bool:
    return isinstance(expr, Attribute) and expr.name not in ARRAY_ATTRIBUTES and not _is_outside(expr.value)


def _is_outside(expr: Expr) -> bool:
    while isinstance(expr, Attribute | Index):
        expr = expr.value
    return isinstance(expr, Ref)
