"""Expressions: from the wider language to a value with core expressions at its leaves."""

from __future__ import annotations

import enum
import operator
from collections.abc import Callable
from functools import partial
from types import UnionType

from tangent_like.frontend.parsed import Decorated, Made
from tangent_like.frontend.resolve import FileScope
from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Call,
    Choose,
    Compare,
    Comprehension,
    Const,
    Dict,
    Expr,
    Fresh,
    Global,
    Hole,
    Index,
    Lambda,
    List,
    Logic,
    Name,
    Opaque,
    Ref,
    SetOf,
    Slice,
    Starred,
    Tuple,
    Unary,
    Walrus,
)
from tangent_like.ir.walk import rebuild
from tangent_like.kinds.kind import Sequence, is_float, is_list
from tangent_like.kinds.structure import children_of
from tangent_like.specialize import (
    assume,
    attributes,
    attributes_by_name,
    comprehensions,
    conditions,
    containers,
    invoke,
    joined,
    list_arithmetic,
    named_tuples,
    operators,
    outside_tables,
    protocols,
    sets,
    shapes,
    sides,
    slices,
    sparse,
    starred,
    tables,
    texts,
    types_asked,
    words,
)
from tangent_like.specialize.builtin_bases import as_held, gone_through
from tangent_like.specialize.classes import ClassInfo, is_users_class
from tangent_like.specialize.columns import one_by_one
from tangent_like.specialize.decorated import decorated
from tangent_like.specialize.either import by_options, chosen
from tangent_like.specialize.keyed import UNTOLD, by_key, is_open_text
from tangent_like.specialize.module_objects import made_in_module
from tangent_like.specialize.object_keys import key_value
from tangent_like.specialize.operands import is_shape_of_numbers, operands
from tangent_like.specialize.outside import of_name
from tangent_like.specialize.spec import Spec, item_name
from tangent_like.specialize.state import frame_key
from tangent_like.specialize.truth import truth_of
from tangent_like.specialize.turns import needs_turns, readable
from tangent_like.specialize.values import (
    STAYS_KNOWN,
    UNSET,
    Class,
    Either,
    Fn,
    Frame,
    Handle,
    Kept,
    Lazy,
    Leaf,
    Maybe,
    Mixed,
    Outer,
    Partial,
    Seq,
    Value,
    is_function_ref,
    is_used_up,
    object_of,
)


def evaluate(s: Spec, expr: Expr, frame: Frame, hint: str = "") -> Value:
    """The value of an expression; ``hint`` names what it is bound to."""
    match expr:
        case Name(id):
            return variable(s, id, frame, expr)
        case Const(value):
            return Leaf(expr, value)
        case Ref():
            return outside(s, expr)
        case Unary(op, operand):
            return unary(s, expr, op, evaluate(s, operand, frame))
        case Binary():
            return chain(s, expr, frame)
        case Compare():
            return conditions.compare(s, expr, frame)
        case Logic():
            return conditions.logic(s, expr, frame, hint)
        case Choose():
            return conditions.choose(s, expr, frame, hint)
        case Call():
            display = starred.joined(s, expr, frame)
            return invoke.call(s, expr, frame, hint) if display is None else display
        case Attribute(value, name):
            return attributes.get(s, evaluate(s, value, frame), name, expr)
        case Index():
            return indexed(s, expr, frame)
        case Slice():
            return Leaf(rebuild(expr, lambda e: bound(s, e, frame)))
        case Tuple(items):
            return shapes.joined(s, items, frame) or Seq(tuple(several(s, items, frame)))
        case List(items):
            values = several(s, items, frame, joins=True)
            if (joined := starred.in_runs(s, values, expr.at)) is not None:
                return joined
            if expr in s.facts.dynamic:
                return Leaf(List(tuple(materialize(s, v) for v in values), expr.at))
            return containers.new_list(s, values, hint, expr)
        case SetOf():
            return sets.display(s, expr, frame, hint)
        case Dict():
            return containers.dict_display(s, expr, frame, hint)
        case Lambda(function):
            return Fn(function, frame, invoke.defaults_of(s, function, frame), frame.file)
        case Walrus(target, value):
            found = evaluate(s, value, frame, target)
            bind(s, target, found, frame)
            return variable(s, target, frame, expr)
        case Comprehension():
            return comprehensions.comprehension(s, expr, frame, hint)
        case Opaque():
            return words.opaque(s, expr, frame)
        case Starred():
            raise s.refuse("a starred expression here", "write the items out", expr.at)
        case Hole() | Fresh():
            raise AssertionError("not in a program")


