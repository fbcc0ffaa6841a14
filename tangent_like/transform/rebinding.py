"""``p += e`` of what may be a number or an array: it is said so that it is right for both, or refuses arrays.

Before                                   After, nothing known of the arguments

    p = a                                    p = a
    for k in range(n):                       for k in range(n):
        p += h * p                               p = p + h * p
        total += p                               refuse_array(total)
        sums.append(total)                       total = total + p
    return p * sums[0]                           sums.append(total)
                                             return p * sums[0]

An array that ``p`` shares with other names would change under those. Where none of them is read again, that
cannot be seen, and a new value keeps what the old one was. Else the text is for numbers, and says so of an array. Of
what is indexed there is no such text: it is refused, and tried for arrays (``transform/of_others.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from tangent_like.analysis.aliases import bindings
from tangent_like.analysis.typing import Typing
from tangent_like.analysis.views import memory_of
from tangent_like.errors import AliasError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Block,
    Call,
    Const,
    Do,
    Each,
    Expr,
    For,
    Function,
    Index,
    Name,
    Pop,
    Push,
    Stmt,
    Store,
    Try,
    UserFunction,
    While,
)
from tangent_like.ir.walk import base_name, blocks, expressions, reads, statements, subexpressions, with_body
from tangent_like.kinds.kind import Array, Unknown
from tangent_like.transform.runtime_refs import helper

HINT = "annotate the arguments (np.ndarray or float), or call the derivative so that their kinds are known"


def rebound(
    function: Function, typing: Typing, returns_argument: Callable[[UserFunction], bool], outermost: bool
) -> Function:
    """The function with those of its ``+=`` as assignments; ``outermost``: no caller sees its arguments written."""
    unsure = [
        s for s in statements(function.body) if isinstance(s, Augment) and isinstance(_kind(s, typing), Unknown)
    ]
    if not unsure:
        return function
    shared = sharing(function, typing, returns_argument)
    later, places = read_later(function), indexed(function)
    params = set() if outermost else {p.name for p in function.params}
    table: dict[Stmt, Block] = {}
    for stmt in unsure:
        others = shared.get(stmt.target, set())
        if not others or not params.isdisjoint({stmt.target, *others}):
            continue  # nobody sees it; or a caller, whose memory a call of the function itself would write
        seen = not others.isdisjoint(later[stmt] | {stmt.target})
        if seen and stmt.target in places:
            among = ", ".join(map(repr, sorted(others - {stmt.target}))) or "itself"
            what = f"{stmt.target!r} is written in place and may share memory with {among},"
            raise AliasError(f"{what} and what they are is not known", place_of(stmt.origin), HINT)
        new = Assign((stmt.target,), (Binary(stmt.op, Name(stmt.target), stmt.value),), stmt.origin)
        said = () if stmt.op == "+" else (Const(f"{stmt.op}="),)
        check = Do(Call(helper("refuse_array"), (Name(stmt.target), *said)), stmt.origin)
        table[stmt] = (check, new) if seen else (new,)
    return with_body(function, replaced(function.body, table)) if table else function


def indexed(function: Function) -> set[str]:
    """The names of what is no number: bound once, and parts of them are read or written."""
    every = list(statements(function.body))
    bound = Counter(target for stmt in every for target, _ in bindings(stmt))
    found = {base_name(stmt.target) for stmt in every if isinstance(stmt, Store)}
    for expr in (e for stmt in every for top in expressions(stmt) for e in subexpressions(top)):
        match expr:
            case Index(Name(id)):
                found.add(id)
    return {n for n in found if n is not None and bound[n] <= 1}


def _kind(stmt: Augment, typing: Typing) -> object:
    return typing.before[stmt].get(stmt.target)


def sharing(
    function: Function, typing: Typing, returns_argument: Callable[[UserFunction], bool]
) -> dict[str, set[str]]:
    """The names that may share memory with each, itself among them if it is bound to a part of itself."""
    direct: dict[str, set[str]] = {}
    for stmt in statements(function.body):
        for target, value in (*bindings(stmt), *put_into(stmt, typing)):
            for other in memory_of(value, typing.at(stmt), returns_argument, lists=True):
                direct.setdefault(target, set()).add(other)
                direct.setdefault(other, set()).add(target)
    found: dict[str, set[str]] = {}
    for name, beside in direct.items():
        around: set[str] = set()
        pending = [name]
        while pending:
            new = direct.get(pending.pop(), set()) - around
            around |= new
            pending.extend(new)
        found[name] = around if name in beside else around - {name}
    return found


def put_into(stmt: Stmt, typing: Typing) -> list[tuple[str, Expr]]:
    """What a list holds from now on, and what is taken from one."""
    match stmt:
        case Push(list_, value):
            return [(list_, value)]
        case Pop(Name(id), list_):
            return [(id, Index(Name(list_), Const(0)))]
        case Store(target, "" | "+", value):  # what else is stored by an operator is new
            name = base_name(target)
            held = name is not None and not isinstance(typing.before[stmt].get(name), Array)
            return [(name, value)] if held and name is not None else []
        case _:
            return []


def read_later(function: Function) -> dict[Stmt, set[str]]:
    """What may be read after a statement: behind it, and in the turns of the loops around it."""
    found: dict[Stmt, set[str]] = {}

    def walk(block: Block, after: set[str]) -> None:
        for stmt in reversed(block):
            found[stmt] = after
            inside = {n for s in statements((stmt,)) for n in reads(s)}
            again = after | inside if isinstance(stmt, For | Each | While) else after
            for inner in blocks(stmt):
                walk(inner, again | handled(stmt, inside))
            after = after | inside

    walk(function.body, set())
    return found


def handled(stmt: Stmt, inside: set[str]) -> set[str]:
    """In a ``try`` what is read in any part of it may come later; the arms of a branch exclude each other."""
    return inside if isinstance(stmt, Try) else set()


def replaced(block: Block, table: Mapping[Stmt, Block]) -> Block:
    stated = (s for stmt in block for s in table.get(stmt, (stmt,)))
    return tuple(with_blocks(s, lambda inner: replaced(inner, table)) for s in stated)
