"""Which kind each name has where it is read: one forward pass, with a fixed point at loops."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tangent_like.analysis import found_sizes
from tangent_like.analysis.constants import constant_kind
from tangent_like.analysis.seen import At, Earlier, Env, Kinds
from tangent_like.analysis.settling import settle
from tangent_like.analysis.spread_sums import SpreadSums
from tangent_like.analysis.tables_read import list_kind, part_kind
from tangent_like.errors import DifferentiationError, Place, UnsupportedError, place_at
from tangent_like.ir.blocks import leaves_function
from tangent_like.ir.leaves import plain
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Choose,
    Compare,
    Comprehension,
    Const,
    Dict,
    Do,
    Each,
    Expr,
    For,
    Fresh,
    Global,
    Hole,
    If,
    Index,
    Lambda,
    Library,
    List,
    Logic,
    Name,
    Opaque,
    Pop,
    Push,
    Ref,
    Return,
    SetOf,
    Slice,
    Starred,
    Stmt,
    Store,
    Try,
    Tuple,
    Unary,
    UserFunction,
    Walrus,
    While,
    With,
)
from tangent_like.ir.paths import unlike
from tangent_like.ir.walk import base_name, binds, children, reads, statements, stored_in
from tangent_like.kinds.dicts import grows, of_dicts, stored
from tangent_like.kinds.dims import Dim, Sizes, fixed, symbol
from tangent_like.kinds.kind import (
    BOOL,
    FLOAT,
    TEXT,
    UNKNOWN,
    Array,
    DictOf,
    Kind,
    ListOf,
    Plain,
    Scalar,
    Sequence,
    Unknown,
    alike,
    as_complex,
    as_list,
    is_complex,
    is_list,
    is_open,
    item_of,
    join,
    join_dtype,
    kind_of_value,
    numeric,
    of_dtype,
    without_sizes,
)
from tangent_like.kinds.lists import (
    as_array,
    as_nested,
    copied_list,
    joined,
    length_known,
    listed,
    takes_none,
    with_item,
    with_stored,
)
from tangent_like.kinds.operands import broadcast_kinds, of_spectra
from tangent_like.kinds.other_classes import of_other_class
from tangent_like.kinds.results import REAL_RESULTS, RESULTS, no_operand
from tangent_like.kinds.steps import (
    compared,
    concatenated,
    counted,
    element_kind,
    makes_array,
    of_literal,
    part_of_its_sizes,
    size_arithmetic,
    stays_whole,
    turns_of,
    unpacked,
)
from tangent_like.rules.apply import application, defined
from tangent_like.rules.dtypes import dtype_named
from tangent_like.rules.operands import LIST_OPERANDS, takes_arrays
from tangent_like.rules.over_complex import ASK_FOR_PARTS
from tangent_like.rules.rule import CALLED

CalleeKind = Callable[[UserFunction, Call, tuple[Kind, ...], Place], Kind]

# The methods of a text that give another.
OF_TEXT = frozenset({"lower", "lstrip", "removeprefix", "removesuffix", "rstrip", "strip", "upper"})


@dataclass(frozen=True, eq=False)
class Typing:
    """Kinds of names: ``before`` a statement what it reads, ``after`` it what it binds, ``overall`` of all bindings."""

    file: str
    sizes: Sizes
    callee: CalleeKind
    before: dict[Stmt, Env] = field(default_factory=dict)
    after: dict[Stmt, dict[str, Kind]] = field(default_factory=dict)
    overall: dict[str, Kind] = field(default_factory=dict)
    parts_of: list[Expr] = field(default_factory=list)  # parts of what may be real, for all that is known
    unseen: Unknown = UNKNOWN  # what a call gives of which nothing is known
    idle: frozenset[Expr] = frozenset()  # calls that no result depends on, see ``shifts``
    result: list[Kind] = field(default_factory=list)
    turns: dict[Stmt, str] = field(default_factory=dict)
    heads: dict[Stmt, str] = field(default_factory=dict)  # in the names of sizes with which a turn of a loop begins
    grown: frozenset[str] = frozenset()  # the names of lists that are written
    lengths: dict[Expr | Stmt, str] = field(default_factory=dict)
    built: dict[Stmt, str] = field(default_factory=dict)  # see ``built_lists``
    held: dict[str, tuple[str, Expr]] = field(default_factory=dict)  # see ``held_at_bounds``
    long: dict[str, Dim] = field(default_factory=dict)  # how long such a list is behind its loop
    passed: frozenset[str] = frozenset()  # those passed to functions of the user's
    steady: Mapping[str, str] = field(default_factory=dict)  # by name: the parameter that stays the same list
    params: dict[str, Kind] = field(default_factory=dict)
    earlier: Earlier = field(default_factory=Earlier)
    spread: SpreadSums = field(default_factory=SpreadSums)
    own_carried: dict[Stmt, dict[Expr, set[str]]] = field(default_factory=dict)
    # of each loop, as it was last looked into: its targets, the kinds before it, and those that it left
    settled: dict[Stmt, tuple[dict[str, Kind], dict[str, Kind], dict[str, Kind]]] = field(default_factory=dict)

    def carried(self, stmt: Stmt) -> dict[Expr, set[str]]:
        """Where ``carriers`` remembers what it found for expressions that a statement reads."""
        return self.own_carried.setdefault(stmt, {}) if self.idle else self.before[stmt].carried

    def seen(self, stmt: Stmt, env: Kinds) -> Env:
        """The kinds of what a statement reads; the table of before, if they are what they were."""
        kinds = {name: env[name] for name in reads(stmt) if name in env}
        known = self.earlier.before.get(stmt)
        if known is None or known != kinds:
            known = self.earlier.before[stmt] = Env(kinds)
        self.before[stmt] = known
        return known

    def at(self, stmt: Stmt) -> At:
        """The kind of an expression as the statement reads it."""
        return At(self, self.before[stmt])

    def place(self, expr: Expr) -> Place:
        at = getattr(expr, "at", None)
        return place_at(self.file, at)

    # -- expressions --

    def kind(self, expr: Expr, env: Kinds) -> Kind:
        """The kind of an expression; Unknown wherever nothing better is known, never a guess."""
        if isinstance(expr, Name):
            return env.get(expr.id, UNKNOWN)
        if not isinstance(env, Env):
            return self.kind_anew(expr, env)
        found = env.memo.get(expr)
        if found is None:
            found = env.memo[expr] = self.kind_anew(expr, env)
        return found

    def kind_anew(self, expr: Expr, env: Kinds) -> Kind:
        if isinstance(expr, Attribute | Index) and (part := part_kind(expr, self.sizes, self.kind)) is not None:
            return part
        match expr:
            case Const(value):
                return of_literal(value)
            case Compare():
                kinds = [self.kind(e, env) for e in (expr.left, *expr.rights)]
                return compared(expr.ops, kinds, self.sizes)
            case Logic(values=values):
                kinds = [self.kind(v, env) for v in values]
                return BOOL if all(k == BOOL for k in kinds) else self.join_all(kinds)
            case Unary("not"):
                return BOOL
            case Unary("~", operand):
                return self.kind(operand, env)
            case Binary("&" | "|" | "^" | "<<" | ">>", left, right):
                return broadcast_kinds([self.kind(left, env), self.kind(right, env)], self.sizes)
            case Binary(op, left, right):
                return self.arithmetic(expr, op, numeric(self.kind(left, env)), numeric(self.kind(right, env)), env)
            case Choose(_, body, orelse):
                return self.join(self.kind(body, env), self.kind(orelse, env))
            case Index(value, _):
                whole = self.kind(value, env)
                found = part_of_its_sizes(expr, whole, lambda e: self.kind(e, env), self.sizes, self.steady)
                return Unknown(False, is_complex(whole), found.overloads) if isinstance(found, Unknown) else found
            case Tuple(items):
                return Sequence(tuple(self.kind(i, env) for i in items), False, expr.of)
            case List(items):
                return Sequence(tuple(self.kind(i, env) for i in items), True)
            case Opaque():
                return TEXT if expr.is_text else UNKNOWN
            case Ref():
                return self.constant(expr)
            case Slice():
                return Plain("slice")
            case Attribute(value, "shape" | "size" | "ndim" as name):
                return RESULTS[{"ndim": "int"}.get(name, name)]({"x": self.kind(value, env)}, {}, self.sizes)
            case Attribute(_, "dtype"):
                return Plain("dtype")
            case Call(func=Ref(target=UserFunction() as target)):
                args = tuple(self.kind(a, env) for a in (*expr.args, *(a for _, a in expr.keywords)))
                return self.callee(target, expr, args, self.place(expr))
            case Call(Attribute(value, "tolist"), (), ()):
                return as_nested(self.kind(value, env))
            case Call(Ref(target=Library("builtins", "str" | "repr" | "format"))):
                return TEXT
            case Call(Attribute(value, name)) if name in OF_TEXT and self.kind(value, env) in (TEXT, UNKNOWN):
                return TEXT  # nothing else has these
            case Unary("-", operand) if (count := counted(self.kind(operand, env))) is not None:
                return Scalar("int", None, -count)
            case Unary() | Call() | Attribute():
                return self.applied(expr, env)
            case Fresh(name):
                return env.get("@" + name, UNKNOWN)  # beside the value that the name had before
            case Name(name):
                return env.get(name, UNKNOWN)
            case Hole():  # a parameter of a rule: a name of the user's may be the same
                return UNKNOWN
            case Lambda():
                return Plain("function")
            case Dict():
                return of_dicts(expr, lambda e: self.kind(e, env)) or UNKNOWN
            case SetOf() | Starred() | Walrus() | Comprehension():
                return UNKNOWN

    def arithmetic(self, expr: Expr, op: str, left: Kind, right: Kind, env: Kinds) -> Kind:
        if isinstance(left, Scalar) and isinstance(right, Scalar):
            if left.type == right.type == "int" and op in ("+", "-", "*", "//", "%"):
                value = size_arithmetic(op, left.value, right.value, self.sizes)
                if left.dtype is None and right.dtype is None:
                    return Scalar("int", None, value)
            kind = broadcast_kinds([left, right], self.sizes, floating=op == "/")
            if op == "**" and isinstance(kind, Scalar) and kind.type == "int":
                return Scalar("int", kind.dtype) if stays_whole(expr, left, right) else FLOAT
            return kind
        if isinstance(left, Sequence | ListOf) or isinstance(right, Sequence | ListOf) or TEXT in {left, right}:
            return self.applied(expr, env) if makes_array(op, left, right) else concatenated(op, left, right)
        return self.applied(expr, env)

    def applied(self, expr: Expr, env: Kinds) -> Kind:
        if (read := of_dicts(expr, lambda e: self.kind(e, env))) is not None:
            return read
        if (other := of_other_class(expr, lambda e: self.kind(e, env))) is not None:
            return other
        if (inner := copied_list(expr)) is not None:
            kind = self.kind(inner, env)
            method = isinstance(expr, Call) and isinstance(expr.func, Attribute)
            if not method or is_list(kind):
                return kind if method else listed(kind, self.sizes)
        at = At(self, env) if isinstance(env, Env) else None
        found = application(expr, lambda e: self.kind(e, env)) if at is None else at.application(expr)
        if found is None:
            return Unknown(complex=self.unseen.complex or self.holds_complex(expr, env))
        kinds = {name: numeric(self.kind(e, env), found.rule.kind) for name, e in found.operands.items()}
        if found.rule in ASK_FOR_PARTS and any(map(is_open, kinds.values())):
            self.parts_of.append(expr)
        arrays, operator = takes_arrays(found.rule), isinstance(expr, Binary)
        if arrays or operator:
            kinds = {n: k if arrays and n in LIST_OPERANDS else as_array(k, operator) for n, k in kinds.items()}
        over_complex = any(map(is_complex, kinds.values()))
        vague = Unknown(complex=over_complex or self.unseen.complex)
        if found.problem is not None and found.rule.kind != "array":
            return vague
        if found.rule.kind == "defined":
            try:
                return self.kind(defined(found, expr, lambda e: self.kind(e, env), self.place), env)
            except UnsupportedError:  # said where a derivative is asked for
                return vague
        if found.rule.kind == CALLED:
            return self.of_ruled(expr, env)
        result = RESULTS.get(found.rule.kind, RESULTS["unknown"])
        try:
            kind = no_operand(result(kinds, found.operands, self.sizes), kinds if arrays else {})
            if found.rule.kind == "array" and isinstance(kinds["x"], ListOf) and isinstance(kind, Array):
                kind = self.counted(expr, kind)
            if arrays and isinstance(kinds.get("arrays"), ListOf):
                kind = self.counted(expr, joined(result, kinds, found.operands, self.sizes))
            kind = as_complex(kind) if over_complex and found.rule.kind not in REAL_RESULTS else kind
            if found.dtype is None:
                return kind
            return of_dtype(kind, dtype_named(found.dtype, lambda e: self.kind(e, env)))
        except (StopIteration, IndexError, KeyError):  # too few arguments: the program raises of its own
            return vague

    def holds_complex(self, expr: Expr, env: Kinds) -> bool:
        """May what nothing is known of be made of complex numbers?"""
        return of_spectra(expr) or any(is_complex(self.kind(e, env)) for e in children(expr) if not isinstance(e, Ref))

    def of_ruled(self, expr: Expr, env: Kinds) -> Kind:
        """What a function returns that has a rule of the user's, by its body, if that can be read."""
        assert isinstance(expr, Call) and isinstance(expr.func, Ref)
        target = plain(expr.func.target)
        kinds = tuple(self.kind(e, env) for e in (*expr.args, *(e for _, e in expr.keywords)))
        if not isinstance(target, UserFunction):
            return self.unseen
        try:
            return self.callee(target, expr, kinds, self.place(expr))
        except DifferentiationError:  # it is never differentiated: it may hold what is not
            return self.unseen

    def counted(self, expr: Expr, kind: Array) -> Array:
        """An array made of a list is as long as the list is at that moment: a size with a name of its own."""
        if kind.dims is None:
            return kind
        dims = (length_known(expr, self.long) if kind.dims[0] is None else kind.dims[0], *kind.dims[1:])
        return found_sizes.sized(Array(dims, kind.dtype), self.size_name(expr))

    def size_name(self, key: Expr | Stmt) -> str:
        return found_sizes.named(self.lengths, key, self.params)

    def constant(self, ref: Ref) -> Kind:
        if isinstance(ref.target, Global):
            return list_kind(ref.target, self.sizes) or constant_kind(ref.target, lambda e: self.kind(e, {}))
        return kind_of_value(ref.target.obj) if isinstance(ref.target, Library) else UNKNOWN

    def element(self, kind: Kind) -> Kind:
        """What iterating over a value of this kind gives."""
        return element_kind(kind, self.sizes)

    def join(self, a: Kind | None, b: Kind | None) -> Kind:
        """Join, with sizes that are equal in this call taken as equal (and written down)."""
        if isinstance(a, Array) and isinstance(b, Array) and a.dims is not None and b.dims is not None:
            if len(a.dims) == len(b.dims):
                dims = tuple(x if self.sizes.joins(x, y) else None for x, y in zip(a.dims, b.dims, strict=True))
                return Array(dims, join_dtype(a, b))
        if isinstance(a, ListOf) and isinstance(b, ListOf) and a.item is not None and b.item is not None:
            return ListOf(self.join(a.item, b.item))
        return join(a, b)

    def join_all(self, kinds: list[Kind]) -> Kind:
        total: Kind | None = None
        for kind in kinds:
            total = self.join(total, kind)
        return total or UNKNOWN

    def block(self, block: Block, env: dict[str, Kind]) -> None:
        """Run a block over ``env``, in place, and write down what each statement sees."""
        for stmt in block:
            self.statement(stmt, env)

    def statement(self, stmt: Stmt, env: dict[str, Kind]) -> None:
        here = self.seen(stmt, env)
        match stmt:
            case Assign():
                for name, kind in self.assigned(stmt, here).items():
                    self.bind(stmt, name, kind, env)
            case Augment(target, _, value) if target in env and takes_none(value, here, self.passed):
                self.bind(stmt, target, env[target], env)
            case Augment(target, op, value):
                result = self.kind(Binary(op, Name(target), value), here)
                old = env.get(target, UNKNOWN)
                self.bind(stmt, target, old if isinstance(old, Array) else result, env)
            case If():
                outs = []
                for arm in stmt.arms:
                    inner = dict(env)
                    self.block(arm.body, inner)
                    if not leaves_function(arm.body):
                        outs.append(inner)
                inner = dict(env)
                self.block(stmt.orelse, inner)
                if not leaves_function(stmt.orelse):
                    outs.append(inner)
                self.meet(env, outs)
            case For(target):
                # within a turn the variable is a size like others; between turns it is another
                turn = self.turns.setdefault(stmt, f"{target}@{len(self.turns)}")
                counts = turns_of([(a, self.kind(a, here)) for a in stmt.args])
                self.sizes.counts(turn, *counts)
                self.spread.counted(stmt, *counts)
                self.loop(stmt, stmt.body, {target: Scalar("int", None, symbol(turn))}, env)
                if stmt in self.built and None not in counts and len(stmt.args) < 3:
                    self.long[self.built[stmt]] = self.sizes.clip(counts[1] - counts[0] + fixed(1))  # type: ignore[operator]
            case Each(target, iterable) if takes_none(Index(iterable, Const(0)), here, self.passed):
                inner = dict(env)  # no turn so far
                self.loop(stmt, stmt.body, {target: UNKNOWN}, inner)
                env.update({name: kind for name, kind in inner.items() if name not in env})
            case Each(target, iterable):
                self.spread.over(stmt, kind := self.kind(iterable, here))
                self.loop(stmt, stmt.body, {target: self.element(kind)}, env)
            case While():
                self.loop(stmt, stmt.body, {}, env)
            case With():
                for name in binds(stmt):
                    self.bind(stmt, name, UNKNOWN, env)
                self.block(stmt.body, env)
            case Try():
                self.attempt(stmt, env)
            case Push(list_, value) if takes_none(value, here, self.passed):
                self.bind(stmt, list_, as_list(env.get(list_, UNKNOWN)), env)
            case Push(list_, value):
                self.bind(stmt, list_, with_item(env.get(list_, UNKNOWN), self.kind(value, here), self.join), env)
            case Pop(target, list_):
                kind = as_list(env.get(list_, UNKNOWN))
                if isinstance(target, Name):
                    popped = item_of(kind) if isinstance(kind, ListOf) else None
                    self.bind(stmt, target.id, popped or UNKNOWN, env)
            case Store(Index() as target, _, value) if is_list(env.get(name := base_name(target) or "")):
                item = self.kind(value if not stmt.op else Binary(stmt.op, target, value), here)
                self.bind(stmt, name, with_stored(env[name], target, item, self.join), env)
            case Store(Index(Name(id))) if isinstance(table := env.get(id), DictOf):
                self.bind(stmt, id, stored(table, stmt, lambda e: self.kind(e, here)), env)
            case Do(value):
                self.kind(value, here)  # a call made for its effect is looked into as well
            case Return(value) if value is not None:
                self.result.append(self.kind(value, here))
            case _:
                pass

    def attempt(self, stmt: Try, env: dict[str, Kind]) -> None:
        start, outs = dict(env), []
        self.block(stmt.body, env)
        for handler in stmt.handlers:
            inner = dict(start)
            if handler.name:
                self.bind(stmt, handler.name, UNKNOWN, inner)
            self.block(handler.body, inner)
            if stmt.failed and not leaves_function(handler.body):
                outs.append(inner)
        if outs:
            self.meet(env, [dict(env), *outs])
        self.block(stmt.final, env)

    def assigned(self, stmt: Assign, env: Kinds) -> dict[str, Kind]:
        if len(stmt.targets) == len(stmt.values):
            pairs = zip(stmt.targets, stmt.values, strict=True)
            kinds = {name: self.kind(value, env) for name, value in pairs}
            kinds = found_sizes.of_one(kinds, lambda: self.size_name(stmt), self.file)
            return {name: self.of_list(name, kind) for name, kind in kinds.items()}
        kind = found_sizes.of_several(stmt.values[0], self.kind(stmt.values[0], env), lambda: self.size_name(stmt))
        return unpacked(stmt.targets, kind, self.sizes)

    def of_list(self, name: str, kind: Kind) -> Kind:
        """A list that is written, or that others may write, has a length that is not known."""
        if name in self.grown:
            return as_list(kind)
        if isinstance(kind, Sequence) and kind.is_list and alike(kind.items):
            same = len({without_sizes(k) if isinstance(k, Scalar) else k for k in kind.items}) <= 1
            return as_list(kind) if same or name in self.passed else kind
        return kind

    def bind(self, stmt: Stmt, name: str, kind: Kind, env: dict[str, Kind]) -> None:
        env[name] = kind
        self.after.setdefault(stmt, {})[name] = kind

    def meet(self, env: dict[str, Kind], outs: list[dict[str, Kind]]) -> None:
        for name in {n: None for out in outs for n in unlike(env, out)}:
            kind: Kind | None = outs[0].get(name)
            for out in outs[1:]:
                if out.get(name) is not kind:
                    kind = self.join(kind, out.get(name))
            assert kind is not None
            env[name] = kind

    def loop(self, stmt: Stmt, body: Block, targets: dict[str, Kind], env: dict[str, Kind]) -> None:
        inside = list(statements(body))
        bound = {n for inner in inside for n in binds(inner)} | set(targets)
        bound |= {n for n in stored_in(body) if grows(env.get(n)) or n in self.grown}
        asked = bound.union(*map(reads, (stmt, *inside)))
        given = {n: env[n] for n in asked if n in env}
        if stmt not in self.settled or self.settled[stmt][:2] != (targets, given):
            settle(self, stmt, body, targets, bound, env)
            self.settled[stmt] = targets, given, {n: env[n] for n in bound if n in env}
        self.sizes.used.update(dict.fromkeys(self.spread.asked.get(stmt, ())))
        env.update(self.settled[stmt][2])  # as a loop around it found, the turn before, maybe
