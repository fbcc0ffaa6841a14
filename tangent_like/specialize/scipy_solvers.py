"""Solvers of SciPy said by solvers of the runtime, whose derivatives are known (``rules/solutions.py``).

Before                                                  After

    x = optimize.brentq(f, 0.0, 2.0, args=(p,))             x = bracketed_root(f, 0.0, p, b=2.0)
    sol = optimize.root(g, x0, args=(p,)); sol.x            scipy_root(g, x0, p)

Those call SciPy with the arguments that the program gives: the value is SciPy's, to the bit. What SciPy returns
besides, and nobody can differentiate, is refused where it is read.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from tangent_like.ir.build import builtin_ref, np_call, numpy_ref
from tangent_like.ir.nodes import (
    At,
    Binary,
    Call,
    Compare,
    Const,
    Expr,
    Function,
    Index,
    Name,
    Origin,
    Param,
    Ref,
    Return,
    Unary,
    UserFunction,
)
from tangent_like.kinds.kind import Scalar
from tangent_like.rules import solutions as rules
from tangent_like.rules.solutions import BRACKETING, SOLUTIONS
from tangent_like.specialize import containers
from tangent_like.specialize.classes import ClassInfo
from tangent_like.specialize.initial_values import read_between, solve_ivp
from tangent_like.specialize.scipy_bounds import (
    as_given,
    bounds,
    cost_of,
    ends_of,
    pairs_of,
    programmed,
    span_of,
    whole,
    within,
)
from tangent_like.specialize.scipy_calls import (
    Given,
    Handler,
    Make,
    functions,
    handler,
    is_default,
    is_narrow,
    needed,
    options,
    params,
    vector,
)
from tangent_like.specialize.scipy_integrals import fixed_quad, odeint, quad
from tangent_like.specialize.solutions import solved
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Fn, Keywords, Leaf, Mixed, Partial, Seq, Value, none, of_rules


class Found(NamedTuple):
    """What of SciPy's ``OptimizeResult`` has a derivative; a solver that does not converge raises."""

    x: Any
    fun: Any
    success: Any


def result(
    s: Spec, name: str, function: Value, x0: Value, given: Given, more: Keywords, expr: Expr | None, slopes: Keywords,
    ends: tuple[Value, Value] | None = None, cost: Value | None = None,
) -> Value:
    """``sol.x``, ``sol.fun`` and ``sol.success``; for the last SciPy is called once more, where it is read.

    ``ends``: the bounds; ``cost``: what is least, where that is not the function.
    """

    def found(more: Keywords) -> Value:
        return solved(s, SOLUTIONS[f"scipy_{name}"], [function, x0, *params(given)], more, expr, slopes)

    x = s.in_names(found(more) if ends is None else within(s, cost or function, found(more), ends, params(given)), "x")
    again = found([*more, ("asked", Leaf(Const("success"), "success"))])
    assert isinstance(again, Leaf)
    success = Leaf(Compare(Index(again.expr, Const(0)), (">",), (Const(0.5),)))
    value = s.call(function, [x, *params(given)])
    if cost is None:
        return Seq((x, value, success), ClassInfo(Found))
    return Seq((x, value, success, s.call(cost, [x, *params(given)])), ClassInfo(FoundSquares))


class FoundSquares(NamedTuple):
    """The same of ``least_squares``."""

    x: Any
    fun: Any
    success: Any
    cost: Any