def part(s: Spec, expr: Expr, frame: Frame, hint: str = "") -> Value:
    """As ``evaluate``, of what stands in an expression: a tuple that a call returns there is taken apart."""
    value = evaluate(s, expr, frame, hint)
    if isinstance(value, Leaf) and isinstance(value.expr, Call):
        return spread_out(s, value, hint or "part") or value
    return value


def bound(s: Spec, expr: Expr, frame: Frame) -> Expr:
    """A bound of a slice, as a number where it is known."""
    found = evaluate(s, expr, frame)
    if isinstance(found, Leaf) and type(found.known) is int and found.known >= 0:
        return Const(found.known)
    return materialize(s, found, expr)


def leaf(s: Spec, expr: Expr, frame: Frame) -> Expr:
    """As ``evaluate`` where a value of the core is needed."""
    if isinstance(expr, Slice):
        return rebuild(expr, lambda e: leaf(s, e, frame))
    return materialize(s, evaluate(s, expr, frame), expr)


def several(s: Spec, items: tuple[Expr, ...], frame: Frame, joins: bool = False) -> list[Value]:
    """The items of a display or the arguments of a call, starred ones spread out.

    ``joins``: what only the run tells the length of is one of them, as a ``Lazy`` of a list of the core.
    """
    plain: list[Expr] = list(items)
    if not any(isinstance(e, Starred) for e in plain):
        return operands(s, len(plain), lambda k: part(s, plain[k], frame))

    def one(k: int) -> Value:
        item = plain[k]
        if not isinstance(item, Starred):
            return part(s, item, frame)
        value = part(s, item.value, frame)
        found = one_by_one(s, value)
        if found is None and joins:
            return Seq((Lazy("run", (starred.as_run(s, value),)),))
        if found is None:
            raise s.refuse("a starred value whose length only the run tells", "write the items out", item.at)
        return Seq(tuple(found))

    values = operands(s, len(plain), one)
    out: list[Value] = []
    for item, value in zip(plain, values, strict=True):
        if isinstance(item, Starred):
            assert isinstance(value, Seq)
            out.extend(value.items)
        else:
            out.append(value)
    return out


# -- names ----------------------------------------------------------------------------------------


def variable(s: Spec, name: str, frame: Frame, expr: Expr) -> Value:
    home = frame.home(name) or frame
    found = s.state.vars.get(frame_key(home, name))
    if found is not None:
        found = readable(s, found, getattr(expr, "at", None))
        if is_used_up(found):
            s.state.vars[frame_key(home, name)] = Mixed(f"the iterator {name!r}, read again once it may be used up,")
        if isinstance(found, Leaf) and isinstance(found.expr, Name):
            at = getattr(expr, "at", None)
            return attributes.named(s, Leaf(Name(found.expr.id, at), found.known, found.part))
        return found
    return Leaf(Name(s.name_of(home, name), getattr(expr, "at", None)))


def bind(s: Spec, name: str, value: Value, frame: Frame) -> None:
    """``name = value``: a leaf gets a statement, structure only where its leaves need names of their own."""
    home = frame.home(name) or frame
    if isinstance(value, Leaf) and not is_function_ref(value):
        if isinstance(s.kind(value.expr), Sequence) and (spread := spread_out(s, value, name)) is not None:
            value = spread
        else:
            own = s.name_of(home, name)
            if isinstance(value.expr, Name) and is_another_name(s, value.expr, own):
                s.state.vars[frame_key(home, name)] = value
                return
            if not (isinstance(value.expr, Name) and value.expr.id == own):
                s.emit(Assign((own,), (value.expr,), s.origin))
            texts.note_fixed(s, own, value, home is frame and name not in frame.multiple)
            value = Leaf(Name(own), constant_of(value), value.part)
    s.state.vars[frame_key(home, name)] = s.settled(value, name) if not isinstance(value, Leaf) else value


