"""Going through the small language: children, names, structural keys, substitution, what is read and written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from operator import is_
from typing import Any

from tangent_like.ir.never import assert_never
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
    Clause,
    Comment,
    Compare,
    Comprehension,
    Const,
    Continue,
    Define,
    Delete,
    Dict,
    Do,
    Each,
    Expr,
    For,
    Fresh,
    Function,
    GradOf,
    Hole,
    If,
    Index,
    Lambda,
    List,
    Logic,
    Loop,
    Name,
    Opaque,
    Pass,
    Pop,
    Push,
    Raise,
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
from tangent_like.ir.quick import Node
from tangent_like.ir.verbatim import substitute_text

LEAVES = frozenset({Name, Const, Ref, Opaque, Hole, Fresh, Lambda})


def children(expr: Expr) -> tuple[Expr, ...]:
    """The direct subexpressions, in the order in which Python evaluates them."""
    node: Any = expr
    kind: type = type(node)  # a match asks for one class after another: first what most are
    if kind in LEAVES:
        return ()
    if kind is Binary:
        return (node.left, node.right)
    if kind is Call and not node.keywords:
        return (node.func, *node.args)
    if kind is Index:
        return (node.value, node.index)
    match expr:
        case Name() | Const() | Ref() | Opaque() | Hole() | Fresh() | Lambda():
            return ()
        case Unary():
            return (expr.operand,)
        case Binary():
            return (expr.left, expr.right)
        case Compare():
            return (expr.left, *expr.rights)
        case Logic():
            return expr.values
        case Choose():
            return (expr.test, expr.body, expr.orelse)
        case Call():
            return (expr.func, *expr.args, *[value for _, value in expr.keywords])
        case Index():
            return (expr.value, expr.index)
        case Slice():
            return tuple(part for part in (expr.lower, expr.upper, expr.step) if part is not None)
        case Tuple() | List() | SetOf():
            return expr.items
        case Dict():
            return (*(k for k in expr.keys if k is not None), *expr.values)
        case Attribute() | Starred() | Walrus():
            return (expr.value,)
        case Comprehension():
            inner = [e for c in expr.clauses for e in (c.target, c.iterable, *c.conditions)]
            return (*inner, expr.element, *([expr.value] if expr.value is not None else []))
        case _:
            assert_never(expr)


def rebuild(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The node with each child replaced by ``change(child)``; the node itself where nothing changed."""
    if type(expr) in LEAVES:
        return expr
    if isinstance(expr, Binary):
        left, right = change(expr.left), change(expr.right)
        return expr if left is expr.left and right is expr.right else Binary(expr.op, left, right, expr.at)
    old = children(expr)
    new = tuple([change(child) for child in old])  # no generator: it would recurse through C
    if all(map(is_, old, new)):
        return expr
    match expr:
        case Unary():
            return Unary(expr.op, new[0], expr.at)
        case Compare():
            return Compare(new[0], expr.ops, new[1:], expr.at)
        case Logic():
            return Logic(expr.op, new, expr.at)
        case Choose():
            return Choose(new[0], new[1], new[2], expr.at)
        case Call():
            n = 1 + len(expr.args)
            names = (name for name, _ in expr.keywords)
            return Call(new[0], new[1:n], tuple(zip(names, new[n:], strict=True)), expr.at)
        case Attribute():
            return Attribute(new[0], expr.name, expr.at)
        case Index():
            return Index(new[0], new[1], expr.at)
        case Slice():
            parts = iter(new)
            lower, upper, step = (
                next(parts) if part is not None else None for part in (expr.lower, expr.upper, expr.step)
            )
            return Slice(lower, upper, step, expr.at)
        case Tuple():
            return Tuple(new, expr.at)
        case List():
            return List(new, expr.at)
        case SetOf():
            return SetOf(new, expr.at)
        case Starred():
            return Starred(new[0], expr.at, expr.count)
        case Walrus():
            return Walrus(expr.target, new[0], expr.at)
        case Dict():
            count = sum(k is not None for k in expr.keys)
            found = iter(new[:count])
            keys = tuple(None if k is None else next(found) for k in expr.keys)
            return Dict(keys, new[count:], expr.at)
        case Comprehension():
            rest = iter(new)
            clauses = tuple(Clause(next(rest), next(rest), (*islice(rest, len(c.conditions)),)) for c in expr.clauses)
            return Comprehension(expr.form, next(rest), next(rest, None), clauses, expr.names, expr.at)
        case _:
            raise AssertionError(f"{type(expr).__name__} has no children")


NOTHING: frozenset[str] = frozenset()
NAMED: Any = vars(Node)["named"]  # asks and tells nodes what they remember
BELOW: Any = vars(Node)["below"]
LONG = 64  # what is below nodes that hold more is not remembered: a sum of n terms would take n * n places


def subexpressions(expr: Expr) -> tuple[Expr, ...]:
    """The node and all below it, the node first."""
    top: Any = expr
    if type(top) in LEAVES:
        return (top,)
    try:
        return (top, *top.below)
    except AttributeError:
        pass
    found: list[Expr] = []
    pending = [expr]
    while pending:
        node = pending.pop()
        found.append(node)
        if type(node) not in LEAVES:
            pending.extend(children(node)[::-1])
    if len(found) <= LONG:
        BELOW.__set__(expr, tuple(found[1:]))  # without itself, which would keep it alive
    return tuple(found)


