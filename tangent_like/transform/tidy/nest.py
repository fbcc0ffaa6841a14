"""What is read once, where it is read.

Before                                   After

    # y = np.exp(-x ** 2)                    # y = np.exp(-x ** 2)
    t_bar = y_bar * y                        x_bar = y_bar * y * x
    x_bar = t_bar * x                        # z = k[0] * y
    # z = k[0] * y                           v_bar = k_bar[0]
    v_bar = k_bar[0]                         k_bar[0] = 0
    k_bar[0] = 0                             k_bar[1] += v_bar * y
    u_bar = v_bar * y                        while n > 0:
    k_bar[1] += u_bar                            x_bar = np.sqrt(x_bar)
    while n > 0:                             w_bar = np.sin(x)
        a_bar = np.sqrt(x_bar)               # z = x * w
        x_bar = a_bar                        x_bar += w_bar
    w_bar = np.sin(x)                        if path_saved.pop():
    # z = x * w                                  x_bar = h_reverse(h_saved.pop(), 1.0)
    x_bar += w_bar                           x_bar += g_reverse(g_saved, x_bar)
    path = path_saved.pop()
    if path:
        saved = h_saved.pop()
        x_bar = h_reverse(saved, 1.0)
    g_bar = g_reverse(g_saved, x_bar)
    x_bar += g_bar

Only within the reverse half of one statement of the user's, so that each half still stands under its
comment; only if nothing that the expression reads changes in between, and the line stays short. What
is popped for the next statement is popped there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Choose,
    Comment,
    Compare,
    Const,
    Do,
    Each,
    Emitted,
    Expr,
    For,
    Function,
    If,
    Index,
    Logic,
    Name,
    Origin,
    Pop,
    Push,
    Ref,
    Return,
    Stmt,
    Store,
    Try,
    While,
    With,
)
from tangent_like.ir.walk import binds, expressions, names, statements, subexpressions
from tangent_like.transform.tidy.algebra import put_into, total
from tangent_like.transform.tidy.alive import Alive
from tangent_like.transform.tidy.blocks import change_blocks, may_stop, with_body
from tangent_like.transform.tidy.calls import acts, computes, library, origin_of, takes
from tangent_like.transform.tidy.facts import Facts
from tangent_like.transform.tidy.width import COLUMNS, NARROW, is_short, line_width, width

NEVER = 1 << 60


def nest(function: Function, facts: Facts) -> Function:
    return with_body(function, Nester(facts, Alive(facts)).block(function.body, 1))


@dataclass(eq=False)
class Later:
    """One block seen from a statement in it: what happens after, as places in the block."""

    out: list[Stmt | None]
    groups: list[Origin | None]
    depth: int
    reader: dict[str, int | None] = field(default_factory=dict)  # who alone reads what a name holds
    bound: dict[str, int] = field(default_factory=dict)  # where next
    written: dict[str, int] = field(default_factory=dict)  # where next, by class of memory
    used: dict[str, int] = field(default_factory=dict)  # where a name is next read, or bound
    anything: int = NEVER  # where next any memory may be written
    next: int = NEVER  # the next statement that is no comment, and does more than to keep a value
    comment: int = NEVER  # the next comment

    def before(self, stmt: Stmt, k: int, facts: Facts) -> None:
        does = facts.does(stmt)
        for name in does.binds:
            self.bound[name] = k
        for class_ in does.writes:
            self.written[class_] = k
        if does.anything:
            self.anything = k
        for name in (*does.binds, *does.reads):
            self.reader[name] = None
            self.used[name] = k
        if not (isinstance(stmt, Push) and isinstance(stmt.value, Name)):
            self.next = k


class Nester:
    """``across``: what is short goes under the comment of a later statement, too.

    ``takes``: what is popped goes wherever it is read, not only into a test or a call.
    """

    def __init__(self, facts: Facts, alive: Alive, across: bool = False, takes: bool = False) -> None:
        self.facts, self.alive, self.across, self.takes = facts, alive, across, takes

    def block(self, block: Block, depth: int) -> Block:
        later = Later(list(block), _groups(block), depth)
        for k in range(len(block) - 1, -1, -1):
            stmt = block[k]
            if isinstance(stmt, Comment):
                later.comment = k
            elif not self.moved(stmt, k, later):
                later.out[k] = stmt = self.inside(stmt, depth)
                later.before(stmt, k, self.facts)
                self.read(stmt, k, later)
        return tuple([s for s in later.out if s is not None])

    def inside(self, stmt: Stmt, depth: int) -> Stmt:
        """The statement with its inner blocks done; alive is what is read after its own expressions."""
        alive = self.alive
        match stmt:
            case If():
                paths: list[dict[str, bool]] = []

                def path(body: Block) -> Block:
                    mark = alive.mark()
                    new = self.block(body, depth + 1)
                    paths.append(alive.back(mark))
                    return new

                new = change_blocks(stmt, path)
                alive.meet(paths)
                return new
            case For() | Each() | While():
                mark = alive.mark()
                alive.around(stmt)
                new = change_blocks(stmt, lambda body: self.block(body, depth + 1))
                alive.back(mark)
                alive.add(alive.exposed_block(new.body) - {getattr(stmt, "target", "")})  # type: ignore[union-attr]
                return new
            case With() if not may_stop(stmt):
                new = change_blocks(stmt, lambda body: self.block(body, depth + 1))
                alive.remove(binds(stmt))
                return new
            case With() | Try():
                alive.add(alive.exposed(stmt))
                return stmt
            case _:
                alive.remove(self.facts.does(stmt).binds)
                return stmt

    def read(self, stmt: Stmt, k: int, later: Later) -> None:
        """The own reads of a statement: those that are the only ones are places for an expression."""
        own = self.facts.own(stmt)
        for name, count in own.reads.items():
            once = count == 1 and name not in own.fixed and name not in self.alive.names
            if once and not isinstance(stmt, While):
                later.reader[name] = (
                    k if not isinstance(stmt, If) or name in names(stmt.arms[0].test) else None
                )
        self.alive.add(own.reads)
        self.alive.add(own.fixed)

    # -- moving --

    def moved(self, stmt: Stmt, k: int, later: Later) -> bool:
        """Put what the statement binds where it is read, if that is one place and changes nothing."""
        found = self.value(stmt)
        if found is None:
            return False
        name, value = found
        q = later.reader.get(name)
        target = None if q is None else later.out[q]
        if q is None or target is None or name not in self.alive.names:
            return False
        if isinstance(stmt, Pop):
            at_once = takes_at_once(target, name) or (self.takes and takes_surely(target, name))
            fits = later.used.get(stmt.list, NEVER) > q and at_once
        elif acts(value, self.facts.pure):
            fits = q == later.next and later.comment > q and takes_whole(target, name)
        else:
            fits = self.related(stmt, k, target, q, later) and self.steady(value, target, q, later)
        if not fits:
            return False
        new = self.put(stmt, value, target, name)
        if line_width(new, later.depth) > COLUMNS:
            return False
        later.out[q], later.out[k] = new, None
        self.alive.remove((name,))
        own = self.facts.own(new)
        if own.wild:
            later.anything = min(later.anything, q)
        read = names(value)
        for other in read:
            once = (
                own.reads.get(other) == 1
                and other not in own.fixed
                and other not in self.alive.names
            )
            later.reader[other] = q if once else None
            later.used[other] = min(later.used.get(other, NEVER), q)
        self.alive.add(read)
        return True

    def put(self, stmt: Stmt, value: Expr, target: Stmt, name: str) -> Stmt:  # noqa: ARG002
        """The target, which reads the name, with the value that the statement binds to it."""
        return put_into(target, {name: value}, self.facts)

    def value(self, stmt: Stmt) -> tuple[str, Expr] | None:
        match stmt:
            case Pop(Name(id), list_) if self.takes or id not in self.facts.users:
                return id, Call(Attribute(Name(list_), "pop"), ())
            case Assign((name,), (value,)) if not isinstance(
                value, Name | Const
            ) and self.facts.mine(stmt):
                return name, value
            case Augment(name, "+" | "-" as op, more) if name not in self.facts.users:
                added = adds_anew(name, more, self.facts)
                return (name, total(Binary(op, Name(name), more), self.facts)) if added else None
            case _:
                return None

    def related(self, stmt: Stmt, k: int, target: Stmt, q: int, later: Later) -> bool:
        """Do both belong to one statement of the user's?"""
        if isinstance(target, Return):
            return False
        if isinstance(target, Push) and self.keeps_beside(later.out, q):
            return False  # they may go into one list, by their names
        match stmt, target:
            case Assign((name,), _, None), If((Arm(Name(test)), *_)) if test == name:
                return True  # a condition that is asked again stands where the user asked it
        origin = getattr(stmt, "origin", None)
        if origin is None and getattr(target, "origin", None) is not None:
            return q == later.next and later.comment > q
        if origin is not None and origin.comments and getattr(target, "origin", None) is None:
            return False  # the user's comment stands above it
        if later.groups[k] == later.groups[q]:
            return True
        value = expressions(stmt)[0]
        small = is_short(value) or (width(value) <= NARROW and not takes_apart(target, stmt))
        return self.across and small and (origin is None or not isinstance(target, Push))

    def keeps_beside(self, block: list[Stmt | None], q: int) -> bool:
        """Does another statement of the block keep what still holds where statement ``q`` keeps something?"""
        for k, stmt in enumerate(block):
            if k != q and isinstance(stmt, Push) and isinstance(stmt.value, Name):
                between = [s for s in block[min(k, q) : max(k, q)] if s is not None and not isinstance(s, Comment)]
                if not any(stmt.value.id in self.facts.does(s).binds for s in between):
                    return True
        return False

    def steady(self, value: Expr, target: Stmt, q: int, later: Later) -> bool:
        """Is the value the same there, and read with the same ease?"""
        read = names(value)
        classes = self.facts.classes(read)
        if any(later.bound.get(n, NEVER) < q for n in read):
            return False
        if any(later.written.get(c, NEVER) < q for c in classes) or (
            classes and later.anything < q
        ):
            return False
        if classes and self.facts.own(target).wild and not calls_last(target):
            return False
        return not (chooses((value,)) and chooses(expressions(target)))


