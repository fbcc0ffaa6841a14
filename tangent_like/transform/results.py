"""A call with several results, ``w, v = np.linalg.eigh(a)``: what flows back from each of them, in one sum."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tangent_like.errors import DifferentiationError, Place, UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.nodes import Assign, Attribute, Call, Const, Expr, Index, Library, Ref
from tangent_like.ir.walk import fill
from tangent_like.kinds.kind import Kind
from tangent_like.rules.apply import Application, application, without_terms
from tangent_like.transform.plan import Planner
from tangent_like.transform.reading import has_hole, is_literal
from tangent_like.transform.refusals import refuse_displays, refuse_operands


def several(expr: Expr, kind_of: Callable[[Expr], Kind], place: Callable[[Expr], Place]) -> Application | None:
    """The rule of a call with several results; None for anything else."""
    if not isinstance(expr, Call) or not (isinstance(expr.func, Ref) and isinstance(expr.func.target, Library)):
        return None
    try:
        found = application(expr, kind_of, place)
    except DifferentiationError:
        return None
    return found if found is not None and found.rule.results else None


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
        planner.back(found.operands[name], fill(text, table))