def is_another_name(s: Spec, of: Name, own: str) -> bool:
    """Is a name one more for a list, which it stands for wherever it is read, or changed?"""
    return of.id != own and own not in s.unstable and s.is_stable(of) and is_list(s.kind(of))


def constant_of(value: Leaf) -> object:
    """What stays known of a value once it is in a variable."""
    return value.known if value.known is None or isinstance(value.known, STAYS_KNOWN) else UNSET


def spread_out(s: Spec, value: Leaf, hint: str) -> Value | None:
    """A tuple that a call returns, with a variable for each item."""
    kind = s.kind(value.expr)
    if not isinstance(kind, Sequence) or kind.is_list or not is_float(kind):
        return None
    if isinstance(value.expr, Tuple):
        return Seq(tuple(Leaf(e) for e in value.expr.items), attributes.class_of_tuple(kind))
    if not isinstance(value.expr, Call):  # an item of a list of tuples
        return attributes.in_places(s.held(value, hint).expr, kind)
    names = tuple(s.fresh(item_name(hint, k)) for k in range(len(kind.items)))
    if not names:
        return Seq(())
    if len(names) == 1:
        s.emit(Assign(names, (Index(value.expr, Const(0)),), s.origin))
    else:
        s.emit(Assign(names, (value.expr,), s.origin))
    return Seq(tuple(Leaf(Name(n)) for n in names))


def outside(s: Spec, expr: Ref) -> Value:
    """A name of the module: a function or class to call, a value to read."""
    target, written = expr.target, None
    if not isinstance(target, Global) or (written := of_name(s, expr, target)) is not None or target.value is None:
        return written or Leaf(expr, getattr(target, "obj", UNSET))
    scope = target.definition
    if isinstance(scope, FileScope) and (target.owner, target.name) in scope.overwritten():
        file, line = scope.overwritten()[target.owner, target.name]
        raise s.refuse(f"{target.name}, which {file}:{line} writes into,", "pass it as an argument", expr.at)
    if isinstance(target.value, Decorated):
        return decorated(s, target.value, expr)
    if isinstance(target.value, Made):
        return made_in_module(s, target.value, expr)
    return outer(s, expr, target.value, lambda: target.read() if callable(target.read) else target.value)


def outer(s: Spec, expr: Expr, value: object, read: Callable[[], object]) -> Value:
    """A value of the module that is there at compile time."""
    if isinstance(value, type) and is_users_class(value):
        return Class(ClassInfo(value, expr.target if isinstance(expr, Ref) else None), expr)
    if isinstance(value, enum.Enum):
        s.reads.append((read, value))
        return Outer(expr, value, read)
    if value is None or isinstance(value, bool | str | UnionType):
        s.reads.append((read, value))
        return Leaf(expr, value)
    if (table := outside_tables.kept(s, expr, value)) is not None:
        return table
    if children_of(value) is not None or callable(value):
        return Outer(expr, value, read)
    return Leaf(expr)


# -- operators ------------------------------------------------------------------------------------

FOLDED = {"+": operator.add, "-": operator.sub, "*": operator.mul, "//": operator.floordiv, "%": operator.mod}


def unary(s: Spec, expr: Expr, op: str, value: Value) -> Value:
    assert isinstance(expr, Unary)
    if op == "not":
        value = protocols.condition(s, value, expr)
        truth = truth_of(s, value)
        if truth is not None:
            return Leaf(Const(not truth), not truth)
        return Leaf(Unary(op, materialize(s, value), expr.at))
    if isinstance(value, Leaf):
        known = -value.known if op == "-" and type(value.known) in (int, float) else UNSET  # type: ignore[operator]
        return Leaf(Unary(op, value.expr, expr.at), known)
    return operators.operator(s, {"-": "__neg__", "+": "__pos__", "~": "__invert__"}[op], value, (), expr)


