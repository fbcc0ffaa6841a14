"""Structure around the derivative of a core program: arguments taken apart, gradients put together.

Before                                           After

    def grad_loss(params_W, params_b, x):            def grad_loss(params, x):
        ...                                              params_W = params["W"]
        return params_W_bar, params_b_bar                params_b = params["b"]
                                                         ...
                                                         return {"W": params_W_bar, "b": params_b_bar}
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from tangent_like.errors import Place, UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.build import beside, builtin_ref
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Bind,
    Block,
    Call,
    Comprehension,
    Const,
    Dict,
    Expr,
    Function,
    If,
    Index,
    Lambda,
    List,
    Name,
    Opaque,
    Param,
    Ref,
    Return,
    Stmt,
    Store,
    Tuple,
    While,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import base_name, binds, expressions, names, reads, statements, subexpressions, substitute
from tangent_like.kinds.kind import Kind, Unknown, is_float
from tangent_like.specialize.entry import Branch, Part, Specialized, Tree, parts
from tangent_like.transform.runtime_refs import helper
from tangent_like.transform.tidy.width import COLUMNS, line_width


def leaf_names(special: Specialized, wrt: tuple[str, ...]) -> tuple[str, ...]:
    """The parameters of the core that stand for the arguments ``wrt``."""
    return tuple(p.name for name in wrt for p in parts(special.arguments[name]) if is_float(p.kind))


def structure_checks(special: Specialized | None) -> tuple[tuple[str, str], ...]:
    """When an argument does not have the structure that was assumed, with what is then said."""
    if special is None:
        return ()
    return (*(check for tree in special.arguments.values() for check in _checks(tree)), *special.conditions)


def _checks(tree: Tree) -> Iterator[tuple[str, str]]:
    if not isinstance(tree, Branch):
        return
    if tree.assumed and tree.type is not None and tree.reach is not None:
        at, name = reach_text(tree.reach), tree.type.__name__
        yield f"type({at}).__name__ != {name!r}", f"this derivative is for {at} of class {name}"
    if tree.assumed and tree.type is None and tree.reach is not None and tree.form != "object":
        at = reach_text(tree.reach)
        keys = [repr(k) for k, _ in tree.items]
        if tree.form == "dict":
            named = ", ".join(keys)
            yield f"{at}.keys() != {{{named}}}", f"this derivative is for {at} with the keys {named}"
        else:
            what = {"tuple": "tuple", "list": "list"}.get(tree.form, "(tuple, list)")
            named = {"tuple": "a tuple", "list": "a list"}.get(tree.form, "a tuple or list")
            wrong = f"not isinstance({at}, {what}) or len({at}) != {len(keys)}"
            yield wrong, f"this derivative is for {at} that is {named} of {len(keys)}"
    for _, item in tree.items:
        yield from _checks(item)


def stored_checks(special: Specialized, wrt: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """When the class of an object, of which only its use is known, computes what is read of it.

    Its tangent is then none that a tangent object of that class would compute.
    """
    pending = [special.arguments[name] for name in wrt]
    while pending:
        tree = pending.pop(0)
        if not isinstance(tree, Branch):
            continue
        pending += [item for _, item in tree.items]
        if tree.assumed and tree.type is None and tree.reach is not None and tree.form == "object":
            at, keys = reach_text(tree.reach), [str(k) for k, _ in tree.items]
            one = f"isinstance(getattr(type({at}), {{}}, None), property)"
            wrong = one.format(repr(keys[0])) if len(keys) == 1 else f"any({one.format('name')} for name in {keys})"
            yield wrong, f"this derivative is for {at} that stores {' and '.join(keys)}: annotate the argument"


def reach_text(expr: Expr) -> str:
    """How a part is reached from a parameter."""
    match expr:
        case Name(id):
            return id
        case Attribute(value, name):
            return f"{reach_text(value)}.{name}"
        case Index(value, Const(key)):
            return f"{reach_text(value)}[{key!r}]"
        case _:
            raise AssertionError("no part of an argument")


def reached(special: Specialized) -> dict[str, str]:
    """How the parts of arguments are reached, by their names in the core."""
    return {p.name: reach_text(p.reach) for t in special.arguments.values() for p in parts(t)}


def told(kinds: Mapping[str, Kind], special: Specialized | None) -> dict[str, Kind]:
    """The kinds of parameters by their names in the core, and by how they are reached from the user's."""
    trees = () if special is None else tuple(special.arguments.values())
    return {**kinds, **{reach_text(p.reach): kinds[p.name] for t in trees for p in parts(t) if p.name in kinds}}


