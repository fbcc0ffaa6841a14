"""The way back through what is divided by its own length, or its own deviation: said with the quotient itself.

Before                                                   After

    u = x / s                                                u = x / s
    t_bar = u_bar / s                                        x_bar = (u_bar - np.sum(u_bar * u, ...) * u) / s
    x_bar = t_bar
    s_bar = -np.sum(u_bar * u, axis=1, keepdims=True) / s
    x_bar = x_bar + quotient(s_bar, s) * x

As it stands in every normalization, by ``np.linalg.norm``, ``np.std``, or the root of a mean. Where ``s`` is 0 the
first term is not finite, so that nothing is lost with the ``quotient`` that keeps the second at 0 there. Numbers change
by rounding: this is none of the passes that ``tidy`` switches. In double precision, where sizes are known.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from tangent_like.ir.build import is_number, negative, np_call
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Choose,
    Const,
    Expr,
    Function,
    Index,
    Library,
    Name,
    Ref,
    Slice,
    Stmt,
    Tuple,
)
from tangent_like.ir.walk import binds, names, reads, rebuild, same, statements
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import Array, Kind
from tangent_like.kinds.operands import literal
from tangent_like.transform.enforced import Classes
from tangent_like.transform.factors import Factor, chained, factors
from tangent_like.transform.forms import is_adjoint, size_said, sizes_left, spread_together, summed
from tangent_like.transform.outside import is_product, steady
from tangent_like.transform.shared_factors import terms_of
from tangent_like.transform.standing import Standing, Surroundings
from tangent_like.transform.tidy.blocks import change_blocks, with_body
from tangent_like.transform.tidy.facts import find_facts
from tangent_like.transform.tidy.width import COLUMNS, line_width


def standardized(function: Function, kinds: Mapping[str, Kind], sizes: Sizes) -> Function:
    """The function with such terms said shorter; ``kinds`` are those of its names."""
    if not kinds or not any(map(_divides, statements(function.body))):
        return function
    uses = Counter(n for s in statements(function.body) for n in {*reads(s), *binds(s)})
    around = Surroundings(find_facts(function, frozenset(), kinds), kinds, uses, Classes.of(sizes.used))

    def block(body: Block, depth: int) -> Block:
        out: list[Stmt] = []
        for k, stmt in enumerate(body):
            new = change_blocks(stmt, lambda inner: block(inner, depth + 1))
            if isinstance(new, Assign | Augment) and new.origin is None and is_adjoint(new):
                new = _At(around, out, body[k + 1 :]).changed(new, depth)
            out.append(new)
        return tuple(out)

    return with_body(function, block(function.body, 1))


def _divides(stmt: Stmt) -> bool:
    """Is an adjoint a quotient by a name?"""
    match stmt:
        case Assign((_,), (Binary("/", Name() | Binary("+" | "-"), Name()),), None):
            return is_adjoint(stmt)
        case _:
            return False


def is_new_axis(index: Expr, whole: int) -> bool:
    """Is it ``[..., None]``, or ``[:, None]`` of as many whole axes?"""
    match index:
        case Tuple((*before, Const(None))):
            axes = [isinstance(e, Slice) and same(e, Slice(None, None, None)) for e in before]
            return axes == [True] * whole if whole else len(before) == 1 and same(before[0], Const(...))
        case _:
            return False


class Share(NamedTuple):
    """What an adjoint has of ``over / under`` by now: all of it, or one term of it, as ``name`` says."""

    name: str
    over: str
    under: str
    whole: bool


class _At(Standing):
    def changed(self, stmt: Assign | Augment, depth: int) -> Stmt:
        match stmt:
            case Augment(x, "+" | "-" as op, added):
                share = self.share(x)
            case Assign((x,), (Binary("+" | "-" as op, Name(own), added),), saved="", writes=()) if own == x:
                share = self.share(x)
            case Assign((x,), (Binary("/", Binary("+" | "-" as op, Name(over), added), Name(under)),), saved=""):
                share = Share("", over, under, True)
                added = Binary("/", added, Name(under))
            case _:
                return stmt
        if share is None or not self.dims(Name(x)) or self.dims(Name(x)) != self.dims(Name(share.over)):
            return stmt
        parts, sign = self.parts(added, share, stmt)
        alone = share.whole and (not share.name or self.alone(x, share.name))
        term = None if x in names(chained(parts)) else self.term(parts, share, alone)
        if term is None:
            return stmt
        op = "-" if (op == "-") != (sign != term[1]) else "+"
        gone = list(self.gone)
        new: Stmt
        if alone:
            whole = Binary("/", Binary(op, Name(share.over), term[0]), Name(share.under))
            new = Assign((x,), (whole,), None)
            gone += [self.before[self.found(n)[0]] for n in dict.fromkeys((x, share.name)) if share.name]
        elif isinstance(stmt, Augment):
            new = Augment(x, op, term[0], None)
        else:
            new = replace(stmt, values=(Binary(op, Name(x), term[0]),))
        if line_width(new, depth) > COLUMNS:
            return stmt
        self.before[:] = [s for s in self.before if s not in gone]
        return new

    def share(self, x: str) -> Share | None:
        name, value = x, self.definition(x)
        while isinstance(value, Name):
            name, value = value.id, self.definition(value.id)
        match value:
            case Binary("/", Name(over), Name(under)):
                return Share(name, over, under, True)
            case Binary("+" | "-"):
                for _, term in terms_of(value):
                    match self.definition(term.id) if isinstance(term, Name) else None:
                        case Binary("/", Name(over), Name(under)):
                            return Share(term.id, over, under, False)  # type: ignore[union-attr]
                        case _:
                            pass
                return None
            case _:
                return None

    def alone(self, x: str, name: str) -> bool:
        """Is the quotient read by nobody but for ``x``, and that not before this?"""
        k = self.found(x)[0]
        if any(x in self.around.facts.does(s).reads for s in self.before[k + 1 :] if s not in self.gone):
            return False
        if name == x:
            return True
        readers = sum(name in reads(s) for s in (*self.before, *self.after) if s not in self.gone)
        return self.definition(x) == Name(name) and readers == 1 and self.around.uses[name] == 2

    # -- the term --

    def parts(self, expr: Expr, share: Share, stmt: Stmt) -> tuple[list[Factor], bool]:
        """The factors of a product, of those that have a name for this one, too, and of quotients; and its sign."""
        body, sign = negative(expr)
        found: list[Factor] = []
        for op, factor in factors(body, True):
            inner, minus = negative(factor)
            sign = sign != minus
            if op == "/":
                found += [("*" if o == "/" else "/", e) for o, e in factors(inner, True)]
                continue
            deeper = self.inside(inner, share, stmt)
            if deeper is None:
                found.append((op, inner))
                continue
            more, minus = self.parts(deeper, share, stmt)
            found += more
            sign = sign != minus
        return found, sign

    def inside(self, expr: Expr, share: Share, stmt: Stmt) -> Expr | None:
        """What a name stands for that nobody else reads, and the quotient of what is 0 where the divisor is."""
        match expr:
            case Name(id):
                value = self.definition(id)
                body = None if value is None else negative(value)[0]
                sums = isinstance(body, Choose | Call) or (isinstance(body, Binary) and body.op == "@")
                if value is None or not (sums or is_product(value)):
                    return None
                return value if self.opened(id, stmt) else None
            case Index(Call() as call, index) if is_new_axis(index, 0):
                return self.in_columns(call, share, stmt)
            case Call(Ref(target=Library(module, "quotient")), (top, under), ()) if module.startswith("tangent_like"):
                return Binary("/", top, under)
            case Choose(Name(test), Binary("/", _, under) as body, zero) if is_number(zero, 0):
                return body if any(same(e, Name(test)) for o, e in factors(under, True) if o == "*") else None
            case _:
                return None

    def opened(self, name: str, stmt: Stmt) -> bool:
        """Is it read by nobody else? What binds it goes, then."""
        if not self.last(name, stmt) or self.count_with_gone(name, stmt) > 1:
            return False
        self.gone.append(self.before[self.found(name)[0]])
        return True

    def in_columns(self, call: Call, share: Share, stmt: Stmt) -> Expr | None:
        """``p / s`` for ``quotient(p[:, 0], t)[..., None]``, where ``s`` is ``t[:, None]``."""
        match self.inside(call, share, stmt):
            case Binary("/", Name(flat), Name() as under):
                pass
            case _:
                return None
        column, made = self.definition(share.under), self.definition(flat)
        match column, made:
            case Index(inner, index), Index(Name(id), Tuple((Slice(None, None, None), Const(0)))) if (
                is_new_axis(index, 1) and same(inner, under) and len(self.dims(Name(id)) or ()) == 2
            ):
                return Binary("/", Name(id), Name(share.under)) if self.opened(flat, stmt) else None
            case _:
                return None

    def term(self, parts: list[Factor], share: Share, alone: bool) -> tuple[Expr, bool] | None:
        """The product with the quotient in it, less what all is divided by if that stands ``alone``; and the sign."""
        for k, (op, factor) in enumerate(parts):
            found = self.sum(factor, share) if op == "*" else None
            if found is None:
                continue
            quotient, other, axis, sign = found
            made = self.definition(quotient)
            if not isinstance(made, Binary) or made.op != "/" or not same(made.right, Name(share.under)):
                continue
            rest = [*parts[:k], *parts[k + 1 :]]
            if not self.without(rest, "*", made.left) or not self.without(rest, "/", Name(share.under)):
                continue
            if (alone or other == share.over) and not self.without(rest, "/", Name(share.under)):
                continue
            first = share.over if alone else share.name
            if alone and other != share.over:
                continue
            total = self.total(factor, Name(first), Name(quotient), axis, rest)
            return None if total is None else (chained([*total, *rest, ("*", Name(quotient))]), sign)
        return None

    def sum(self, factor: Expr, share: Share) -> tuple[str, str, int | None, bool] | None:
        """What else than the adjoint of the quotient is in the sum of the two, which of its names is, and the axis."""
        axis: int | None
        keeps = False
        match factor:
            case Binary("@", Name(a), Name(b)):
                axis, sign = None, False
                if len(self.dims(Name(a)) or ()) != 1 or len(self.dims(Name(b)) or ()) != 1:
                    return None
            case Call() if (found := summed(factor)) is not None:
                whole, axis, keeps = found
                inner, sign = negative(whole)
                match inner:
                    case Binary("*", Name(a), Name(b)):
                        pass
                    case _:
                        return None
            case _:
                return None
        over = self.first_name(Name(share.over))
        first = [share.over if same(self.first_name(Name(n)), over) else n for n in (a, b)]
        own = {share.over, share.name}
        if (first[0] in own) == (first[1] in own):
            return None
        other, quotient = (first[0], b) if first[0] in own else (first[1], a)
        whole_dims, under = self.dims(Name(quotient)), self.dims(Name(share.under))
        if not whole_dims or under is None or whole_dims != self.dims(Name(other)):
            return None
        if not steady(under, whole_dims, axis, keeps):
            return None
        left = sizes_left(whole_dims, axis, keeps)
        fits = left is not None and spread_together(left, whole_dims) == whole_dims
        return (quotient, other, axis, sign) if fits else None

    def without(self, parts: list[Factor], op: str, value: Expr) -> bool:
        """Takes the factor out of them, under whichever name; False where it is not among them."""
        for k, (own, factor) in enumerate(parts):
            if own == op and (same(factor, value) or same(self.plain(factor), self.plain(value))):
                del parts[k]
                return True
        return False

    def plain(self, expr: Expr) -> Expr:
        """With what differences and means stand for that have names."""
        match expr:
            case Name(id):
                value = self.definition(id)
                if isinstance(value, Name | Binary | Call) and (not isinstance(value, Binary) or value.op == "-"):
                    return self.plain(value) if not isinstance(value, Call) or self.mean(value) else expr
                return expr
            case Call() if (mean := self.mean(expr)) is not None:
                return mean
            case _:
                return rebuild(expr, self.plain) if isinstance(expr, Binary) and expr.op == "-" else expr

    def mean(self, call: Call) -> Call | None:
        """``x.mean(...)`` as ``np.mean(x, ...)``."""
        match call:
            case Call(Attribute(Name(id) as value, "mean"), (), keywords):
                if not isinstance(self.around.kinds.get(id), Array):
                    return None
            case Call(Ref(target=Library("numpy", "mean")), (Name() as value,), keywords):
                pass
            case _:
                return None
        given = {name: e if (known := literal(e)) is None else Const(known) for name, e in keywords}
        return np_call("mean", value, **given)

    def total(
        self, made: Expr, adjoint: Name, quotient: Name, axis: int | None, rest: list[Factor]
    ) -> list[Factor] | None:
        """The sum, or mean, of the product of the two, behind the numbers of ``rest``, from which they are taken."""
        numbers = [(op, e) for op, e in rest if isinstance(e, Const)]
        if any(not is_number(e) or is_number(e, 0) or isinstance(e.value, complex) for _, e in numbers):
            return None
        values = [float(e.value) for _, e in numbers]  # type: ignore[arg-type]
        whole = math.prod(v if op == "*" else 1.0 / v for (op, _), v in zip(numbers, values, strict=True))
        if len(numbers) > 1 and whole != 1:
            return None
        rest[:] = [(op, e) for op, e in rest if not isinstance(e, Const)]
        front: list[Factor] = [] if whole == 1 else list(numbers)
        if isinstance(made, Binary):
            return [*front, ("*", Binary("@", adjoint, quotient))]
        assert isinstance(made, Call)
        name = "sum"
        for k, (op, count) in enumerate(rest):
            if op == "/" and self.counts(count, quotient.id, axis):
                del rest[k]
                name = "mean"
                break
        return [*front, ("*", np_call(name, Binary("*", adjoint, quotient), **dict(made.keywords)))]

    def counts(self, count: Expr, name: str, axis: int | None) -> bool:
        """Is it how many entries of an array are summed?"""
        dims = self.dims(Name(name))
        match count:
            case Attribute(Name() as other, "size") if axis is None:
                return dims is not None and self.dims(other) == dims
            case _ if dims and axis is not None and -len(dims) <= axis < len(dims):
                long = size_said(count, self.around.kinds)
                return long is not None and self.around.equal.find(long) == dims[axis]
            case _:
                return False


