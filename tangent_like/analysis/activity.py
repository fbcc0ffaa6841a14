"""What depends on the arguments asked for (*varied*), what the result depends on (*useful*), and both (*active*)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tangent_like.analysis.aliases import Aliases
from tangent_like.analysis.failing import failing_arms
from tangent_like.analysis.seen import At
from tangent_like.analysis.typing import Typing
from tangent_like.errors import UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.build import followed
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Block,
    Call,
    Choose,
    Compare,
    Const,
    Dict,
    Each,
    Expr,
    For,
    Fresh,
    Function,
    GradOf,
    Hole,
    If,
    Index,
    List,
    Logic,
    Name,
    Opaque,
    Pop,
    Push,
    Raise,
    Ref,
    Return,
    Slice,
    Stmt,
    Store,
    Try,
    Tuple,
    Unary,
    UserFunction,
    While,
    With,
)
from tangent_like.ir.nodes import Binary as BinaryNode
from tangent_like.ir.walk import base_name, names, reads, statements
from tangent_like.kinds.dicts import got, keys_of
from tangent_like.kinds.kind import FLOAT, Array, DictOf, ListOf, Plain, Sequence, is_float

Memo = dict[Expr, set[str]]
Names = frozenset[str]
NONE: Names = frozenset()


def carriers(expr: Expr, at: At, typing: Typing, memo: Memo | None = None) -> set[str]:
    """The names through which the value of ``expr`` can carry a derivative.

    Indices, shapes, comparisons, integers and what a rule calls constant carry none.
    """
    match expr:
        case Const() | Ref() | Compare() | Slice() | Hole() | Fresh():
            return set()
        case Name(id):
            return {id} if is_float(at(expr)) else set()
    if expr in typing.idle:
        return set()
    if memo is not None and expr in memo:
        return memo[expr]
    found = _carriers(expr, at, typing, memo) if is_float(at(expr)) else set()
    if memo is not None:
        memo[expr] = found
    return found


def _carriers(expr: Expr, at: At, typing: Typing, memo: Memo | None) -> set[str]:
    match expr:
        case Index(value):
            return carriers(value, at, typing, memo)
        case Choose(_, body, orelse):
            return carriers(body, at, typing, memo) | carriers(orelse, at, typing, memo)
        case Tuple(items) | List(items) | Logic(values=items) | Dict(values=items):
            return _union(items, at, typing, memo)
        case Call() if keys_of(expr, at) is not None:
            return set()  # see ``refuse_keys``
        case Call(Attribute(_, "get")) if (read := got(expr, at)) is not None:
            return _union((read.place.value, read.default), at, typing, memo)
        case Opaque(reads=names):
            return {n for n in names if is_float(at(Name(n)))}
        case Call(Ref(target=UserFunction())):
            return _union((*expr.args, *(v for _, v in expr.keywords)), at, typing, memo)
        case Unary() | BinaryNode() | Call() | Attribute():
            applied = at.application(expr)
            if applied is not None:
                if applied.rule.form == "constant":
                    return set()
                inactive = applied.rule.inactive if applied.problem is None else ()
                flowing = (e for n, e in applied.operands.items() if n not in inactive)
                return _union(flowing, at, typing, memo)
            if isinstance(expr, Call):
                inner = (*expr.args, *(v for _, v in expr.keywords))
                inner = (*inner, expr.func.value if isinstance(expr.func, Attribute) else expr.func)
                return _union(inner, at, typing, memo)
            if isinstance(expr, Attribute):
                return carriers(expr.value, at, typing, memo)
    return set()


def carriers_at(stmt: Stmt, expr: Expr, typing: Typing) -> set[str]:
    """The names through which the value of an expression that ``stmt`` reads can carry a derivative."""
    return carriers(expr, typing.at(stmt), typing, typing.carried(stmt))


def argument_carriers(expr: Expr, at: At, typing: Typing) -> set[str]:
    """The names through which a call that writes memory is given what carries a derivative."""
    assert isinstance(expr, Call)
    return _union((*expr.args, *(v for _, v in expr.keywords)), at, typing, None)


def _union(items: Iterable[Expr], at: At, typing: Typing, memo: Memo | None) -> set[str]:
    found: set[str] = set()
    for item in items:
        found |= carriers(item, at, typing, memo)
    return found


@dataclass(frozen=True, eq=False)
class Activity:
    """``varied_reads[stmt]``: the varied names that a statement reads. ``acts``: statements with a reverse
    half, each with the targets whose adjoints flow in.

    ``before[stmt]``, for branches and loops: what is active right before (for a loop: at its top).
    ``end[loop]``: what is active where the body ends. ``unasked[branch, arm]``: what is active before the branch
    on other paths only. All by representative (see ``Aliases.rep``).
    """

    aliases: Aliases
    varied_reads: dict[Stmt, Names] = field(default_factory=dict)
    acts: dict[Stmt, Names] = field(default_factory=dict)
    before: dict[Stmt, Names] = field(default_factory=dict)
    end: dict[Stmt, Names] = field(default_factory=dict)
    after: dict[Stmt, Names] = field(default_factory=dict)  # useful after a branch, a loop, a ``pop``
    starts: dict[Stmt, tuple[Names, ...]] = field(default_factory=dict)  # useful where each block begins
    unasked: dict[tuple[Stmt, int], Names] = field(default_factory=dict)  # of arms where a ``try`` has failed
    gone: set[tuple[Stmt, int]] = field(default_factory=set)  # arms of branches that end in an exception
    entry: list[Names] = field(default_factory=list)
    varied_result: list[bool] = field(default_factory=list)

    def is_varied(self, stmt: Stmt, expr: Expr, typing: Typing) -> bool:
        """Does the value of ``expr``, read by ``stmt``, depend on the arguments asked for?"""
        return bool(carriers_at(stmt, expr, typing) & self.varied_reads.get(stmt, NONE))


def find_activity(
    function: Function, typing: Typing, aliases: Aliases, wrt: Iterable[str], lent: Iterable[str] = ()
) -> Activity:
    """Forward for varied, backward for useful; loops to their fixed points.

    ``lent`` are parameters whose memory the caller sees written: useful where the function ends.
    """
    facts = Activity(aliases)
    forward = _Varied(typing, aliases, facts)
    forward.escapes = not any(isinstance(s, Try) and s.handlers for s in statements(function.body))
    varied = {aliases.rep(name) for name in wrt}
    forward.block(function.body, varied)
    refuse_keys(function, typing, forward)
    backward = _Useful(typing, aliases, facts, forward)
    useful = {aliases.rep(name) for name in lent}
    backward.block(function.body, useful)
    facts.entry.append(frozenset(useful))
    return facts


def refuse_keys(function: Function, typing: Typing, forward: _Varied) -> None:
    """A key that carries a derivative is one to ask and to put by; what a loop over the keys gives is a constant."""
    for stmt in statements(function.body):
        for value in stmt.values if isinstance(stmt, Assign) else ():
            table = keys_of(value, typing.at(stmt))
            if isinstance(table, Name) and forward.aliases.rep(table.id) in forward.keyed:
                what = f"a loop over the dict {table.id!r}, whose keys carry derivatives, is not differentiated"
                raise UnsupportedError(what, place_of(stmt.origin), "make the keys whole numbers (int) or texts")


class _Varied:
    def __init__(self, typing: Typing, aliases: Aliases, facts: Activity) -> None:
        self.typing, self.aliases, self.facts = typing, aliases, facts
        self.after: dict[Stmt, set[str]] = {}  # of simple statements: which targets are varied after
        self.top: dict[Stmt, set[str]] = {}
        self.end: dict[Stmt, set[str]] = {}
        self.keyed: set[str] = set()  # dicts with keys that are varied
        self.escapes = True  # what is raised leaves the function
        self.settled: dict[Stmt, tuple[Names, Names]] = {}  # of a loop: before it and after, when last looked into

    def block(self, block: Block, varied: set[str]) -> None:
        for stmt in block:
            self.statement(stmt, varied)

    def carries(self, stmt: Stmt, expr: Expr, varied: set[str]) -> bool:
        return any(self.aliases.rep(n) in varied for n in carriers_at(stmt, expr, self.typing))

    def statement(self, stmt: Stmt, varied: set[str]) -> None:
        rep = self.aliases.rep
        self.facts.varied_reads[stmt] = frozenset([n for n in reads(stmt) if rep(n) in varied])
        match stmt:
            case Assign(targets, values):
                if len(targets) == len(values):
                    flags = [self.carries(stmt, v, varied) for v in values]
                else:
                    flags = [self.carries(stmt, values[0], varied)] * len(targets)
                flags = [f and is_float(self.typing.after[stmt][t]) for t, f in zip(targets, flags, strict=True)]
                for target, flag in zip(targets, flags, strict=True):
                    self.bind(target, flag, varied)
                shown = [k for v in values if isinstance(v, Dict) for k in v.keys if k is not None]
                if any(self.carries(stmt, k, varied) for k in shown):
                    self.keyed.update(map(rep, targets))
                self.after[stmt] = {rep(t) for t in targets if rep(t) in varied}
                if stmt.writes:
                    read = argument_carriers(values[0], self.typing.at(stmt), self.typing)
                    floats = [n for n in stmt.writes if is_float(self.typing.before[stmt].get(n) or _FLOAT)]
                    if any(rep(n) in varied for n in read):
                        varied.update(map(rep, floats))
                    self.after[stmt] |= {rep(n) for n in floats} & varied
            case Store(target, _, value):
                name = base_name(target)
                if name is not None:
                    kind = self.typing.before[stmt].get(name)
                    whole = isinstance(target.index, Const) and target.index.value is ...
                    if isinstance(kind, ListOf) and whole and isinstance(target.value, Name):
                        at = place_of(stmt.origin)
                        raise UnsupportedError(f"what writes the list {name!r} here", at, "make it an array: np.array")
                    if isinstance(kind, Plain | Sequence):
                        raise UnsupportedError(
                            f"a store into {name!r}, which is no array,", place_of(stmt.origin), "use an array"
                        )
                    if isinstance(kind, DictOf) and not isinstance(target.value, Name):
                        at = place_of(stmt.origin)
                        raise UnsupportedError(f"a store into what the dict {name!r} holds", at, "keep numbers in it")
                    if isinstance(kind, DictOf) and self.carries(stmt, target.index, varied):
                        self.keyed.add(rep(name))
                    if isinstance(kind, DictOf | ListOf):  # it holds what is put into it, whatever it held
                        kind = self.typing.after[stmt][name]
                    if self.carries(stmt, value, varied) and is_float(kind or _FLOAT):
                        varied.add(rep(name))
                    self.after[stmt] = {rep(name)} & varied
            case Augment(target, _, value):
                if self.carries(stmt, value, varied) and is_float(self.typing.after[stmt][target]):
                    varied.add(rep(target))
                self.after[stmt] = {rep(target)} & varied
            case Push(list_, value):
                self.refuse_other(stmt, list_)
                if self.carries(stmt, value, varied):
                    varied.add(rep(list_))
                self.after[stmt] = {rep(list_)} & varied
            case Pop(target, list_):
                self.refuse_other(stmt, list_)
                if isinstance(target, Name):
                    flag = rep(list_) in varied and is_float(self.typing.after[stmt][target.id])
                    self.bind(target.id, flag, varied)
                self.after[stmt] = {rep(list_)} & varied
            case If():
                self.top[stmt] = set(varied)
                outs = []
                for k, body in enumerate((*(a.body for a in stmt.arms), stmt.orelse)):
                    inner = set(varied)
                    self.block(body, inner)
                    if self.escapes and body and isinstance(body[-1], Raise):
                        self.facts.gone.add((stmt, k))
                    else:
                        outs.append(inner)
                varied.clear()
                varied.update(*outs)
            case For(target):
                self.loop(stmt, stmt.body, varied, lambda v: self.bind(target, False, v))
            case Each(target, iterable):
                flag = self.carries(stmt, iterable, varied)
                self.loop(stmt, stmt.body, varied, lambda v: self.bind(target, flag, v))
            case While():
                self.loop(stmt, stmt.body, varied, _nothing)
            case With():
                self.entered(stmt, varied)
                self.block(stmt.body, varied)
            case Try():
                self.top[stmt] = set(varied)
                inner = set(varied)
                self.block(stmt.body, inner)
                if stmt.failed:
                    varied |= inner
                else:
                    varied.clear()
                    varied |= inner
                for handler in stmt.handlers:
                    self.bind(handler.name, False, varied)
                    self.block(handler.body, set(self.top[stmt]))
                self.block(stmt.final, varied)
            case Return(value):
                self.facts.varied_result.append(value is not None and self.carries(stmt, value, varied))
            case _:
                pass

    def entered(self, stmt: With, varied: set[str]) -> None:
        """What a context is made of and gives carries no derivative; what it may write is not followed."""
        kind_of = self.typing.at(stmt)
        for item in stmt.items:
            for name in sorted(names(item.context)):
                if self.aliases.rep(name) in varied or isinstance(kind_of(Name(name)), Array):
                    raise UnsupportedError(
                        f"{name!r} goes into a context manager, and what that does with it is not known",
                        place_of(stmt.origin),
                        "give the context manager numbers and texts that do not depend on the arguments",
                    )
            if item.name:
                self.bind(item.name, False, varied)

    def refuse_other(self, stmt: Push | Pop, name: str) -> None:
        kind = self.typing.before[stmt].get(name)
        if not isinstance(kind, ListOf) and not (isinstance(kind, Sequence) and kind.is_list):
            what = ".append()" if isinstance(stmt, Push) else ".pop()"
            raise UnsupportedError(
                f"{what} of {name!r}, which is not known to be a list,",
                place_of(stmt.origin),
                "begin with a list display, or annotate it: list[float]",
            )

    def bind(self, name: str, flag: bool, varied: set[str]) -> None:
        if flag:
            varied.add(self.aliases.rep(name))
        elif not self.aliases.is_shared(name):
            varied.discard(name)

    def loop(self, stmt: Stmt, body: Block, varied: set[str], start: Callable[[set[str]], None]) -> None:
        given = frozenset(varied)
        known = self.settled.get(stmt)
        if known is not None and known[0] == given:
            varied |= known[1]
            read = reads(stmt)
            self.facts.varied_reads[stmt] = frozenset([n for n in read if self.aliases.rep(n) in varied])
            return
        while True:
            top = set(varied)
            inner = set(varied)
            start(inner)
            read = reads(stmt)
            self.facts.varied_reads[stmt] = frozenset([n for n in read if self.aliases.rep(n) in varied])
            self.block(body, inner)
            varied |= inner
            if varied == top:
                break
        self.top[stmt] = top
        self.end[stmt] = inner
        self.settled[stmt] = given, frozenset(varied)


_FLOAT = FLOAT


def _nothing(varied: set[str]) -> None:
    """A loop that binds no variable."""
    del varied


class _Useful:
    def __init__(self, typing: Typing, aliases: Aliases, facts: Activity, varied: _Varied) -> None:
        self.typing, self.aliases, self.facts, self.varied = typing, aliases, facts, varied
        self.settled: dict[Stmt, Names] = {}  # of a loop: what was useful before it, when last looked into

    def block(self, block: Block, useful: set[str]) -> None:
        behind: Stmt | None = None
        for stmt in reversed(block):
            arms = failing_arms(stmt, behind)
            if behind is None or not arms:
                self.statement(stmt, useful)
            else:
                self.statement(stmt, useful, NONE.union(*(self.facts.starts[behind][k] for k in arms)))
                unasked = self.facts.before[behind] - self.facts.before[stmt]
                self.facts.unasked.update({(behind, k): unasked for k in arms})
            behind = stmt

    def carriers(self, stmt: Stmt, expr: Expr) -> set[str]:
        return {self.aliases.rep(n) for n in carriers_at(stmt, expr, self.typing)}

    def statement(self, stmt: Stmt, useful: set[str], failing: Names | None = None) -> None:
        """``failing`` is what is useful behind a ``try`` whose body an exception has left, where that is known."""
        rep = self.aliases.rep
        match stmt:
            case Assign(targets, values):
                active = self.varied.after[stmt] & useful
                wanted = [rep(t) in useful for t in targets]
                written = any(rep(n) in useful for n in stmt.writes)
                if active:
                    self.facts.acts[stmt] = frozenset(active)
                for target in targets:
                    if not self.aliases.is_shared(target):
                        useful.discard(target)
                pairs = zip(values, wanted, strict=True) if len(values) == len(targets) else [(values[0], any(wanted))]
                for value, flag in pairs:
                    if flag:
                        useful |= self.carriers(stmt, value)
                if written or (stmt.writes and any(wanted)):
                    read = argument_carriers(values[0], self.typing.at(stmt), self.typing)
                    useful |= {rep(n) for n in read}
            case Store(target, _, value):
                name = base_name(target)
                if name is not None and rep(name) in useful:
                    if self.varied.after[stmt]:
                        self.facts.acts[stmt] = frozenset(self.varied.after[stmt])
                    useful |= self.carriers(stmt, value)
            case Augment(target, _, value):
                if rep(target) in useful:
                    if self.varied.after[stmt]:
                        self.facts.acts[stmt] = frozenset(self.varied.after[stmt])
                    useful |= self.carriers(stmt, value)
            case Push(list_, value):
                if rep(list_) in useful:
                    if self.varied.after[stmt]:
                        self.facts.acts[stmt] = frozenset(self.varied.after[stmt])
                    useful |= self.carriers(stmt, value)
            case Pop(target, list_):
                self.facts.after[stmt] = frozenset(useful)
                taken = isinstance(target, Name) and rep(target.id) in useful
                if self.varied.after[stmt] and (taken or rep(list_) in useful):
                    self.facts.acts[stmt] = frozenset(self.varied.after[stmt])
                if isinstance(target, Name) and not self.aliases.is_shared(target.id):
                    useful.discard(target.id)
                if taken:
                    useful.add(rep(list_))
            case If():
                self.facts.after[stmt] = frozenset(useful)
                outs = []
                for k, body in enumerate((*(a.body for a in stmt.arms), stmt.orelse)):
                    inner = set() if (stmt, k) in self.facts.gone else set(useful)
                    self.block(body, inner)
                    outs.append(inner)
                useful.clear()
                useful.update(*outs)
                self.facts.starts[stmt] = tuple(map(frozenset, outs))
                self.facts.before[stmt] = frozenset(self.varied.top[stmt] & useful)
            case For() | Each() | While() if self.facts.after.get(stmt) == frozenset(useful):
                useful |= self.settled[stmt]  # as a loop around it found, the turn before
            case For() | Each() | While():
                self.facts.after[stmt] = frozenset(useful)
                while True:
                    top = set(useful)
                    inner = set(useful)
                    self.block(stmt.body, inner)
                    self.facts.starts[stmt] = (frozenset(inner),)
                    if isinstance(stmt, For):
                        inner.discard(rep(stmt.target))
                    elif isinstance(stmt, Each):
                        if rep(stmt.target) in inner:
                            inner |= self.carriers(stmt, stmt.iterable)
                        if not self.aliases.is_shared(stmt.target):
                            inner.discard(stmt.target)
                    useful |= inner
                    if useful == top:
                        break
                self.facts.before[stmt] = frozenset(self.varied.top[stmt] & useful)
                self.facts.end[stmt] = frozenset(self.varied.end[stmt] & useful)
                self.settled[stmt] = frozenset(useful)
            case GradOf(name) if name in self.facts.varied_reads.get(stmt, NONE):
                # the user looks at its adjoint, and may put one there
                self.facts.acts[stmt] = frozenset({rep(name)})
                useful.add(rep(name))
            case With():
                self.block(stmt.body, useful)
            case Try():
                self.block(stmt.final, useful)
                inner = set(useful)
                self.block(stmt.body, inner)
                self.facts.starts[stmt] = (frozenset(inner),)
                if not stmt.failed or failing is not None:
                    useful.clear()
                useful |= inner | (failing or NONE)
                self.facts.before[stmt] = frozenset(self.varied.top[stmt] & useful)
            case Return():
                useful |= self.carriers(stmt, followed(stmt))
            case _:
                pass