def chain(s: Spec, expr: Binary, frame: Frame) -> Value:
    """A binary operation; chains that lean to the left without recursion."""
    spine: list[Binary] = []
    left: Expr = expr
    while isinstance(left, Binary):
        spine.append(left)
        left = left.left
    spine.reverse()
    value = part(s, left, frame)
    for node in spine:  # what came first is worked out before the next operand may write into it
        value, right = operands(s, 2, partial(_either_side, s, frame, value, node.right))
        value = binary(s, node.op, value, right, node)
    return value


def _either_side(s: Spec, frame: Frame, left: Value, right: Expr, k: int) -> Value:
    return part(s, right, frame) if k else left


def binary(s: Spec, op: str, left: Value, right: Value, expr: Expr) -> Value:
    at = getattr(expr, "at", None)
    left, right = protocols.plain_number(left), protocols.plain_number(right)
    if isinstance(left, Either):
        return sides.by_sides(s, op, left, right, lambda v: binary(s, op, v, right, expr))
    if isinstance(right, Either):
        whole = sides.by_the_left(s, op, left, right, expr)
        return whole or sides.by_sides(s, op, right, left, lambda v: binary(s, op, left, v, expr))
    of_class = named_tuples.by_its_class(s, op, left, right, expr) or sparse.binary(s, op, left, right, expr)
    if of_class is not None:
        return of_class
    if op == "|" and (classes := types_asked.union(left, right)) is not None:
        return classes
    if isinstance(left, Leaf) and isinstance(right, Leaf):
        known: object = UNSET
        if type(left.known) is int and type(right.known) is int and op in FOLDED:
            known = UNSET if op in "//%" and right.known == 0 else FOLDED[op](left.known, right.known)
        if (text := texts.folded(op, left, right, s)) is not None:
            return Leaf(Const(text), text)
        node = expr if isinstance(expr, Binary) and expr.left is left.expr and expr.right is right.expr else None
        return Leaf(node or Binary(op, left.expr, right.expr, at), known)
    if isinstance(left, Leaf) and (text := texts.folded(op, left, right, s)) is not None:
        return Leaf(Const(text), text)
    text_ = words.remainder(s, left, right, expr) if op == "%" else None
    found = text_ or list_arithmetic.binary(s, op, left, right, expr)
    if found is not None:
        return found
    return operators.binary(s, op, left, right, expr)


# -- indices --------------------------------------------------------------------------------------


def indexed(s: Spec, expr: Index, frame: Frame) -> Value:
    parts = (expr.value, expr.index)
    if slices.is_maker(expr.value):
        return slices.indices(s, expr.index, frame)
    if joined.is_joiner(expr.value):
        return joined.join(s, expr, frame)
    value, index = operands(s, 2, lambda k: part(s, parts[k], frame, "held"))
    if isinstance(index, Lazy) and index.form == "slice":
        index = Leaf(slices.as_slice(s, index))
    return item(s, value, index, expr)


