"""Solvers of SciPy said by solvers of the runtime, whose derivatives are known (``rules/solutions.py``).

Before                                                  After

    x = optimize.brentq(f, 0.0, 2.0, args=(p,))             x = bracketed_root(f, 0.0, p, b=2.0)
    sol = optimize.root(g, x0, args=(p,)); sol.x            root(g, x0, p)
    area, _ = integrate.quad(f, a, b)                       area = unit_integral(between(f, a, b), 0.0)

What SciPy returns besides, and nobody can differentiate, is refused where it is read.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from types import FunctionType
from typing import Any, NamedTuple, TypeAlias

from tangent_like.frontend.live import function_target
from tangent_like.ir.build import np_call
from tangent_like.ir.nodes import (
    At,
    Attribute,
    Binary,
    Call,
    Const,
    Expr,
    Function,
    Index,
    Library,
    Name,
    Origin,
    Param,
    Ref,
    Return,
    Slice,
    Tuple,
    Unary,
    UserFunction,
)
from tangent_like.kinds.kind import Array, Scalar
from tangent_like.rules import flows
from tangent_like.rules import solutions as rules
from tangent_like.rules.solutions import BRACKETING, SOLUTIONS
from tangent_like.specialize import containers
from tangent_like.specialize.classes import ClassInfo
from tangent_like.specialize.solutions import solved
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Fn, Handle, Keywords, Leaf, Mixed, Outer, Partial, Seq, Value, is_none

Given: TypeAlias = "dict[str, Value]"
Handler: TypeAlias = "Callable[[Spec, list[Value], Keywords, Expr | None, str], Value]"
Make: TypeAlias = "Callable[[Spec, str, Given, Expr | None], Value]"


class Found(NamedTuple):
    """What of SciPy's ``OptimizeResult`` has a derivative; a solver that does not converge raises."""

    x: Any
    fun: Any
    success: Any


