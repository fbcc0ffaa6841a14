"""A ``try`` whose handlers go on: what its body binds is seen behind it only if the body ran to its end.

Before                                   After

    try:                                     failed = False
        t = math.log(x)                      try:
        y = t * math.sqrt(t)                     t = math.log(x)
    except ValueError:                           y = t * math.sqrt(t)
        y = -x                               except ValueError:
                                                 failed = True
                                             if failed:
                                                 y = -x

A name that may have been bound before the exception gets another name in the body, and its own behind it;
where someone may see it after the exception, the program is refused. What the body writes last, of an
object, a list or an array, is written behind it (``put_behind``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from tangent_like.errors import UnsupportedError
from tangent_like.frontend.exposed import bound_before, exposed, goes_on, surely
from tangent_like.frontend.lower import place_of
from tangent_like.frontend.taken_out import refuse_taken_out
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assert,
    Assign,
    Attribute,
    Augment,
    Binary,
    Bind,
    Block,
    Break,
    Call,
    Choose,
    Compare,
    Const,
    Define,
    Do,
    Each,
    Expr,
    For,
    Function,
    Handler,
    If,
    Index,
    Library,
    Logic,
    Loop,
    Name,
    Opaque,
    Pass,
    Push,
    Raise,
    Ref,
    Slice,
    Stmt,
    Store,
    Try,
    Tuple,
    Unary,
    While,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import (
    base_name,
    binds,
    blocks,
    bound_in,
    names,
    reads,
    same,
    statements,
    subexpressions,
    substitute,
)


def only_raises(body: Block) -> bool:
    """Does the handler end in an exception, and do nothing else that anyone would see behind it?"""
    return bool(body) and isinstance(body[-1], Raise) and all(isinstance(s, Do | Raise | Assert | Pass) for s in body)


def committed(
    function: Function,
    stmt: Try,
    body: Block,
    in_loop: bool,
    results: frozenset[str],
    made: set[str],
    namer: Namer,
) -> tuple[Block, Block]:
    """The body of a ``try`` that handles, binding only what no exception shows; and what binds the rest behind it.

    ``results`` are read where the function ends. ``made`` are names that this gave before; more are put into it.
    """
    refuse_taken_out(function, stmt)
    elsewhere, later = read_behind(function, stmt, body, in_loop)
    inner = {n for s in statements(function.body) if isinstance(s, Define) for n in read_inside(s)}
    seen = {n for s in elsewhere for n in reads(s)} | exposed(body) | inner
    half = half_bound(body) - made
    if half & results:
        raise UnsupportedError(
            "a return that an exception may still follow", place_of(stmt.origin), "return behind the try"
        )
    for name in shown_half(stmt, half, later | inner):
        raise UnsupportedError(
            f"{name!r} may be bound before the exception, and is read after it",
            place_of(stmt.origin),
            "bind it outside of the try, or in every handler",
        )
    wanted = sorted(n for n in (bound_in(body) & seen) - made if n in half | exposed(body) or in_loop)
    if not wanted:
        return body, ()
    table = {n: namer.fresh(f"{n}_new") for n in wanted}
    made.update(table.values())
    before = bound_before(function.body, stmt.body[0]) or set()
    body = renamed(stmt, body, table, before | {p.name for p in function.params})
    return body, tuple(Assign((n,), (Name(new),)) for n, new in table.items())


def read_behind(function: Function, stmt: Try, body: Block, in_loop: bool) -> tuple[list[Stmt], set[str]]:
    """The statements that are not in the ``try``'s body, and what is read behind it but where it ran to its end."""
    inside = set(statements(stmt.body))
    copies = {s.origin for s in inside if s.origin is not None}
    elsewhere = [s for s in statements(function.body) if s not in inside and s.origin not in copies and s is not stmt]
    line = stmt.origin.line if stmt.origin is not None else 0
    later = [s for s in elsewhere if in_loop or s.origin is None or s.origin.line >= line]
    sheltered = behind_flags(stmt, function.body) | set(statements(stmt.orelse))
    read = {n for s in later if s not in sheltered for n in reads(s)}
    return elsewhere, read | (exposed(body) if in_loop else set())


