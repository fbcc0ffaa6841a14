"""Calls of solvers: the function that they are given becomes one of the core, with all that it reads as arguments.

Before                                              After

    return tl.fixed_point(lambda x: f(x, a), x0)        return fixed_point(step, x0, a)

How such a call is differentiated the rules say (``rules/solutions.py``); to the core it is a call of a function of
the user's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tangent_like.ir.build import np_call
from tangent_like.ir.nodes import (
    Assign,
    Binary,
    Call,
    Const,
    Expr,
    Function,
    Index,
    List,
    Name,
    Param,
    Ref,
    Return,
    Tuple,
    UserFunction,
)
from tangent_like.kinds.kind import Kind, Scalar, is_float
from tangent_like.rules.solutions import INTEGRALS, SOLUTIONS, SolutionRule
from tangent_like.specialize.asked import Gradient, Solved
from tangent_like.specialize.inner import lifted
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Handle, Keywords, Leaf, Partial, Seq, Value

# What a function without a name of its own is called.
CALLED = {
    "fixed_point": "step", "accelerated_fixed_point": "step", "root": "residual", "bracketed_root": "residual",
    "newton_root": "residual", "scipy_root": "residual", "scipy_fsolve": "residual", "scipy_root_scalar": "residual",
    "scipy_least_squares": "residual", "scipy_leastsq": "residual", "minimize": "loss", "scipy_minimize": "loss",
    "scipy_minimize_scalar": "loss", "linear_solve": "equation", "unit_integral": "integrand",
    "half_integral": "integrand", "line_integral": "integrand", "span_integral": "integrand",
    "flow": "motion", "stiff_flow": "motion", "stiff_flow_back": "motion", "trajectory": "motion",
    "stepped": "motion", "known_root": "residual", "known_least": "loss",
}  # fmt: skip
# What a solver is given that the compiler makes.
HELPERS = ("slope", "curve")
OF_ROWS = frozenset({"trajectory", "stepped"})  # of which the function is given one at a time
SLOPED = frozenset({"minimize", "scipy_minimize"})
NAMELESS = frozenset({"f", "lambda", "<lambda>"})


def solver(name: str) -> Callable[[Spec, list[Value], Keywords, Expr | None, str], Value]:
    """The handler of a call of the solver ``name``."""
    rule = SOLUTIONS[name]

    def handle(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
        del hint
        return solved(s, rule, args, keywords, expr)

    return handle


def solved(
    s: Spec,
    rule: SolutionRule,
    args: list[Value],
    keywords: Keywords,
    expr: Expr | None,
    others: Keywords | None = None,
) -> Value:
    """The call of a solver; ``others`` are functions that it is given besides, of the same arguments."""
    call, passed = calling(s, rule, args, keywords, expr, others)
    return Leaf(replace(call, args=(call.args[0], *passed)))


def calling(
    s: Spec,
    rule: SolutionRule,
    args: list[Value],
    keywords: Keywords,
    expr: Expr | None,
    others: Keywords | None = None,
) -> tuple[Call, tuple[Expr, ...]]:
    """The call of a solver with its function alone; and what it is passed behind: the start, and what is captured."""
    at = getattr(expr, "at", None)
    name = rule.solver.__name__
    if len(args) < 2:
        raise s.refuse(f"{name} without a function and a start", "", at)
    start = args[1]
    if not isinstance(start, Leaf):
        raise s.refuse(f"{name} from a start that is no number or array", "put the unknowns into one array", at)
    first = floating(s, start.expr)
    after = [s.in_names(value, "given") for value in args[2:]]
    unknown: Expr = Const(0.0) if name in INTEGRALS else Index(first, Const(0)) if name in OF_ROWS else first
    function, captured, kinds = lifted(s, args[0], [unknown], after)
    if function.name in NAMELESS or name == "linear_solve":
        function = replace(function, name=CALLED[name])
    options = tuple((n, option(s, n, v, name, expr)) for n, v in keywords if n not in HELPERS)
    beside = [(n, *lifted(s, value, [unknown], after)) for n, value in others or []]
    for _, _, read, known in beside:
        captured = list(dict.fromkeys((*captured, *read)))
        kinds |= {n: kind for n, kind in known.items() if n in read}
    function = of_all(arrayed(function), captured)
    function, named, kinds = apart(s, function, captured, kinds, {n for n, _ in keywords})
    helpers: tuple[tuple[str, Ref], ...] = ()
    if any(n == "slope" for n, _ in keywords) or name in SLOPED:
        own = function.params[0].name
        slope = s.library.derivative(function, kinds, Gradient((own,), True, "grad"), s.place(at)).refs[0]
        helpers = (("slope", slope),)
        if name == "minimize":
            again, _, more = lifted(s, Leaf(slope), [first, *map(Name, captured)])
            moved = Gradient((again.params[0].name,), False, "jvp")
            curve = s.library.derivative(again, more, moved, s.place(at)).refs[0]
            helpers = (("slope", slope), ("curve", curve))
    helpers = (*helpers, *((n, s.library.again(of_all(f, captured), None)) for n, f, *_ in beside))
    assert s.origin is not None
    made = s.library.solution(Solved(rule, function, tuple(named), options, helpers, s.origin))
    passed = (first, *(Name(n) for n in captured))
    return Call(made.solver, (made.function,), (*options, *made.helpers), at), passed


def of_all(function: Function, captured: list[str]) -> Function:
    """The function with all of these arguments behind the unknown, whether it reads them or not."""
    return replace(function, params=(function.params[0], *map(Param, captured)))


def arrayed(function: Function) -> Function:
    """The function with what it lists as an array, as SciPy takes it."""
    *body, last = function.body
    if not isinstance(last, Return) or not isinstance(last.value, Tuple | List):
        return function
    return replace(function, body=(*body, replace(last, value=np_call("array", List(last.value.items)))))


def apart(
    s: Spec, function: Function, captured: list[str], kinds: dict[str, Kind], options: set[str]
) -> tuple[Function, list[str], dict[str, Kind]]:
    """The function with other names for what it reads from around it, where the solver's options are called so."""
    new = {n: s.fresh(n) for n in captured if n in options}
    if not new:
        return function, captured, kinds
    params = tuple(replace(p, name=new.get(p.name, p.name)) for p in function.params)
    first = tuple(Assign((n,), (Name(m),), s.origin) for n, m in new.items())
    kinds = {new.get(n, n): kind for n, kind in kinds.items()}
    return replace(function, params=params, body=(*first, *function.body)), [new.get(n, n) for n in captured], kinds


def floating(s: Spec, start: Expr) -> Expr:
    """A start that is a whole number is one of the reals."""
    kind = s.kind(start)
    if isinstance(start, Const) and isinstance(start.value, int):
        return Const(float(start.value))
    if is_float(kind) and not (isinstance(kind, Scalar) and kind.mixed):
        return start
    return Binary("*", start, Const(1.0))


def option(s: Spec, name: str, value: Value, solver_name: str, expr: Expr | None) -> Expr:
    match value:
        case Leaf(Ref(target=UserFunction()) as ref):
            return ref
        case Leaf(found):
            return found
        case Seq() | Handle() | Partial():
            return s.materialize(value)
        case _:
            what = f"{name}= of {solver_name}, of this kind,"
            raise s.refuse(what, "pass a function of the module, a number or a text", getattr(expr, "at", None))
