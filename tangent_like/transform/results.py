"""A call with several results, ``w, v = np.linalg.eigh(a)``: what flows back from each of them, in one sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace

from tangent_like.analysis.views import memory_of
from tangent_like.errors import DifferentiationError, UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.holes import fill
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Block,
    Call,
    Choose,
    Comprehension,
    Const,
    Do,
    Each,
    Expr,
    For,
    Function,
    If,
    Index,
    Lambda,
    Library,
    Logic,
    Name,
    Opaque,
    Ref,
    Return,
    Stmt,
    Store,
    Try,
    Tuple,
    UserFunction,
    While,
    With,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import binds, rebuild, statements, substitute, with_body
from tangent_like.kinds.kind import UNKNOWN, Kind
from tangent_like.rules.apply import Application, application, more_rules, rule_for
from tangent_like.rules.transposed import beside, without_terms
from tangent_like.transform.called import refs_in
from tangent_like.transform.checked import of_axes
from tangent_like.transform.own_rules import checked_part
from tangent_like.transform.plan import Planner
from tangent_like.transform.reading import has_hole, is_literal
from tangent_like.transform.refusals import refuse_displays, refuse_operands
from tangent_like.transform.runtime_refs import helper


def several(expr: Expr, kind_of: Callable[[Expr], Kind]) -> Application | None:
    """The rule of a call with several results; None for anything else."""
    if not isinstance(expr, Call) or not (isinstance(expr.func, Ref) and isinstance(expr.func.target, Library)):
        return None
    try:
        found = application(expr, kind_of)
    except DifferentiationError:
        return None
    return found if found is not None and found.rule.results else None


def gives_fresh(
    stmt: Assign, kind_of: Callable[[Expr], Kind], returns_argument: Callable[[UserFunction], bool]
) -> bool:
    """``w, V = np.linalg.eigh(A)``: are the results memory that nobody else has, each its own?"""
    value = stmt.values[0]
    return several(value, kind_of) is not None and not memory_of(value, kind_of, returns_argument)


def check_count(stmt: Assign, found: Application) -> None:
    """Unpacking takes as many names as there are results."""
    if len(stmt.targets) != len(found.rule.results):
        raise UnsupportedError(
            f"{len(found.rule.results)} results are unpacked into {len(stmt.targets)} names",
            place_of(stmt.origin),
            f"the results: {', '.join(found.rule.results)}",
        )


def part_of(expr: Expr, found: Application) -> int | None:
    """Which result ``call[k]`` or ``call.eigenvalues`` is."""
    names = found.rule.results
    match expr:
        case Index(_, Const(value)) if isinstance(value, int) and -len(names) <= value < len(names):
            return value % len(names)
        case Attribute(_, name) if name in names:
            return names.index(name)
        case _:
            return None


def back_results(
    planner: Planner, expr: Expr, found: Application, bars: Mapping[int, Expr], results: tuple[Expr, ...]
) -> None:
    """The adjoints ``bars``, by the number of the result, flow to the operands; ``results`` are the values."""
    refuse_operands(planner, expr, found)
    refuse_displays(planner, found)
    texts = found.transposed()
    if found.rule.own is not None:  # it need not be a sum of terms, each linear in one adjoint
        zeros = {k: Call(helper("zeros_like"), (r,)) for k, r in enumerate(results)}
        bars = {**zeros, **bars}
    present = frozenset(texts.result_bars[k] for k in bars)
    asked = [texts.parts[n] for n in found.differentiable if planner.is_varied(found.operands[n])]
    together = {h for text in asked for h in beside(text, present, frozenset(texts.result_bars))}
    zero = {k: Call(helper("zeros_like"), (results[k],)) for k, h in enumerate(texts.result_bars) if h in together}
    bars = {**zero, **bars}  # what one term reads is linear in all of it together
    missing = [hole for k, hole in enumerate(texts.result_bars) if k not in bars]
    missing += [name for name, text in texts.shared if any(has_hole(text, hole) for hole in missing)]
    holes: dict[str, Expr] = dict(found.operands)
    table: dict[str, Expr] = {}
    for k, hole in enumerate(texts.results):
        holes[hole] = Index(expr, Const(k))
        table[hole] = results[k]
    for k, bar in bars.items():
        holes[texts.result_bars[k]] = table[texts.result_bars[k]] = bar
    constants = {n: e for n, e in found.operands.items() if isinstance(e, Const) or is_literal(e)}
    for name, text in texts.shared:
        holes[name] = fill(text, holes)
    prepared: list[tuple[str, Expr]] = []
    for name in found.differentiable:
        left = without_terms(texts.parts[name], missing) if planner.is_varied(found.operands[name]) else None
        if left is not None:
            prepared.append((name, planner.plain_holes(fill(left, constants), holes)))
    shared = planner.shared_texts(texts, prepared, constants, holes)
    planner.want_operands(found, [t for _, t in (*prepared, *shared)], table)
    for name, text in shared:
        table[name] = planner.named(fill(text, table), name)
    for name, text in prepared:
        operand = found.operands[name]
        value = of_axes(found, fill(text, table), planner.kind_of, planner.want_shape)
        planner.back(operand, value if found.rule.own is None else checked_part(planner, found.rule, value, operand))


def hoisted(function: Function, namer: Namer) -> Function:
    """A name for a call with several results that stands as an argument of another call.

    Before                                                After

        x = linalg.cho_solve(linalg.cho_factor(a), b)         t = linalg.cho_factor(a)
                                                              x = linalg.cho_solve(t, b)
    """

    def block(body: Block) -> Block:
        out: list[Stmt] = []
        for stmt in body:
            found: list[Stmt] = []

            def change(expr: Expr, here: Stmt = stmt, made: list[Stmt] = found) -> Expr:
                if isinstance(expr, Choose | Logic | Lambda | Comprehension | Opaque):
                    return expr  # what may not be evaluated, or more than once
                expr = rebuild(expr, lambda e: change(e, here, made))
                if isinstance(expr, Call) and expr.args and several(expr.args[0], lambda _: UNKNOWN):
                    name = namer.fresh("t")
                    made.append(Assign((name,), (expr.args[0],), getattr(here, "origin", None)))
                    return replace(expr, args=(Name(name, expr.args[0].at), *expr.args[1:]))
                return expr

            if isinstance(stmt, Assign | Augment | Store | Return | Do):
                stmt = rewrite(stmt, change, lambda name: name)  # noqa: PLW2901
                out += [*found, stmt]
            else:
                out.append(with_blocks(stmt, block))
        return tuple(out)

    return with_body(function, block(function.body))


def _has_results(ref: Ref) -> bool:
    """May a call of it have several results?"""
    if not isinstance(ref.target, Library):
        return False
    rule = rule_for(ref.target)
    if rule is None or rule.own is not None:
        return rule is not None and bool(rule.results)
    return any(one.results for one in (rule, *more_rules(ref.target)))


def unpacked(function: Function, namer: Namer) -> Function:
    """Names for the results of a call whose value is bound once, and only taken apart or handed on.

    Before                                   After

        f = linalg.cho_factor(a)                 f_c, f_lower = linalg.cho_factor(a)
        x = linalg.cho_solve(f, b)               x = linalg.cho_solve((f_c, f_lower), b)
    """
    if not any(map(_has_results, refs_in(function))):
        return function
    function = hoisted(function, namer)
    counts = Counter(n for s in statements(function.body) for n in binds(s))
    counts.update(p.name for p in function.params)
    table: dict[str, tuple[Application, tuple[str, ...]]] = {}
    for stmt in statements(function.body):
        if isinstance(stmt, Assign) and len(stmt.targets) == len(stmt.values) == 1 and counts[stmt.targets[0]] == 1:
            found = several(stmt.values[0], lambda _: UNKNOWN)
            if found is not None:
                name = stmt.targets[0]
                table[name] = (found, tuple(namer.fresh(f"{name}_{r.lower()}") for r in found.rule.results))
    if not table:
        return function

    def change(expr: Expr) -> Expr:
        if isinstance(expr, Index | Attribute) and isinstance(expr.value, Name) and expr.value.id in table:
            found, names = table[expr.value.id]
            k = part_of(expr, found)
            if k is not None:
                return Name(names[k], expr.at)
        if isinstance(expr, Name) and expr.id in table:
            return Tuple(tuple(map(Name, table[expr.id][1])), expr.at)
        if isinstance(expr, Opaque):
            return substitute(expr, {n: Tuple(tuple(map(Name, names))) for n, (_, names) in table.items()})
        return rebuild(expr, change)

    def expanded(block: Block) -> Block:
        return tuple(map(statement, block))

    def statement(stmt: Stmt) -> Stmt:
        match stmt:
            case Assign(targets) if targets[0] in table:
                return replace(stmt, targets=table[targets[0]][1])
            case If():
                arms = tuple(replace(arm, body=expanded(arm.body)) for arm in stmt.arms)
                return replace(stmt, arms=arms, orelse=expanded(stmt.orelse))
            case For() | Each() | While() | With():
                return replace(stmt, body=expanded(stmt.body))
            case Try():
                handlers = tuple(replace(h, body=expanded(h.body)) for h in stmt.handlers)
                body, final, orelse = map(expanded, (stmt.body, stmt.final, stmt.orelse))
                return replace(stmt, body=body, handlers=handlers, final=final, orelse=orelse)
            case _:
                return stmt

    return with_body(function, expanded(tuple(rewrite(s, change, lambda name: name) for s in function.body)))