def shown_half(stmt: Try, half: set[str], later: set[str]) -> list[str]:
    """Of the names that an exception may find bound, those that someone may read after it."""
    shown = {n for h in stmt.handlers for n in exposed(h.body)}
    going = [surely(h.body) for h in stmt.handlers if not only_raises(h.body) and goes_on(h.body)]
    return [n for n in sorted(half) if n in shown or (n in later and not all(n in s for s in going))]


def parted(
    function: Function, stmt: Try, body: Block, in_loop: bool, made: set[str], loop: int | None = None
) -> tuple[Block, Block] | None:
    """The body in two, the first with what an exception in the second must find done; None where one will do.

    Before                                   After

        y[0] = math.log(a)                       y[0] = math.log(a)
        y[1] = math.log(b)                   except ValueError:
    except ValueError:                           y[1] = a
        y[1] = a                             else:
                                                 try:
                                                     y[1] = math.log(b)
                                                 except ValueError:
                                                     y[1] = a

    ``loop`` is where one stands whose turns are tried: by itself.
    """
    _, later = read_behind(function, stmt, body, in_loop)
    lost = set(shown_half(stmt, half_bound(body) - made, later))
    done = [k for k, one in enumerate(body) if writes_before(one, body[:k], stmt) or lost & set(binds(one))]
    if loop is not None and (not done or loop <= done[0]):
        return (body[:loop], body[loop:]) if loop else (body[:1], body[1:])
    if not done:
        return None
    end = done[0] + 1
    while end < len(body) and (not may_fail(body[end]) or _of_a_name(written_by(body[end], stmt))):
        end += 1
    return (body[:end], body[end:]) if end < len(body) else None


def put_behind(stmt: Try, body: Block, made: set[str], namer: Namer) -> tuple[Block, Block]:
    """The body without what it writes last, and what writes that where it ran to its end.

    Before                                   After

        self.step = math.log(x)                  step_new = math.log(x)
        logs.append(self.step)

    and ``self.step = step_new`` behind it; so it is with ``logs.append(math.log(x))`` and ``out[i] = math.log(x)``.
    Nothing that may raise follows, so that nobody sees an object, a list or an array that was written halfway.
    """
    first = len(body)
    while first > 0:
        written = written_by(body[first - 1], stmt)
        if written is None and any(may_fail(s) for s in statements((body[first - 1],))):
            break
        first -= 1
        if written is not None and not _of_a_name(written):
            break
    found = [(k, w) for k, one in enumerate(body) if k >= first and (w := written_by(one, stmt)) is not None]
    if not found:
        return body, ()
    k, written = found[0]
    new = namer.fresh(f"{written.name}_new")
    made.add(new)
    origin = getattr(body[k], "origin", None)
    inside = Assign((new,), (written.value,), origin)
    again = written.again(Name(new))
    if written.key is None:
        return (*body[:k], inside), (again, *body[k + 1 :])
    key = namer.fresh("key")
    made.add(key)
    assert isinstance(again, Store) and isinstance(again.target, Index)
    again = replace(again, target=replace(again.target, index=Name(key)))
    return (*body[:k], inside, Assign((key,), (written.key,), origin)), (again, *body[k + 1 :])


def may_fail(stmt: Stmt) -> bool:
    """May the statement raise what is no fault of the program's? A count that goes up does not."""
    match stmt:
        case Augment(_, op, value):
            return not (op in STEPS and isinstance(value, Const))
        case Assign((_,), (Binary(op, Name(), Const()),)):
            return op not in STEPS
        case _:
            return may_raise(stmt)