def names(expr: Expr | None) -> frozenset[str]:
    """The local names that evaluating ``expr`` reads."""
    if expr is None:
        return NOTHING
    try:
        return expr.named  # type: ignore[no-any-return, union-attr]
    except AttributeError:
        found: set[str] = set()
        _collect(expr, found)
        NAMED.__set__(expr, named := frozenset(found))
        return named


def _collect(expr: Expr, found: set[str]) -> None:
    pending = [expr]
    while pending:
        node = pending.pop()
        kind = type(node)
        if kind is Name:
            found.add(node.id)  # type: ignore[union-attr]
        elif kind is Binary:
            pending.append(node.left)  # type: ignore[union-attr]
            pending.append(node.right)  # type: ignore[union-attr]
        elif isinstance(node, Opaque):
            found.update(node.reads)
        elif kind not in LEAVES:
            pending.extend(children(node))


def key(expr: Expr | None) -> object:
    """A hashable value that two expressions share exactly where their texts mean the same."""
    match expr:
        case None:
            return None
        case Name() | Hole() | Fresh():
            name = expr.id if isinstance(expr, Name) else expr.name
            return (type(expr).__name__, name)
        case Const():
            return ("Const", type(expr.value).__name__, repr(expr.value))
        case Ref():
            return ("Ref", expr.target)
        case Opaque():
            return ("Opaque", expr.text)
        case Slice():
            return ("Slice", key(expr.lower), key(expr.upper), key(expr.step))
        case Unary():
            return ("Unary", expr.op, key(expr.operand))
        case Binary():
            return ("Binary", expr.op, key(expr.left), key(expr.right))
        case Compare():
            return ("Compare", expr.ops, key(expr.left), *[key(e) for e in expr.rights])
        case Logic():
            return ("Logic", expr.op, *[key(e) for e in expr.values])
        case Attribute():
            return ("Attribute", expr.name, key(expr.value))
        case Call():
            keywords = tuple((name, key(value)) for name, value in expr.keywords)
            return ("Call", key(expr.func), tuple([key(e) for e in expr.args]), keywords)
        case Choose() | Index() | Tuple() | List():
            return (type(expr).__name__, *[key(e) for e in children(expr)])
        case Lambda() | Dict() | SetOf() | Starred() | Walrus() | Comprehension():
            return id(expr)
        case _:
            assert_never(expr)


def same(a: Expr | None, b: Expr | None) -> bool:
    """Do two expressions mean the same? Most differ at the top, or are one node somewhere below."""
    pending = [(a, b)]
    while pending:
        one, two = pending.pop()
        if one is two:
            continue
        if type(one) is not type(two):
            return False
        match one, two:
            case (Binary(), Binary()):
                if one.op != two.op:
                    return False
                pending += [(one.right, two.right), (one.left, two.left)]
            case (Index(), Index()):
                pending += [(one.index, two.index), (one.value, two.value)]
            case (Call(), Call()) if len(one.args) == len(two.args) and len(one.keywords) == len(two.keywords):
                if [name for name, _ in one.keywords] != [name for name, _ in two.keywords]:
                    return False
                pending += zip(children(one), children(two), strict=True)
            case _:
                if key(one) != key(two):
                    return False
    return True


def substitute(expr: Expr, table: Mapping[str, Expr]) -> Expr:
    """``expr`` with the names in ``table`` replaced."""
    match expr:
        case Name():
            return table.get(expr.id, expr)
        case Opaque():
            return substitute_text(expr, table)
        case _:
            return rebuild(expr, lambda child: substitute(child, table))


# -- statements ------------------------------------------------------------------------------------


SIMPLE = frozenset({Assign, Store, Augment, Return, Push, Pop, Do, Comment})  # most statements
BINDLESS = frozenset({Store, Return, Push, Do, Comment, If, While})  # most of those that bind nothing


def blocks(stmt: Stmt) -> tuple[Block, ...]:
    """The blocks inside a statement, in order of the text."""
    if type(stmt) in SIMPLE:
        return ()
    match stmt:
        case If():
            return (*(arm.body for arm in stmt.arms), stmt.orelse)
        case For() | Each() | While() | Loop() | With():
            return (stmt.body,)
        case Try():
            return (stmt.body, *(h.body for h in stmt.handlers), stmt.orelse, stmt.final)
        case _:
            return ()


def statements(block: Block) -> list[Stmt]:
    """All statements of a block, those of inner blocks after the statement that holds them."""
    found: list[Stmt] = []
    for stmt in block:
        found.append(stmt)
        if type(stmt) not in SIMPLE:
            found += _inside(stmt)
    return found


def _inside(stmt: Any) -> tuple[Stmt, ...]:
    try:
        return stmt.below  # type: ignore[no-any-return]
    except AttributeError:
        inner = tuple(s for block in blocks(stmt) for s in statements(block))
        BELOW.__set__(stmt, inner)
        return inner