def with_arguments(function: Function, special: Specialized) -> Function:
    """The function with the parameters that the user's has; what of them it reads comes first."""
    if all(isinstance(t, Part) for t in special.arguments.values()):
        original = {p.name for p in special.original.params}
        others = tuple(p for p in function.params if p.name not in original)
        return replace(function, params=beside(special.original.params, others))
    read = {n for s in statements(function.body) for e in expressions(s) for n in names(e)}
    read |= {s.target for s in statements(function.body) if isinstance(s, Augment)}
    own = {p.name for t in special.arguments.values() for p in parts(t)}
    front: list[Stmt] = []
    once: dict[str, Expr] = {}
    for tree in special.arguments.values():
        if isinstance(tree, Branch) and (unpacked := _unpacked(tree, read)) is not None:
            front.append(unpacked)
        elif isinstance(tree, Branch):
            for part in parts(tree):
                if part.name in read and part.origin is None and is_reached(part, once, function.body):
                    once[part.name] = part.reach
                elif part.name in read:
                    front.append(Assign((part.name,), (part.reach,), part.origin))
    others = tuple(p for p in function.params if p.name not in own)
    body = tuple(_reaching(s, once) for s in function.body) if once else function.body
    return replace(function, params=beside(special.original.params, others), body=(*front, *body))


def _unpacked(tree: Branch, read: Collection[str]) -> Stmt | None:
    """``x, y = p``, or ``(W, b), (V, c) = params``, where the user named all of it and all is read."""
    own = list(parts(tree))
    if len(own) < 2 or tree.reach is None or not all(p.origin is not None and p.name in read for p in own):
        return None
    target = _target(tree)
    if not isinstance(target, Tuple):
        return None
    if all(isinstance(item, Name) for item in target.items):
        return Assign(tuple(p.name for p in own), (tree.reach,), own[0].origin)
    return Bind(target, "", tree.reach, own[0].origin)


def _target(tree: Tree) -> Expr | None:
    """What unpacks a tuple or a list into its leaves."""
    if isinstance(tree, Part):
        return Name(tree.name)
    if tree is None or tree.form not in ("tuple", "list") or [k for k, _ in tree.items] != [*range(len(tree.items))]:
        return None
    items = [_target(item) for _, item in tree.items]
    return None if None in items else Tuple(tuple(e for e in items if e is not None))


def is_reached(part: Part, others: Mapping[str, Expr], body: Block) -> bool:
    """Is the part read once or twice, outside all loops and branches? Then it is as well reached there."""
    name = part.name
    places = [s for s in statements(body) if name in reads(s) or name in binds(s)]
    if any(s not in body or isinstance(s, While) or name in binds(s) or base_of_target(s) == name for s in places):
        return False
    nodes = [n for s in places for e in expressions(s) for n in subexpressions(e)]
    count = [n.id for n in nodes if isinstance(n, Name)].count(name)
    if any(isinstance(n, Opaque | Lambda | Comprehension) for n in nodes):
        return False
    fits = all(line_width(_reaching(s, {**others, name: part.reach}), 1) <= COLUMNS for s in places)
    return count == 1 or (count == 2 and fits and not any(isinstance(s, If) for s in places))


def base_of_target(stmt: Stmt) -> str | None:
    return base_name(stmt.target) if isinstance(stmt, Store) else getattr(stmt, "list", None)


def _reaching(stmt: Stmt, once: Mapping[str, Expr]) -> Stmt:
    """The statement with parts of arguments reached where it reads them itself."""
    if once.keys().isdisjoint(reads(stmt)):
        return stmt
    return rewrite(stmt, lambda e: substitute(e, once), lambda name: name)


def with_tangents(function: Function, special: Specialized, wrt: tuple[str, ...], namer: Namer) -> Function:
    """The function with one tangent for each argument asked for, in the structure of the argument."""
    own = {p.name for p in special.original.params}
    dots = iter([p for p in function.params if p.name not in own])
    params: list[Param] = []
    front: list[Stmt] = []
    for name in wrt:
        tree = special.arguments[name]
        leaves = [p for p in parts(tree) if is_float(p.kind)]
        if isinstance(tree, Part):
            params.append(next(dots))
            continue
        whole = namer.fresh(f"{name}_dot")
        params.append(Param(whole))
        reached = [substitute(leaf.reach, {name: Name(whole)}) for leaf in leaves]
        front += [Assign((next(dots).name,), (expr,)) for expr in reached]
    return replace(function, params=beside(special.original.params, params), body=(*front, *function.body))


def with_gradients(
    function: Function, special: Specialized, wrt: tuple[str, ...], value: bool, single: bool
) -> Function:
    """The function returning gradients in the structure of the arguments."""
    *body, last = function.body
    assert isinstance(last, Return) and last.value is not None
    found = last.value
    primal: Expr | None = None
    if value:
        assert isinstance(found, Tuple)
        primal, found = found.items
    bars = iter(found.items if isinstance(found, Tuple) else (found,))
    given = [put_together(special.arguments[name], bars) for name in wrt]
    gradients: Expr = given[0] if single else Tuple(tuple(given))
    result = gradients if primal is None else Tuple((primal, gradients))
    return replace(function, body=(*body, Return(result, last.origin)))


