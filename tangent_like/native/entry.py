"""The emitted functions of one derivative as Numba gets them, and what around them stays in Python.

Before                                   After

    def grad_f(params, x):                   def kernel(W, x, SCALE):            # compiled
        W = params["W"]                          ...
        ...                                      return W_bar
        return {"W": W_bar}
                                             def grad_f(params, x):              # in Python
                                                 W = params["W"]
                                                 return {"W": kernel(W, x, SCALE)}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from tangent_like.analysis.typing import CalleeKind
from tangent_like.errors import UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.calls import calling
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Call,
    Const,
    Emitted,
    Expr,
    Function,
    Global,
    Index,
    Name,
    Param,
    Ref,
    Return,
    Try,
    Tuple,
)
from tangent_like.ir.walk import binds, expressions, reads, statements, subexpressions
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import Kind, kind_of_value
from tangent_like.native.any_order import with_free_sums
from tangent_like.native.carried import carried
from tangent_like.native.constants import with_constants
from tangent_like.native.contract import contracted
from tangent_like.native.division import by_name, raises
from tangent_like.native.factored import with_factors
from tangent_like.native.followed import with_followed_turns
from tangent_like.native.held import held
from tangent_like.native.idle import with_idle_turns
from tangent_like.native.in_rows import with_rows_in_place
from tangent_like.native.interchange import interchanged
from tangent_like.native.joined import joined
from tangent_like.native.list_items import with_float_items
from tangent_like.native.lower import lowered
from tangent_like.native.masked import with_masks
from tangent_like.native.memory import Memory, turn_names
from tangent_like.native.named_tests import named_before
from tangent_like.native.nonneg import nonnegative_names
from tangent_like.native.numbered import with_numbered_turns
from tangent_like.native.records import with_records
from tangent_like.native.rolled import with_rolled
from tangent_like.native.row_names import with_rows_said
from tangent_like.native.said_again import said_again
from tangent_like.native.sharing import alias_classes
from tangent_like.native.spelled import spelled
from tangent_like.native.stacks import with_stacks
from tangent_like.native.swapped import told_apart
from tangent_like.native.threads import apart_from_versions, threaded
from tangent_like.native.ties import with_halves
from tangent_like.native.typed import typings
from tangent_like.native.unmoved import unmoved
from tangent_like.native.unset import set_at_first
from tangent_like.native.upward import upward
from tangent_like.native.waiting import with_waiting
from tangent_like.transform.tidy.facts import find_facts, is_bound_in
from tangent_like.transform.tidy.placed import placed


@dataclass(frozen=True, eq=False)
class NativeParts:
    """``functions`` in order; those named in ``compiled`` are for Numba, which divides as "python" or as "numpy"."""

    functions: tuple[Function, ...]
    compiled: dict[str, str]


def native_parts(
    functions: tuple[Function, ...],
    entries: int,
    structured: bool,
    kinds: Mapping[str, Kind],
    sizes: Sizes,
    callee: CalleeKind,
    parallel: bool = False,
    pairs: Mapping[str, str] = MappingProxyType({}),
) -> NativeParts:
    """The last ``entries`` functions are what is called from outside, the first of them with these ``kinds``.

    ``structured``: around them stands what Numba does not take, the structure of arguments. ``parallel``: loops run
    over threads where they may. ``pairs``: the reverse half of each forward half.
    """
    refuse_handlers(functions)
    kernels, constants = with_constants(functions)
    python = given_functions(functions)
    if python and (constants or len(python) == len(functions)):
        hint = 'jit="auto" runs in Python what Numba does not take'
        what = "Numba does not compile this: solvers, with constants of the module"
        raise UnsupportedError(what, place_of(functions[-1].origin), hint)
    for name, refs in constants.items():
        function = next(f for f in kernels if f.name == name)
        added = function.params[len(function.params) - len(refs) :]
        values = (r.target.value for r in refs if isinstance(r.target, Global))
        kinds = {**kinds, **{p.name: kind_of_value(v) for p, v in zip(added, values, strict=True)}}
    kernels, models = in_loops(kernels, entries, kinds, sizes, callee, parallel, pairs)
    kernels = tuple(python.get(f.name, f) for f in kernels)
    models = {name: model for name, model in models.items() if name not in python}
    own = {f.name for f in functions}
    ends = functions[-entries:]
    keywords = any(p.keyword_only or p.star for f in ends for p in f.params)
    if not structured and not keywords and not any(f.name in constants for f in ends):
        return NativeParts(tuple(f if f.name in python else _plain(f) for f in kernels), models)
    taken = own | {n for f in kernels for s in statements(f.body) for n in (*binds(s), *reads(s))}
    taken |= {p.name for f in kernels for p in f.params}
    namer = Namer(taken)
    renamed = {f.name: namer.fresh(f"{f.name}_compiled") for f in ends}
    inside = {n for n in python if n not in renamed}
    kernels = tuple(calling(f, renamed) if f.name in inside else _renamed(_plain(f), renamed) for f in kernels)
    outer = tuple(
        _wrapper(old, kernel, constants.get(old.name, ()), namer)
        for old, kernel in zip(ends, kernels[-entries:], strict=True)
    )
    return NativeParts((*kernels, *outer), {renamed.get(n, n): m for n, m in models.items()})


def given_functions(functions: tuple[Function, ...]) -> dict[str, Function]:
    """What stays in Python: what calls a solver with a function, and what calls that. The function is compiled."""
    found: dict[str, Function] = {}
    for function in functions:  # callees come first
        every = [e for s in statements(function.body) for whole in expressions(s) for e in subexpressions(whole)]
        calls = [e for e in every if isinstance(e, Call) and isinstance(e.func, Ref)]
        passed = any(isinstance(a, Ref) and isinstance(a.root or a.target, Emitted) for c in calls for a in c.args)
        targets = [c.func.root or c.func.target for c in calls if isinstance(c.func, Ref)]
        if passed or any(isinstance(t, Emitted) and t.name in found for t in targets):
            found[function.name] = function
    return found


def refuse_handlers(functions: tuple[Function, ...]) -> None:
    """In compiled code ``math.log(-1.0)`` raises nothing, and so no other arm would be taken."""
    for function in functions:
        for stmt in statements(function.body):
            if isinstance(stmt, Try) and (stmt.handlers or stmt.final):
                place = place_of(stmt.origin or function.origin)
                hint = 'jit="auto" runs in Python what Numba does not take'
                raise UnsupportedError("Numba does not compile this: exceptions are caught", place, hint)


def in_loops(
    functions: tuple[Function, ...],
    entries: int,
    kinds: Mapping[str, Kind],
    sizes: Sizes,
    callee: CalleeKind,
    parallel: bool,
    pairs: Mapping[str, str],
) -> tuple[tuple[Function, ...], dict[str, str]]:
    """The functions with loops over the places of arrays, where kinds are known; and how each divides."""
    functions = tuple(told_apart(named_before(f)) for f in functions)
    found = typings(functions, entries, kinds, sizes, callee)
    alone = () if parallel else (with_followed_turns,)  # threads take the turns of one loop at a time
    rows = (with_numbered_turns, with_rows_in_place, with_rows_said)
    for change in (with_float_items, set_at_first, *rows, *alone):
        bound = tuple(change(f, found[f.name]) if f.name in found else f for f in functions)
        if bound != functions:
            functions, found = bound, typings(bound, entries, kinds, sizes, callee)
    bound = with_records(functions, entries, found, pairs)
    if bound != functions:
        functions, found = bound, typings(bound, entries, kinds, sizes, callee)
    out = []
    models = {f.name: "python" for f in functions}
    for function in functions:
        typing = found.get(function.name)
        if typing is None:
            out.append(function)
            continue
        raising = raises(function, typing)
        models[function.name] = "python" if raising else "numpy"
        if raising:
            function = by_name(function, typing)  # noqa: PLW2901 - from here on it is that
        function = spelled(function, typing)  # noqa: PLW2901
        taken = {n for s in statements(function.body) for n in (*binds(s), *reads(s))}
        namer = Namer(taken | {p.name for p in function.params} | {f.name for f in functions})
        function = with_rolled(with_masks(function, typing), typing, namer)  # noqa: PLW2901
        function = with_factors(with_stacks(function, typing, namer), typing)  # noqa: PLW2901
        classes, nonneg = alias_classes(function, typing), nonnegative_names(function)
        made, nests = lowered(function, typing, sizes, namer, classes, nonneg, raising)
        made, numbers = contracted(said_again(made, nests, typing, classes), nests)
        memory = Memory(typing, classes, numbers | turn_names(made.body))
        made = upward(joined(interchanged(made, memory), memory, sizes), memory)
        if not parallel:  # threads would share the memory
            made = with_waiting(made, memory, namer)
        made = with_idle_turns(unmoved(held(made, typing, sizes, namer, memory), memory), memory)
        made = with_halves(carried(made, typing, sizes, namer, memory))
        made = placed(made, find_facts(made, theirs(made), typing.overall))
        made = threaded(made, memory) if parallel and not raising else with_free_sums(made, memory)
        out.append(apart_from_versions(made) if parallel else made)
    return tuple(out), models


def theirs(function: Function) -> frozenset[str]:
    """The names that statements of the user's bind, as they wrote them."""
    bound = ((n, s.origin.text) for s in statements(function.body) if s.origin is not None for n in binds(s))
    return frozenset(n for n, text in bound if is_bound_in(n, text))