@dataclass(frozen=True)
class Written:
    """``name`` says what is written, ``again`` writes a value, ``key`` is where, if that is worked out first."""

    name: str
    value: Expr
    again: Callable[[Expr], Stmt]
    key: Expr | None = None


def written_by(stmt: Stmt, attempt: Try) -> Written | None:
    """What the statement writes, once its value is there; None for another, or where writing it may be caught."""
    match stmt:
        case Bind(target, op, value):
            pass
        case Store(target, op, value, each=False) if op != "del":
            pass
        case Push(held, value):
            return Written(held, value, lambda v: replace(stmt, value=v))
        case Do(Call(Attribute(Name(held), "append"), (value,), ()) as call):
            return Written(held, value, lambda v: replace(stmt, value=replace(call, args=(v,))))
        case _:
            return None
    key = None
    if isinstance(target, Index) and not op and not all(isinstance(e, PLACES) for e in subexpressions(target.index)):
        key, target = target.index, replace(target, index=Const(0))
    inside = tuple(subexpressions(target))
    if not isinstance(target, Attribute | Index) or not all(isinstance(e, PLACES) for e in inside):
        return None
    if op and not all(isinstance(e, PLAIN) or _of_a_library(e) for e in subexpressions(value)):
        return None  # what is added may be what changes it
    if isinstance(target, Attribute) and not op and isinstance(value, Const | Name):
        if any(catches(h, ("AttributeError",)) for h in attempt.handlers):
            return None  # a number takes none: it is asked what it is
    if any(isinstance(e, Index) for e in inside) and any(catches(h, OF_PLACES) for h in attempt.handlers):
        asked = not any(isinstance(e, Choose | Logic) for e in subexpressions(value))
        if key is not None or not (asked and any(same(e, target) for e in subexpressions(value))):
            return None  # else the place is asked for ahead, of what is written
    name = target.name if isinstance(target, Attribute) else base_name(target) or "item"
    return Written(name, value, lambda v: replace(stmt, value=v), key)


def writes_before(stmt: Stmt, ahead: Block, attempt: Try) -> bool:
    """Does the statement, or one inside, write what was there before the ``try``: not bound by what stands ahead?"""
    found = (written.name for s in statements((stmt,)) if (written := written_by(s, attempt)) is not None)
    return not bound_in(ahead).issuperset(found)


def _of_a_name(written: Written | None) -> bool:
    return written is not None and isinstance(written.value, Const | Name)


STEPS = ("+", "-", "*")
PLACES = (Name, Attribute, Index, Slice, Tuple, Const, Binary, Unary)
PLAIN = (Name, Const, Index, Slice, Tuple, Binary, Unary, Compare, Ref)


def _of_a_library(expr: Expr) -> bool:
    return isinstance(expr, Call) and isinstance(expr.func, Ref) and isinstance(expr.func.target, Library)


# What a place that is not there raises.
OF_PLACES = ("IndexError", "KeyError", "LookupError")


def catches(handler: Handler, kinds: tuple[str, ...]) -> bool:
    """Is it said to catch an exception of one of these names?"""
    found = [r.target for r in told_kinds(handler) if isinstance(r, Ref)]
    return any(isinstance(t, Library) and t.qualname in kinds for t in found)


def told_kinds(handler: Handler) -> list[Expr | Ref]:
    """What it is said to catch, those in a tuple one by one; nothing where it catches all."""
    parts = () if handler.type is None else subexpressions(handler.type)
    told = [r for e in parts for r in (e.refs if isinstance(e, Opaque) else (e,))]
    return [r for r in told if not isinstance(r, Tuple)]


def behind_flags(stmt: Try, body: Block) -> set[Stmt]:
    """What runs only where no handler of the ``try`` has set its flag: ``if failed: ... else: y = y_new``."""
    going = [h.body for h in stmt.handlers if not only_raises(h.body)]
    flags = set.intersection(*({t for s in h for t in _raised(s)} for h in going)) if going else set()
    flags -= bound_in(stmt.body)
    found: set[Stmt] = set()
    for one in statements(body) if flags else ():
        if isinstance(one, If):
            first, *others = blocks(one)
            match one.arms[0].test:
                case Name(id) if id in flags:
                    found.update(s for block in others for s in statements(block))
                case Unary("not", Name(id)) if id in flags:
                    found.update(statements(first))
                case _:
                    pass
    return found