def bracketed(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    if not {"a", "b"} <= given.keys():
        raise s.refuse(f"{name} without its bracket", "", getattr(expr, "at", None))
    method: Keywords = [] if name == "brentq" else [("method", Leaf(Const(name), name))]
    more = [("b", given["b"]), *method, *options(s, given, "xtol", "rtol", "maxiter", "disp", "k")]
    found = solved(s, SOLUTIONS["bracketed_root"], [given["f"], given["a"], *params(given)], more, expr)
    return found if is_default(given.get("full_output", none())) else with_results(s, name, given, found, expr)


def with_results(s: Spec, name: str, given: Given, found: Value, expr: Expr | None) -> Value:
    """The root, and what of SciPy's ``RootResults`` has a derivative."""
    if "disp" in given and is_default(given["disp"]):
        raise s.refuse(f"{name} with full_output= and disp=False", "leave disp out", getattr(expr, "at", None))
    root = s.in_names(found, "root")
    return Seq((root, Seq((root, Leaf(Const(True), True)), ClassInfo(FoundRoot))))


class FoundRoot(NamedTuple):
    """What of SciPy's ``RootResults`` has a derivative."""

    root: Any
    converged: Any


def root_of_number(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    at = getattr(expr, "at", None)
    slope = given.get("fprime")
    if isinstance(slope, Leaf) and slope.known is True:
        given = parted(given, "f", "fprime")
    if "bracket" in given and containers.static_items(s, given["bracket"]) is None:
        raise s.refuse(f"{name} without its bracket written out", "write bracket=(a, b)", at)
    more = options(s, given, "method", "bracket", "x0", "x1", "xtol", "rtol", "maxiter", "options")
    slopes = functions(s, name, given, expr, "fprime", "fprime2")
    root = solved(s, SOLUTIONS["scipy_root_scalar"], [given["f"], Leaf(Const(0.0)), *params(given)], more, expr, slopes)
    return Seq((s.in_names(root, "root"), Leaf(Const(True), True)), ClassInfo(FoundRoot))


def parted(given: Given, function: str, slope: str) -> Given:
    """The arguments where one function returns its value and its slope: two functions, which SciPy calls in turn."""
    both = given[function]
    return {
        **given,
        function: Partial(of_rules(rules.value_of), (both,), ()),
        slope: Partial(of_rules(rules.slope_of), (both,), ()),
    }


def sloped(
    s: Spec, name: str, given: Given, expr: Expr | None, function: str, jac: str
) -> tuple[Given, Keywords, Keywords]:
    """The arguments, the derivative that SciPy is given, and how it finds one where it is given none."""
    found = given.get(jac)
    if isinstance(found, Leaf) and found.known is True:
        given = parted(given, function, jac)
    elif isinstance(found, Leaf) and (isinstance(found.known, str) or found.known is False):
        return given, [], [(jac, found)]
    return given, functions(s, name, given, expr, jac), []


CONVERGED = "The solution converged."  # what SciPy says; where it says another thing, it raises
ROOTS = ("method", "tol", "options", "col_deriv", "xtol", "maxfev", "band", "epsfcn", "factor", "diag")


def of_root(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    x0 = vector(s, needed(s, name, given, "x0", expr))
    own, jac = ("func", "fprime") if name == "fsolve" else ("fun", "jac")
    given, slopes, plain = sloped(s, name, given, expr, own, jac)
    more = [*plain, *options(s, given, *ROOTS)]
    if name == "fsolve":
        args = [given[own], x0, *params(given)]
        x = solved(s, SOLUTIONS["scipy_fsolve"], args, more, expr, slopes)
        if is_default(given.get("full_output", none())):
            return x
        x = s.in_names(x, "x")
        more = [*more, ("asked", Leaf(Const("flag"), "flag"))]
        flags = solved(s, SOLUTIONS["scipy_fsolve"], args, more, expr, slopes)
        assert isinstance(flags, Leaf)
        flag = Leaf(Call(builtin_ref("int"), (Index(flags.expr, Const(0)),)))
        return Seq((x, Mixed("the information of fsolve"), flag, Leaf(Const(CONVERGED), CONVERGED)))
    return result(s, name, given[own], x0, given, more, expr, slopes)


def newton(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    x0 = needed(s, name, given, "x0", expr)
    more = options(s, given, "tol", "maxiter", "rtol", "x1", "disp")
    slopes = functions(s, name, given, expr, "fprime", "fprime2")
    found = solved(s, SOLUTIONS["newton_root"], [given["func"], x0, *params(given)], more, expr, slopes)
    if is_default(given.get("full_output", none())):
        return found
    if not (isinstance(x0, Leaf) and isinstance(s.kind(x0.expr), Scalar)):
        raise s.refuse(f"{name} of an array with full_output=", "leave it out", getattr(expr, "at", None))
    return with_results(s, name, given, found, expr)


def fixed(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    x0 = needed(s, name, given, "x0", expr)
    more = options(s, given, "xtol", "maxiter", "method")
    return solved(s, SOLUTIONS["accelerated_fixed_point"], [given["func"], x0, *params(given)], more, expr)


def minimized(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    start = needed(s, name, given, "x0", expr)
    if isinstance(start, Leaf) and is_narrow(s.kind(start.expr)):  # some methods stay with that, others do not
        what = f"{name} from a start of less than double precision"
        raise s.refuse(what, "x0.astype(float)", getattr(expr, "at", None))
    x0 = vector(s, start)
    given, slopes, plain = sloped(s, name, given, expr, "fun", "jac")
    if "hessp" in given:
        raise s.refuse(f"{name} with hessp=", "pass hess=, or leave it out", getattr(expr, "at", None))
    curves, found = functions(s, name, given, expr, "hess"), options(s, given, "method", "tol", "options")
    ends = pairs_of(s, name, given, x0, getattr(expr, "at", None))
    more = [*plain, *found, *as_given(s, given)]
    return result(s, name, given["fun"], x0, given, more, expr, [*slopes, *curves], ends)


def minimized_number(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    more = options(s, given, "bracket", "bounds", "method", "tol", "options")
    ends = span_of(s, name, given, getattr(expr, "at", None))
    found = [given["fun"], Leaf(Const(0.0)), *params(given)]
    if ends is None:
        x = s.in_names(solved(s, SOLUTIONS["scipy_minimize_scalar"], found, more, expr), "x")
    else:
        held = solved(s, SOLUTIONS["scipy_minimize_scalar"], found, more, expr)
        x = within(s, given["fun"], held, ends, params(given), of_number=True)
    return Seq((x, s.call(given["fun"], [x, *params(given)]), Leaf(Const(True), True)), ClassInfo(Found))


SQUARES = ("method", "ftol", "xtol", "gtol", "x_scale", "loss", "f_scale", "diff_step", "tr_solver", "max_nfev")


def least_squares(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    """Where half of the sum of the squares is least."""
    at = getattr(expr, "at", None)
    x0 = vector(s, needed(s, name, given, "x0", expr))
    given, slopes, plain = sloped(s, name, given, expr, "fun", "jac")
    cost, ends = cost_of(s, name, given, at), ends_of(s, name, given, x0, at)
    if ends is None and "loss" in given:
        infinite = numpy_ref("inf")
        ends = whole(s, Leaf(Unary("-", infinite)), x0), whole(s, Leaf(infinite), x0)
    more = [*plain, *options(s, given, *SQUARES), *as_given(s, given)]
    return result(s, name, given["fun"], x0, given, more, expr, slopes, ends, cost)


def least_squares_alone(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    """``leastsq``: the solution, and a number that says how it was found."""
    x0 = vector(s, needed(s, name, given, "x0", expr))
    more = options(s, given, "col_deriv", "ftol", "xtol", "gtol", "maxfev", "epsfcn", "factor", "diag")
    slopes = functions(s, name, given, expr, "Dfun")
    x = solved(s, SOLUTIONS["scipy_leastsq"], [given["func"], x0, *params(given)], more, expr, slopes)
    return Seq((x, Mixed("the integer flag of leastsq")))


COVARIANCE = (
    "write it out: np.linalg.inv(J.T @ J) * np.sum(r**2) / (len(r) - len(p)), of "
    "J = tl.jacobian(lambda p: f(x, p[0], ...))(p) "
    "and r = f(x, p[0], ...) - y"
)


def curve_fit(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    """The parameters, and a covariance that is not differentiated. Without ``p0`` SciPy begins with ones."""
    at = getattr(expr, "at", None)
    if not {"xdata", "ydata"} <= given.keys():
        raise s.refuse(f"{name} without data", "", at)
    start = given.get("p0")
    items = None if start is None else containers.static_items(s, start)
    count = len(items) if items is not None else counted_params(s, given["f"]) if start is None else None
    if count is None:
        raise s.refuse("curve_fit of parameters that are not counted", "write p0 out in the call: [1.0, 1.0]", at)
    sigma = given.get("sigma")
    weights: Value = Leaf(Const(1.0))
    if sigma is not None:
        weights = s.in_names(Leaf(Binary("/", Const(1.0), s.materialize(s.in_names(sigma, "sigma")))), "weights")
    x, y = (s.in_names(given[n], n[0]) for n in ("xdata", "ydata"))
    if "jac" in given:
        raise s.refuse("curve_fit with jac=", "leave it out", at)
    fun = Partial(misfit(s, count, at), (given["f"], x, y, weights), ())
    x0 = Leaf(np_call("ones", Const(count))) if start is None else vector(s, start)
    way = given.get("method")
    rule = SOLUTIONS["scipy_leastsq"]
    ends = ends_of(s, name, given, x0, at)
    if ends is not None and start is None:  # SciPy begins between them
        raise s.refuse("curve_fit with bounds= and without p0", "write p0 out in the call", at)
    more = options(s, given, "ftol", "xtol", "gtol", "maxfev", "epsfcn", "factor", "max_nfev")
    if ends is not None or (way is not None and not (isinstance(way, Leaf) and way.known == "lm")):
        rule, more = SOLUTIONS["scipy_least_squares"], [*options(s, given, "method"), *more, *as_given(s, given)]
    found = solved(s, rule, [fun, x0], more, expr)
    if ends is not None:
        found = within(s, cost_of(s, name, {"fun": fun}, at), found, ends, [])
    return Seq((found, Mixed("the covariance of curve_fit", hint=COVARIANCE)))


def misfit(s: Spec, count: int, at: At) -> Fn:
    """``(f(x, p[0], p[1]) - y) * weights``, which is to be least."""
    params_ = ("f", "x", "y", "weights", "p")
    called = Call(Name("f"), (Name("x"), *(Index(Name("p"), Const(k), at) for k in range(count))), (), at)
    value = Binary("*", Binary("-", called, Name("y"), at), Name("weights"), at)
    line, column = at or (0, 0)
    origin = Origin(s.file, line, column, "")
    function = Function("misfit", tuple(map(Param, params_)), (Return(value, origin),), origin, own=frozenset(params_))
    return Fn(function, None, (), s.file)


def counted_params(s: Spec, function: Value) -> int | None:
    """How many parameters the model has behind its first."""
    match function:
        case Fn(function=found):
            params_ = found.params
        case Leaf(Ref(target=UserFunction() as target)):
            params_ = s.library.read(target, s.place()).params
        case _:
            return None
    return None if any(p.star or p.keyword_only or p.default is not None for p in params_) else len(params_) - 1


KNOWN: dict[str, tuple[str, Make]] = {
    **{f"optimize.{n}": ("f a b args xtol rtol maxiter full_output disp", bracketed) for n in BRACKETING},
    "optimize.toms748": ("f a b args k xtol rtol maxiter full_output disp", bracketed),
    "optimize.Bounds": ("lb ub keep_feasible", bounds),
    "optimize.linprog": ("c A_ub b_ub A_eq b_eq bounds method callback options x0 integrality", programmed),
    "optimize.root": ("fun x0 args method jac tol callback options", of_root),
    "optimize.root_scalar": (
        "f args method bracket fprime fprime2 x0 x1 xtol rtol maxiter options", root_of_number
    ),
    "optimize.leastsq": (
        "func x0 args Dfun full_output col_deriv ftol xtol gtol maxfev epsfcn factor diag", least_squares_alone
    ),
    "optimize.curve_fit": (
        (
            "f xdata ydata p0 sigma absolute_sigma check_finite bounds method jac full_output ftol xtol gtol maxfev "
            "epsfcn factor max_nfev"
        ),
        curve_fit,
    ),
    "integrate.fixed_quad": ("func a b args n", fixed_quad),
    "optimize.fsolve": ("func x0 args fprime full_output col_deriv xtol maxfev band epsfcn factor diag", of_root),
    "optimize.newton": ("func x0 fprime args tol maxiter fprime2 x1 rtol full_output disp", newton),
    "optimize.fixed_point": ("func x0 args xtol maxiter method", fixed),
    "optimize.minimize": ("fun x0 args method jac hess hessp bounds constraints tol callback options", minimized),
    "optimize.minimize_scalar": ("fun bracket bounds args method tol options", minimized_number),
    "optimize.least_squares": (
        (
            "fun x0 jac bounds method ftol xtol gtol x_scale loss f_scale diff_step tr_solver tr_options jac_sparsity "
            "max_nfev verbose args kwargs"
        ),
        least_squares,
    ),
    "integrate.odeint": (
        (
            "func y0 t args Dfun col_deriv full_output ml mu rtol atol tcrit h0 hmax hmin ixpr mxstep mxhnil "
            "mxordn mxords printmessg tfirst"
        ),
        odeint,
    ),
    "integrate.solve_ivp": (
        (
            "fun t_span y0 method t_eval dense_output events vectorized args rtol atol max_step first_step jac "
            "min_step lband uband jac_sparsity"
        ),
        solve_ivp,
    ),
    "integrate.quad": ("func a b args full_output epsabs epsrel limit", quad),
}  # fmt: skip
SCIPY_HANDLERS: dict[str, Handler] = {
    f"scipy.{path}": handler(signature, make, path.rpartition(".")[2]) for path, (signature, make) in KNOWN.items()
} | {"tangent_like.read_between": read_between}
