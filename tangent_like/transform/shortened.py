"""Sums, products and quotients of adjoints in fewer steps.

Before                                           After

    p = e / total                                    p = e / total
    t_bar = p_bar / total                            total_bar = np.sum(-p_bar * p, axis=1, keepdims=True) / total
    e_bar = t_bar                                    e_bar = (p_bar - np.sum(p_bar * p, axis=1, keepdims=True)) / total
    total_bar = np.sum(-t_bar * p, axis=1, ...)      z_bar = (p_bar - np.sum(p_bar * p, axis=1, keepdims=True)) * p
    e_bar = e_bar + total_bar                        G_bar = np.outer(a, b)
    z_bar = e_bar * e                                w_bar += X @ a * (X @ b)
    G_bar = np.outer(a, b)                           k_bar += g_bar + h_bar
    w_bar += np.sum(X @ G_bar * X, axis=1)
    k_bar += g_bar
    k_bar += h_bar

What is left without a reader is no longer written, later. The numbers change by rounding, so that this is none of the
passes that ``tidy`` switches. Only in double precision, where ranks and sizes are known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from tangent_like.ir.build import add, div, is_number, method, mul, negative, signed, sub
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Block,
    Call,
    Const,
    Expr,
    Function,
    Name,
    Stmt,
    Store,
    Unary,
)
from tangent_like.ir.walk import (
    binds,
    bound_in,
    expressions,
    reads,
    rebuild,
    same,
    statements,
    subexpressions,
)
from tangent_like.kinds.dims import ONE, Sizes
from tangent_like.kinds.kind import Kind
from tangent_like.transform import outside
from tangent_like.transform.each_entry import called
from tangent_like.transform.enforced import Classes
from tangent_like.transform.factors import factors
from tangent_like.transform.forms import is_adjoint, is_own_adjoint, summed, without
from tangent_like.transform.joined_numbers import joined
from tangent_like.transform.kept_quotients import is_divisor, kept_quotients, quotient_taken
from tangent_like.transform.one_condition import in_arms, into_choice, one_choice
from tangent_like.transform.simpler import (
    along_diagonal,
    cancelled,
    eyes,
    filled,
    is_sum_of_quotients,
    masked_once,
    number_apart,
    numbers_together,
    one_quotient,
    traced,
    without_numbers,
)
from tangent_like.transform.standing import FAR, Standing, Surroundings
from tangent_like.transform.terms import one_term
from tangent_like.transform.tidy.blocks import change_blocks, hardly_changed, with_body, with_expressions
from tangent_like.transform.tidy.calls import library, origin_of
from tangent_like.transform.tidy.dead import dead
from tangent_like.transform.tidy.facts import find_facts
from tangent_like.transform.undivided import undivided


def shortened(function: Function, kinds: Mapping[str, Kind], sizes: Sizes, outer: bool = False) -> Function:
    """The function with fewer steps; ``kinds`` are those of its names.

    ``outer``: with factors outside of sums, too, once all that is a mean has been found.
    """
    if not kinds or (outer and not any(_sums(s) for s in statements(function.body))):
        return function
    classes = Classes.of(sizes.used)
    facts = find_facts(function, frozenset(), kinds)
    identities, quotients = eyes(function, facts), kept_quotients(function, facts)
    for _ in range(4):
        uses = Counter(n for stmt in statements(function.body) for n in {*reads(stmt), *binds(stmt)})
        before = function
        worker = _Shortener(facts, kinds, uses, classes, outer, eyes=identities, quotients=quotients)
        bound = bound_in(function.body)
        if outer:
            worker.live = bound_in(dead(function, facts).body)
        worker.given = frozenset(p.name for p in function.params if p.name not in bound and worker.shape(p.name))
        function = with_body(function, worker.block(function.body))
        sizes.own_counts |= worker.counted
        if hardly_changed(before, function):
            break
    return function


def _sums(stmt: Stmt) -> bool:
    """Is it an adjoint that is made of sums, or of a number by something?"""
    if not is_own_adjoint(stmt):
        return False
    parts = [e for top in expressions(stmt) for e in subexpressions(top)]
    if any(isinstance(e, Binary) and e.op == "/" and is_number(e.left) for e in parts):
        return True
    return any(isinstance(e, Call) and summed(e) for e in parts)


@dataclass(eq=False)
class _Shortener(Surroundings):
    def block(self, body: Block) -> Block:
        out: list[Stmt] = []
        for k, stmt in enumerate(body):
            new = change_blocks(stmt, self.block)
            if is_own_adjoint(new):
                at = _At(self, out, body[k + 1 :])
                with_sizes = with_expressions(with_expressions(new, self.sized), partial(at.sized, new))
                on_diagonal = partial(along_diagonal, definition=at.definition, dims_of=at.dims)
                with_sizes = with_expressions(with_sizes, on_diagonal)
                assert isinstance(with_sizes, Assign | Augment | Store)
                changed = at.changed(with_sizes)
                self.uses.update(reads(changed) - reads(new))  # what is held by a name has one reader more
                new = changed
            out.append(new)
        return tuple(out)


@dataclass(eq=False)
class _At(Standing):
    # -- statements --

    def changed(self, stmt: Assign | Augment | Store) -> Stmt:
        if isinstance(stmt, Assign):
            if len(stmt.targets) != 1 or stmt.saved or stmt.guard is not None or stmt.writes:
                return stmt
            value = self.value(stmt.values[0], stmt)
            return stmt if value is stmt.values[0] else Assign(stmt.targets, (self.own(value),), None)
        value = self.value(stmt.value, stmt)
        body, sign = (value, False) if value is stmt.value or stmt.op not in ("+", "-") else negative(value)
        op = stmt.op if not sign else "-" if stmt.op == "+" else "+"
        new = stmt if value is stmt.value else replace(stmt, op=op, value=body)
        if isinstance(new, Store):
            return new
        if (found := self.factored(new)) is not None:
            return found
        return joined(new, self.before, self.around.facts) if self.dims(Name(new.target)) == () else new

    def factored(self, stmt: Augment) -> Stmt | None:
        """``x = p * a`` and ``x -= p * b`` as ``x = p * (a - b)``, where ``p`` is computed; likewise ``a / n``."""
        if stmt.op not in ("+", "-"):
            return None
        k, first = self.found(stmt.target)
        body, sign = negative(self.taken(stmt.value, stmt))
        gone, self.gone = self.gone, []
        op = "-" if (stmt.op == "-") != sign else "+"
        if k < 0 or any(stmt.target in self.around.facts.does(s).reads for s in self.before[k + 1 :]):
            return None
        whole: Expr
        match first, body:
            case _ if first is not None and (one := self.one_term(first, op, body)) is not None:
                whole = one
            case _ if first is not None and (both := one_choice(self, first, op, body)) is not None:
                whole = outside.choice(*both, self.dims, self.first_name)
            case Binary("*", p, a), Binary("*", q, b) if same(p, q) and not isinstance(p, Name | Const):
                shape = self.dims(p)
                if shape is None or self.dims(a) != shape or self.dims(b) != shape:
                    return None
                whole = Binary("*", p, Binary(op, a, b))
            case Binary("/", a, Name(under)), Binary("/", b, Name(other)) if under == other:
                shape = self.dims(a)
                if not shape or self.dims(first) != shape or self.dims(b) not in (shape, ()):
                    return None
                whole = Binary("/", Binary(op, a, b), Name(under))
            case _:
                found = None if first is None else outside.shared(first, op, body, self.dims, self.first_name)
                if found is None and first is not None:
                    found, more = into_choice(self, first, signed(body, op == "-"), stmt)
                    gone = [*gone, *more]
                    found = one_quotient(first, op, body, self.dims) if found is None else found
                if found is None:
                    return None
                whole = found
        self.before[:] = [s for j, s in enumerate(self.before) if j != k and s not in gone]
        return Assign((stmt.target,), (whole,), None)

    def value(self, expr: Expr, stmt: Stmt) -> Expr:
        body, sign = negative(expr)
        match body:
            case Call() if (found := summed(body)) is not None:
                new = None if found[1] is not None or found[2] else traced(found[0], self.matrix, self.dims)
                self.around.counted |= new is not None
                new = self.sum(body, *found, stmt) if new is None else new
            case Call(args=(c, one, two), keywords=()) if called(body) == "where":
                new = self.masked_before(c, one, stmt) if is_number(two, 0) else None
                arms = in_arms(self.afresh(), c, (one, two), stmt) if new is None else None
                new = new if arms is None else outside.choice(c, *arms, self.dims, self.first_name)
            case Binary("+" | "-"):
                new = self.one_term(body.left, body.op, body.right)
                new = (self.total(body, stmt) or undivided(self, body, stmt)) if new is None else new
                new = self.afresh().terms(body, stmt) if new is None else new
                if new is None:
                    self.gone.clear()
                    new = outside.shared(body.left, body.op, self.with_sign(body.right), self.dims, self.first_name)
            case Binary("@", left, Binary("*") as right) if (shorter := self.cancelled(right, stmt)) is not None:
                new = Binary("@", left, shorter)
            case Binary("/", Call() as left, right) if self.around.outer and summed(left) is not None:
                inner = self.value(left, stmt)
                return expr if inner is left else signed(div(inner, right), sign)
            case Binary("*") if (new := masked_once(body, self.definition)) is not None and self.dims(new):
                new = self.own(new)
            case Binary("*", left, right):
                new = self.product(left, right, stmt) or self.afresh().cancelled(body, stmt)
                new = new or self.afresh().one_number(body, stmt) or self.afresh().product(right, left, stmt)
                if new is None and isinstance(left, Binary) and left.op == "*":
                    self.gone.clear()
                    inner = self.value(left, stmt)
                    if inner is not left:
                        return signed(mul(inner, right), sign)
                if new is None and isinstance(right, Call) and summed(right) is not None:
                    inner = self.afresh().value(right, stmt)
                    if inner is not right:
                        return signed(mul(left, inner), sign)
                if new is None and self.around.outer:
                    new = self.through(body, stmt)
            case _:
                new = None
        if new is None:
            self.gone.clear()
            return signed(body, sign) if sign and isinstance(expr, Call) else expr
        self.before[:] = [s for s in self.before if s not in self.gone]
        return signed(new, sign)

    def terms(self, expr: Binary, stmt: Stmt) -> Expr | None:
        """A sum with each term that is a choice made shorter."""
        sides = expr.left, expr.right
        left, right = (self.value(e, stmt) if isinstance(e, Call) and called(e) == "where" else e for e in sides)
        return None if left is expr.left and right is expr.right else Binary(expr.op, left, right)

    def afresh(self) -> _At:
        self.gone.clear()
        return self

    def matrix(self, name: str) -> Expr | None:
        """What a name stands for, or which identity matrix, wherever that was made."""
        return self.definition(name) or self.around.eyes.get(name)

    def cancelled(self, expr: Expr, stmt: Stmt) -> Expr | None:
        """A product without what its terms are divided by, those included that have a name for this one."""
        parts, sign = outside.flat(expr, partial(self.product_of, stmt=stmt, divided=True))
        known = [(op, e if is_sum_of_quotients(e) else self.held(e)) for op, e in parts]
        new = cancelled(known, self.definition)
        return None if new is None or not self.dims(new) or self.dims(new) != self.dims(expr) else signed(new, sign)

    def one_number(self, expr: Expr, stmt: Stmt) -> Expr | None:
        """A product with one number for several, of its factors and of those that have a name for this one."""
        if self.dims(expr) is None:
            return None
        new, sign = None, False
        if self.around.outer:
            parts, sign = outside.flat(expr, partial(self.product_of, stmt=stmt))
            new = numbers_together(parts)
        if new is None:
            self.gone.clear()
            parts, sign = outside.flat(expr, lambda e: number_apart(e, self.definition, self.dims))
            more = len(parts) > len(outside.flat(expr, lambda e: e)[0])
            new = without_numbers(parts) if more else None
        return None if new is None or self.dims(new) != self.dims(expr) else self.own(signed(new, sign))

    def one_term(self, first: Expr, op: str, second: Expr) -> Expr | None:
        """Of two terms that differ in no more than a number, of one shape; or of which one is a number everywhere."""
        if (both := filled(first, op, second, self.dims, self.definition)) is not None:
            return self.own(both)
        shape = self.dims(first)
        if shape is None or self.dims(second) != shape:
            return None
        found = one_term(first, op, second) or one_term(self.said(first), op, self.said(second))
        return None if found is None else self.own(found)

    def said(self, expr: Expr) -> Expr:
        """With what names of products, and other names, stand for."""
        match expr:
            case Name(id):
                value = self.definition(id)
                return expr if value is None or not outside.is_product(value) else self.said(value)
            case Binary("*") | Unary("-"):
                return rebuild(expr, self.said)
            case _:
                return expr

    def own(self, expr: Expr) -> Expr:
        """A copy of an array that has a name already: the adjoint is memory of its own."""
        return method(expr, "copy") if isinstance(expr, Name) and self.dims(expr) else expr

    def product_of(self, expr: Expr, stmt: Stmt, divided: bool = False) -> Expr:
        """The product, or other name, that a name stands for which nobody else reads; or a sum of quotients."""
        value = self.definition(expr.id) if isinstance(expr, Name) else None
        if value is None or not (outside.is_product(value) or (divided and is_sum_of_quotients(value))):
            return expr
        assert isinstance(expr, Name)
        if not self.last(expr.id, stmt) or self.count_with_gone(expr.id, stmt) > 1:
            return expr
        self.gone.append(self.before[self.found(expr.id)[0]])
        return value

    def masked_before(self, c: Expr, inner: Expr, stmt: Stmt) -> Expr | None:
        """``np.where(c, 2.0 * e, 0.0)`` as ``2.0 * e``, where ``e`` is ``np.where(c, v, 0.0)``."""
        body, sign = negative(inner)
        product = signed(self.product_of(body, stmt), sign)
        arrays = [e for _, e in factors(negative(product)[0], True) if not isinstance(e, Const)]
        made = self.definition(arrays[0].id) if len(arrays) == 1 and isinstance(arrays[0], Name) else None
        match made:
            case Call(args=(mask, _, zero), keywords=()) if called(made) == "where" and same(mask, c):
                alike = self.dims(arrays[0]) is not None and self.dims(arrays[0]) == self.dims(product)
                return product if is_number(zero, 0) and alike else None
            case _:
                return None

    def through(self, expr: Expr, stmt: Stmt) -> Expr | None:
        """``p_bar / c * w * e`` as ``p_bar * p``, where ``p`` is ``w * e / c``."""
        self.gone.clear()
        if not self.dims(expr):
            return None
        made = [
            s
            for s in reversed(self.before[-FAR:])
            if isinstance(s, Assign) and len(s.targets) == 1 and not s.saved and s.targets[0] in self.around.live
            if isinstance(s.values[0], Binary) and s.values[0].op in ("*", "/") and not is_adjoint(s)
            if self.dims(Name(s.targets[0]))
        ]
        found = outside.through(expr, made, partial(self.product_of, stmt=stmt), self.first_name) if made else None
        if found is None or self.definition(found[0].targets[0]) is not found[0].values[0] or found[0] in self.gone:
            return None
        return found[1] if self.dims(found[1]) == self.dims(expr) else None

    def sum(self, call: Call, whole: Expr, axis: int | None, keeps: bool, stmt: Stmt) -> Expr | None:
        """``np.sum(y / b * q)`` as ``np.sum(y * q) / b``; ``np.sum(np.outer(a, b) * X, 1)`` as ``a * (X @ b)``."""
        body, sign = negative(whole)
        match body:
            case Binary("*", left, right):
                for one, other in ((left, right), (right, left)):
                    outer = None if keeps else self.outer(one, stmt)
                    if outer is not None:
                        new = self.against(outer[0], outer[1], other, axis)
                        if new is not None:
                            return signed(new, sign != outer[2])
                    self.gone.clear()
                    over = self.divided(one, axis, keeps)
                    if over is not None:
                        y, divisor = over
                        product = mul(y, other) if one is left else mul(other, y)
                        return Binary("/", signed(replace(call, args=(product,)), sign), divisor)
            case _:
                pass
        self.gone.clear()
        if not self.around.outer:
            return None
        near = [s for s in self.before[-FAR:] if self.around.live.issuperset(binds(s))]
        said = [e for s in near for top in expressions(s) for e in subexpressions(top)]
        taken = partial(self.product_of, stmt=stmt)
        return outside.outside(call, whole, axis, keeps, self.dims, taken, self.definition, said, self.held)

    def divided(self, factor: Expr, axis: int | None, keeps: bool) -> tuple[Expr, Expr] | None:
        """A factor that is divided by what is the same all along the axis: what is divided, and by what."""
        value = self.definition(factor.id) if isinstance(factor, Name) else None
        match value:
            case Binary("/", Name() as y, divisor) if is_divisor(divisor):
                whole, top, under = self.dims(factor), self.dims(y), self.dims(divisor)
            case _:
                return None
        if whole is None or under is None or top != whole:
            return None
        if under == ():
            return y, divisor
        if axis is None:
            return None
        k = axis % len(whole)
        if keeps and len(under) == len(whole) and under[k] == ONE and without(under, k) == without(whole, k):
            return y, divisor
        return (y, divisor) if not keeps and k == 0 and under == whole[1:] else None

    def outer(self, expr: Expr, stmt: Stmt) -> tuple[Expr, Expr, bool] | None:
        """``a`` and ``b`` of ``X @ np.outer(a, b)`` as ``np.outer(X @ a, b)``, and whether the sign changes."""
        body, sign = negative(expr)
        match body:
            case Binary("@", left, Name() as right):
                found = self.outer(right, stmt)
                whole = self.dims(left)
                if found is None or whole is None or len(whole) != 2:
                    return None
                return Binary("@", left, found[0]), found[1], found[2] != sign
            case Name():
                value, flipped = negative(self.taken(body, stmt))
                target = library(value) if isinstance(value, Call) else None
                if target is None or origin_of(target) != ("numpy", "outer"):
                    return None
                assert isinstance(value, Call)
                a, b = (self.dims(e) for e in value.args)
                if a is None or b is None or len(a) != 1 or len(b) != 1:
                    return None
                return value.args[0], value.args[1], sign != flipped
            case _:
                return None

    def against(self, a: Expr, b: Expr, other: Expr, axis: int | None) -> Expr | None:
        """The sum of ``np.outer(a, b) * other`` along an axis."""
        first, second = self.dims(a), self.dims(b)
        if first is None or second is None or self.dims(other) != (*first, *second):
            return None
        match axis:
            case 1 | -1:
                return Binary("*", self.held(a), self.held(Binary("@", other, b)))
            case 0 | -2:
                return Binary("*", self.held(Binary("@", a, other)), self.held(b))
            case _:
                return Binary("@", Binary("@", a, other), b)

    def total(self, expr: Binary, stmt: Stmt) -> Expr | None:
        """``y / b + z / b`` as ``(y + z) / b``, and what one condition chooses in two parts as one choice."""
        if not same(expr.left, expr.right):
            found = one_choice(self, self.taken(expr.left, stmt), expr.op, self.taken(expr.right, stmt))
            if found is not None:
                return outside.choice(*found, self.dims, self.first_name)
            self.gone.clear()
        match expr:
            case Binary(op, Name() as left, Name() as right) if left.id != right.id:
                one, two = self.taken(left, stmt), self.taken(right, stmt)
            case _:
                return None
        a, a_sign = negative(one)
        b, b_sign = negative(two)
        match a, b:
            case Binary("/", y, under), Binary("/", z, other) if is_divisor(under) and same(under, other):
                shapes = [self.dims(e) for e in (left, right, under)]
                if None in shapes or shapes[0] == ():
                    return None
                joined = (add if (op == "+") != b_sign else sub)(signed(y, a_sign), z)
                return Binary("/", joined, under)
            case _:
                return None

    def product(self, left: Expr, right: Expr, stmt: Stmt) -> Expr | None:
        """``y / b * a`` as ``y * q`` where ``q`` is ``a / b``; ``1 / b * a`` as ``a / b``."""
        if not isinstance(left, Name) or self.dims(left) is None or self.dims(right) is None:
            return None
        match self.taken(left, stmt):
            case Binary("/", y, under) if isinstance(right, Name) and is_divisor(under):
                if same(under, right):  # y / b * b
                    return y if self.dims(y) == self.dims(left) == self.dims(right) else None
                quotient = self.quotient(right.id, under)
                if quotient is not None and self.dims(Name(quotient)) == self.dims(right):
                    return mul(y, Name(quotient))
                return Binary("/", right, under) if is_number(y, 1) else None
            case Binary("/", y, under) if is_number(y, 1) and self.dims(under) == ():
                return Binary("/", right, under)
            case Call() as made if (target := library(made)) is not None and isinstance(right, Name):
                if origin_of(target) != ("numpy", "full_like") or made.keywords or len(made.args) != 2:
                    return None
                like, value = made.args
                if self.dims(like) != self.dims(right) or self.dims(value) != ():
                    return None
                return mul(value, right)
            case _:
                return None

    def quotient(self, over: str, under: Expr) -> str | None:
        """The name of a quotient of the two, which still holds it."""
        for stmt in reversed(self.before[-FAR:]):
            match stmt:
                case Assign((name,), (Binary("/", Name(a), b),)) if a == over and same(b, under):
                    return name if self.definition(name) is stmt.values[0] else None
                case _:
                    pass
        return quotient_taken(self.around.quotients, self.before, over, under, self.around.facts)