def item(s: Spec, value: Value, index: Value, expr: Index) -> Value:
    if isinstance(value, Kept):
        return outside_tables.item(s, value, index, expr.at)
    value = value.items if isinstance(value, Maybe) else as_held(s, value, "__getitem__", "__missing__")
    if isinstance(value, Either):
        place = s.in_names(index, "index")
        return by_options(s, value, lambda v: item(s, v, place, expr), "item")
    if isinstance(index, Either):
        holder = s.in_names(value, "held")
        return by_options(s, index, lambda k: item(s, holder, k, expr), "item")
    if protocols.has(s, index, "__index__"):
        index = operators.special(s, "__index__", index, expr)
    if isinstance(value, Leaf):
        text = texts.item(value, index)
        if text is not None:
            return Leaf(Const(text), text)
        if value.part is not None and is_open_text(s, index):
            raise needs_turns(s, *UNTOLD)
        part = None if value.part is None else assume.item_part(s, value.part, index)
        if isinstance(index, Leaf) and index.expr is expr.index and value.expr is expr.value:
            return attributes.named(s, Leaf(expr, UNSET, part))
        return attributes.named(s, Leaf(Index(value.expr, materialize(s, index), expr.at), UNSET, part))
    if (held := object_of(value)) is not None:
        return attributes_by_name.read(s, held, index, expr)
    if isinstance(index, Leaf) and index.known is UNSET and not s.exits and not isinstance(index.expr, Slice):
        several_ = containers.sequence(s, value)
        if several_ and not all(isinstance(v, Leaf) and not is_function_ref(v) for v in several_):
            return chosen(s, several_, index)
    found = by_key(s, value, index, lambda key: item(s, value, key, expr), "item", None, expr)
    if found is None:
        found = containers.item(s, value, index, expr)
    if found is not None:
        return readable(s, found, expr.at)
    return sparse.item(s, value, index, expr) or operators.operator(s, "__getitem__", value, (index,), expr)


# -- back to the core -----------------------------------------------------------------------------


def materialize(s: Spec, value: Value, expr: Expr | None = None) -> Expr:
    """The value as one expression of the core, structure as displays."""
    at = getattr(expr, "at", None)
    match value:
        case Leaf(found, known):
            if known is NotImplemented:
                raise s.refuse("NotImplemented, where only the run tells whether it is,", "test the class before", at)
            return found
        case Outer(value=enum.Enum()):
            number = protocols.plain_number(value)
            if not isinstance(number, Leaf):
                raise s.refuse("a member of an enumeration used here", "use its value", at)
            return number.expr
        case Outer(value=whole) if is_shape_of_numbers(whole):
            s.reads.append((value.read, whole))
            return Tuple(tuple(map(Const, whole)), at)
        case Outer(found):
            return found
        case Seq(items, None):
            return Tuple(tuple(materialize(s, v) for v in items), at)
        case Seq(items, cls) if cls is not None:
            parts = tuple(materialize(s, v) for v in items)
            if cls.target is not None and not any(is_float(s.kind(p)) for p in parts):
                return Call(Ref(cls.name, cls.target), parts, (), at)
            return Tuple(parts, at, cls.type)
        case Handle():
            content = s.content(value)
            if content.form == tables.TABLE:
                return tables.variable(s, value)
            if content.form == "list":
                return List(tuple(materialize(s, v) for v in content.values), at)
            if content.form == "set" and not content.items:
                return Call(builtin_ref("set"), (), (), at)
            if content.form == "set":
                return SetOf(tuple(materialize(s, v) for v in containers.certain(s, value).values), at)
            if content.form == "dict":
                keys = tuple(materialize(s, key_value(k)) for k, _ in content.items)
                return Dict(keys, tuple(materialize(s, v) for v in content.values), at)
            if (inside := gone_through(s, value)) is not value:
                return materialize(s, inside, expr)
            if (method := attributes.as_number(s, value)) is not None:
                return materialize(s, method)
            raise attributes.no_value(s, content.cls or content.of, at)
        case Either():
            one = by_options(s, value, lambda v: Leaf(materialize(s, v, expr)))
            if not isinstance(one, Leaf):
                raise s.refuse("one of several values without a name of their own", "branch on what it depends on", at)
            return one.expr
        case Partial(made=Call() | Attribute() as made):
            return made
        case Lazy("slice"):
            return slices.as_slice(s, value)
        case Lazy():
            found_items = containers.static_items(s, value)
            if found_items is not None:
                return Tuple(tuple(materialize(s, v) for v in found_items), at)
            return materialize(s, comprehensions.as_list(s, value, "items"))
        case Class(expr=found) if found is not None:
            return found
        case Kept():
            raise outside_tables.whole(s, at)
        case _:
            raise s.refuse("a function used as a value here", "call it, or pass it to a function of your own", at)
