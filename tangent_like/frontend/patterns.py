"""``match`` as a chain of ``if``: the subject is evaluated once, names are bound where an arm begins.

Before                                   After

    match mode, k:                           if mode == "square":
        case "square", _:                        y = x * x
            y = x * x                        elif mode == "power" and k > 1:
        case "power", n if n > 1:                n = k
            y = x**n                             y = x**n
        case _:                              else:
            y = x                                y = x
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import gast

from tangent_like.errors import UnsupportedError
from tangent_like.frontend.source import FunctionSource
from tangent_like.ir.build import builtin_ref
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Attribute,
    Block,
    Call,
    Choose,
    Clause,
    Compare,
    Comprehension,
    Const,
    Expr,
    Global,
    If,
    Index,
    Library,
    List,
    Logic,
    Name,
    Origin,
    Ref,
    Slice,
    Starred,
    Stmt,
    Tuple,
)
from tangent_like.ir.walk import names, same, substitute

CLASSES = ("float", "int", "bool", "str", "tuple", "list")


class Lowerer(Protocol):
    """What reading one sort of statement needs of ``lower``."""

    source: FunctionSource
    locals: set[str]
    own: set[str]
    namer: Namer
    broke: list[str | None]  # for each loop around: what says that it was left by a break

    @property
    def expr(self) -> Any: ...
    def origin(self, node: Any) -> Origin: ...
    def block(self, nodes: list[Any]) -> Block: ...
    def statement(self, node: Any) -> list[Stmt]: ...
    def loop(self, node: Any) -> Stmt: ...
    def while_loop(self, node: Any) -> Stmt: ...
    def refuse(self, node: Any, what: str, hint: str = "") -> UnsupportedError: ...


@dataclass
class _Matched:
    """What must hold for a pattern, and the names that it binds."""

    tests: list[Expr] = field(default_factory=list)
    bound: dict[str, Expr] = field(default_factory=dict)


def match_statement(node: Any, lowerer: Lowerer) -> list[Stmt]:
    origin = lowerer.origin(node)
    before: list[Stmt] = []

    def held(value: Expr) -> Expr:
        if isinstance(value, Const | Name):
            return value
        name = lowerer.namer.fresh("subject")
        lowerer.locals.add(name)
        lowerer.own.add(name)
        before.append(Assign((name,), (value,), origin))
        return Name(name)

    whole = lowerer.expr(node.subject)
    subject = Tuple(tuple(held(i) for i in whole.items), whole.at) if isinstance(whole, Tuple) else held(whole)
    arms: list[Arm] = []
    for case in node.cases:
        found = _Matched()
        _pattern(case.pattern, subject, found, lowerer)
        if case.guard is not None:
            _refuse_late_reads(case, found, lowerer)
            found.tests.append(substitute(lowerer.expr(case.guard), found.bound))
        body = (*_bindings(found.bound, origin), *lowerer.block(case.body))
        if not found.tests:
            return [*before, If(tuple(arms), body, origin)] if arms else [*before, *body]
        arms.append(Arm(_all(found.tests), body, origin))
    return [*before, If(tuple(arms), (), origin)]


def _bindings(bound: dict[str, Expr], origin: Origin) -> list[Stmt]:
    """The names of an arm, at once where one is what another is taken from: ``case b, a:`` of ``a, b``."""
    order = list(bound.items())
    crossed = any(name in names(value) for k, (name, _) in enumerate(order) for _, value in order[k + 1 :])
    if crossed:
        return [Assign(tuple(bound), tuple(bound.values()), origin)]
    return [Assign((name,), (value,), origin) for name, value in order]


def _pattern(pattern: Any, subject: Expr, found: _Matched, lowerer: Lowerer) -> None:
    match pattern:
        case gast.MatchValue(value=value):
            found.tests.append(Compare(subject, ("==",), (lowerer.expr(value),)))
        case gast.MatchSingleton(value=value):
            found.tests.append(Compare(subject, ("is",), (Const(value),)))
        case gast.MatchAs(pattern=inner, name=name):
            if inner is not None:
                _pattern(inner, subject, found, lowerer)
            if name is not None:
                found.bound[name] = subject
        case gast.MatchOr(patterns=patterns):
            _one_of(patterns, subject, found, lowerer)
        case gast.MatchSequence(patterns=patterns):
            _sequence(patterns, subject, found, lowerer)
        case gast.MatchMapping(keys=keys, patterns=patterns, rest=rest):
            _mapping(keys, patterns, rest, subject, found, lowerer)
        case gast.MatchClass():
            _class(pattern, subject, found, lowerer)
        case _:
            raise lowerer.refuse(pattern, "this pattern", "use if and elif")


def _one_of(patterns: list[Any], subject: Expr, found: _Matched, lowerer: Lowerer) -> None:
    """One of several; a name is bound to what the first that matches takes for it."""
    tests: list[Expr] = []
    bound: list[dict[str, Expr]] = []
    for pattern in patterns:
        inner = _Matched()
        _pattern(pattern, subject, inner, lowerer)
        if any(isinstance(t, Const) and t.value is False for t in inner.tests):
            continue  # of another length than what is matched
        bound.append(inner.bound)
        tests.append(_all(inner.tests))
        if not inner.tests:
            break
    if not tests:
        found.tests.append(Const(False))
        return
    found.bound.update(bound[-1])
    for name in bound[-1]:
        for test, others in zip(reversed(tests[:-1]), reversed(bound[:-1]), strict=True):
            if not same(others[name], found.bound[name]):
                found.bound[name] = Choose(test, others[name], found.bound[name])
    if not any(isinstance(t, Const) for t in tests):
        found.tests.append(tests[0] if len(tests) == 1 else Logic("or", tuple(tests)))


def _all(tests: list[Expr]) -> Expr:
    if len(tests) == 1:
        return tests[0]
    return Logic("and", tuple(tests)) if tests else Const(True)


def _sequence(patterns: list[Any], subject: Expr, found: _Matched, lowerer: Lowerer) -> None:
    """A tuple or list of so many items: arrays are no sequences to ``match``. A star takes a list of the rest."""
    stars = [k for k, p in enumerate(patterns) if isinstance(p, gast.MatchStar)]
    fewest = len(patterns) - len(stars)
    if not isinstance(subject, Tuple):
        kinds = Tuple((builtin_ref("tuple"), builtin_ref("list")))
        found.tests.append(Call(builtin_ref("isinstance"), (subject, kinds)))
        length = Call(builtin_ref("len"), (subject,))
        found.tests.append(Compare(length, (">=" if stars else "==",), (Const(fewest),)))
    elif len(subject.items) < fewest or (len(subject.items) > fewest and not stars):
        found.tests.append(Const(False))
        return
    first = stars[0] if stars else len(patterns)
    behind = fewest - first
    for k, inner in enumerate(patterns):
        if k == first:
            if inner.name is not None:
                found.bound[inner.name] = _rest(subject, first, behind)
        elif isinstance(subject, Tuple):
            _pattern(inner, subject.items[k if k < first else k - len(patterns)], found, lowerer)
        else:
            _pattern(inner, Index(subject, Const(k if k < first else k - len(patterns))), found, lowerer)


def _rest(subject: Expr, first: int, behind: int) -> Expr:
    """The list that a star takes: without ``first`` items at the front and ``behind`` at the end."""
    if isinstance(subject, Tuple):
        return List(subject.items[first : len(subject.items) - behind])
    part = Slice(Const(first), Const(-behind) if behind else None, None)
    return List((Starred(Index(subject, part)),))


def _mapping(
    keys: list[Any], patterns: list[Any], rest: str | None, subject: Expr, found: _Matched, lowerer: Lowerer
) -> None:
    """A dict that has the keys, whatever else it has."""
    found.tests.append(Call(builtin_ref("isinstance"), (subject, builtin_ref("dict"))))
    wanted = tuple(lowerer.expr(key) for key in keys)
    for key in wanted:
        found.tests.append(Compare(key, ("in",), (subject,)))
    for key, inner in zip(wanted, patterns, strict=True):
        _pattern(inner, Index(subject, key), found, lowerer)
    if rest is not None:
        key_, value = lowerer.namer.fresh("key"), lowerer.namer.fresh("value")
        others = (Compare(Name(key_), ("not in",), (Tuple(wanted),)),) if wanted else ()
        clause = Clause(Tuple((Name(key_), Name(value))), Call(Attribute(subject, "items"), ()), others)
        names = frozenset((key_, value))
        found.bound[rest] = Comprehension("dict", Name(key_), Name(value), (clause,), names)


def _class(pattern: Any, subject: Expr, found: _Matched, lowerer: Lowerer) -> None:
    """``float(x)``, ``Point(x=0.0, y=y)``: of a class of the user's its attributes, by name or in their order."""
    cls = lowerer.expr(pattern.cls)
    target = cls.target if isinstance(cls, Ref) else None
    found.tests.append(Call(builtin_ref("isinstance"), (subject, cls)))
    if isinstance(target, Library) and target.module == "builtins" and target.qualname in CLASSES:
        if pattern.kwd_attrs or len(pattern.patterns) > 1:
            raise lowerer.refuse(pattern, "this class pattern", "use isinstance and attributes")
        for inner in pattern.patterns:
            _pattern(inner, subject, found, lowerer)
        return
    own = target.value if isinstance(target, Global) else None
    names = getattr(own, "__match_args__", ()) if isinstance(own, type) else None
    if names is None or len(names) < len(pattern.patterns):
        raise lowerer.refuse(pattern, "this class pattern", "use isinstance and attributes")
    given = [*zip(names, pattern.patterns, strict=False), *zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True)]
    for name, inner in given:
        _pattern(inner, Attribute(subject, name), found, lowerer)


def _refuse_late_reads(case: Any, found: _Matched, lowerer: Lowerer) -> None:
    """A guard that fails leaves the names of its pattern bound: no one may see that.

    A case that binds the name itself, of this ``match`` or another, sees its own.
    """
    tree = lowerer.source.tree
    for name in found.bound:
        own = {
            read
            for other in gast.walk(tree)
            if isinstance(other, gast.match_case) and name in _captured(other.pattern)
            for read in _loads(other, name)
        }
        if _loads(tree, name) - own:
            raise lowerer.refuse(case.pattern, f"{name!r}, which a failing guard would leave bound,", "rename it")


def _loads(root: Any, name: str) -> set[int]:
    reads = (n for n in gast.walk(root) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Load))
    return {id(n) for n in reads if n.id == name}


def _captured(pattern: Any) -> set[str]:
    bound = {p.name for p in gast.walk(pattern) if isinstance(p, gast.MatchAs | gast.MatchStar)}
    bound |= {p.rest for p in gast.walk(pattern) if isinstance(p, gast.MatchMapping)}
    return {name for name in bound if name is not None}