def _raised(stmt: Stmt) -> tuple[str, ...]:
    match stmt:
        case Assign((name,), (Const(True),)):
            return (name,)
        case _:
            return ()


def may_raise(stmt: Stmt) -> bool:
    """May the statement itself raise? What only names a value does not."""
    match stmt:
        case Assign(targets, values) if len(targets) == len(values):
            return not all(isinstance(v, Const | Name) for v in values)
        case Pass() | Break():
            return False
        case If():
            return not all(isinstance(a.test, Const | Name) for a in stmt.arms)
        case _:
            return True


def half_bound(body: Block) -> set[str]:
    """The names that may be bound when an exception leaves the body."""
    found: set[str] = set()

    def scan(block: Block, bound: set[str]) -> None:
        for stmt in block:
            if may_fail(stmt):
                found.update(bound)
            match stmt:
                case If():
                    outs = []
                    for inner in blocks(stmt):
                        copy = set(bound)
                        scan(inner, copy)
                        outs.append(copy)
                    bound.update(*outs)
                case For() | Each() | While() | Loop():
                    for _ in range(2):
                        bound.update(binds(stmt))
                        scan(stmt.body, bound)
                        found.update(bound)
                case _:
                    for inner in blocks(stmt):
                        scan(inner, bound)
                    if blocks(stmt):
                        found.update(bound)  # leaving a with may raise
                    bound.update(binds(stmt))

    scan(body, set())
    return found


def renamed(stmt: Try, body: Block, table: dict[str, str], before: set[str]) -> Block:
    """From its first binding on, each name is the other; ``before`` are those that are bound in any case."""
    out: list[Stmt] = []
    now: dict[str, Expr] = {}
    for made in statements(body):
        if isinstance(made, Define) and (table.keys() & {made.name, *read_inside(made)} or made not in body):
            what = f"a function, {made.name!r}, made in a try that binds what it reads,"
            raise UnsupportedError(what, place_of(made.origin or stmt.origin), "write it before the try")

    def change(expr: Expr) -> Expr:
        return substitute(expr, now) if now else expr

    def rename(name: str) -> str:
        found = now.get(name)
        return found.id if isinstance(found, Name) else name

    for inner in body:
        new = [n for n in _bound(inner) if n in table and n not in now]
        if isinstance(inner, Assign):
            values = tuple(change(v) for v in inner.values)
            now.update({n: Name(table[n]) for n in new})
            out.append(replace(inner, targets=tuple(rename(t) for t in inner.targets), values=values))
            continue
        for name in new:
            if name in exposed((inner,)) or (name in before and name not in surely((inner,))):
                out.append(Assign((table[name],), (Name(name),)))  # its present value goes on under the other name
            elif name not in surely((inner,)):
                raise UnsupportedError(
                    f"{name!r} is bound on some paths through this try only",
                    place_of(stmt.origin),
                    "bind it before the try, or on every path",
                )
        now.update({n: Name(table[n]) for n in new})
        out.append(inner if isinstance(inner, Define) else rewrite(inner, change, rename))
    return tuple(out)


def read_inside(made: Define) -> set[str]:
    """What a function inside of the function reads: of it, or its own."""
    function = made.function
    given = (p.default for p in function.params if p.default is not None)
    found = {n for e in (*given, *made.decorators) for n in names(e)} | set(function.outer)
    for stmt in statements(function.body):
        found |= read_inside(stmt) if isinstance(stmt, Define) else reads(stmt)
    return found


def _bound(stmt: Stmt) -> Iterable[str]:
    return sorted(bound_in((stmt,)))