def with_result(function: Function, special: Specialized) -> Function:
    """The function returning its results in the structure that the user's returns."""
    *body, last = function.body
    assert isinstance(last, Return) and last.value is not None
    if isinstance(special.result, Part):
        return function
    found = iter(last.value.items if isinstance(last.value, Tuple) else (last.value,))
    place = place_of(last.origin or special.original.origin)
    return replace(function, body=(*body, Return(result_of(special.result, found, place), last.origin)))


def with_pushed_result(function: Function, special: Specialized) -> Function:
    """A text's value and tangent in the structure that the user's function returns; of an object, leaf by leaf."""
    *body, last = function.body
    assert isinstance(last, Return)
    if isinstance(special.result, Part) or has_object(special.result) or not isinstance(last.value, Tuple):
        return function
    place = place_of(last.origin or special.original.origin)
    both = [result_of(special.result, iter(e.items), place) for e in last.value.items if isinstance(e, Tuple)]
    return replace(function, body=(*body, Return(Tuple(tuple(both)), last.origin)))


def has_object(tree: Tree) -> bool:
    return isinstance(tree, Branch) and (tree.type is not None or any(has_object(t) for _, t in tree.items))


def result_of(tree: Tree, found: Iterator[Expr], place: Place) -> Expr:
    """A display of the results."""
    match tree:
        case None:
            return Const(None)
        case Part():
            return next(found)
        case Branch("known", _, ((value, _),)):
            return Const(value)
        case Branch(form, None, items):
            made = [(k, result_of(t, found, place)) for k, t in items]
            if form == "dict":
                return Dict(tuple(Const(k) for k, _ in made), tuple(e for _, e in made))
            return (List if form == "list" else Tuple)(tuple(e for _, e in made))
        case _:
            raise UnsupportedError("a result that is an object is not mapped", place, "return a tuple or a dict")


def part_gradient(bar: Expr, kind: Kind) -> Expr:
    """The gradient of a part; one of which nothing is known, and nothing depends on, may be a text or a flag."""
    is_zero = isinstance(bar, Call) and isinstance(bar.func, Ref) and bar.func.spelling == "zeros_like"
    if isinstance(kind, Unknown) and is_zero:
        assert isinstance(bar, Call)
        return Call(helper("zeros_or_none"), bar.args)
    return bar


def put_together(tree: Tree, bars: Iterator[Expr]) -> Expr:
    match tree:
        case None:
            return Const(None)
        case Part(kind=kind):
            return part_gradient(next(bars), kind) if is_float(kind) else Const(None)
        case Branch(form, type_, items):
            made = [(k, put_together(t, bars)) for k, t in items]
            if form in ("dict", "list") and type_ is not None and tree.reach is not None:
                values = tuple(e for _, e in made)
                whole: Expr = Dict(tuple(Const(k) for k, _ in made), values) if form == "dict" else List(values)
                return Call(Call(builtin_ref("type"), (tree.reach,)), (whole,)) if is_made_of(type_) else whole
            if form == "dict":
                return Dict(tuple(Const(k) for k, _ in made), tuple(e for _, e in made))
            if form == "sequence":
                assert tree.reach is not None
                return Call(helper("like_sequence"), (tree.reach, *(e for _, e in made)), ())
            if form == "list":
                return List(tuple(e for _, e in made))
            if form == "tuple" and type_ is None:
                return Tuple(tuple(e for _, e in made))
            assert tree.reach is not None
            if type_ is not None and takes_attributes(type_, [str(k) for k, _ in made]):
                maker = Call(builtin_ref("type"), (tree.reach,))
                return Call(maker, (), tuple((str(k), e) for k, e in made))
            return Call(helper("like_object"), (tree.reach,), tuple((str(k), e) for k, e in made))


def is_made_of(type_: type) -> bool:
    """Does a subclass of dict or list leave it to that how an object is made of a dict or a list?"""
    base = dict if issubclass(type_, dict) else list
    return type_.__init__ is base.__init__ and type_.__new__ is base.__new__  # type: ignore[misc]


def takes_attributes(type_: type, names_: list[str]) -> bool:
    """Does the class make an object of its attributes and do nothing else: a named tuple, a plain dataclass?"""
    if issubclass(type_, tuple):
        return list(getattr(type_, "_fields", ())) == names_
    if not dataclasses.is_dataclass(type_) or hasattr(type_, "__post_init__") or "__new__" in vars(type_):
        return False
    fields = dataclasses.fields(type_)
    code = getattr(type_.__init__, "__code__", None)
    generated = code is not None and code.co_filename == "<string>"  # as dataclasses compile it
    return generated and all(f.init for f in fields) and [f.name for f in fields] == names_


def core_mode(mode: str) -> str:
    """The mode in which a core with structure around it is derived: the tangent stands beside the value that has it."""
    return "jvp" if mode == "tangent" else mode
