"""Objects of libraries that are made of numbers and then asked: said as calls of functions that have rules.

Before                                      After

    d = stats.norm(mu, scale=s)                 y = stats.norm.logpdf(x, loc=mu, scale=s)
    y = d.logpdf(x)

    p = np.poly1d(c)                            y = np.polyval(c, x)
    y = p(x)

    R = Rotation.from_rotvec(v)                 R = rotation(v, "rotvec")
    y = R.as_matrix() @ x                       y = R @ x
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import MethodType

from tangent_like import runtime
from tangent_like.frontend.resolve import attribute_of
from tangent_like.ir.build import np_call, numpy_ref
from tangent_like.ir.nodes import Attribute, Binary, Call, Const, Expr, Library, Ref, Target
from tangent_like.specialize.containers import known_int
from tangent_like.specialize.spec import Handler, Spec
from tangent_like.specialize.values import Keywords, Leaf, Partial, Seq, Value

# What a frozen distribution is asked with a value first, and its parameters behind.
OF_A_VALUE = frozenset({
    "pdf", "logpdf", "pmf", "logpmf", "cdf", "logcdf", "sf", "logsf", "ppf", "isf",
})  # fmt: skip
OF_NO_VALUE = frozenset({"mean", "median", "var", "std", "entropy"})  # and with its parameters alone
OF_FROZEN = OF_A_VALUE | OF_NO_VALUE | {"interval"}
# What distributions of several variables are called with, behind the value.
SEVERAL: Mapping[str, tuple[str, ...]] = {
    "multivariate_normal": ("mean", "cov", "allow_singular"), "dirichlet": ("alpha",), "wishart": ("df", "scale"),
}  # fmt: skip

# How many arguments say a spline, where it is asked for and the order of the derivative.
SPLINES: Mapping[object, int] = {
    runtime.basis_spline: 5, runtime.cubic_spline: 4, runtime.fitted_spline: 4, runtime.hermite_spline: 5,
    runtime.interpolating_spline: 4,
}  # fmt: skip


def is_distribution(target: Target) -> bool:
    """One that ``scipy.stats`` has a name for."""
    if not isinstance(target, Library) or not target.module.startswith("scipy.stats"):
        return False
    return any(c.__name__ in ("rv_generic", "multi_rv_generic") for c in type(target.obj).__mro__)


def method_of(value: Value, name: str, at: tuple[int, int] | None) -> Leaf | None:
    """A method of a distribution that an object or a name holds, as ``stats.norm.cdf`` is one; None of others."""
    ref = value.expr if isinstance(value, Leaf) else None
    if not isinstance(ref, Ref) or not is_distribution(ref.target) or not isinstance(ref.target, Library):
        return None
    found = getattr(ref.target.obj, name, None)
    if not isinstance(found, MethodType):
        return None
    target = Library(ref.target.module, f"{ref.target.qualname}.{name}", found)
    return Leaf(Ref(f"{ref.spelling}.{name}", target, at, ref.root or ref.target))


def frozen(s: Spec, ref: Ref, args: list[Value], keywords: Keywords, expr: Expr | None) -> Value:
    """A distribution with its parameters, each under its name."""
    dist = getattr(ref.target, "obj", None)
    shapes = getattr(dist, "shapes", None)
    names = SEVERAL.get(getattr(ref.target, "qualname", ""), ())
    if hasattr(dist, "numargs"):  # of one variable
        names = (*(shapes.split(", ") if shapes else ()), "loc", "scale")
    given = [*zip(names, args, strict=False), *keywords]
    if len(args) > len(names) or len({n for n, _ in given}) < len(given) or not {n for n, _ in given} <= {*names}:
        raise s.refuse(f"this {ref.spelling}", "pass its parameters by name", getattr(expr, "at", None))
    named = tuple((n, s.settled(v, n)) for n, v in given)
    return Partial(Leaf(ref), (), named, making(s, ref, [], named, expr))


def making(s: Spec, ref: Ref, args: Sequence[Value], keywords: Iterable[tuple[str, Value]], expr: Expr | None) -> Call:
    """The call that makes the object, for what is not known of it."""
    named = tuple((n, s.materialize(v)) for n, v in keywords)
    return Call(ref, tuple(s.materialize(a) for a in args), named, getattr(expr, "at", None))


def member(s: Spec, made: Partial, name: str, expr: Attribute) -> Value | None:
    """What such an object has under a name; None where it is none."""
    if name not in members(made):
        return None if made.made is None else Leaf(Attribute(made.made, name, expr.at))
    assert isinstance(made.function, Leaf) and isinstance(made.function.expr, Ref)
    ref = made.function.expr
    if not is_distribution(ref.target):
        return MEMBERS[getattr(ref.target, "qualname", "")][name](s, made)
    if name == "interval":
        return asks("distribution_interval", made)
    method = Ref(f"{ref.spelling}.{name}", attribute_of(ref.target, name), expr.at, ref.root or ref.target)
    return Partial(Leaf(method), (), made.keywords, Attribute(made.made, name, expr.at) if made.made else None)


def refuse_more(s: Spec, called: Value, args: list[Value], expr: Expr | None) -> None:
    """What SciPy's splines take third says whether they go on beyond their ends: the runtime's have options there."""
    ref = called.expr if isinstance(called, Leaf) else None
    target = ref.target if isinstance(ref, Ref) else None
    if not isinstance(target, Library) or target.module != "tangent_like.runtime":
        return
    if len(args) > SPLINES.get(target.obj, len(args)):
        hint = "pass where, and the order of the derivative"
        raise s.refuse("a spline called with whether it goes on", hint, getattr(expr, "at", None))


def asked(value: Value, name: str) -> Value:
    """What a method is asked of: the object as it is made, where the method is not known."""
    if not isinstance(value, Partial) or value.made is None or name in members(value):
        return value
    return Leaf(value.made)


def members(made: Partial) -> Collection[str]:
    """What is known of such an object."""
    ref = made.function.expr if isinstance(made.function, Leaf) else None
    if not isinstance(ref, Ref):
        return ()
    return OF_FROZEN if is_distribution(ref.target) else MEMBERS.get(getattr(ref.target, "qualname", ""), {})


def runtime_ref(fn: Callable[..., object]) -> Ref:
    target = Library("tangent_like.runtime", fn.__name__, fn)
    return Ref(fn.__name__, target, None, target)


def asks(name: str, made: Partial) -> Value:
    """A method, to be called: the handler ``name`` gets the object first."""
    target = Library("tangent_like", name, None)
    return Partial(Leaf(Ref(name, target, None, target)), (made,), ())


def own_copy(s: Spec, value: Value, hint: str) -> Value:
    """What the object keeps: of an array that has a name, and may be written later, a copy."""
    written_later = isinstance(value, Leaf) and not isinstance(value.expr, Call)
    return s.settled(Leaf(np_call("array", s.materialize(value))) if written_later else value, hint)


# -- splines --


def spline_derivative(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``spline.derivative(nu)``, to be called."""
    del hint
    made, order = args[0], known_int(args[1]) if len(args) == 2 else 1
    if keywords or len(args) > 2 or order is None or not isinstance(made, Partial) or "nu" in dict(made.keywords):
        raise s.refuse("this derivative of a spline", "write its order out", getattr(expr, "at", None))
    named = (*made.keywords, ("order", Leaf(Const(order), order)))
    return Partial(Leaf(runtime_ref(runtime.spline_slope)), made.args, named)


