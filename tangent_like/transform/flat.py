"""What a forward half keeps for its reverse half, side by side: for a derivative that is differentiated again.

Before                                           After

    def g_forward(h, W):                             def g_forward(h, W):
        a = np.tanh(h @ W)                               a = np.tanh(h @ W)
        return h + a, (h, a)                             return h + a, h, a
    def g_reverse(saved, y_bar):                     def g_reverse(h, a, y_bar):
        h, a = saved                                     ...
    h, g_saved = g_forward(h, W)                     h, g_saved_h, g_saved_a = g_forward(h, W)
    g_kept.append(g_saved)                           g_kept_h.append(g_saved_h)
                                                     g_kept_a.append(g_saved_a)

Every variable then has one kind, and every list items of one kind, as the next derivative wants them. A
function that calls itself keeps its tuples: how many there are only the run tells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Const,
    Emitted,
    Expr,
    Function,
    Index,
    List,
    Name,
    Param,
    Pop,
    Push,
    Ref,
    Return,
    Stmt,
    Store,
    Tuple,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import (
    base_name,
    binds,
    expressions,
    names,
    reads,
    rebuild,
    statements,
    stored_in,
    subexpressions,
    with_body,
)
from tangent_like.kinds.kind import Array, Kind
from tangent_like.transform.derive import Prepared


def flat(
    functions: tuple[Function, ...],
    reverse_of: Mapping[str, str],
    prepared: Mapping[str, Prepared],
    kinds: Mapping[str, Mapping[str, Kind]],
) -> tuple[Function, ...]:
    """The functions, callees first, without tuples of saved values; ``reverse_of`` names the other half.

    ``prepared``: what is known of the halves of what is called, by name; ``kinds``: those of the names in each that
    adds up adjoints.
    """
    taken = {n for f in functions for n in (f.name, *(p.name for p in f.params))}
    taken |= {n for f in functions for s in statements(f.body) for n in (*binds(s), *reads(s))}
    seen: set[str] = set()
    early: set[str] = set()  # called before they are here: they call themselves, by others maybe
    for function in functions:
        called = {_called(e) for s in statements(function.body) for e in expressions(s)}
        seen.add(function.name)
        early |= {c for c in called if c in reverse_of and (c not in seen or c == function.name)}
    worker = _Flattener(Namer(taken), reverse_of, frozenset(early), prepared, kinds)
    halves = {*reverse_of, *reverse_of.values()}  # what they return is another thing now
    return tuple(worker.function(replace(f, note=None) if f.name in halves else f) for f in functions)


@dataclass(eq=False)
class _Flattener:
    namer: Namer
    reverse_of: Mapping[str, str]
    early: frozenset[str]
    prepared: Mapping[str, Prepared]
    kinds: Mapping[str, Mapping[str, Kind]]
    width: dict[str, tuple[str, ...]] = field(default_factory=dict)  # of a forward half: what it keeps
    packs: dict[str, tuple[str, ...]] = field(default_factory=dict)  # the names that stand for one

    def function(self, function: Function) -> Function:
        if function.name not in self.reverse_of.values():
            self.packs = {}  # the names of a reverse half are those of the forward half before it
        self.find(function.body)
        kinds = self.kinds.get(function.name, {})
        forwards = [f for f, r in self.reverse_of.items() if r == function.name]
        if forwards and forwards[0] in self.width:
            return with_copies(self.reverse(function, self.width[forwards[0]]), kinds)
        body = self.block(function.body)
        last = body[-1] if body else None
        if function.name in self.reverse_of and function.name not in self.early and isinstance(last, Return):
            body = (*body[:-1], self.returned(function.name, last))
        return with_copies(with_body(function, body), kinds)

    # -- which names are packs --

    def find(self, body: Block) -> None:
        """The names of packs, and of the lists that hold them, until there are no more."""
        while True:
            before = len(self.packs)
            for stmt in statements(body):
                match stmt:
                    case Assign(targets, (value,)) if targets and _called(value) in self.width:
                        self.pack(targets[-1], self.width[_called(value)])
                    case Assign((target,), (Name(id),)) if id in self.packs:
                        self.pack(target, self.packs[id], id)
                    case Push(list_, Name(id)) if id in self.packs:
                        self.pack(list_, self.packs[id], id)
                    case Pop(Name(id), list_) if list_ in self.packs:
                        self.pack(id, self.packs[list_], list_)
            if len(self.packs) == before:
                return

    def pack(self, name: str, like: tuple[str, ...], of: str = "") -> None:
        if name not in self.packs:
            suffixes = [n.removeprefix(f"{of}_") if of else n for n in like]
            self.packs[name] = tuple(self.namer.fresh(f"{name}_{s}") for s in suffixes)

    # -- rewriting --

    def block(self, body: Block) -> Block:
        out: list[Stmt] = []
        for stmt in body:
            out.extend(self.statement(stmt))
        return tuple(out)

    def statement(self, stmt: Stmt) -> list[Stmt]:
        match stmt:
            case Assign(targets, (value,)) if targets and _called(value) in self.width:
                bound = (*targets[:-1], *self.packs[targets[-1]])
                changed = self.change(value)
                return [replace(stmt, targets=bound, values=(changed,))]
            case Assign((target,), (value,)) if target in self.packs and isinstance(value, Name | Const | List):
                own = self.packs[target]
                made: list[Expr] = [value] * len(own)
                if isinstance(value, Name):
                    made = [Name(n) for n in self.packs[value.id]]
                return [replace(stmt, targets=(n,), values=(e,)) for n, e in zip(own, made, strict=True)]
            case Assign(targets, (Name(),)) if any(t in self.packs for t in targets):
                # what a function that calls itself kept, with the packs of others among it
                return [replace(stmt, targets=tuple(n for t in targets for n in self.packs.get(t, (t,))))]
            case Push(list_, Name(id)) if list_ in self.packs:
                return [Push(a, Name(b), stmt.origin) for a, b in zip(self.packs[list_], self.packs[id], strict=True)]
            case Pop(Name(id), list_) if list_ in self.packs:
                return [Pop(Name(a), b, stmt.origin) for a, b in zip(self.packs[id], self.packs[list_], strict=True)]
            case _:
                inner = with_blocks(stmt, self.block)
                return [inner] if inner is not stmt else [rewrite(stmt, self.change, lambda name: name)]

    def change(self, expr: Expr) -> Expr:
        """Packs among the arguments of a call, and among what is kept, side by side."""
        expr = rebuild(expr, self.change)
        if isinstance(expr, Call):
            return Call(expr.func, self.items(expr.args), expr.keywords, expr.at)
        return Tuple(self.items(expr.items), expr.at) if isinstance(expr, Tuple) else expr

    def items(self, given: tuple[Expr, ...]) -> tuple[Expr, ...]:
        out: list[Expr] = []
        for item in given:
            if isinstance(item, Name) and item.id in self.packs:
                out.extend(Name(n) for n in self.packs[item.id])
            else:
                out.append(item)
        return tuple(out)

    # -- the halves --

    def returned(self, name: str, last: Return) -> Return:
        """``return y, (h, a)`` becomes ``return y, h, a``."""
        value = last.value
        if not isinstance(value, Tuple):
            return last
        *results, pack = value.items if value.items and isinstance(value.items[-1], Tuple) else (value,)
        if not isinstance(pack, Tuple) or not all(isinstance(i, Name) for i in pack.items):
            return last
        kept = tuple(i.id for i in pack.items if isinstance(i, Name))
        if not results and not kept:
            return last
        self.width[name] = kept
        items = (*results, *pack.items)
        return Return(items[0] if len(items) == 1 else Tuple(items), last.origin)

    def reverse(self, function: Function, kept: tuple[str, ...]) -> Function:
        first, *rest = function.params
        body = function.body
        if kept and body and isinstance(body[0], Assign) and first.name in names(body[0].values[0]):
            assert isinstance(body[0].values[0], Name | Index)
            body = body[1:]
        params = (*(Param(n) for n in kept), *rest)
        body = self.block(body)
        half = self.prepared.get(function.name)
        # the caller's memory, or a view of it, and its adjoint are there to be written
        own = [n for n in kept if half is None or not (half.aliases.is_shared(n) or n in half.sweep.shadows.values())]
        body = (*copies(own, body), *body)
        return Function(function.name, params, body, function.origin, function.doc, function.returns)


def copies(lists: Sequence[str], body: Block) -> list[Stmt]:
    """Those of the lists that a reverse half writes are its own: it may be called again, and writes no argument."""
    every = list(statements(body))
    written = stored_in(body) | {s.list for s in every if isinstance(s, Push | Pop)}
    for expr in (e for s in every for whole in expressions(s) for e in subexpressions(whole)):
        match expr:
            case Call(Attribute(Name(list_), "pop")):
                written.add(list_)
    return [Assign((n,), (_copied(n),)) for n in lists if n in written]


def with_copies(function: Function, kinds: Mapping[str, Kind]) -> Function:
    """The function, with copies of lists that grow and shrink under each name and wherever they are kept.

    Before                                   After

        win.append(t)                            win.append(t)
        win_saved.append(win)                    win_saved.append(win.copy())
        win = win[1:]                            win = win[1:]
        h_bar_saved.append(h_bar)                h_bar_saved.append(h_bar)
        h_bar += v_bar                           h_bar = h_bar + v_bar
        m_bar = h_bar                            m_bar = h_bar
        m_bar += w_bar                           m_bar = m_bar + w_bar

    A list is written while one name alone holds it: to a copy of it as it was, it makes no difference. An adjoint
    that we add to is memory of its own, so that a new array makes none, either (of tangents it would: ``kinds`` knows
    none of these); and what is written has one name, and no list.
    """
    every = list(statements(function.body))
    renamed = [pair for s in every for pair in _renamed(s)]
    resized = {s.list for s in every if isinstance(s, Push | Pop)} | {n for s in every for n in _popped(s)}
    lists = _together(resized, renamed)
    kept = _together({s.value.id for s in every if isinstance(s, Push) and isinstance(s.value, Name)}, renamed)
    held = {n for pair in renamed for n in pair} | {n for s in every for n in _taken(s)}
    stored = {base_name(s.target) for s in every if isinstance(s, Store)}  # are written anyhow
    held = {n for n in _together(held, renamed) - stored if n in kinds and is_vector_of_doubles(kinds[n])}

    def change(stmt: Stmt) -> Stmt:
        match stmt:
            case Push(_, Name(id)) if stmt.origin is None and id in lists:
                return replace(stmt, value=_copied(id))
            case Assign(targets, values) if any(n in lists for _, n in _renamed(stmt)):
                made = (_copied(v.id) if isinstance(v, Name) and v.id in lists else v for v in values)
                return Assign(targets, tuple(made), stmt.origin)
            case Augment(target, op, value) if stmt.origin is None and (target in held or (lists and target in kept)):
                return Assign((target,), (Binary(op, Name(target), value),))
            case _:
                return with_blocks(stmt, block)

    def block(body: Block) -> Block:
        return tuple(map(change, body))

    return with_body(function, block(function.body)) if lists or held else function


def is_vector_of_doubles(kind: Kind) -> bool:
    """Is it an array of axes, of a dtype that what is added to it does not change?"""
    return isinstance(kind, Array) and kind.rank != 0 and kind.dtype == "float64"


def _popped(stmt: Stmt) -> list[str]:
    """The lists from which the expressions of a statement take."""
    found = []
    for expr in (e for top in expressions(stmt) for e in subexpressions(top)):
        match expr:
            case Call(Attribute(Name(id), "pop"), ()):
                found.append(id)
    return found


def _taken(stmt: Stmt) -> tuple[str, ...]:
    """The names that a statement binds to what a list held."""
    match stmt:
        case Pop(Name(id)):
            return (id,)
        case Assign((target,), (Call(Attribute(_, "pop")),)):
            return (target,)
        case _:
            return ()


def _together(found: set[str], pairs: list[tuple[str, str]]) -> set[str]:
    """The names, and all that are other names for the same."""
    before = -1
    while before != len(found):
        before = len(found)
        found |= {n for pair in pairs if found & set(pair) for n in pair}
    return found


def _renamed(stmt: Stmt) -> list[tuple[str, str]]:
    """The names that an assignment binds to what other names are."""
    if not isinstance(stmt, Assign) or len(stmt.targets) != len(stmt.values) or stmt.saved:
        return []
    return [(t, v.id) for t, v in zip(stmt.targets, stmt.values, strict=True) if isinstance(v, Name)]


def _copied(name: str) -> Call:
    return Call(Attribute(Name(name), "copy"), ())


def _called(expr: Expr) -> str:
    """The emitted function that an expression calls."""
    if isinstance(expr, Call) and isinstance(expr.func, Ref) and isinstance(expr.func.target, Emitted):
        return expr.func.target.name
    return ""