def expressions(stmt: Stmt) -> tuple[Expr, ...]:
    """The expressions of the statement itself, not those of its inner blocks."""
    node: Any = stmt
    kind: type = type(node)  # first what most are
    if kind is Assign:
        values: tuple[Expr, ...] = node.values
        return values
    if kind is Augment:
        return (node.value,)
    if kind is Comment:
        return ()
    match stmt:
        case Assign():
            return stmt.values
        case Store():
            return (stmt.value, stmt.target)
        case Augment():
            return (stmt.value,)
        case If():
            return tuple(arm.test for arm in stmt.arms)
        case For():
            return stmt.args
        case Each():
            return (stmt.iterable,)
        case While():
            return (stmt.test,)
        case Return():
            return () if stmt.value is None else (stmt.value,)
        case Raise():
            return tuple(e for e in (stmt.value, stmt.cause) if e is not None)
        case With():
            return tuple(item.context for item in stmt.items)
        case Try():
            return tuple(h.type for h in stmt.handlers if h.type is not None)
        case Do():
            return (stmt.value,)
        case GradOf():
            return (stmt.lines, Name(stmt.name)) if stmt.name else (stmt.lines,)
        case Assert():
            return (stmt.test, stmt.message) if stmt.message is not None else (stmt.test,)
        case Push():
            return (stmt.value,)
        case Pop():
            return (stmt.target,) if isinstance(stmt.target, Index) else ()
        case Bind():
            return (stmt.value, stmt.target)
        case Loop():
            return (stmt.iterable,)
        case Define():
            return stmt.decorators
        case Pass() | Comment() | Break() | Continue() | Delete():
            return ()
        case _:
            assert_never(stmt)


def reads(stmt: Stmt) -> frozenset[str]:
    """The names that the statement itself reads (a store reads the array it writes into)."""
    try:
        return stmt.named  # type: ignore[union-attr, no-any-return]
    except AttributeError:
        pass
    found: set[str] = set()
    for expr in expressions(stmt):
        _collect(expr, found)
    match stmt:
        case Augment(target=name) | Push(list=name) | Pop(list=name) | For(slots=name) | Each(slots=name) if name:
            found.add(name)
    NAMED.__set__(stmt, named := frozenset(found))
    return named


def binds(stmt: Stmt) -> tuple[str, ...]:
    """The names that the statement itself binds."""
    if type(stmt) in BINDLESS:
        return ()
    match stmt:
        case Assign():
            return (*stmt.targets, stmt.saved) if stmt.saved else stmt.targets
        case Augment() | For() | Each():
            return (stmt.target,)
        case Pop() if isinstance(stmt.target, Name):
            return (stmt.target.id,)
        case Bind() | Loop():
            return tuple(target_names(stmt.target))
        case Define():
            return (stmt.name,)
        case GradOf() if not stmt.name:
            return (stmt.bar, *stmt.own) if stmt.changes else stmt.own
        case With():
            return tuple(item.name for item in stmt.items if item.name)
        case Try():
            return tuple(h.name for h in stmt.handlers if h.name)
        case _:
            return ()


def target_names(target: Expr) -> Iterator[str]:
    """The names that a target binds."""
    match target:
        case Name(id):
            yield id
        case Tuple(items) | List(items):
            for item in items:
                yield from target_names(item)
        case Starred(value):
            yield from target_names(value)
        case _:
            return


def with_body(function: Function, body: Block) -> Function:
    """The function with another body; itself where that is the one it has."""
    same_body = len(body) == len(function.body) and all(map(is_, body, function.body))
    return function if same_body else replace(function, body=body)


def bound_in(block: Block) -> set[str]:
    """The names bound anywhere in a block."""
    return {name for stmt in statements(block) for name in binds(stmt)}


def stored_in(block: Block) -> set[str]:
    """The names through which memory is written anywhere in a block (``v += e`` may be a store)."""
    found: set[str] = set()
    for stmt in statements(block):
        if isinstance(stmt, Store):
            found |= {root} if (root := base_name(stmt.target)) is not None else set()
        elif isinstance(stmt, Augment):
            found.add(stmt.target)
        elif isinstance(stmt, Assign):
            found.update(stmt.writes)
        elif isinstance(stmt, GradOf) and not stmt.name and stmt.changes:
            found.add(stmt.bar)
        elif isinstance(stmt, Push | Pop):
            found.add(stmt.list)
    return found


def base_name(expr: Expr) -> str | None:
    """The name at the bottom of a chain of indices and attributes: ``x`` of ``x[0].T[1]``."""
    while isinstance(expr, Index | Attribute):
        expr = expr.value
    return expr.id if isinstance(expr, Name) else None


def called_by(expr: Expr) -> UserFunction | None:
    """The function of the user's that an expression calls by its name, if that is what it is."""
    if not isinstance(expr, Call) or not isinstance(expr.func, Ref):
        return None
    return target if isinstance(target := expr.func.target, UserFunction) else None


def last_return(block: Block) -> Return:
    """The ``return`` at the end of a function's body."""
    return next(s for s in reversed(block) if isinstance(s, Return))