def spline_integral(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``spline.integrate(a, b)``."""
    del hint
    if keywords or len(args) != 3 or not isinstance(args[0], Partial) or "nu" in dict(args[0].keywords):
        raise s.refuse("this integral of a spline", "pass both ends", getattr(expr, "at", None))
    given = tuple(s.materialize(a) for a in (*args[0].args, *args[1:]))
    named = tuple((n, s.materialize(v)) for n, v in args[0].keywords)
    return Leaf(Call(runtime_ref(runtime.spline_integral), given, named, getattr(expr, "at", None)))


# -- distributions --


def interval(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``d.interval(confidence)``: two quantiles, as SciPy has it."""
    del hint
    at = getattr(expr, "at", None)
    given = dict(zip(("made", "confidence"), args, strict=False)) | dict(keywords)
    made, how = given["made"], given.get("confidence")
    if how is None or len(given) != 2 or not isinstance(made, Partial):
        raise s.refuse("this interval of a distribution", "pass the confidence alone", at)
    wide = s.materialize(s.in_names(how, "confidence"))
    ppf = member(s, made, "ppf", Attribute(Const(None), "ppf", at))
    assert ppf is not None
    ends = (Binary(sign, Const(1.0), wide) for sign in "-+")
    return Seq(tuple(s.call(ppf, [Leaf(Binary("/", end, Const(2)))]) for end in ends))


# -- factors of sparse matrices --


def factored(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``splu(A)``, to be asked to solve; and ``factorized(A)``, to be called for that. The matrix is a constant."""
    del hint
    at = getattr(expr, "at", None)
    if len(args) != 1 or not isinstance(expr, Call):
        raise s.refuse("these factors of a sparse matrix", "pass the matrix first, and options by name", at)
    factors = s.held(Leaf(making(s, runtime_ref(runtime.sparse_factors), args, keywords, expr)), "factors")
    name = getattr(getattr(expr.func, "target", None), "qualname", "")
    if name.endswith("factorized"):
        return Partial(Leaf(runtime_ref(runtime.solve_factored)), (factors,), ())
    return Partial(Leaf(FACTORS), (factors,), ())


FACTORS = Ref("factors", Library("tangent_like", "sparse_factors", None))


# -- polynomials --


def poly1d(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``np.poly1d(c)``, to be called."""
    del hint
    if len(args) != 1 or keywords:
        raise s.refuse("this np.poly1d", "pass the coefficients alone", getattr(expr, "at", None))
    c = s.settled(args[0], "c")
    return Partial(Leaf(numpy_ref("polyval")), (c,), (), making(s, numpy_ref("poly1d"), [c], (), expr))


def polynomial(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``np.polynomial.Polynomial(c)``, to be called: the coefficient of the lowest power first."""
    del hint
    if len(args) != 1 or keywords:
        raise s.refuse("this Polynomial", "pass the coefficients alone", getattr(expr, "at", None))
    c = s.settled(Leaf(np_call("array", s.materialize(args[0]))), "c")  # a copy: the object has its own
    turned = s.settled(Leaf(np_call("flip", s.materialize(c))), "c")
    made = making(s, numpy_ref("polynomial.Polynomial"), [c], (), expr)
    return Partial(Leaf(numpy_ref("polyval")), (turned,), (), made)


def derived(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``p.deriv()``."""
    del hint
    made = args[0]
    if len(args) != 1 or keywords or not isinstance(made, Partial):
        raise s.refuse("this deriv", "derive once, and again", getattr(expr, "at", None))
    return Partial(made.function, (s.settled(Leaf(np_call("polyder", s.materialize(made.args[0]))), "c"),), ())


# -- rotations --


def rotation(form: str) -> Handler:
    """``Rotation.from_quat(q)`` and the like: the matrix, in the place of the object."""

    def handle(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
        del hint
        at = getattr(expr, "at", None)
        known = form or (getattr(args[0], "known", None) if args else None)
        if not isinstance(known, str) or len(args) != (1 if form else 2) or keywords:
            raise s.refuse("this Rotation", "pass its numbers alone, in radians, and axes that are written out", at)
        given = s.settled(args[-1], "given")
        matrix = Call(runtime_ref(runtime.rotation), (s.materialize(given), Const(known)), (), at)
        made = None
        if isinstance(expr, Call) and isinstance(expr.func, Ref):
            made = making(s, expr.func, [*args[:-1], given], (), expr)
        return Partial(Leaf(ROTATION), (s.settled(Leaf(matrix), "R"),), (), made)

    return handle


def as_matrix(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    del hint
    made = args[0]
    if len(args) != 1 or keywords or not isinstance(made, Partial):
        raise s.refuse("this as_matrix", "", getattr(expr, "at", None))
    return made.args[0]


ROTATION = Ref("rotation", Library("tangent_like", "rotation", None))

MEMBERS: Mapping[str, Mapping[str, Callable[[Spec, Partial], Value]]] = {
    "cubic_spline": {
        "derivative": lambda _, made: asks("spline_derivative", made),
        "integrate": lambda _, made: asks("spline_integral", made),
    },
    "polyval": {
        "deriv": lambda _, made: asks("derived_polynomial", made),
        "coeffs": lambda _, made: made.args[0],
    },
    "density": {
        "pdf": lambda _, made: Partial(made.function, made.args, ()),
        "evaluate": lambda _, made: Partial(made.function, made.args, ()),
        "logpdf": lambda _, made: Partial(Leaf(runtime_ref(runtime.log_density)), made.args, ()),
    },
    "density_of_width": {
        "pdf": lambda _, made: Partial(made.function, made.args, ()),
        "evaluate": lambda _, made: Partial(made.function, made.args, ()),
        "logpdf": lambda _, made: Partial(Leaf(runtime_ref(runtime.log_density_of_width)), made.args, ()),
    },
    "sparse_factors": {
        "solve": lambda _, made: Partial(Leaf(runtime_ref(runtime.solve_factored)), made.args, ()),
    },
    "sparse_factors_held": {
        "solve": lambda _, made: Partial(made.args[0], made.args[1:], ()),
    },
    "rotation": {
        "as_matrix": lambda _, made: asks("rotation_matrix", made),
    },
}  # fmt: skip

OBJECTS: Mapping[str, Handler] = {
    **{f"scipy.sparse.linalg.{name}": factored for name in ("splu", "factorized")},
    "numpy.poly1d": poly1d,
    "numpy.polynomial.Polynomial": polynomial,
    "numpy.polynomial.polynomial.Polynomial": polynomial,
    "scipy.spatial.transform.Rotation.from_quat": rotation("quat"),
    "scipy.spatial.transform.Rotation.from_rotvec": rotation("rotvec"),
    "scipy.spatial.transform.Rotation.from_euler": rotation(""),
}
HANDLERS: Mapping[str, Handler] = {
    **OBJECTS,
    "tangent_like.spline_derivative": spline_derivative,
    "tangent_like.spline_integral": spline_integral,
    "tangent_like.derived_polynomial": derived,
    "tangent_like.rotation_matrix": as_matrix,
    "tangent_like.distribution_interval": interval,
}
