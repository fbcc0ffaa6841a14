"""Comparisons, ``and`` and ``or``, and conditional expressions."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import Binary, Call, Choose, Compare, Const, Expr, Library, Logic, Name, Ref, Unary
from tangent_like.kinds.kind import BOOL, Plain, Scalar, Unknown, is_list
from tangent_like.specialize import containers, meet, object_places, operators, protocols, sorts
from tangent_like.specialize.either import by_options
from tangent_like.specialize.maybe import whether
from tangent_like.specialize.object_keys import is_only_itself
from tangent_like.specialize.operands import operands
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.state import State
from tangent_like.specialize.truth import compared, is_member, truth_of
from tangent_like.specialize.values import Either, Frame, Handle, Leaf, Maybe, Seq, Value, is_none


def compare(s: Spec, expr: Compare, frame: Frame) -> Value:
    exprs = (expr.left, *expr.rights)
    before: list[tuple[State, int]] = []

    def one(k: int) -> Value:
        if k == 2:
            before.append((s.state.copy(), len(s.out)))
        return s.evaluate(exprs[k], frame)

    mark, position = s.mark() if len(exprs) > 2 else None, len(s.out)
    values = operands(s, len(exprs), one)
    if mark is not None and not (s.state.same_as(before[0][0]) and len(s.out) == before[0][1]):
        s.go_back(mark)
        del s.out[position:]
        return in_turn(s, expr, frame)
    return compared_values(s, expr, values)


def in_turn(s: Spec, expr: Compare, frame: Frame) -> Value:
    """``a < f(x) < g(x)`` where ``g(x)`` needs statements, which stand behind the first test, as ``and`` has them."""
    exprs = (expr.left, *expr.rights)

    def from_(k: int, left: Value, right: Value) -> Value:
        pair = Compare(exprs[k], (expr.ops[k],), (exprs[k + 1],), expr.at)
        if k + 2 == len(exprs):
            return compared_values(s, pair, [left, right])
        shared = s.settled(right, "held")
        test = protocols.condition(s, compared_values(s, pair, [left, shared]))
        truth = truth_of(s, test)
        if truth is False:
            return test

        def rest() -> Value:
            both = operands(s, 2, lambda j: shared if j == 0 else s.evaluate(exprs[k + 2], frame))
            return from_(k + 1, both[0], both[1])

        if truth is True:
            return rest()
        return meet.branch(s, [(s.materialize(test), rest), (None, lambda: Leaf(Const(False), False))], "value")

    first = operands(s, 2, lambda k: s.evaluate(exprs[k], frame))
    return from_(0, first[0], first[1])


def compared_values(s: Spec, expr: Compare, values: list[Value]) -> Value:
    several = [k for k, v in enumerate(values) if isinstance(v, Either)]
    if several:
        k, others = several[0], [s.in_names(v, "held") for v in values]
        choice = others[k]
        assert isinstance(choice, Either)
        if isinstance(choice, Maybe) and len(values) == 2 and is_none(others[1 - k]):
            return whether(choice, expr.ops[0])
        if len(values) == 2 and (told := told_by_number(s, expr.ops[0], choice, others[1 - k])) is not None:
            return told
        return by_options(s, choice, lambda v: compared_values(s, expr, [*others[:k], v, *others[k + 1 :]]))
    if expr.ops[0] not in ("is", "is not", "in", "not in"):
        values = [protocols.plain_number(v) for v in values]
    if len(expr.ops) == 1:
        values = by_fields(s, expr.ops[0], values)
    if len(expr.ops) == 1 and any(isinstance(v, Seq) and v.cls is not None for v in values):
        name = operators.COMPARISONS.get(expr.ops[0], "")
        if any(isinstance(v, Seq) and operators.own_method(v.cls, name) for v in values):
            found = operators.comparison(s, expr.ops[0], values[0], values[1], expr)
            if found is None:
                raise s.refuse("a comparison of these", "compare their attributes", expr.at)
            return found
    if len(expr.ops) == 1:
        if (truth := sorts.compared(s, expr.ops[0], values[0], values[1])) is not None:
            return Leaf(Const(truth), truth)
        by_identity = expr.ops[0] in ("==", "!=") and all(is_only_itself(s, v) for v in values)
        op = {"==": "is", "!=": "is not"}[expr.ops[0]] if by_identity else expr.ops[0]
        asked = object_places.identity(s, op, values[0], values[1]) if op in ("is", "is not") else None
        asked = asked or object_places.membership(s, op, values[0], values[1])
        if asked is not None:
            return asked
        truth = compared(s, op, values[0], values[1])
        if truth is not None:
            return Leaf(Const(truth), truth)
        if expr.ops[0] in ("in", "not in"):
            inside = protocols.contains(s, values[0], values[1], expr)
            if inside is not None:
                return inside if expr.ops[0] == "in" else Leaf(Unary("not", s.materialize(inside)))
            if (among := one_of(s, expr, values[0], values[1])) is not None:
                return among if expr.ops[0] == "in" else operators.turned(s, among)
        if not all(isinstance(v, Leaf) for v in values):
            found = operators.comparison(s, expr.ops[0], values[0], values[1], expr)
            if found is not None:
                return found
    leaves = [s.materialize(v) for v in values]
    return Leaf(Compare(leaves[0], expr.ops, tuple(leaves[1:]), expr.at))


def one_of(s: Spec, expr: Compare, value: Value, several: Value) -> Leaf | None:
    """Is an object, or a tuple, one of the items of a list, or equal to one as its class says?"""
    items = None if isinstance(value, Leaf) or isinstance(several, Leaf) else containers.static_items(s, several)
    if items is None:
        return None
    tests: list[Expr] = []
    before = s.state.copy()
    for item in items:
        if isinstance(item, Handle) and isinstance(value, Handle) and item.id == value.id:
            return Leaf(Const(True), True)
        with s.block() as inside:
            same = compared_values(s, Compare(expr.left, ("==",), expr.rights, expr.at), [item, value])
        if inside or not isinstance(same, Leaf) or not s.state.same_as(before):
            raise s.refuse("'in' where what is equal takes more than one expression", "write a loop", expr.at)
        if same.known is True:
            return same
        if same.known is not False:
            tests.append(same.expr)
    if not tests:
        return Leaf(Const(False), False)
    return Leaf(tests[0] if len(tests) == 1 else Logic("or", tuple(tests), expr.at))


def told_by_number(s: Spec, op: str, choice: Either, other: Value) -> Value | None:
    """``self.phase is Phase.HOLD`` of one of several members of an enumeration: a question for which one it is."""
    if op not in ("is", "is not", "==", "!=") or not all(map(is_member, (*choice.options, other))):
        return None
    answers = [compared(s, op, option, other) for option in choice.options]
    for answer, asked in ((True, "=="), (False, "!=")):
        if answers.count(answer) == 1 and answers.count(not answer) == len(answers) - 1:
            return Leaf(Compare(choice.which.expr, (asked,), (Const(answers.index(answer)),)))
    return None


def by_fields(s: Spec, op: str, values: list[Value]) -> list[Value]:
    """Two objects of one dataclass, which compares them as tuples of its fields, as these tuples."""
    contents = [s.content(v) for v in values if isinstance(v, Handle)]
    cls = contents[0].cls if len(contents) == 2 else None
    if cls is None or contents[1].cls != cls or not cls.compares(op) or any(c.part is not None for c in contents):
        return values
    names = [f.name for f in dataclasses.fields(cls.type) if f.compare]
    rows = [[c.get(n) for n in names] for c in contents]
    found = [tuple(v for v in row if isinstance(v, Leaf | Seq)) for row in rows]
    return [Seq(row) for row in found] if all(len(row) == len(names) for row in found) else values


def tested(s: Spec, expr: Expr, frame: Frame) -> Value:
    """A condition, of which only the truth matters."""
    s.tests |= set(truths(expr))
    return protocols.condition(s, s.evaluate(expr, frame), expr)


def truths(expr: Expr) -> Iterator[Logic]:
    """What is put together by ``and`` and ``or`` of which only the truth is asked."""
    match expr:
        case Logic(values=values):
            yield expr
            for value in values:
                yield from truths(value)
        case Unary("not", operand):
            yield from truths(operand)


def operand(s: Spec, whole: Logic, expr: Expr, frame: Frame) -> Value:
    """An operand; of a list, whether there is something in it, where that is what is asked."""
    value = s.evaluate(expr, frame)
    if whole in s.tests and isinstance(value, Leaf) and is_list(s.kind(value.expr)):
        return Leaf(Compare(Call(builtin_ref("len"), (value.expr,)), (">",), (Const(0),)))
    if whole in s.tests and object_places.is_one(value, s):
        return protocols.condition(s, value)
    return value


def logic(s: Spec, expr: Logic, frame: Frame, hint: str) -> Value:
    """``a and b``: as it is where all are conditions, else as an ``if`` that binds the value."""
    value = operand(s, expr, expr.values[0], frame)
    for right in expr.values[1:]:
        if protocols.condition(s, value) is not value:
            raise s.refuse("and, or of objects that have a truth of their own", "compare what it depends on", expr.at)
        truth = truth_of(s, value)
        if truth is not None:
            if truth == (expr.op == "or"):
                return value
            value = operand(s, expr, right, frame)
            continue
        value = either(s, expr, value, right, frame, hint)
    return value


def either(s: Spec, expr: Logic, value: Value, right: Expr, frame: Frame, hint: str) -> Value:
    before = s.state.copy()
    with s.block() as inside:
        second = operand(s, expr, right, frame)
    quiet = not inside and s.state.same_as(before)
    truth = truth_of(s, second) if quiet and expr in s.tests else None
    if truth is not None and truth != (expr.op == "or"):
        return value  # ``x > 0 and True``
    if truth is not None and isinstance(value, Leaf) and always_runs(s, value.expr):
        return second
    if isinstance(value, Leaf) and isinstance(second, Leaf) and quiet and is_condition(s, value, second):
        first = value.expr.values if isinstance(value.expr, Logic) and value.expr.op == expr.op else (value.expr,)
        return Leaf(Logic(expr.op, (*first, second.expr), expr.at))
    s.state = before
    value = s.settled(value, hint or "value")
    test = s.materialize(value)
    if expr.op == "or":
        test = Unary("not", test)
    return meet.branch(
        s, [(test, lambda: operand(s, expr, right, frame)), (None, lambda: value)], hint or "value"
    )


def always_runs(s: Spec, expr: Expr) -> bool:
    """Is it made of numbers by what raises nothing, so that nobody sees whether it runs?"""
    match expr:
        case Const():
            return True
        case Name():
            return isinstance(s.kind(expr), Scalar | Unknown)
        case Compare(left=left, ops=ops, rights=rights):
            plain = all(op in ("<", "<=", ">", ">=", "==", "!=") for op in ops)
            return plain and all(always_runs(s, part) for part in (left, *rights))
        case Logic(values=values):
            return all(always_runs(s, part) for part in values)
        case Unary(operand=of) | Call(Ref(target=Library("builtins", "isinstance")), (of, Ref()), ()):
            return always_runs(s, of)
        case Binary(op="+" | "-" | "*", left=left, right=right):
            return always_runs(s, left) and always_runs(s, right)
    return False


def is_condition(s: Spec, *values: Leaf) -> bool:
    """Are they truth values, or nothing that a derivative could flow through?"""
    kinds = [s.kind(v.expr) for v in values]
    pairs = zip(values, kinds, strict=True)
    return all(k == BOOL or isinstance(k, Plain) or isinstance(v.expr, Compare | Logic) for v, k in pairs)


def choose(s: Spec, expr: Choose, frame: Frame, hint: str) -> Value:
    test = tested(s, expr.test, frame)
    truth = truth_of(s, test)
    if truth is not None:
        return s.evaluate(expr.body if truth else expr.orelse, frame, hint)
    mark = s.mark()
    with s.block() as first:
        body = s.part(expr.body, frame, hint)
    with s.block() as second:
        orelse = s.part(expr.orelse, frame, hint)
    condition = s.materialize(test)
    quiet = not first and not second and s.state.same_as(mark.state)
    if isinstance(body, Leaf) and isinstance(orelse, Leaf) and quiet and not meet.differing_functions([body, orelse]):
        return Leaf(Choose(condition, body.expr, orelse.expr, expr.at))
    s.go_back(mark)
    arms: list[tuple[Expr | None, meet.Thunk]] = [
        (condition, lambda: s.part(expr.body, frame, hint)),
        (None, lambda: s.part(expr.orelse, frame, hint)),
    ]
    return meet.branch(s, arms, hint or "value")