def handler(signature: str, make: Make, name: str) -> Handler:
    """A call bound by names as SciPy does; ``signature`` names its parameters, in order."""
    names = signature.split()

    def handle(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
        del hint
        at = getattr(expr, "at", None)
        given = dict(zip(names, args, strict=False)) | dict(keywords)
        for own in given:
            if own not in names:
                raise s.refuse(f"the argument {own!r} of {name}", f"known arguments: {', '.join(names)}", at)
        if len(args) > len(names) or len(given) < len(args) + len(keywords):
            raise s.refuse(f"this call of {name}", f"its arguments: {', '.join(names)}", at)
        for own in REFUSED:
            if own in given and own not in PASSED.get(name, ()) and not is_default(given[own]):
                raise s.refuse(f"{name} with {own}=", "leave it out", at)
        given = {n: v for n, v in given.items() if not is_none(v)}
        if names[0] not in given:
            raise s.refuse(f"{name} without a function", "", at)
        return make(s, name, given, expr)

    return handle


# Arguments that change what comes back or is solved: left out, or given as what they are by default. And exceptions.
REFUSED = (
    "bounds", "constraints", "callback", "full_output", "kwargs", "events", "dense_output", "vectorized"
)  # fmt: skip
PASSED = {"minimize_scalar": ("bounds",)}


def is_default(value: Value) -> bool:
    """None, False or nothing: as if it had not been given."""
    if isinstance(value, Seq):
        return not value.items
    return is_none(value) or (isinstance(value, Leaf) and (value.known in (False, 0) or is_number(value, 0)))


def is_number(value: Value, number: float) -> bool:
    return isinstance(value, Leaf) and isinstance(value.expr, Const) and value.expr.value == number


def params(given: Given) -> list[Value]:
    """``args=``: a tuple, or the one argument."""
    found = given.get("args")
    if found is None:
        return []
    return list(found.items) if isinstance(found, Seq) else [found]


def options(given: Given, *names: str) -> Keywords:
    return [(n, given[n]) for n in names if n in given]


def vector(s: Spec, value: Value) -> Value:
    """A start as SciPy takes it: an array of one axis."""
    if isinstance(value, Handle | Seq | Outer):
        return Leaf(np_call("array", s.materialize(value)))
    if not isinstance(value, Leaf):
        return value
    kind = s.kind(value.expr)
    if isinstance(kind, Scalar):
        return Leaf(np_call("atleast_1d", value.expr))
    return Leaf(np_call("ravel", value.expr)) if isinstance(kind, Array) and kind.rank not in (1, None) else value


def result(s: Spec, function: Value, x: Value, given: Given) -> Value:
    """``sol.x``, ``sol.fun`` and ``sol.success``."""
    x = s.in_names(x, "x")
    return Seq((x, s.call(function, [x, *params(given)]), Leaf(Const(True), True)), ClassInfo(Found))


def text(fn: Callable[..., object]) -> Value:
    """A function of the rules, as one of the user's."""
    assert isinstance(fn, FunctionType)
    target = function_target(fn)
    return Leaf(Ref(fn.__name__, target, None, target))


def in_place(s: Spec, fn: Callable[..., object]) -> Value:
    """A function of the rules that is written out where it is called."""
    assert isinstance(fn, FunctionType)
    target = function_target(fn)
    function = s.library.read(target, s.place())
    return Fn(function, None, (), function.origin.file, None, target)


def bracketed(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    if not {"a", "b"} <= given.keys():
        raise s.refuse(f"{name} without its bracket", "", getattr(expr, "at", None))
    method: Keywords = [] if name == "brentq" else [("method", Leaf(Const(name), name))]
    more = [("b", given["b"]), *method, *options(given, "xtol", "rtol", "maxiter", "disp", "k")]
    return solved(s, SOLUTIONS["bracketed_root"], [given["f"], given["a"], *params(given)], more, expr)


class FoundRoot(NamedTuple):
    """What of SciPy's ``RootResults`` has a derivative."""

    root: Any
    converged: Any


def root_of_number(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    """``root_scalar``: within a bracket where there is one, else by Newton's method or along secants."""
    at = getattr(expr, "at", None)
    given = {("func" if n == "f" else n): v for n, v in given.items()}
    method = given.pop("method", None)
    known = getattr(method, "known", None)
    if method is not None and known not in (*BRACKETING, "newton", "secant"):
        raise s.refuse(f"this method of {name}", "known: " + ", ".join((*BRACKETING, "newton", "secant")), at)
    if "bracket" in given and known not in ("newton", "secant"):
        ends = containers.static_items(s, given["bracket"])
        if ends is None or len(ends) != 2:
            raise s.refuse(f"{name} without its bracket written out", "write bracket=(a, b)", at)
        root = bracketed(s, known or "brentq", {**given, "f": given["func"], "a": ends[0], "b": ends[1]}, expr)
    else:
        slope = given.get("fprime")
        if isinstance(slope, Leaf) and slope.known is True:
            raise s.refuse(f"{name} with fprime=True", "return the value alone: slopes are found", at)
        renamed = {"xtol": "tol"}
        root = newton(s, name, {renamed.get(n, n): v for n, v in given.items()}, expr)
    return Seq((s.in_names(root, "root"), Leaf(Const(True), True)), ClassInfo(FoundRoot))


def of_root(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    x0 = vector(s, needed(s, name, given, "x0", expr))
    function = given.get("fun") or given["func"]
    jac = given.get("jac")
    if isinstance(jac, Leaf) and jac.known is True:
        raise s.refuse(f"{name} with jac=True", "return the value alone: slopes are found", getattr(expr, "at", None))
    x = solved(s, SOLUTIONS["root"], [function, x0, *params(given)], options(given, "method"), expr)
    return x if name == "fsolve" else result(s, function, x, given)


def newton(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    """Of ``fprime`` nothing is asked but that it is there: the slope is found."""
    x0 = needed(s, name, given, "x0", expr)
    more = options(given, "tol", "maxiter", "rtol", "x1", "disp")
    if "fprime" in given:
        more.append(("slope", given["fprime"]))
    return solved(s, SOLUTIONS["newton_root"], [given["func"], x0, *params(given)], more, expr)


def fixed(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    x0 = needed(s, name, given, "x0", expr)
    more = options(given, "xtol", "maxiter", "method")
    return solved(s, SOLUTIONS["accelerated_fixed_point"], [given["func"], x0, *params(given)], more, expr)


SLOPED = frozenset({"BFGS", "CG", "L-BFGS-B", "TNC", "SLSQP"})


def minimized(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    """By the gradient, whatever was asked: then a few steps of Newton's method."""
    at = getattr(expr, "at", None)
    jac, method = given.get("jac"), given.get("method")
    if isinstance(jac, Leaf) and jac.known is True:
        raise s.refuse(f"{name} with jac=True", "return the value alone: slopes are found", at)
    x0 = vector(s, needed(s, name, given, "x0", expr))
    more: Keywords = [("method", method)] if isinstance(method, Leaf) and method.known in SLOPED else []
    x = solved(s, SOLUTIONS["minimize"], [given["fun"], x0, *params(given)], more, expr)
    return result(s, given["fun"], x, given)


def minimized_number(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    del name
    more: Keywords = []
    for own in ("bracket", "bounds", "method", "tol"):
        if own in given:
            value = given[own]
            more.append((own, Leaf(s.materialize(value)) if isinstance(value, Seq | Handle) else value))
    x = solved(s, SOLUTIONS["least_number"], [given["fun"], Leaf(Const(0.0)), *params(given)], more, expr)
    return result(s, given["fun"], x, given)


def least_squares(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    """Where half of the sum of the squares is least."""
    x0 = vector(s, needed(s, name, given, "x0", expr))
    loss = Partial(text(rules.half_of_squares), (given["fun"],), ())
    x = solved(s, SOLUTIONS["minimize"], [loss, x0, *params(given)], [], expr)
    return result(s, given["fun"], x, given)


def least_squares_alone(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    """``leastsq``: the solution, and a number that says how it was found."""
    found = least_squares(s, name, {("fun" if n == "func" else n): v for n, v in given.items()}, expr)
    assert isinstance(found, Seq)
    return Seq((found.items[0], Mixed("the integer flag of leastsq")))


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
    fun = Partial(misfit(s, count, at), (given["f"], x, y, weights), ())
    loss = Partial(text(rules.half_of_squares), (fun,), ())
    x0 = Leaf(np_call("ones", Const(count))) if start is None else vector(s, start)
    return Seq((solved(s, SOLUTIONS["minimize"], [loss, x0], [], expr), Mixed("the covariance of curve_fit")))


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


def fixed_quad(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    """Gauss and Legendre's rule, of which the points are constants."""
    if not {"a", "b"} <= given.keys():
        raise s.refuse(f"{name} without its limits", "", getattr(expr, "at", None))
    from tangent_like.rules.quadrature import gauss_legendre  # SciPy is there: the program calls it

    count = given.get("n", Leaf(Const(5), 5))
    value = s.call(text(gauss_legendre), [given["func"], given["a"], given["b"], count, *params(given)])
    return Seq((value, Leaf(Const(None))))


def quad(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    """Finite limits are brought into the integrand, which runs over the unit interval; infinite ones stay."""
    if not {"a", "b"} <= given.keys():
        raise s.refuse(f"{name} without its limits", "", getattr(expr, "at", None))
    a, b = given["a"], given["b"]
    low, high = infinite(a), infinite(b)
    more = options(given, "epsabs", "epsrel", "limit")
    function, zero = given["func"], Leaf(Const(0.0))
    sign = 1.0
    if low > 0 or high < 0 or (low and not high):
        sign, a, b, low, high = -1.0, b, a, high, low
    a, b = (limit if infinite(limit) else s.in_names(limit, own) for limit, own in ((a, "a"), (b, "b")))
    if low and high:
        rule = SOLUTIONS["line_integral"]
    elif low:
        rule, function = SOLUTIONS["half_integral"], Partial(text(rules.downward), (function, b), ())
        sign = -sign
    elif high < 0:
        rule, function = SOLUTIONS["half_integral"], Partial(text(rules.downward), (function, a), ())
        sign = -sign
    elif high:
        rule = SOLUTIONS["half_integral"]
        function = function if is_number(a, 0) else Partial(text(rules.upward), (function, a), ())
    else:
        rule = SOLUTIONS["unit_integral"]
        if not is_number(a, 0):
            function = Partial(text(rules.between), (function, a, b), ())
        elif not is_number(b, 1):
            function = Partial(text(rules.up_to), (function, b), ())
    value = solved(s, rule, [function, zero, *params(given)], more, expr)
    if sign < 0:
        value = Leaf(Unary("-", s.materialize(value)))
    return Seq((value, Mixed("the error estimate of quad")))


ODEINT = ("ml", "mu", "rtol", "atol", "tcrit", "h0", "hmax", "hmin", "mxstep", "mxordn", "mxords")
SOLVE_IVP = ("method", "rtol", "atol", "max_step", "first_step", "min_step", "lband", "uband")


class Solved(NamedTuple):
    """What of the result of ``solve_ivp`` has a derivative."""

    t: Any
    y: Any
    success: Any


def odeint(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    """A row for each time, as SciPy finds it."""
    y0, t = vector(s, needed(s, name, given, "y0", expr)), times(s, needed(s, name, given, "t", expr))
    first = given.get("tfirst")
    is_first = isinstance(first, Leaf) and first.known is True
    function = given["func"] if is_first else Partial(text(flows.time_last), (given["func"],), ())
    more = options(given, *ODEINT)
    rows = moving(s, function, y0, t, [("solver", Leaf(Const(name), name)), *more], given, expr)
    return Leaf(Index(rows, Tuple((Slice(None, None, None), Slice(None, Const(-1), None)))))


def times(s: Spec, t: Value) -> Expr:
    found = s.in_names(Leaf(np_call("array", s.materialize(t))) if not isinstance(t, Leaf) else t, "t")
    assert isinstance(found, Leaf)
    return found.expr


def moving(
    s: Spec, function: Value, y0: Value, t: Expr, more: Keywords, given: Given, expr: Expr | None
) -> Expr:
    """The rows of ``trajectory``."""
    motion = Partial(text(flows.of_row), (function,), ())
    start = s.in_names(s.call(in_place(s, flows.rows_from), [y0, Leaf(t)]), "start")
    rows = s.in_names(solved(s, SOLUTIONS["trajectory"], [motion, start, *params(given)], more, expr), "rows")
    assert isinstance(rows, Leaf)
    return rows.expr


def solve_ivp(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    at = getattr(expr, "at", None)
    span, y0 = needed(s, name, given, "t_span", expr), vector(s, needed(s, name, given, "y0", expr))
    if "t_eval" not in given:
        raise s.refuse(f"{name} without t_eval", "say at which times: t_eval=[t0, t1]", at)
    t = times(s, needed(s, name, given, "t_eval", expr))
    items = containers.static_items(s, span) if not isinstance(span, Leaf) else None
    first, end = items or [Leaf(Index(s.materialize(span), Const(k))) for k in range(2)]
    every = times(s, Leaf(np_call("append", s.materialize(first), t)))
    more = [("solver", Leaf(Const(name), name)), ("end", end), *options(given, *SOLVE_IVP)]
    rows = moving(s, given["fun"], y0, every, more, given, expr)
    y = s.in_names(Leaf(Index(rows, Tuple((Slice(Const(1), None, None), Slice(None, Const(-1), None))))), "y")
    assert isinstance(y, Leaf)
    return Seq((Leaf(t), Leaf(Attribute(y.expr, "T")), Leaf(Const(True), True)), ClassInfo(Solved))


def infinite(value: Value) -> int:
    """1 or -1 where a limit is written as infinite, else 0."""
    expr = value.expr if isinstance(value, Leaf) else None
    match expr:
        case Unary("-", inner):
            return -infinite(Leaf(inner))
        case Const(found) | Ref(target=Library(obj=found)) if isinstance(found, float) and math.isinf(found):
            return 1 if found > 0 else -1
        case Call(Ref(target=Library("builtins", "float")), (Const(str(word)),)):
            return infinite(Leaf(Const(float(word)))) if word.strip("+-") in ("inf", "infinity") else 0
        case _:
            return 0


def needed(s: Spec, name: str, given: Given, own: str, expr: Expr | None) -> Value:
    if own not in given:
        raise s.refuse(f"{name} without {own}", "", getattr(expr, "at", None))
    return s.in_names(given[own], own)


KNOWN: dict[str, tuple[str, Make]] = {
    **{f"optimize.{n}": ("f a b args xtol rtol maxiter full_output disp", bracketed) for n in BRACKETING},
    "optimize.toms748": ("f a b args k xtol rtol maxiter full_output disp", bracketed),
    "optimize.root": ("fun x0 args method jac tol callback options", of_root),
    "optimize.root_scalar": (
        "f args method bracket fprime fprime2 x0 x1 xtol rtol maxiter options", root_of_number
    ),
    "optimize.leastsq": (
        "func x0 args Dfun full_output col_deriv ftol xtol gtol maxfev epsfcn factor diag", least_squares_alone
    ),
    "optimize.curve_fit": (
        "f xdata ydata p0 sigma absolute_sigma check_finite bounds method jac full_output", curve_fit
    ),
    "integrate.fixed_quad": ("func a b args n", fixed_quad),
    "optimize.fsolve": ("func x0 args fprime full_output col_deriv xtol maxfev", of_root),
    "optimize.newton": ("func x0 fprime args tol maxiter fprime2 x1 rtol full_output disp", newton),
    "optimize.fixed_point": ("func x0 args xtol maxiter method", fixed),
    "optimize.minimize": ("fun x0 args method jac hess hessp bounds constraints tol callback options", minimized),
    "optimize.minimize_scalar": ("fun bracket bounds args method tol options", minimized_number),
    "optimize.least_squares": (
        "fun x0 jac bounds method ftol xtol gtol x_scale args kwargs max_nfev", least_squares
    ),
    "integrate.odeint": (
        "func y0 t args Dfun col_deriv full_output ml mu rtol atol tcrit h0 hmax hmin ixpr mxstep mxhnil mxordn mxords "
        "printmessg tfirst",
        odeint,
    ),
    "integrate.solve_ivp": (
        "fun t_span y0 method t_eval dense_output events vectorized args rtol atol max_step first_step jac min_step lband uband jac_sparsity",
        solve_ivp,
    ),
    "integrate.quad": ("func a b args full_output epsabs epsrel limit", quad),
}  # fmt: skip
SCIPY_HANDLERS: dict[str, Handler] = {
    f"scipy.{path}": handler(signature, make, path.rpartition(".")[2]) for path, (signature, make) in KNOWN.items()
}