def _groups(block: Block) -> list[Origin | None]:
    """For each statement the user's statement that it belongs to."""
    out: list[Origin | None] = []
    current: Origin | None = None
    for stmt in block:
        origin: Origin | None = getattr(stmt, "origin", None)
        current = current if origin is None or origin.alone else origin
        out.append(current)
    return out


def chooses(exprs: Iterable[Expr]) -> bool:
    """Is there a ``np.where``, which nested in another is hard to read?"""
    for expr in exprs:
        for node in subexpressions(expr):
            found = library(node) if isinstance(node, Call) else None
            if found is not None and origin_of(found) == ("numpy", "where"):
                return True
    return False


def takes_apart(stmt: Stmt, bound: Stmt) -> bool:
    """Does the statement read a part or an attribute of what the other binds?"""
    made = binds(bound)
    found = (n.value for e in expressions(stmt) for n in subexpressions(e) if isinstance(n, Index | Attribute))
    return any(isinstance(value, Name) and value.id in made for value in found)


def calls_last(stmt: Stmt) -> bool:
    """Is the one thing that does more than compute a call around all the rest?"""
    if not isinstance(stmt, Assign | Augment | Do):
        return False
    exprs = expressions(stmt)
    if len(exprs) != 1 or not isinstance(exprs[0], Call):
        return False
    call = exprs[0]
    parts = (call.func, *call.args, *(v for _, v in call.keywords))
    return not any(
        isinstance(n, Call) and not computes(n) and not takes(n) for p in parts for n in subexpressions(p)
    )


