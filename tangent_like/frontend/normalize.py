"""Jumps at the end of their turn: nothing follows a ``break``, and the one ``return`` is the last statement.
What followed a jump goes into the other arms of its branch, so that every path through a turn runs to its end.

Before                                   After

    for k in range(n):                       returned = False
        if x[k] < 0:                         for k in range(n):
            continue                             if x[k] < 0:
        if x[k] > e:                                 pass
            return x[k]                          elif x[k] > e:
        y = y + x[k]                                 result = x[k]
    return y                                         returned = True
                                                     break
                                                 else:
                                                     y = y + x[k]
                                             if returned:
                                                 pass
                                             else:
                                                 result = y
                                             return result
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tangent_like import runtime
from tangent_like.errors import UnsupportedError
from tangent_like.frontend.attempts import committed, only_raises, parted, put_behind
from tangent_like.frontend.attempts_by_arms import by_arms, tried_branch
from tangent_like.frontend.attempts_by_turns import by_turns, jumps, tried_loop
from tangent_like.frontend.deleted import refuse_deleted
from tangent_like.frontend.lower import place_of
from tangent_like.frontend.returned_alike import returned_alike
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Block,
    Break,
    Call,
    Compare,
    Const,
    Continue,
    Define,
    Delete,
    Do,
    Each,
    Expr,
    For,
    Function,
    Handler,
    If,
    Library,
    Loop,
    Name,
    Opaque,
    Origin,
    Raise,
    Ref,
    Return,
    Stmt,
    Try,
    Tuple,
    While,
    With,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import blocks, expressions, names, statements, with_body

# A statement that several paths share is written out once for each of them, up to this many.
MOST_COPIES = 60
OWN = Origin("", 0, 0, "")  # of a return whose result is there, while nothing says so yet
FLAGS = {"return": "returned", "break": "left", "continue": "skipped"}


def normalized(function: Function, namer: Namer) -> Function:
    """The function with exactly one ``return``, its last statement, and each jump at the end of its turn."""
    refuse_deleted(function)
    function = returned_alike(function)
    body = function.body
    returns = [s for s in statements(body) if isinstance(s, Return)]
    nothing = all(r.value is None or is_none(r.value) for r in returns)
    if not returns or falls(body):  # called for what it writes, or what it returns is None on some paths
        body = (*body, Return(Const(None), None))
    body = _with_none(body)
    returns = [s for s in statements(body) if isinstance(s, Return)]
    if len(returns) == 1 and body and body[-1] is returns[0]:
        worker = _Ender(function, namer, (), None)
        last_ = Return(returns[0].value or Const(None), returns[0].origin)
        return with_body(function, (*worker.run(body[:-1], _Region("function")), last_))
    width = _width(returns)
    if nothing:
        wanted: tuple[str, ...] = ()
    elif width is None:
        wanted = (namer.fresh("result"),)
    else:
        wanted = tuple(namer.fresh(f"result_{k}") for k in range(width))
    worker = _Ender(function, namer, wanted, width)
    ended = worker.run(body, _Region("function"))
    return with_body(function, (*ended, Return(Const(None) if nothing else worker.again, None)))


def _with_none(body: Block) -> Block:
    """The block with ``return None`` for ``return``."""

    def one(stmt: Stmt) -> Stmt:
        if isinstance(stmt, Return) and stmt.value is None:
            return Return(Const(None), stmt.origin)
        return with_blocks(stmt, _with_none)

    return tuple(map(one, body))


def is_none(value: Expr) -> bool:
    return isinstance(value, Const) and value.value is None


def _width(returns: list[Return]) -> int | None:
    """The number of results, where every path returns a tuple display of that length."""
    widths = {len(r.value.items) if isinstance(r.value, Tuple) else None for r in returns}
    return widths.pop() if len(widths) == 1 else None


def falls(block: Block) -> bool:
    """May what stands behind the block be reached through it?"""
    return all(_falls(stmt) for stmt in block)


def _falls(stmt: Stmt) -> bool:
    match stmt:
        case Return() | Raise() | Break() | Continue():
            return False
        case If():
            return any(falls(body) for body in blocks(stmt))
        case While():
            return not _endless(stmt)
        case With():
            return falls(stmt.body)
        case Try():
            if not falls(stmt.final):
                return False
            return falls((*stmt.body, *stmt.orelse)) or any(falls(h.body) for h in stmt.handlers)
        case _:
            return True


def _endless(stmt: Stmt) -> bool:
    """``while True`` without a ``break`` of its own."""
    return (
        isinstance(stmt, While)
        and isinstance(stmt.test, Const)
        and bool(stmt.test.value)
        and not jumps(stmt.body, (Break,))
    )


def leaves(stmt: Stmt) -> bool:
    """Does a path through the statement jump to somewhere else than behind it?"""
    if any(isinstance(s, Return) for s in statements((stmt,))):
        return True
    return jumps((stmt,), (Break, Continue))


@dataclass(eq=False)
class _Region:
    """A stretch of statements of which a jump leaves out the rest: the function, a turn, or one that goes by flags."""

    kind: str  # "function", "turn", "held"
    loops: int = 0
    flags: dict[str, str] = field(default_factory=dict)  # of the jumps that were met
    own: bool = False  # are all its flags its own?


class _Ender:
    def __init__(self, function: Function, namer: Namer, wanted: tuple[str, ...], width: int | None) -> None:
        self.function, self.namer, self.wanted, self.width = function, namer, wanted, width
        items = tuple(Name(n) for n in wanted)
        self.again: Expr = Tuple(items) if width is not None or not items else items[0]  # what is returned already
        self.returned = ""
        self.copies = 0
        self.made: set[str] = set()  # names that stand for others in the body of a try
        self.inside = 0  # how many bodies of try stand around

    def run(self, block: Block, region: _Region) -> Block:
        """The block with each jump at the end of the region, whatever followed it in the other arms."""
        out: list[Stmt] = []
        for k, stmt in enumerate(block):
            tail = block[k + 1 :]
            match stmt:
                case Return():
                    return (*out, *self.result(stmt), *self.leave("return", region, stmt))
                case Break():
                    return (*out, *self.leave("break", region, stmt))
                case Continue():
                    return (*out, *self.leave("continue", region, stmt))
                case Raise():
                    return (*out, stmt)
                case Delete():
                    continue
                case If() if leaves(stmt):
                    return (*out, *self.branch(stmt, tail, region))
                case For() | Each() | While() | Loop():
                    turn = _Region("turn", region.loops + 1)
                    out.extend(self.started(region) if "return" in _kinds(stmt) else ())
                    out.append(with_blocks(stmt, lambda body, turn=turn: self.run(body, turn)))  # type: ignore[misc]
                    if "return" in turn.flags:
                        ends: Stmt = Return(self.again, stmt.origin)
                        if not _endless(stmt):
                            ends = If((Arm(Name(self.flag()), (ends,)),), (), stmt.origin)
                        return (*out, *self.run((ends, *tail), region))
                    if _endless(stmt):
                        return tuple(out)
                case With() if not tail and stmt.sure:
                    body = self.run(stmt.body, region)
                    return (*out, replace(stmt, body=body))
                case With():
                    start, body, behind = self.held(stmt.body, region)
                    out.extend(start)
                    whole, check = self.checked(stmt)
                    out.extend((*whole[:1], replace(stmt, body=(*body, *whole[1:])), *check))
                    if behind:
                        return (*out, *self.run((*behind, *tail), region))
                case Try():
                    return (*out, *self.attempt(stmt, tail, region))
                case _:
                    out.append(with_blocks(stmt, lambda body: self.run(body, region)))
        return tuple(out)

    # -- jumps --

    def flag(self) -> str:
        """The variable that says that the result is there."""
        if not self.returned:
            self.returned = self.namer.fresh(FLAGS["return"])
        return self.returned

    def started(self, region: _Region) -> Block:
        return (Assign((self.flag(),), (Const(False),)),) if region.kind == "function" or region.own else ()

    def result(self, stmt: Return) -> Block:
        value = stmt.value
        if value is self.again or not self.wanted:
            return ()
        assert value is not None
        if self.width is None:
            return (Assign(self.wanted, (value,), stmt.origin),)
        assert isinstance(value, Tuple)
        return (Assign(self.wanted, value.items, stmt.origin),)

    def leave(self, how: str, region: _Region, stmt: Return | Break | Continue) -> Block:
        """What a jump becomes, once it is the last statement of its region."""
        again = isinstance(stmt, Return) and stmt.value is self.again and stmt.origin is not OWN
        if how not in region.flags:
            region.flags[how] = ""
            if how == "return" and not region.own:
                region.flags[how] = self.flag() if region.kind != "function" else ""
            elif region.kind == "held":
                region.flags[how] = self.namer.fresh(FLAGS[how])
        shared = again and not region.own
        said = () if shared or region.kind == "function" else (Assign((region.flags[how],), (Const(True),)),)
        match region.kind:
            case "function":
                return ()
            case "held":
                return said
        if how == "continue":
            return ()
        return (Break(stmt.origin),) if how == "break" else (*said, Break(stmt.origin))

    def held(self, body: Block, region: _Region, own: bool = False) -> tuple[Block, Block, Block]:
        """The body with flags for its jumps; what stands before it, and the jumps themselves behind it."""
        inner = _Region("held", region.loops, own=own)
        new = self.run(body, inner)
        ends = Return(self.again, OWN if own else None)
        jumps: dict[str, Stmt] = {"return": ends, "break": Break(), "continue": Continue()}
        found = [how for how in FLAGS if how in inner.flags]
        if not found:
            return (), new, ()
        if len(found) == 1 and not falls(body):
            return (), new, (jumps[found[0]],)
        first = own or region.own or region.kind == "function"
        unset = [how for how in found if how != "return" or first]
        start = tuple(Assign((inner.flags[how],), (Const(False),)) for how in unset)
        arms = tuple(Arm(Name(inner.flags[how]), (jumps[how],)) for how in found)
        return start, new, (If(arms, ()),)

    def checked(self, stmt: With) -> tuple[Block, Block]:
        """Of a context that may keep an exception to itself: the body must have come to its end."""
        if stmt.sure:
            return (), ()
        whole = self.namer.fresh("whole")
        target = Library("tangent_like.runtime", "refuse_kept", runtime.refuse_kept)
        check = Do(Call(Ref("refuse_kept", target, None, target), (Name(whole),)), stmt.origin)
        return (Assign((whole,), (Const(False),)), Assign((whole,), (Const(True),))), (check,)

    # -- branches --

    def branch(self, stmt: If, tail: Block, region: _Region) -> Block:
        bodies = blocks(stmt)
        falling = [falls(b) for b in bodies]
        if sum(falling) > 1 and tail:
            first = falling.index(True)
            if 0 < first < len(stmt.arms):
                # the arms that jump come first: the others are asked behind them
                others = If(stmt.arms[first:], stmt.orelse, stmt.arms[first].origin)
                return self.branch(If(stmt.arms[:first], (others,), stmt.origin), tail, region)
            cost = (sum(falling) - 1) * sum(1 for _ in statements(tail))
            if self.copies + cost > MOST_COPIES:
                start, body, behind = self.held((stmt,), region)
                return (*start, *body, *self.run((*behind, *tail), region))
            self.copies += cost
        rests: list[Block] = []
        for falls_ in falling:
            rests.append((tail if not any(rests) else _copied(tail)) if falls_ else ())
        done = [self.run((*body, *rest), region) for body, rest in zip(bodies, rests, strict=True)]
        if not any(done) and all(isinstance(a.test, Name) for a in stmt.arms):
            return ()
        arms = tuple(Arm(a.test, body, a.origin) for a, body in zip(stmt.arms, done, strict=False))
        orelse = done[-1]
        early = region.kind == "turn" and not any(falling[:-1])
        if len(orelse) == 1 and isinstance(orelse[0], If) and not stmt.orelse:
            inner = orelse[0]  # guards one after the other read as a chain
            if early == inner.early:
                return (If((*arms, *inner.arms), inner.orelse, stmt.origin, "", early),)
        return (If(arms, orelse, stmt.origin, "", early),)

    # -- exceptions --

    def attempt(self, stmt: Try, tail: Block, region: _Region) -> Block:
        for inner in stmt.final:
            if leaves(inner):
                place = place_of(inner.origin or stmt.origin)
                raise UnsupportedError("a jump out of finally is not differentiated", place, "jump behind the try")
        going = [h for h in stmt.handlers if not only_raises(h.body)]
        again = region.loops + self.inside > 0
        loop = tried_loop(self.function, stmt, again, self.made) if going else None
        if loop is not None and len(stmt.body) == 1:
            return self.run((*by_turns(stmt, self.namer), *tail), region)
        arms = tried_branch(self.function, stmt, again, self.made) if going else None
        if arms is not None and len(stmt.body) == 1:
            tried, cost = by_arms(stmt, self.namer, self.made, _copied)
            if self.copies + cost <= MOST_COPIES:
                self.copies += cost
                return self.run((*tried, *tail), region)
        apart = min((k for k in (loop, arms) if k is not None), default=None)
        if going and (parts := parted(self.function, stmt, stmt.body, again, self.made, apart)) is not None:
            cost = sum(1 for h in stmt.handlers for _ in statements(h.body))
            if self.copies + cost <= MOST_COPIES:
                self.copies += cost
                handlers = tuple(replace(h, body=_copied(h.body)) for h in stmt.handlers)
                rest = Try(parts[1], handlers, (), stmt.origin, "", stmt.orelse)
                return self.attempt(replace(stmt, body=parts[0], orelse=(rest,)), tail, region)
        self.inside += 1
        start, body, behind = self.held(stmt.body, region, own=True)
        self.inside -= 1
        if not going:
            final = self.run(stmt.final, _Region("held", region.loops))
            new = Try(body, stmt.handlers, final, stmt.origin)
            return (*start, new, *self.run((*behind, *stmt.orelse, *tail), region))
        failed = self.namer.fresh("failed")
        body, puts = put_behind(stmt, body, self.made, self.namer)
        body, commits = committed(self.function, stmt, body, again, frozenset(self.wanted), self.made, self.namer)
        caught: list[Handler] = []
        ways: list[Arm] = []
        for handler in stmt.handlers:
            if handler not in going:
                caught.append(handler)
                continue
            number: Expr = Const(True) if len(going) == 1 else Const(len(ways) + 1)
            set_ = Assign((failed,), (number,))
            held, bound, followed = self.caught(handler)
            caught.append(Handler(handler.type, held, (set_, *bound), handler.origin))
            test: Expr = Name(failed) if len(going) == 1 else Compare(Name(failed), ("==",), (number,))
            ways.append(Arm(test, followed, handler.origin))
        fine: Expr = Const(False) if len(going) == 1 else Const(0)
        new = Try(body, tuple(caught), (), stmt.origin, failed)
        follows = If(tuple(ways), (*commits, *puts, *behind, *stmt.orelse), stmt.origin)
        return (*start, Assign((failed,), (fine,)), new, *self.run((follows, *tail), region))

    def caught(self, handler: Handler) -> tuple[str, Block, Block]:
        """The name that the exception is caught by, what binds the user's to it, and what the handler does."""
        body = handler.body
        bare = any(isinstance(s, Raise) and s.value is None for s in statements(body))
        used = handler.name and any(handler.name in _reads(s) for s in statements(body))
        if not bare and not used:
            return "", (), body
        held = self.namer.fresh("error")
        own = handler.name or self.namer.fresh("caught")
        error = Opaque(own, (own,))

        def renew(inner: Block) -> Block:
            out: list[Stmt] = []
            for s in inner:
                if isinstance(s, Raise) and s.value is None:
                    out.append(Raise(error, s.origin))
                else:
                    out.append(with_blocks(s, renew))
            return tuple(out)

        return held, (Assign((own,), (Opaque(held, (held,)),)),), renew(body)


def _kinds(stmt: Stmt) -> set[str]:
    return {"return" for s in statements((stmt,)) if isinstance(s, Return)}


def _copied(block: Block) -> Block:
    """New statements: the facts of one copy are not those of another."""
    return tuple(map(_copy, block))


def _copy(stmt: Stmt) -> Stmt:
    if isinstance(stmt, Define):
        return replace(stmt)  # the function within is the same, wherever it is called
    if any(isinstance(s, Define) for s in statements((stmt,))):
        return with_blocks(stmt, _copied)
    return rewrite(stmt, _itself, _itself_name)


def _itself(expr: Expr) -> Expr:
    return expr


def _itself_name(name: str) -> str:
    return name


def _reads(stmt: Stmt) -> set[str]:
    return {n for e in expressions(stmt) for n in names(e)}

