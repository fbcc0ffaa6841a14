"""What one statement's reverse half does, decided before anything is generated.

A plan walks the right-hand side from the result down, applies the rules, and ends with contributions
to the adjoints of the names that the statement reads. Which primal values those texts read is what
has to be recorded; nothing else is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tangent_like.analysis.activity import carriers
from tangent_like.analysis.seen import At, Env, Holes
from tangent_like.analysis.typing import Typing
from tangent_like.analysis.views import is_view_path
from tangent_like.errors import Place, UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.build import ZERO, add, atomic, is_number, mul, np_call, simplify
from tangent_like.ir.holes import fill
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Attribute,
    Binary,
    Call,
    Choose,
    Const,
    Expr,
    Fresh,
    Index,
    List,
    Logic,
    Name,
    Origin,
    Ref,
    Slice,
    Stmt,
    Store,
    Tuple,
    Unary,
    UserFunction,
)
from tangent_like.ir.walk import base_name, key, same
from tangent_like.kinds.indexing import index_items
from tangent_like.kinds.kind import UNKNOWN, Array, ListOf, Scalar, Sequence, dims_of, is_complex
from tangent_like.rules.apply import Application, defined
from tangent_like.rules.own_text import says_only
from tangent_like.rules.transposed import Transposed
from tangent_like.transform.checked import of_axes
from tangent_like.transform.composed import composed
from tangent_like.transform.contribution import Contribution, Plan
from tangent_like.transform.differences import back_differences
from tangent_like.transform.divisors import common_divisor, over, scaled
from tangent_like.transform.fitting import Mask, alike, as_taken, elementwise_operands, fitted_or_none, in_full
from tangent_like.transform.in_numbers import FLOATS, by_whole_numbers, without_wraps
from tangent_like.transform.in_slices import back_otherwise
from tangent_like.transform.lists import as_adjoint, back_list, back_total
from tangent_like.transform.named import part_name
from tangent_like.transform.once import say_once
from tangent_like.transform.one_factor import factored
from tangent_like.transform.own_rules import back_tangent, checked_part
from tangent_like.transform.parts import real_part
from tangent_like.transform.plain import cheap_to_read, plainly
from tangent_like.transform.plain_order import entry_of_part, is_part
from tangent_like.transform.plain_parts import part_of
from tangent_like.transform.read_places import back_index
from tangent_like.transform.reading import as_expanded, count_hole, is_literal, may_be_number, small, through_expanded
from tangent_like.transform.refusals import refuse, refuse_displays, refuse_operands, refuse_results
from tangent_like.transform.runtime_refs import helper
from tangent_like.transform.said import holes_of, plain_holes
from tangent_like.transform.shares import back_shares
from tangent_like.transform.softplus import back_regrouped
from tangent_like.transform.squares import squared_size
from tangent_like.transform.straight import straight, untwisted
from tangent_like.transform.tamed import tamed, vanishes
from tangent_like.transform.terms import together


@dataclass(eq=False)
class Planner:
    """Builds the plan of one statement. ``probe``: only find out what would be read and hoisted."""

    stmt: Stmt
    origin: Origin | None
    typing: Typing
    varied: frozenset[str]
    namer: Namer
    probe: bool = False
    temps: list[tuple[str, Expr]] = field(default_factory=list)
    parts: list[Contribution] = field(default_factory=list)
    places: dict[object, int] = field(default_factory=dict)  # which part is that of a place
    wanted: dict[Expr, Mask] = field(default_factory=dict)
    mask: Mask = None
    hoist: dict[Expr, None] = field(default_factory=dict)
    env: Env = field(init=False)
    kind_of: At = field(init=False)
    carried: dict[Expr, set[str]] = field(init=False)
    definitions: dict[Expr, Expr] = field(default_factory=dict)
    filling: Expr | None = None  # what a store puts into its place, of the shape of that

    def __post_init__(self) -> None:
        self.env = Env(self.typing.before[self.stmt])
        self.kind_of = At(self.typing, self.env)
        self.carried = dict(self.typing.carried(self.stmt))
        for name, kind in self.typing.after.get(self.stmt, {}).items():
            self.env["@" + name] = kind
        if isinstance(self.stmt, Store):
            root = base_name(self.stmt.target)
            if root is not None and root in self.env:
                self.env[f"@{root}"] = self.env[root]

    def place(self, expr: Expr) -> Place:
        at = getattr(expr, "at", None)
        here = place_of(self.origin)
        return here if at is None else Place(here.file, at[0], at[1], here.text)

    def is_varied(self, expr: Expr) -> bool:
        return bool(carriers(expr, self.kind_of, self.typing, self.carried) & self.varied)

    # -- down the expression --

    def back(self, expr: Expr, g: Expr, result: Expr | None = None, mask: Mask = None, loose: bool = False) -> None:
        """The adjoint ``g`` of ``expr`` flows to what it is made of. ``result`` says where its value stands.
        ``g`` may be of smaller shape than ``expr`` where sizes are known: broadcasting stands for spreading.
        ``mask``: only entries where the condition is (or is not) true count; applied at the leaves.
        ``loose``: ``g`` may be of a larger shape, not yet summed over what was broadcast.
        """
        if self.is_varied(expr) and not is_number(g, 0):
            own = self.mask
            self.back_through(expr, g, result, mask, loose)
            self.mask = own  # nothing further on is asked for under a mask from within

    def back_through(self, expr: Expr, g: Expr, result: Expr | None, mask: Mask, loose: bool) -> None:
        g = self.real_for(expr, g)
        if loose and elementwise_operands(self, expr) is None:
            g, mask, loose = self.unbroadcast(self.masked(g, mask), expr), None, False
        if isinstance(expr, Unary) and expr.op == "+":
            self.back(expr.operand, g, None, mask, loose)
            return
        match expr:
            case Name():
                self.contribute(expr, self.masked(g, mask))
            case Index(value, Tuple(())):  # x[()] is all of x, and may be a number
                self.back(value, self.masked(g, mask))
            case Index():
                wider = self.definitions.get(expr) or as_expanded(expr, self.kind_of(expr.value))
                if wider is None:
                    self.back_index(expr, self.masked(g, mask))
                else:
                    self.definitions[expr] = wider
                    self.back(wider, g, None, mask)
            case Attribute(Call() as call, name) if name in self.results_of(call):
                self.open_up(call)
            case Attribute(value, "T") if not may_be_number(self.kind_of(value)) and self.is_view_path(expr):
                self.contribute(expr, self.masked(g, mask))
            case Choose() | Logic():
                if isinstance(expr, Logic):
                    raise UnsupportedError(
                        f"{expr.op!r} as a value is not differentiated",
                        self.place(expr),
                        "use an if",
                    )
                self.open_up(expr)
            case Call(Ref(target=UserFunction())):
                self.open_up(expr)
            case List(items) | Tuple(items):
                for k, item in enumerate(items):
                    self.back(item, self.item(self.masked(g, mask), k))
            case _ if back_list(self, expr, self.masked(g, mask)) or back_regrouped(self, expr, g, mask, loose):
                pass
            case _ if (inner := squared_size(expr, self.kind_of)) is not None:
                self.mask = mask
                self.want(inner)
                self.back(inner, mul(mul(Const(2), g), np_call("conj", inner)), None, mask, loose)
            case _ if (known := composed(expr, self.kind_of)) is not None:
                if known.total:
                    g, mask = self.masked(g, mask), None
                self.mask = mask
                slope = known.slope(lambda e: self.value_of(e, result if e is expr else None), self.kind_of)
                g = g if vanishes(g, slope) else scaled(g, slope, self.kind_of)
                self.back(known.inner, g, None, mask, loose and not known.total)
            case _:
                found = self.kind_of.application(expr)
                if found is None or found.rule.form == "constant":
                    refuse(self, expr)
                refuse_operands(self, expr, found)
                g = of_axes(found, g, self.kind_of, self.want_shape)
                if found.rule.results:
                    if result is not None:
                        refuse_results(self, expr, found)
                    self.open_up(expr)
                    return
                if found.rule.form == "definition":
                    self.back(self.definition(expr, found), g, None, mask)
                    return
                masked = self.masked(g, mask)
                if back_total(self, expr, found, masked, result) or back_differences(self, found, masked):
                    return
                refuse_displays(self, found)
                self.back_rule(expr, found, g, result, mask, loose)

    def real_for(self, expr: Expr, g: Expr) -> Expr:
        """The adjoint of a real value is real: of a complex number that flows to it, the real part."""
        if is_complex(self.kind_of(g)) and not is_complex(self.kind_of(expr)):
            return real_part(g)
        return g

    def definition(self, expr: Expr, found: Application) -> Expr:
        """What a call says in other words, the same nodes each time it is asked."""
        if expr not in self.definitions:
            self.definitions[expr] = defined(found, expr, self.kind_of, self.place)
        return self.definitions[expr]

    def results_of(self, call: Call) -> tuple[str, ...]:
        return getattr(getattr(self.kind_of.application(call), "rule", None), "results", ())

    def open_up(self, expr: Expr) -> None:
        """Note that ``expr`` must become a statement of its own; by the time plans are made, it has."""
        if not self.probe:
            raise UnsupportedError("this expression is not taken apart", self.place(expr), "assign it to a name first")
        self.hoist[expr] = None

    def item(self, g: Expr, k: int) -> Expr:
        if isinstance(g, List | Tuple):
            return g.items[k]
        if isinstance(kind := self.kind_of(g), Scalar):
            return g  # a scalar stands for all entries
        if (part := part_of(g, k, self.kind_of, self.typing.sizes, self.named)) is not None:
            return part
        whole = g if is_part(g) else self.named(g, "t_bar")
        if isinstance(whole, Index) and isinstance(whole.index, Const | Tuple) and isinstance(kind, Array):
            if isinstance(self.kind_of(whole.value), Array):  # R_bar[0, 1], not R_bar[0][1]
                return Index(whole.value, Tuple((*index_items(whole.index), Const(k))))
        return entry_of_part(whole, k)

    def masked(self, g: Expr, mask: Mask) -> Expr:
        if mask is None:
            return g
        condition, positive = mask
        return np_call("where", condition, g, ZERO) if positive else np_call("where", condition, ZERO, g)

    def back_rule(
        self,
        expr: Expr,
        found: Application,
        g: Expr,
        result: Expr | None,
        mask: Mask,
        loose: bool,
    ) -> None:
        rule = found.rule
        if says_only(rule, "jvp"):
            back_tangent(self, expr, found, self.masked(g, mask), result)
            return
        if not loose and rule.own is None:
            g = self.known_by_operand(g, expr)
        texts = found.transposed()
        active = [n for n in found.differentiable if n in found.operands and self.is_varied(found.operands[n])]
        self.mask = mask if rule.form == "elementwise" else None
        if back_otherwise(self, expr, found, g, mask, active, loose):
            return
        if rule.form != "elementwise":
            g, mask = as_taken(self, rule, g, mask, expr, result), None
        literals = {n: e for n, e in found.operands.items() if isinstance(e, Const) or is_number(e)}
        constants = {n: e for n, e in found.operands.items() if is_literal(e)}
        holes = {**found.operands, texts.result: expr, **dict.fromkeys(texts.result_bars, g)}
        for name, text in texts.shared:
            # said plainly, so that the parts that read it are told its kind
            holes[name] = simplify(plainly(fill(text, {**holes, **constants}), self.kind_of, self.typing.sizes))
        prepared = [(n, self.plain_holes(fill(texts.parts[n], constants | literals), holes)) for n in active]
        shared = self.shared_texts(texts, prepared, constants, holes)
        divisor = common_divisor([t for _, t in prepared]) if rule.form == "elementwise" and rule.own is None else None
        if divisor is not None and mask is None and not shared and self.worth_sharing(divisor, found):
            table = self.operand_table(found, expr, texts.result, result, [t for _, t in prepared])
            g = self.named(mul(g, Binary("/", Const(1), fill(divisor, table))), "t_bar")
            prepared = [(name, over(text)) for name, text in prepared]
        g = self.share_adjoint(g, [*prepared, *shared], texts.result_bar)
        table = self.operand_table(found, expr, texts.result, result, [t for _, t in (*prepared, *shared)])
        if texts.result_bar:
            table[texts.result_bar] = g
        for name, text in shared:
            table[name] = self.named(fill(text, table), name)
        if mask is None and not loose and back_shares(self, expr, found, prepared, g, table):
            return
        for name, text in prepared:
            value = fill(text, table)
            operand = found.operands[name]
            if rule.own is not None:
                elementwise = rule.form == "elementwise"
                value = checked_part(self, rule, value, *((expr, result) if elementwise else (operand, None)))
            value = tamed(self, found, value)
            if rule.form == "elementwise":
                value = g if vanishes(g, value) else scaled(g, value, self.kind_of)
                kept = mask if loose or self.same_shape(operand, expr) else None
                if kept is None:  # masked while it has the shape that the mask has, a pole of the partial with it
                    value = self.masked(value, mask)
                fitted = fitted_or_none(self, value, operand, expr)
                full = value if loose or fitted is not None else in_full(self, g, value, expr, result)
                self.flow(operand, full, fitted, kept, loose)
                continue
            self.back(operand, value, None, mask)

    def worth_sharing(self, divisor: Expr, found: Application) -> bool:
        """Is it an array, by which to divide costs as much as to multiply with one, or are there parts to compute?

        Or entries of arrays, to be read once.
        """
        by = fill(divisor, found.operands)
        if dims_of(self.kind_of(by)):
            return True
        if isinstance(self.stmt, Store) or isinstance(by, Index):
            return all(isinstance(self.kind_of(e), Scalar) for e in found.operands.values())
        return not all(cheap_to_read(e) or atomic(e) for n, e in found.operands.items() if n in found.differentiable)

    def shared_texts(
        self,
        texts: Transposed,
        prepared: list[tuple[str, Expr]],
        constants: Mapping[str, Expr],
        holes: Mapping[str, Expr],
    ) -> list[tuple[str, Expr]]:
        """What the parts that are needed share, and each other: said plainly, in order."""
        wanted = [t for _, t in prepared]
        found: list[tuple[str, Expr]] = []
        for name, text in reversed(texts.shared):
            if any(name in self.holes(t).all for t in wanted):
                plain = self.plain_holes(fill(text, constants), holes)
                wanted.append(plain)
                found.insert(0, (name, plain))
        return found

    def same_shape(self, a: Expr, b: Expr) -> bool:
        if isinstance(self.kind_of(a), Scalar) and isinstance(self.kind_of(b), Scalar):
            return True
        if same(alike(self, a), alike(self, b)):
            return True
        left, right = dims_of(self.kind_of(a)), dims_of(self.kind_of(b))
        if left is None or right is None or len(left) != len(right):
            return False
        return all(self.typing.sizes.spans(x, y) for x, y in zip(left, right, strict=True))

    def plain_holes(self, text: Expr, env: Mapping[str, Expr]) -> Expr:
        return plain_holes(self, text, env)

    def holes(self, text: Expr) -> Holes:
        return holes_of(self.typing, text)

    def share_adjoint(self, g: Expr, prepared: list[tuple[str, Expr]], result_bar: str) -> Expr:
        """Name ``g`` if it would stand more than once."""
        if result_bar:
            uses = sum(count_hole(text, result_bar) for _, text in prepared if result_bar in self.holes(text).all)
        else:
            uses = len(prepared)
        return self.named(g, "t_bar") if uses > 1 else g

    def known_by_operand(self, g: Expr, expr: Expr) -> Expr:
        """What a helper of unknown kind has made for an operand has the form of the operand."""
        kind, vague = self.kind_of(expr), self.kind_of(g) in (UNKNOWN, Array(None, None))
        if not vague or atomic(g) or isinstance(g, Fresh) or not isinstance(kind, Array):
            return g
        if kind.dims and kind.dtype == "float64" and isinstance(g := self.named(g, "t_bar"), Name):
            self.env[g.id] = kind
        return g

    def named(self, g: Expr, wanted: str) -> Expr:
        if atomic(g) or (isinstance(g, Fresh)):
            return g
        if isinstance(g, Index) and isinstance(g.value, Name) and isinstance(self.kind_of(g), Array):
            if g.value.id in self.env and isinstance(g.index, Const):
                return g  # an item of a temporary
        g = untwisted(g)
        for name, value in self.temps:
            if same(value, g):
                return Name(name)
        name = part_name(wanted, self.namer, self.typing)
        self.env[name] = self.kind_of(g)
        self.temps.append((name, g))
        return Name(name)

    def operand_table(
        self,
        found: Application,
        expr: Expr,
        result_hole: str,
        result: Expr | None,
        texts: list[Expr],
    ) -> dict[str, Expr]:
        """What the holes stand for; the values that are really read are noted as wanted."""
        table: dict[str, Expr] = {}
        self.want_operands(found, texts, table)
        if result is not None:
            table[result_hole] = result
        else:
            table[result_hole] = expr
            if any(result_hole in self.holes(t).values for t in texts):
                self.want(expr)
            elif any(result_hole in self.holes(t).all for t in texts):
                self.want_shape(expr)
        return table

    def want_operands(self, found: Application, texts: list[Expr], table: dict[str, Expr]) -> None:
        held = [self.holes(text) for text in texts]
        values, every = {n for h in held for n in h.values}, {n for h in held for n in h.all}
        for name, operand in found.operands.items():
            table[name] = operand
            if name in values:
                self.want(operand)
            elif name in every:
                self.want_shape(operand)

    def want(self, expr: Expr) -> None:
        if isinstance(expr, List | Tuple):  # said again, of items that are kept
            for item in expr.items:
                self.want(item)
        elif not isinstance(expr, Const | Name | Ref | Slice):
            self.note(expr)

    def value_of(self, expr: Expr, result: Expr | None) -> Expr:
        """Where the value of ``expr`` is read."""
        if result is None:
            self.want(expr)
        return expr if result is None else result

    def note(self, expr: Expr) -> None:
        """Its value is read, of the entries under the mask; of all where another mask asks for it, too."""
        mask = self.wanted.setdefault(expr, self.mask)
        if mask is not None and (self.mask is None or self.mask[1] != mask[1] or not same(self.mask[0], mask[0])):
            self.wanted[expr] = None

    def want_shape(self, expr: Expr) -> None:
        """Only the shape is read: a name for the value spares computing it again for that."""
        if not isinstance(expr, List | Tuple | Const | Name | Ref | Slice):
            self.note(expr)

    # -- places --

    def is_view_path(self, expr: Expr) -> bool:
        return is_view_path(expr, self.kind_of) and not through_expanded(expr, self.kind_of)

    def back_index(self, expr: Index, g: Expr) -> None:
        back_index(self, expr, g)

    def contribute(self, path: Expr, value: Expr, fancy: Expr | None = None) -> None:
        """Add to the adjoint of a place; contributions to one place become one sum."""
        if is_number(value, 0):
            return
        if isinstance(kind := self.kind_of(path), ListOf | Sequence):
            value = as_adjoint(self, path, kind, value)
            self.parts.append(Contribution(path, value, kind, self.kind_of(value)))
            return
        value = untwisted(value)
        if fancy is None:
            path, value = straight(path, value, self.kind_of)
        k = self.places.setdefault(key(path), len(self.parts)) if fancy is None else len(self.parts)
        if k < len(self.parts):
            part = self.parts[k]
            few = small(value) and small(part.value)
            if few and same(part.value, value):
                total = mul(Const(2), value)
            else:
                total = together(part.value, value) if few else add(part.value, value)
            self.parts[k] = replace(part, value=total, value_kind=self.kind_of(total))
            return
        self.parts.append(Contribution(path, value, self.kind_of(path), self.kind_of(value), fancy))

    # -- shapes --

    def flow(self, operand: Expr, value: Expr, fitted: Expr | None, mask: Mask = None, loose: bool = False) -> None:
        """On to an operand. Where shapes are not known, what was broadcast is summed at the leaves only."""
        if fitted is not None and not loose:
            self.back(operand, fitted, None, mask)
        elif elementwise_operands(self, operand) is not None:
            self.back(operand, value, None, mask, loose=True)
        elif self.is_varied(operand):
            self.back(operand, self.unbroadcast(self.masked(value, mask), operand))

    def unbroadcast(self, value: Expr, operand: Expr) -> Expr:
        like = alike(self, operand)
        self.want_shape(like)
        return Call(helper("unbroadcast"), (value, like))

    # -- the whole --

    def keep_whole_numbers(self) -> None:
        """In the texts, none of the arithmetic of whole numbers but what the statement does itself: it would wrap."""
        own = by_whole_numbers(self.stmt, self.kind_of)
        if own:
            self.temps = [(n, without_wraps(e, self.kind_of, self.kind_of(e), own)) for n, e in self.temps]
            self.parts = [replace(p, value=without_wraps(p.value, self.kind_of, FLOATS, own)) for p in self.parts]

    def plan(self, seeds: tuple[str, ...]) -> Plan:
        if self.probe:
            return Plan(tuple(self.temps), tuple(self.parts), seeds, self.env)
        self.keep_whole_numbers()
        adjoints = {*seeds, *(n for n, _ in self.temps)}
        self.parts = [replace(p, value=factored(p.value, adjoints, self.kind_of)) for p in self.parts]
        temps, parts = say_once(self)
        return Plan(tuple(temps), tuple(parts), seeds, self.env)

