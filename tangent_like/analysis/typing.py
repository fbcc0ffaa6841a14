"""Which kind each name has where it is read: one forward pass, with a fixed point at loops."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tangent_like.analysis.constants import constant_kind
from tangent_like.errors import Place, UnsupportedError, place_at
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
    Function,
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
    Raise,
    Ref,
    Return,
    SetOf,
    Slice,
    Starred,
    Stmt,
    Try,
    Tuple,
    Unary,
    UserFunction,
    Walrus,
    While,
    With,
)
from tangent_like.ir.walk import binds, blocks, reads
from tangent_like.kinds.dims import Dim, Sizes, fixed, symbol
from tangent_like.kinds.indexing import indexed
from tangent_like.kinds.kind import (
    BOOL,
    FLOAT,
    INT,
    TEXT,
    UNKNOWN,
    Array,
    Kind,
    Plain,
    Scalar,
    Sequence,
    is_scalar,
    join,
    kind_of_value,
    of_dtype,
)
from tangent_like.kinds.operands import broadcast_kinds
from tangent_like.kinds.results import RESULTS
from tangent_like.rules.apply import application, defined, dtype_named

Kinds = Mapping[str, Kind]
CalleeKind = Callable[[UserFunction, Call, tuple[Kind, ...], Place], Kind]


class Env(dict[str, Kind]):
    """The kinds of names at one place, with those of the expressions that were asked for there."""

    def __init__(self, kinds: Mapping[str, Kind] | None = None) -> None:
        super().__init__(kinds or {})
        self.memo: dict[Expr, Kind] = {}

    def __setitem__(self, name: str, kind: Kind) -> None:
        if name in self:
            self.memo.clear()
        super().__setitem__(name, kind)


@dataclass(frozen=True, eq=False)
class Typing:
    """``before[stmt]`` gives the kinds of the names that a statement reads, as they are before it.

    ``after[stmt]`` those of the names that it binds. ``overall[name]`` is the join over all bindings.
    """

    file: str
    sizes: Sizes
    callee: CalleeKind
    before: dict[Stmt, Env] = field(default_factory=dict)
    after: dict[Stmt, dict[str, Kind]] = field(default_factory=dict)
    overall: dict[str, Kind] = field(default_factory=dict)
    result: list[Kind] = field(default_factory=list)
    turns: dict[Stmt, str] = field(default_factory=dict)

    def at(self, stmt: Stmt) -> Callable[[Expr], Kind]:
        """The kind of an expression as the statement reads it."""
        env = self.before[stmt]
        return lambda expr: self.kind(expr, env)

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
        match expr:
            case Name(id):
                return env.get(id, UNKNOWN)
            case Const(value):
                return _of_literal(value)
            case Compare():
                kinds = [self.kind(e, env) for e in (expr.left, *expr.rights)]
                return _compared(expr.ops, kinds, self.sizes)
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
                return self.arithmetic(expr, op, self.kind(left, env), self.kind(right, env), env)
            case Choose(_, body, orelse):
                return self.join(self.kind(body, env), self.kind(orelse, env))
            case Index(value, index):
                return indexed(self.kind(value, env), index, lambda e: self.kind(e, env), self.sizes)
            case Tuple(items):
                return Sequence(tuple(self.kind(i, env) for i in items))
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
                args = tuple(self.kind(a, env) for a in expr.args)
                args += tuple(self.kind(a, env) for _, a in expr.keywords)
                return self.callee(target, expr, args, self.place(expr))
            case Unary() | Call() | Attribute():
                return self.applied(expr, env)
            case Fresh(name):
                return env.get("@" + name, UNKNOWN)  # beside the value that the name had before
            case Hole(name):
                return env.get(name, UNKNOWN)
            case Lambda():
                return Plain("function")
            case Dict() | SetOf() | Starred() | Walrus() | Comprehension():
                return UNKNOWN

    def arithmetic(self, expr: Expr, op: str, left: Kind, right: Kind, env: Kinds) -> Kind:
        if isinstance(left, Scalar) and isinstance(right, Scalar):
            if left.type == right.type == "int" and op in "+-*//%":
                value = _size_arithmetic(op, left.value, right.value, self.sizes)
                if left.dtype is None and right.dtype is None:
                    return Scalar("int", None, value)
            kind = broadcast_kinds([left, right], self.sizes, floating=op == "/")
            if op == "**" and isinstance(kind, Scalar) and kind.type == "int":
                return Scalar("int", kind.dtype) if _positive(expr) else FLOAT
            return kind
        if isinstance(left, Sequence) or isinstance(right, Sequence) or TEXT in {left, right}:
            return _concatenated(op, left, right)
        return self.applied(expr, env)

    def applied(self, expr: Expr, env: Kinds) -> Kind:
        found = application(expr, lambda e: self.kind(e, env), self.place)
        if found is None:
            return UNKNOWN
        kinds = {name: self.kind(e, env) for name, e in found.operands.items()}
        if found.problem is not None and found.rule.kind != "array":
            return UNKNOWN
        if found.rule.kind == "defined":
            try:
                return self.kind(defined(found, expr, lambda e: self.kind(e, env), self.place), env)
            except UnsupportedError:  # said where a derivative is asked for
                return UNKNOWN
        result = RESULTS.get(found.rule.kind, RESULTS["unknown"])
        try:
            kind = result(kinds, found.operands, self.sizes)
            if found.dtype is None:
                return kind
            return of_dtype(kind, dtype_named(found.dtype, lambda e: self.kind(e, env)))
        except (
            StopIteration,
            IndexError,
            KeyError,
        ):  # too few arguments: the program raises of its own
            return UNKNOWN

    def constant(self, ref: Ref) -> Kind:
        target = ref.target
        if isinstance(target, Global):
            return constant_kind(target, lambda e: self.kind(e, {}))
        if isinstance(target, Library):
            return kind_of_value(target.obj)
        return UNKNOWN

    def element(self, kind: Kind) -> Kind:
        """What iterating over a value of this kind gives."""
        return _element_kind(kind, self.sizes)

    def join(self, a: Kind | None, b: Kind | None) -> Kind:
        """Join, with sizes that are equal in this call taken as equal (and written down)."""
        if isinstance(a, Array) and isinstance(b, Array) and a.dims is not None and b.dims is not None:
            if len(a.dims) == len(b.dims):
                dims = tuple(x if self.sizes.same(x, y) else None for x, y in zip(a.dims, b.dims, strict=True))
                return Array(dims, a.dtype if a.dtype == b.dtype else None)
        return join(a, b)

    def join_all(self, kinds: list[Kind]) -> Kind:
        total: Kind | None = None
        for kind in kinds:
            total = self.join(total, kind)
        return total or UNKNOWN

    # -- statements --

    def block(self, block: Block, env: dict[str, Kind]) -> None:
        """Run a block over ``env``, in place, and write down what each statement sees."""
        for stmt in block:
            self.statement(stmt, env)

    def statement(self, stmt: Stmt, env: dict[str, Kind]) -> None:
        wanted = reads(stmt)
        self.before[stmt] = Env({name: env[name] for name in wanted if name in env})
        match stmt:
            case Assign():
                for name, kind in self.assigned(stmt, env).items():
                    self.bind(stmt, name, kind, env)
            case Augment(target, op, value):
                result = self.kind(Binary(op, Name(target), value), env)
                old = env.get(target, UNKNOWN)
                self.bind(stmt, target, old if isinstance(old, Array) else result, env)
            case If():
                outs = []
                for arm in stmt.arms:
                    inner = dict(env)
                    self.block(arm.body, inner)
                    if not _leaves(arm.body):
                        outs.append(inner)
                inner = dict(env)
                self.block(stmt.orelse, inner)
                if not _leaves(stmt.orelse):
                    outs.append(inner)
                self.meet(env, outs)
            case For(target):
                # within a turn the variable is a size like others; between turns it is another
                turn = self.turns.setdefault(stmt, f"{target}@{len(self.turns)}")
                self.loop(stmt, stmt.body, {target: Scalar("int", None, symbol(turn))}, env)
            case Each(target, iterable):
                element = _element_kind(self.kind(iterable, env), self.sizes)
                self.loop(stmt, stmt.body, {target: element}, env)
            case While():
                self.loop(stmt, stmt.body, {}, env)
            case With():
                for name in binds(stmt):
                    self.bind(stmt, name, UNKNOWN, env)
                self.block(stmt.body, env)
            case Try():
                self.attempt(stmt, env)
            case Pop():
                pass
            case Do(value):
                self.kind(value, env)  # a call made for its effect is looked into as well
            case Return(value) if value is not None:
                self.result.append(self.kind(value, env))
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
            if stmt.failed and not _leaves(handler.body):
                outs.append(inner)
        if outs:
            self.meet(env, [dict(env), *outs])
        self.block(stmt.final, env)

    def assigned(self, stmt: Assign, env: Kinds) -> dict[str, Kind]:
        if len(stmt.targets) == len(stmt.values):
            pairs = zip(stmt.targets, stmt.values, strict=True)
            return {name: self.kind(value, env) for name, value in pairs}
        kind = self.kind(stmt.values[0], env)
        count = len(stmt.targets)
        if isinstance(kind, Sequence) and len(kind.items) == count:
            return dict(zip(stmt.targets, kind.items, strict=True))
        if isinstance(kind, Array) and kind.dims:
            return dict.fromkeys(stmt.targets, _element_kind(kind, self.sizes))
        if kind == Plain("shape"):
            return dict.fromkeys(stmt.targets, INT)
        return dict.fromkeys(stmt.targets, UNKNOWN)

    def bind(self, stmt: Stmt, name: str, kind: Kind, env: dict[str, Kind]) -> None:
        env[name] = kind
        self.after.setdefault(stmt, {})[name] = kind
        self.overall[name] = self.join(self.overall[name], kind) if name in self.overall else kind

    def meet(self, env: dict[str, Kind], outs: list[dict[str, Kind]]) -> None:
        if not outs:
            return
        first, *others = outs
        for name in {n: None for out in outs for n in out}:
            kind: Kind | None = first.get(name)
            for out in others:
                if out.get(name) is not kind:
                    kind = self.join(kind, out.get(name))
            assert kind is not None
            env[name] = kind

    def loop(self, stmt: Stmt, body: Block, targets: dict[str, Kind], env: dict[str, Kind]) -> None:
        bound = {n for inner in _walk(body) for n in binds(inner)} | set(targets)
        for turn in range(12):
            before = {name: env.get(name) for name in bound}
            inner = dict(env)
            for name, kind in targets.items():
                self.bind(stmt, name, kind, inner)
            self.before[stmt] = Env({name: env[name] for name in reads(stmt) if name in env})
            self.block(body, inner)
            changed = False
            own = self.turns.get(stmt)
            for name in bound:
                if name not in inner:
                    continue
                inner[name] = without(inner[name], own)
                kind = self.join(env.get(name), inner[name]) if name in env else inner[name]
                if turn > 6 and before[name] is not None and kind != before[name]:
                    kind = UNKNOWN if not isinstance(kind, Array) else Array(None, kind.dtype)
                if kind != before[name]:
                    env[name] = kind
                    changed = True
            if not changed:
                return


def _walk(body: Block) -> list[Stmt]:
    out: list[Stmt] = []
    for stmt in body:
        out.append(stmt)
        for inner in blocks(stmt):
            out.extend(_walk(inner))
    return out


def without(kind: Kind, turn: str | None) -> Kind:
    """The kind with sizes forgotten that the variable of a loop is part of: the next turn has another."""
    if turn is None:
        return kind
    if isinstance(kind, Array) and kind.dims is not None:
        return Array(tuple(None if d is not None and turn in str(d) else d for d in kind.dims), kind.dtype)
    if isinstance(kind, Scalar) and kind.value is not None and turn in str(kind.value):
        return Scalar(kind.type, kind.dtype, None, kind.mixed)
    if isinstance(kind, Sequence):
        return Sequence(tuple(without(i, turn) for i in kind.items), kind.is_list)
    return kind


def _leaves(body: Block) -> bool:
    """Does the block end by raising or returning, so that nothing after it sees its names?"""
    return bool(body) and isinstance(body[-1], Raise | Return)


def infer(function: Function, params: Mapping[str, Kind], sizes: Sizes, callee: CalleeKind) -> Typing:
    """The kinds in a function whose parameters have the kinds ``params``."""
    typing = Typing(function.origin.file, sizes, callee)
    env = dict(params)
    typing.overall.update(params)
    typing.block(function.body, env)
    return typing


def _of_literal(value: object) -> Kind:
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, int):
        return Scalar("int", None, fixed(value))
    return kind_of_value(value)


def _compared(ops: tuple[str, ...], kinds: list[Kind], sizes: Sizes) -> Kind:
    if any(op in ("is", "is not", "in", "not in") for op in ops) or len(ops) > 1:
        return BOOL
    if all(is_scalar(k) or isinstance(k, Plain | Sequence) for k in kinds):
        return BOOL
    kind = broadcast_kinds(kinds, sizes)
    if isinstance(kind, Array):
        return Array(kind.dims, "bool")
    return BOOL if isinstance(kind, Scalar) else Plain("comparison")


def _element_kind(kind: Kind, sizes: Sizes) -> Kind:
    if isinstance(kind, Array) and kind.dims:
        return indexed(kind, Const(0), lambda _: INT, sizes)
    if isinstance(kind, Sequence) and kind.items:
        total: Kind | None = None
        for item in kind.items:
            total = join(total, item)
        return total or UNKNOWN
    return UNKNOWN


def _size_arithmetic(op: str, a: Dim | None, b: Dim | None, sizes: Sizes) -> Dim | None:
    if a is None or b is None:
        return None
    match op:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            if a.known is not None:
                return b.times(a.known)
            return a.times(b.known) if b.known is not None else sizes.product([a, b])
        case "//":
            return sizes.quotient(a, b)
        case _:
            return None


def _positive(expr: Expr) -> bool:
    from tangent_like.kinds.operands import literal

    if isinstance(expr, Binary):
        value = literal(expr.right)
        return isinstance(value, int) and value >= 0
    return False


def _concatenated(op: str, left: Kind, right: Kind) -> Kind:
    if op == "+" and isinstance(left, Sequence) and isinstance(right, Sequence):
        return Sequence(left.items + right.items, left.is_list)
    if TEXT in (left, right):
        return TEXT
    return UNKNOWN
