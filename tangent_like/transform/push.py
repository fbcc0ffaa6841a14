"""The tangent of an expression: each primitive's rule applied to the tangents of its operands.

Before                                   The tangent

    np.sum(x * y)                            np.sum(x_dot * y + x * y_dot)

What the rules read by value gets a name first, as for reverse mode (``expose``), so that nothing is
computed twice. A tangent may be of smaller shape than its value until a name or a rule takes it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from tangent_like.analysis.views import memory_of
from tangent_like.errors import UnsupportedError
from tangent_like.frontend.rule_text import RuleText, read_rule
from tangent_like.ir.build import ZERO, add, builtin_ref, is_number, mul, np_call, simplify
from tangent_like.ir.holes import fill
from tangent_like.ir.nodes import (
    Attribute,
    Binary,
    Call,
    Choose,
    Compare,
    Const,
    Dict,
    Expr,
    Fresh,
    Hole,
    Index,
    Library,
    List,
    Logic,
    Name,
    Ref,
    Tuple,
    Unary,
    UserFunction,
)
from tangent_like.ir.walk import key, rebuild, same, subexpressions
from tangent_like.kinds.kind import Array, DictOf, ListOf, Scalar, Sequence, Unknown, dims_of, is_list
from tangent_like.kinds.lists import copied_list, makes_list
from tangent_like.rules.apply import Application, argument_names
from tangent_like.rules.own_text import own_heads, own_tangent, says_only
from tangent_like.rules.rule import Rule
from tangent_like.rules.transposed import transposed
from tangent_like.transform.accumulate import is_fresh
from tangent_like.transform.checked import of_axes
from tangent_like.transform.composed import composed
from tangent_like.transform.dicts import push_dict
from tangent_like.transform.fitting import alike, alike_zeros, elementwise_operands
from tangent_like.transform.one_factor import over_one
from tangent_like.transform.overwritten import may_be_infinite
from tangent_like.transform.own_rules import checked_part, checked_tangent, push_adjoint
from tangent_like.transform.parts import real_part
from tangent_like.transform.plain import plainly, shape_of
from tangent_like.transform.plan import Planner
from tangent_like.transform.reading import as_expanded, count_hole, is_literal
from tangent_like.transform.refusals import refuse, refuse_displays, refuse_operands, refuse_results
from tangent_like.transform.runtime_refs import helper
from tangent_like.transform.shorter_tangents import number_first, one_solve, squared_vector, times
from tangent_like.transform.squares import squared_size
from tangent_like.transform.tamed import tamed
from tangent_like.transform.zeros import zero_of

# Helpers of the runtime that give a number for each entry of their arguments.
ELEMENTWISE_HELPERS = frozenset({"sign", "share", "quotient", "lowered", "safe_log", "digamma", "sinc_slope"})


@dataclass(eq=False)
class Part:
    """The tangent of a target."""

    target: str
    value: Expr


@dataclass(eq=False)
class Pusher(Planner):
    """Builds the tangents of one statement; ``dot_of`` names the tangent of a name."""

    dot_of: Callable[[str], str] = str
    poles: bool = False  # a tangent of 0 stays 0, also where the slope is infinite
    covers: dict[Expr, frozenset[object]] = field(default_factory=dict)
    leaves_of: dict[Expr, frozenset[object]] = field(default_factory=dict)

    # -- up the expression --

    def push(self, expr: Expr, result: Expr | None = None) -> Expr | None:
        """The tangent of ``expr``, None for zero. ``result`` says where its value stands."""
        if not self.is_varied(expr):
            return None
        match expr:
            case Unary("+", operand):
                return self.push(operand)
            case Name(id):
                dot = self.dot_of(id)
                if dot not in self.env:
                    self.env[dot] = self.kind_of(expr)
                return self.covering(Name(dot), frozenset({key(expr)}))
            case Index(value, index):
                wider = as_expanded(expr, self.kind_of(value))
                return self.push_index(expr, value, index) if wider is None else self.push(wider)
            case Attribute(Call() as call, name) if name in self.results_of(call):
                self.open_up(call)
                return None
            case Logic():
                raise UnsupportedError(f"{expr.op!r} as a value is not differentiated", self.place(expr), "use an if")
            case Choose() | Call(Ref(target=UserFunction())):
                self.open_up(expr)
                return None
            case List(items) | Tuple(items):
                parts = tuple(self.item_of(item) for item in items)
                return List(parts) if isinstance(expr, List) else Tuple(parts)
            case Dict() | Call() if (moved := push_dict(self, expr)) is not None:
                return moved
            case Call() | Binary() if makes_list(expr, self.kind_of):
                return self.push_list(expr)
            case _ if (inner := squared_size(expr, self.kind_of)) is not None:
                self.want(inner)
                tangent = self.push(inner)
                slope = None if tangent is None else mul(Const(2), real_part(mul(np_call("conj", inner), tangent)))
                return None if slope is None else self.covering(slope, self.leaves(inner))
            case _ if (known := composed(expr, self.kind_of)) is not None:
                if (tangent := self.push(known.inner)) is None:
                    return None
                slope = known.slope(lambda e: self.value_of(e, result if e is expr else None), self.kind_of)
                moved = np_call("sum", mul(slope, tangent)) if known.total else times(tangent, slope)
                return self.covering(moved, self.leaves(expr))
            case _:
                found = self.kind_of.application(expr)
                if found is None or found.rule.form == "constant":
                    refuse(self, expr)
                refuse_operands(self, expr, found)
                if found.rule.results:
                    if result is not None:
                        refuse_results(self, expr, found)
                    self.open_up(expr)
                    return None
                if found.rule.form == "definition":
                    tangent = self.full(self.definition(expr, found))
                else:
                    refuse_displays(self, found)
                    tangent = self.push_rule(expr, found, result)
                    if not (found.rule.ranks or found.rule.fewest):
                        return tangent
                checked = None if tangent is None else of_axes(found, tangent, self.kind_of, self.want)
                return None if checked is None else self.covering(checked, self.leaves(expr))

    def item_of(self, item: Expr) -> Expr:
        """The tangent of an item of a display: what is written to the one must not reach another's."""
        tangent = self.whole(item)
        kind = self.kind_of(item)
        if not isinstance(kind, Array | Unknown) or is_fresh(tangent):
            return tangent
        if memory_of(item, self.kind_of, lambda _: True, lists=True):
            return tangent
        return Call(Attribute(tangent, "copy"), ()) if isinstance(kind, Array) else Binary("+", tangent, ZERO)

    def push_list(self, expr: Expr) -> Expr:
        """The same list of tangents."""
        copied = copied_list(expr)
        match expr:
            case Call(func) if copied is not None:
                if isinstance(func, Attribute):
                    return Call(Attribute(self.whole(copied), func.name), ())
                return Call(func, (self.whole(copied),))
            case Call(Attribute(value, "tolist"), (), ()):
                return Call(Attribute(self.whole(value), "tolist"), ())
            case Binary("+", left, right):
                return Binary("+", self.whole(left), self.whole(right))
            case Binary("*", left, right):
                if self.is_varied(right if is_list(self.kind_of(left)) else left):
                    raise UnsupportedError("a list repeated", self.place(expr), "append its items in a loop")
                first, second = (self.whole(e) if is_list(self.kind_of(e)) else e for e in (left, right))
                return Binary("*", first, second)
            case _:
                refuse(self, expr)

    def push_index(self, expr: Index, value: Expr, index: Expr) -> Expr | None:
        for item in (e for e in subexpressions(index) if isinstance(e, Call | Binary | Unary | Compare | List)):
            self.want(item)
        inner = self.full(value)
        if inner is not None and isinstance(self.kind_of(value), Scalar):
            inner = np_call("asarray", inner)  # of NumPy's numbers; the tangent may be one of Python's
        return None if inner is None else self.covering(Index(inner, index), frozenset({key(expr)}))

    def push_rule(self, expr: Expr, found: Application, result: Expr | None) -> Expr | None:
        if np.where in found.rule.targets and found.rule.own is None:
            return self.push_where(found)
        tangent: Expr | None
        match found.rule.form:
            case "elementwise":
                tangent = self.push_elementwise(expr, found, result)
                if tangent is None or found.rule.targets[0] not in (float, np.float64, np.float32):
                    return tangent
                kind = self.kind_of(tangent)
                if not isinstance(kind, Array) or (kind.rank != 0 and float not in found.rule.targets):
                    return tangent
                tangent = Call(builtin_ref("float"), (tangent,))  # of an array without axes
            case "linear":
                tangent = number_first(self, self.push_linear(expr, found))
            case _ if (vector := squared_vector(self, found)) is not None:
                self.want(vector)
                tangent = mul(Const(2), Binary("@", self.whole(vector), vector))
            case _:
                tangent = self.push_text(expr, found, result)
                tangent = None if tangent is None or is_number(tangent, 0) else one_solve(self, tangent)
                if found.rule.own is not None and tangent is not None:
                    tangent = checked_tangent(self, found.rule, tangent, expr, result)
        return None if tangent is None else self.covering(tangent, self.leaves(expr))

    def push_elementwise(self, expr: Expr, found: Application, result: Expr | None) -> Expr | None:
        """The sum of the partials, each times the tangent of its operand."""
        texts = transposed(found.rule).without_shared()
        literals = {n: e for n, e in found.operands.items() if is_literal(e) or isinstance(e, Const) or is_number(e)}
        terms: list[tuple[str, Expr, Expr]] = []
        for name in found.rule.differentiable:
            operand = found.operands.get(name)
            tangent = None if operand is None else self.push(operand)
            if tangent is None:
                continue
            tangent = np_call("asarray", tangent) if self.may_be_list(expr, operand) else tangent
            text = fill(texts.parts[name], literals)
            terms.append((name, tangent, self.plain_holes(text, {**found.operands, texts.result: expr})))
        table = self.operand_table(found, expr, texts.result, result, [text for _, _, text in terms])
        if found.rule.own is not None:
            terms = [(n, t, checked_part(self, found.rule, fill(e, table), expr, result)) for n, t, e in terms]
        total: Expr | None = None
        cover: frozenset[object] = frozenset()
        partials = [(tangent, tamed(self, found, fill(text, table))) for _, tangent, text in terms]
        if len(partials) == 2 and all(same(a, b) for a, b in zip(*partials, strict=True)):
            partials = [(partials[0][0], mul(Const(2), partials[0][1]))]
        if not self.poles and (whole := over_one(partials)) is not None:
            cover = frozenset().union(*(self.covers.get(t, frozenset()) | self.leaves(e) for t, e in partials))
            return self.covering(self.real_for(expr, whole), cover)
        for bare, partial in partials:
            masked = self.poles and may_be_infinite(partial, self.kind_of)
            tangent = self.named(bare, "t_dot") if masked else bare
            # the factors in the order of the operands: x_dot * y + x * y_dot
            value = times(tangent, partial) if total is None else mul(partial, tangent)
            if is_number(value, 0):
                continue
            cover |= self.covers.get(bare, frozenset()) | self.leaves(partial)
            if masked:
                value = np_call("where", Compare(tangent, ("!=",), (Const(0),)), value, ZERO)
            total = value if total is None else add(total, value)
        return None if total is None else self.covering(self.real_for(expr, total), cover)

    def may_be_list(self, expr: Expr, operand: Expr | None) -> bool:
        """May NumPy's function have been given a list here, where Python's operators mean another thing?"""
        called = isinstance(expr, Call) and len(expr.args) > 1
        return called and isinstance(operand, Name | Index) and isinstance(self.kind_of(operand), Unknown)

    def push_where(self, found: Application) -> Expr | None:
        """The tangent of the arm that is taken: what the other would give, NaN or not, is not looked at."""
        condition = found.operands["c"]
        arms = [self.push(found.operands[n]) for n in ("x", "y")]
        if arms == [None, None]:
            return None
        self.want(condition)
        cover = self.leaves(condition)
        for arm in arms:
            cover |= frozenset() if arm is None else self.covers.get(arm, frozenset())
        return self.covering(np_call("where", condition, *(ZERO if a is None else a for a in arms)), cover)

    def push_linear(self, expr: Expr, found: Application) -> Expr:
        """The function itself, of the tangents."""
        moving = {n for n in found.rule.differentiable if n in found.given}

        def change(name: str, operand: Expr) -> Expr:
            if name in moving:
                return self.whole(operand)
            for part in subexpressions(operand):
                if isinstance(part, Call) and isinstance(part.func, Ref) and isinstance(part.func.target, UserFunction):
                    self.want(part)
            return operand

        places, named = argument_names(found, expr)
        match expr:
            case Unary(op, operand):
                return Unary(op, change(places[0], operand))
            case Attribute(value, name):
                return Attribute(change(places[0], value), name)
            case Call(func, args, keywords):
                if isinstance(func, Attribute):
                    func, places = Attribute(change(places[0], func.value), func.name), places[1:]
                new = tuple(change(n, a) for n, a in zip(places, args, strict=True))
                pairs = zip(keywords, named, strict=True)
                return Call(func, new, tuple((n, change(own, v)) for (n, v), own in pairs))
            case _:
                refuse(self, expr)

    def push_text(self, expr: Expr, found: Application, result: Expr | None) -> Expr | None:
        """A rule with both modes: its ``jvp`` over the tangents of its operands."""
        if says_only(found.rule, "vjp"):
            return push_adjoint(self, expr, found, result)
        hole = result_holes(found.rule)[0]
        if found.rule.each:
            return self.push_each(expr, found, hole, result)
        return self.said(found, {hole: expr}, {} if result is None else {hole: result})

    def push_results(self, expr: Expr, found: Application, results: tuple[Expr, ...]) -> Expr | None:
        """The tangents of a call with several results, as a tuple; ``results`` say where the values stand."""
        refuse_operands(self, expr, found)
        refuse_displays(self, found)
        holes = result_holes(found.rule)
        values = {hole: Index(expr, Const(k)) for k, hole in enumerate(holes)}
        dots = self.said(found, values, dict(zip(holes, results, strict=True)))
        return None if dots is None else of_axes(found, dots, self.kind_of, self.want)

    def push_each(self, expr: Expr, found: Application, hole: str, result: Expr | None) -> Expr | None:
        """Of a function of any number of operands: a term for each that moves."""
        text = tangent_text(found.rule, self.place(expr))
        *dots, position = text.params
        parts = text.value.items if len(dots) > 1 and isinstance(text.value, Tuple) else (text.value,)
        said = dict(zip(found.rule.differentiable, zip(dots, parts, strict=True), strict=True))
        total: Expr | None = None
        literals = {n: e for n, e in found.operands.items() if isinstance(e, Const) or is_literal(e)}
        for name in found.differentiable:
            tangent = self.full(found.operands[name])
            if tangent is not None:
                dot, part = said[name if name in said else found.rule.each]
                body = fill(found.by_one(part, position, found.place(name)), literals)
                body = self.plain_tangent(body, {**found.operands, hole: expr, dot: tangent})
                table = self.operand_table(found, expr, hole, result, [body])
                term = fill(body, {**table, dot: tangent})
                total = term if total is None else add(total, term)
        return total

    def said(self, found: Application, values: Mapping[str, Expr], standing: Mapping[str, Expr]) -> Expr | None:
        """What the rule's ``jvp`` says: ``values`` of its results by hole, and where they stand by now."""
        text = tangent_text(rule := found.rule, self.place(next(iter(values.values()))))
        dots = dict(zip(text.params, rule.differentiable, strict=True))
        given = {d: self.full(found.operands[n]) if n in found.operands else None for d, n in dots.items()}
        if all(t is None for t in given.values()):
            return None
        inline: dict[str, Expr] = {}
        for name, value in text.shared:
            inline[name] = fill(value, inline)
        keeps = all(t is not None for t in given.values())  # else terms go, those of what is shared too
        body = self.without(text.value if keeps else fill(text.value, inline), given, dots, found)
        if body is None:
            return None
        plain = {n: e for n, e in found.operands.items() if n in rule.operands}
        literals = {n: e for n, e in plain.items() if isinstance(e, Const) or is_literal(e)}
        env = {**found.operands, **values, **{d: t for d, t in given.items() if t is not None}}
        env.update((name, fill(value, env)) for name, value in text.shared)
        body = self.plain_tangent(fill(body, literals), env)
        shared = [(n, self.plain_tangent(fill(e, literals), env)) for n, e in text.shared if keeps]
        texts = [body, *(e for _, e in shared)]
        table: dict[str, Expr] = {}
        self.want_operands(found, texts, table)
        for hole, value in values.items():
            table[hole] = standing.get(hole, value)
            if hole not in standing and any(hole in self.holes(t).values for t in texts):
                self.want(value)
            elif hole not in standing and any(hole in self.holes(t).all for t in texts):
                self.want_shape(value)
        for dot, tangent in given.items():
            if tangent is not None:
                often = sum(count_hole(t, dot) for t in texts) > 1
                table[dot] = self.named(tangent, "t_dot") if often else tangent
        for name, value in shared:
            if any(name in self.holes(t).all for t in texts):
                table[name] = self.named(fill(value, table), name)
        return simplify(plainly(fill(body, table), self.kind_of, self.typing.sizes))

    def plain_tangent(self, text: Expr, env: Mapping[str, Expr]) -> Expr:
        return simplify(plainly(text, lambda e: self.kind_of(fill(e, env)), self.typing.sizes))

    def without(
        self, text: Expr, given: dict[str, Expr | None], dots: dict[str, str], found: Application
    ) -> Expr | None:
        """The text without the terms of tangents that are zero: each term is linear in one tangent."""
        holes = {e.name for e in subexpressions(text) if isinstance(e, Hole) and e.name in given}
        if all(given[h] is not None for h in holes):
            return text
        if all(given[h] is None for h in holes):
            return None
        match text:
            case Binary("+" | "-" as op, left, right):
                a, b = self.without(left, given, dots, found), self.without(right, given, dots, found)
                if a is None:
                    return b if b is None or op == "+" else Unary("-", b)
                return a if b is None else Binary(op, a, b)
            case _:

                def change(part: Expr) -> Expr:
                    if isinstance(part, Hole) and part.name in given and given[part.name] is None:
                        return self.zero(found.operands[dots[part.name]])
                    new = self.without(part, given, dots, found)
                    return ZERO if new is None else new

                return rebuild(text, change)

    # -- shapes --

    def covering(self, tangent: Expr, cover: frozenset[object]) -> Expr:
        """Note of which operands the tangent has the shape."""
        self.covers[tangent] = cover
        return tangent

    def leaves(self, expr: Expr) -> frozenset[object]:
        """The operands whose shapes, broadcast, are the shape of ``expr``; numbers left out."""
        found = self.leaves_of.get(expr)
        if found is None:
            found = self.leaves_of[expr] = self._leaves(expr)
        return found

    def _leaves(self, expr: Expr) -> frozenset[object]:
        if isinstance(expr, Const | Fresh) or isinstance(self.kind_of(expr), Scalar):
            return frozenset()
        operands = elementwise_operands(self, expr)
        if operands is None and isinstance(expr, Call) and isinstance(expr.func, Ref):
            target = expr.func.target
            if isinstance(target, Library):
                if target.obj is np.where or target.qualname in ELEMENTWISE_HELPERS:
                    operands = list(expr.args)
        if operands is None:
            return frozenset({key(expr)})
        return frozenset().union(*(self.leaves(o) for o in operands))

    def is_full(self, tangent: Expr, expr: Expr) -> bool:
        """Has the tangent the shape of its value?"""
        kind = self.kind_of(expr)
        if isinstance(kind, Scalar | Sequence | ListOf | DictOf) or isinstance(tangent, List | Tuple):
            return True
        own, whole = dims_of(self.kind_of(tangent)), dims_of(kind)
        if own is not None and own == whole and None not in own:
            return True
        if self.leaves(expr) <= self.covers.get(tangent, frozenset()):
            return True
        if own is None or whole is None or len(own) != len(whole):
            return False
        return all(self.typing.sizes.same(a, b) for a, b in zip(own, whole, strict=True))

    def full(self, expr: Expr) -> Expr | None:
        """The tangent in the shape of the value."""
        tangent = self.push(expr)
        if tangent is None or self.is_full(tangent, expr):
            return tangent
        like = alike(self, expr)
        self.want_shape(like)
        if isinstance(self.kind_of(like), Array):
            return self.covering(np_call("broadcast_to", tangent, shape_of(like, self.kind_of)), self.leaves(expr))
        return self.covering(Call(helper("to_shape"), (tangent, like)), self.leaves(expr))

    def bound(self, expr: Expr, target: str) -> Expr | None:
        """The tangent in the shape of the value that ``target`` has after the statement."""
        tangent = self.push(expr, Fresh(target))
        if tangent is None or self.is_full(tangent, expr):
            return tangent
        if isinstance(self.env.get("@" + target), Array):
            return np_call("full_like", Fresh(target), tangent)
        return Call(helper("to_shape"), (tangent, Fresh(target)))

    def whole(self, expr: Expr) -> Expr:
        """As ``full``, and zeros where it is zero."""
        return self.zero(expr) if (tangent := self.full(expr)) is None else tangent

    def zero(self, expr: Expr) -> Expr:
        if isinstance(expr, List | Tuple):
            parts = tuple(map(self.zero, expr.items))
            return List(parts) if isinstance(expr, List) else Tuple(parts)
        kind = self.kind_of(expr)
        if isinstance(expr, Binary) and isinstance(kind, ListOf):
            left, right = (self.zero(e) if is_list(self.kind_of(e)) else e for e in (expr.left, expr.right))
            return Binary(expr.op, left, right)
        if not isinstance(kind, Scalar):
            expr = alike_zeros(self, expr)
            self.want_shape(expr)
        return zero_of(expr, kind)


@functools.cache
def _texts(rule: Rule) -> dict[str, RuleText]:
    return read_rule(rule.fn)


def tangent_text(rule: Rule, place: object) -> RuleText:
    """What a rule's ``jvp`` returns, over holes."""
    if rule.own is not None:
        return own_tangent(rule)
    found = _texts(rule).get("jvp")
    if found is None:
        raise UnsupportedError(f"the rule {rule.fn.__name__} has no forward mode", place)  # type: ignore[arg-type]
    return found


def result_holes(rule: Rule) -> tuple[str, ...]:
    """The holes for the results in a rule of both modes."""
    if rule.own is not None:
        return own_heads(rule).results
    return rule.fn.__code__.co_varnames[: max(1, len(rule.results))]