def _plain(function: Function) -> Function:
    """Numba knows no parameters that are given by keyword alone; what stands behind a default has one, never used."""
    params: list[Param] = []
    for p in function.params:
        needs = p.default is None and any(q.default is not None for q in params)
        params.append(Param(p.name, Const(None) if needs else p.default))
    return replace(function, params=tuple(params))


def _renamed(function: Function, table: dict[str, str]) -> Function:
    """The function under its new name, and calling others by theirs."""

    params = tuple(Param(p.name) for p in function.params)
    return replace(calling(function, table), name=table.get(function.name, function.name), params=params)


def _wrapper(old: Function, kernel: Function, constants: tuple[Ref, ...], namer: Namer) -> Function:
    """``def grad_f(x): return grad_f_compiled(x, WEIGHTS)``, a tuple item by item: there is structure to be put in."""
    ref = Ref(kernel.name, Emitted(kernel.name, tuple(p.name for p in kernel.params)))
    given: tuple[Expr, ...] = tuple(Name(p.name) for p in old.params)
    call = Call(ref, (*given, *constants))
    last = old.body[-1] if old.body else None
    shape = last.value if isinstance(last, Return) else None
    if not isinstance(shape, Tuple):
        return replace(old, body=(Return(call, old.origin),))
    found = namer.fresh("found")
    body = (Assign((found,), (call,), old.origin), Return(_items(Name(found), shape), old.origin))
    return replace(old, body=body)


def _items(found: Expr, shape: Tuple) -> Tuple:
    """``(found[0], (found[1][0], found[1][1]))``."""
    parts = [(Index(found, Const(k)), item) for k, item in enumerate(shape.items)]
    return Tuple(tuple(_items(part, item) if isinstance(item, Tuple) else part for part, item in parts))
