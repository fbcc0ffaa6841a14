"""Sums that are divided by how many they add: means.

Before                                               After

    mu_bar = np.sum(-z_bar, axis=1, keepdims=True)       # mu = np.mean(X, axis=1, keepdims=True)
    # mu = np.mean(X, axis=1, keepdims=True)             z_bar -= np.mean(z_bar, axis=1, keepdims=True)
    z_bar += mu_bar / X.shape[1]

The way back through what a mean is subtracted from, as it stands in every standardization. The sum has a name that
nobody else reads. Numbers change by rounding: this is none of the passes that ``tidy`` switches. In double precision.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from tangent_like.ir.build import add, is_number, negative, np_call, signed, sub
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Comment,
    Const,
    Expr,
    Function,
    Index,
    Library,
    Name,
    Ref,
    Stmt,
    Store,
    Unary,
)
from tangent_like.ir.walk import binds, names, reads, rebuild, statements, with_body
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import Array, Kind, Scalar
from tangent_like.transform.enforced import Classes
from tangent_like.transform.forms import Dims, is_adjoint, is_own_adjoint, size_said, spread_together, summed
from tangent_like.transform.tidy.blocks import change_blocks, with_expressions
from tangent_like.transform.tidy.facts import Facts, find_facts
from tangent_like.transform.tidy.width import COLUMNS, line_width

# Of what is summed along an axis: the summand, whether it is subtracted, the axis, and whether that is kept.
Term = tuple[Expr, bool, int, bool]

FAR = 40  # how many statements back a sum is looked for


def means(function: Function, kinds: Mapping[str, Kind], sizes: Sizes) -> Function:
    """The function with means for sums over counts; ``kinds`` are those of its names."""
    if not kinds or not any(_sum_of(s) for s in statements(function.body)):
        return function
    classes = Classes.of(sizes.used)
    uses = Counter(n for s in statements(function.body) for n in (*reads(s), *binds(s)))
    finder = _Finder(find_facts(function, frozenset(), kinds), kinds, classes, uses)
    return with_body(function, finder.block(function.body, 1))


def _sum_of(stmt: Stmt) -> str:
    """The name of an adjoint that is bound to sums, or to which they are added."""
    match stmt:
        case Assign((name,), (value,), origin=None, saved="", guard=None, writes=()):
            pass
        case Augment(name, "+" | "-", value, origin=None):
            pass
        case _:
            return ""
    return name if is_adjoint(stmt) and _terms(value) else ""


def _terms(value: Expr) -> list[Term]:
    """The terms of a sum of sums along one axis; none of anything else."""
    body, sign = negative(value)
    match body:
        case Call() if (found := summed(body)) is not None and found[1] is not None:
            inner, flipped = negative(found[0])
            return [(inner, sign != flipped, found[1], found[2])]
        case Binary("+" | "-" as op, left, right):
            first, second = _terms(left), _terms(right)
            if not first or not second or first[0][2:] != second[0][2:]:
                return []
            second = [(e, s != (op == "-"), axis, keeps) for e, s, axis, keeps in second]
            return [(e, s != sign, axis, keeps) for e, s, axis, keeps in (*first, *second)]
        case _:
            return []


@dataclass(eq=False)
class _Finder:
    facts: Facts
    kinds: Mapping[str, Kind]
    equal: Classes  # sizes
    uses: Counter[str]  # statements that read or bind a name
    gone: list[Stmt] = field(default_factory=list)

    def block(self, body: Block, depth: int) -> Block:
        out: list[Stmt] = []
        for stmt in body:
            new = change_blocks(stmt, lambda inner: self.block(inner, depth + 1))
            if is_own_adjoint(new):
                shorter = self.said(new, out)
                still = reads(shorter) & {n for s in self.gone for n in binds(s)}  # there twice: it is read elsewhere
                if self.gone and not still and line_width(shorter, depth) <= COLUMNS:
                    out = [s for s in out if s not in self.gone]
                    new = shorter
                self.gone.clear()
            out.append(new)
        return tuple(out)

    def said(self, stmt: Assign | Augment | Store, before: list[Stmt]) -> Stmt:
        def change(expr: Expr) -> Expr:
            match expr:
                case Binary("/", Name(id), count) if self.uses[id] % 2 == 0:
                    mean = self.mean(id, count, before)
                    return rebuild(expr, change) if mean is None else mean
                case _:
                    return rebuild(expr, change)

        new = with_expressions(stmt, change)
        if isinstance(new, Augment | Store) and new.op in ("+", "-") and new is not stmt:
            body, sign = negative(new.value)
            op = new.op if not sign else "-" if new.op == "+" else "+"
            if isinstance(new, Augment):
                return Augment(new.target, op, body, new.origin)
            return Store(new.target, op, body, new.origin, new.each)
        return new

    def mean(self, name: str, count: Expr, before: list[Stmt]) -> Expr | None:
        """The mean that ``name``, a sum, is over ``count``, if that is how many it adds."""
        found = self.made(name, before)
        terms = self.terms(found)
        for term, _, axis, _ in terms:
            dims = self.dims(term, before)
            if dims is None or not -len(dims) <= axis < len(dims):
                return None
            long = size_said(count, self.kinds)
            if long is None or self.equal.find(dims[axis]) != self.equal.find(long):
                return None
        if not terms:
            return None
        self.gone.extend(found)
        terms = self.together(terms, before) or terms
        below = all(sign for _, sign, _, _ in terms)
        total: Expr = Const(0)
        for term, sign, axis, keeps in terms:
            kept = {"keepdims": Const(True)} if keeps else {}
            one = np_call("mean", term, axis=Const(axis), **kept)
            total = (sub if sign and not below else add)(total, one)
        return signed(total, below)

    def made(self, name: str, before: list[Stmt]) -> list[Assign | Augment]:
        """What binds and adds to the sum, if all that it adds is still the same and nobody else reads it."""
        bound: set[str] = set()
        written: set[str] = set()
        found: list[Assign | Augment] = []
        for k in range(len(before) - 1, max(len(before) - FAR, 0) - 1, -1):
            stmt = before[k]
            if isinstance(stmt, Comment):
                continue
            does = self.facts.does(stmt)
            if name in does.binds:
                if not isinstance(stmt, Assign | Augment) or does.anything or _sum_of(stmt) != name:
                    return []
                value = stmt.values[0] if isinstance(stmt, Assign) else stmt.value
                if names(value) & bound or self.facts.classes(names(value)) & written:
                    return []
                found.insert(0, stmt)
                if isinstance(stmt, Assign):
                    return found if self.uses[name] == 2 * len(found) else []
            elif does.anything:
                return []
            bound |= does.binds
            written |= does.writes
        return []

    def terms(self, made: list[Assign | Augment]) -> list[Term]:
        found: list[Term] = []
        for stmt in made:
            minus = isinstance(stmt, Augment) and stmt.op == "-"
            value = stmt.value if isinstance(stmt, Augment) else stmt.values[0]
            found += [(e, sign != minus, axis, keeps) for e, sign, axis, keeps in _terms(value)]
        return found if len({one[2:] for one in found}) == 1 else []

    def together(self, terms: list[Term], before: list[Stmt]) -> list[Term]:
        """Two that are summed as one, where their sum has a name."""
        match terms:
            case [(Name(one), sign, axis, keeps), (Name(two), also, _, _)] if sign == also and one != two:
                pass
            case _:
                return []
        near = before[-FAR:]
        for k in range(len(near) - 1, -1, -1):
            match near[k]:
                case Assign((whole,), (Binary("+", Name(a), Name(b)),), saved="") if (
                    start := self.summands(whole, a, b, {one, two}, near[:k])
                ) is not None:
                    later = [self.facts.does(s) for s in near[k + 1 :] if not isinstance(s, Comment)]
                    first = [self.facts.does(s) for s in near[start:k] if not isinstance(s, Comment)]
                    if any(d.anything or d.writes & self.facts.classes({one, two}) for d in first):
                        return []
                    changed = {n for d in later for n in d.binds} & {one, two, whole}
                    held = self.facts.classes({one, two, whole})
                    if changed or any(d.anything or d.writes & held for d in later):
                        return []
                    return [(Name(whole), sign, axis, keeps)]
                case _:
                    pass
        return []

    def summands(self, whole: str, a: str, b: str, two: set[str], before: list[Stmt]) -> int | None:
        """Behind which of the statements ``whole = a + b`` is the sum of the two, whichever name they have."""
        if {a, b} == two:
            return len(before)
        other = b if a == whole else a if b == whole else ""
        for k in range(len(before) - 1, -1, -1) if other in two else ():
            match before[k]:
                case Assign((name,), (Name(first),), saved="") if name == whole:
                    binds = {n for s in before[k + 1 :] if not isinstance(s, Comment) for n in self.facts.does(s).binds}
                    return k + 1 if {first, other} == two and first not in binds else None
                case Comment():
                    pass
                case stmt if whole in self.facts.does(stmt).binds:
                    return None
        return None

    def dims(self, expr: Expr, before: list[Stmt]) -> Dims | None:
        """The sizes of what is of double precision."""
        match expr:
            case Name(id) if id not in self.kinds:  # a name for a part of an adjoint
                for k in range(len(before) - 1, max(len(before) - FAR, 0) - 1, -1):
                    match before[k]:
                        case Assign((name,), (value,), saved="") if name == id:
                            return self.dims(value, before[:k])
                        case Comment():
                            pass
                        case other if id in self.facts.does(other).binds:
                            return None
                return None
            case Name(id):
                kind = self.kinds.get(id)
                if isinstance(kind, Scalar):
                    return () if kind.type == "float" and kind.dtype in (None, "float64") else None
                if not isinstance(kind, Array) or kind.dtype != "float64" or kind.dims is None:
                    return None
                return None if None in kind.dims else tuple(self.equal.find(d) for d in kind.dims if d is not None)
            case Const():
                return () if is_number(expr) else None
            case Index(Attribute(_, "shape"), Const()) | Attribute(_, "size"):
                return ()
            case Call(Ref(target=Library("builtins", "len")), (_,), ()):
                return ()
            case Unary("-", operand):
                return self.dims(operand, before)
            case Binary("*" | "/" | "+" | "-", left, right):
                a, b = self.dims(left, before), self.dims(right, before)
                return None if a is None or b is None else spread_together(a, b)
            case _:
                return None