def takes_whole(stmt: Stmt, name: str) -> bool:
    """Is the name all that the statement evaluates?"""
    exprs = expressions(stmt)
    return isinstance(stmt, Assign | Augment) and len(exprs) == 1 and _is(exprs[0], name)


def takes_at_once(stmt: Stmt, name: str) -> bool:
    """Is the name the first test of a branch, or an argument of the one call that a statement makes?"""
    if isinstance(stmt, If):
        return _is(stmt.arms[0].test, name)
    if (
        not isinstance(stmt, Assign | Augment)
        or len(expressions(stmt)) != 1
        or not calls_last(stmt)
    ):
        return False
    call = expressions(stmt)[0]
    assert isinstance(call, Call)
    return not computes(call) and any(_is(a, name) for a in call.args)


def takes_surely(stmt: Stmt, name: str) -> bool:
    """Does the statement evaluate the name, which stands in it once, whatever its parts come to?"""
    if not isinstance(stmt, Assign | Augment | Store):
        return False
    maybe = (n for e in expressions(stmt) for n in subexpressions(e) if isinstance(n, Choose | Logic | Compare))
    return all(name not in names(n) for n in maybe)


def _is(expr: Expr, name: str) -> bool:
    return isinstance(expr, Name) and expr.id == name


def adds_anew(name: str, more: Expr, facts: Facts, later: Sequence[Stmt] = ()) -> bool:
    """Is what is added to a number, or to an array, as good as added where it is read once, in new memory?

    NumPy adds into what is computed to be added; what is there already is better added in place, but at the very end:
    ``later`` is what follows then.
    """
    if facts.is_number(name):
        return True
    own = facts.look_of(name)
    new = bool(later) or (not isinstance(more, Const) and facts.is_fresh(more))
    known = own.rank is not None and own.type == facts.look(more).type == "float64"
    return known and new and (facts.is_alone(name) or (bool(later) and _is_brought(name, facts, later)))


def _is_brought(name: str, facts: Facts, later: Sequence[Stmt]) -> bool:
    """Is it a result of a call of ours, as all is that is read later and may be the same memory?

    Several results are added to in place only where they are several arrays.
    """
    read = frozenset(n for s in later for n in facts.own(s).reads) | {name}
    alike = {n for n in read if facts.class_of(n) is not None and facts.class_of(n) == facts.class_of(name)}
    for stmt in statements(facts.function.body):
        made = isinstance(stmt, Assign) and len(stmt.values) == 1 and isinstance(stmt.values[0], Call)
        ours = made and isinstance(stmt.values[0].func, Ref) and isinstance(stmt.values[0].func.target, Emitted)  # type: ignore[union-attr]
        if alike.intersection(binds(stmt)) and not ours and not isinstance(stmt, Augment):
            return False
    return not alike & {p.name for p in facts.function.params}
