"""What of a function only ``specialize`` reads: where it is, and what to say where it cannot stand."""

from __future__ import annotations

from collections.abc import Iterator

from tangent_like.frontend.expressions import IN_PLACE_METHODS, METHODS
from tangent_like.frontend.later import refusal
from tangent_like.frontend.live import is_matrix
from tangent_like.frontend.local_classes import CLASS_OF
from tangent_like.frontend.of_module import of_module
from tangent_like.frontend.parsed import Made
from tangent_like.ir.nodes import (
    Assert,
    Assign,
    Attribute,
    Bind,
    Call,
    Choose,
    Compare,
    Comprehension,
    Const,
    Define,
    Dict,
    Do,
    Expr,
    Function,
    Global,
    If,
    Index,
    Lambda,
    Library,
    List,
    Logic,
    Loop,
    Name,
    Opaque,
    Origin,
    Ref,
    SetOf,
    Starred,
    Stmt,
    Store,
    Tuple,
    Unary,
    Walrus,
    While,
)
from tangent_like.ir.walk import expressions, statements, subexpressions
from tangent_like.kinds.structure import children_of
from tangent_like.rules.solutions import SCIPY_SOLVERS, SOLUTIONS
from tangent_like.specialize.acting_texts import calls_object
from tangent_like.specialize.grids import GRIDS
from tangent_like.specialize.in_steps import in_steps
from tangent_like.specialize.interpolators import classes_of
from tangent_like.specialize.joined import is_joiner
from tangent_like.specialize.library_objects import OBJECTS, is_distribution
from tangent_like.specialize.modules import is_module
from tangent_like.specialize.slices import is_maker
from tangent_like.specialize.sparse import HANDLERS as SPARSE

EXPRESSIONS: dict[type, tuple[str, str]] = {
    Lambda: ("a lambda", "write a def at the top of the module"),
    Dict: ("a dict display", "use names or an array"),
    SetOf: ("a set display", "use names or an array"),
    Starred: ("a starred expression", "write the items out"),
    Walrus: (":=", "assign before the statement"),
    Comprehension: ("a comprehension", "write a loop that fills an array"),
}
STATEMENTS: dict[type, tuple[str, str]] = {
    Bind: ("this assignment", "assign to a name"),
    Loop: ("a loop over this", "loop over range(len(...)) and index"),
    Define: ("a nested def", "move it to the top of the module"),
}


def rich_parts(function: Function) -> Iterator[tuple[Stmt | None, Expr | None, str, str]]:
    """The parts that the core does not know, with what they are called and a way out."""
    for param in function.params:
        if param.star:
            yield None, None, f"{param.star}{param.name}", "name the parameters"
        if is_module(param.default):
            yield None, param.default, "a module as a value", "call its functions by their names"
    shown = {t for s in statements(function.body) if isinstance(s, Assign) for t in lists_shown(s)}
    for stmt in statements(function.body):
        if isinstance(stmt, Store) and of_module(stmt.target):
            yield stmt, stmt.target, "a write to a global", "write into an array of the function's own"
        found = STATEMENTS.get(type(stmt))
        if found is not None:
            yield stmt, None, *found
        if refusal(stmt) is not None:
            yield stmt, None, "this", ""
        for top in expressions(stmt):
            for expr in subexpressions(top):
                known = EXPRESSIONS.get(type(expr))
                if known is not None:
                    yield stmt, expr, *known
                elif isinstance(expr, Call):
                    if isinstance(expr.func, Attribute) and expr.func.name in IN_PLACE_METHODS - METHODS:
                        what = f"the method .{expr.func.name}(), which writes in place,"
                        yield stmt, expr, what, "assign the result to a name"
                    elif not isinstance(expr.func, Ref | Attribute) or is_special(expr):
                        yield stmt, expr, "a call of this", "call a function by its name"
                    elif isinstance(expr.func, Attribute) and is_object(expr.func.value):
                        yield stmt, expr, "a method of this object", "call a function by its name"
                    elif isinstance(expr.func, Attribute) and expr.func.name == "view" and not expr.args:
                        yield stmt, expr, "the method .view()", "use x[...]"
                    elif isinstance(expr.func, Attribute) and sorts_a_list(expr.func, shown):
                        yield stmt, expr, "the method .sort() of a list", "assign the result of sorted"
                elif isinstance(expr, Ref) and isinstance(expr.target, Global) and isinstance(expr.target.value, Made):
                    yield stmt, expr, "an object that the module makes", "pass it as an argument"
                elif is_module(expr):
                    yield stmt, expr, "a module as a value", "call its functions by their names"
                elif isinstance(expr, Index) and is_maker(expr.value):
                    yield stmt, expr, "np.s_", "write the slice where it is used"
                elif isinstance(expr, Opaque) and calls_object(expr):
                    yield stmt, expr, "a method of an object, in a text,", "call it before, and show its result"
                elif isinstance(expr, Attribute) and expr.name == "flat":
                    yield stmt, expr, ".flat", "use x.ravel()"
                elif isinstance(expr, Index) and is_joiner(expr.value):
                    yield stmt, expr, "an index that joins arrays", "use np.concatenate or np.column_stack"
                elif isinstance(expr, Compare) and is_identity(expr):
                    yield stmt, expr, "'is' of these", "compare their items"
                elif isinstance(expr, Logic) and not is_condition(expr) and not tested(stmt, top, expr):
                    yield stmt, expr, f"{expr.op!r} as a value", "use an if"
        if isinstance(stmt, Do) and isinstance(stmt.value, Call) and isinstance(stmt.value.func, Attribute):
            if stmt.value.func.name not in METHODS:
                what = f"the method .{stmt.value.func.name}() called for its effect"
                yield stmt, stmt.value, what, "assign the result to a name"


PLACES_OF_PROGRAMS = (
    "tangent_like", "tangent_like.runtime", "tangent_like.runtime.odes", "tangent_like.runtime.trajectories",
    "tangent_like.runtime.bounded",
)  # fmt: skip
PROGRAMS = (
    "adaptive_odeint", "along_rows", "at_event", "continuous_odeint", "dopri_step", "each_at_event", "ended_at_event",
    "error_norm", "finest", "first_step", "moved_back", "odeint", "reach_between", "reach_of", "runge_kutta_step",
    "slopes_along", "smoothed", "tangents_along",
)  # fmt: skip
SPECIAL = frozenset(
    f"builtins.{name}"
    for name in (
        "enumerate", "zip", "reversed", "map", "filter", "any", "all", "list", "tuple", "dict", "set",
        "getattr", "setattr", "hasattr", "callable", "isinstance", "super", "iter", "next", "slice", "sorted",
        "dict.fromkeys",
    )
) | {
    "operator.itemgetter", "operator.attrgetter", "operator.methodcaller",
    "functools.partial", "functools.reduce", "_functools.partial", "_functools.reduce", "copy.copy", "copy.deepcopy",
    "types.SimpleNamespace", "collections.namedtuple", "dataclasses.fields",
    "dataclasses.replace", "dataclasses.asdict", "dataclasses.astuple",
    "numpy.ndindex", "numpy.ndenumerate", "numpy.isscalar", "collections.deque", "collections.defaultdict",
    "collections.OrderedDict", "collections.Counter",
    "_collections.deque", "_collections.defaultdict", "_collections.OrderedDict",
    "tangent_like.vjp", "tangent_like.jvp", "tangent_like.vmap",
    *(f"tangent_like.{name}" for name in ("jacobian", "jacfwd", "jacrev", "hessian", "hvp")),
    *(f"{module}.{name}" for name in SOLUTIONS for module in ("tangent_like", "tangent_like.runtime")),
    *(f"{module}.{name}" for name in PROGRAMS for module in PLACES_OF_PROGRAMS),
    *(f"{module}.checkpoint{ed}" for ed in ("", "ed") for module in ("tangent_like", "tangent_like.runtime")),
    "tangent_like.runtime.checkpoints.run_again", "tangent_like.runtime.reversing.run_reversible",
    "tangent_like.runtime.reversing.run_with_inverse",
    "tangent_like.reversible", "tangent_like.runtime.reversible",
    *SCIPY_SOLVERS, "numpy.piecewise", "numpy.vectorize", "numpy.fromfunction", "numpy.apply_along_axis",
    *(f"tqdm{inside}.{name}" for inside in ("", ".std", ".auto", ".notebook") for name in ("tqdm", "trange")),
    "tqdm.asyncio.tqdm_asyncio", "tqdm.notebook.tqdm_notebook",
    "numpy.fromiter", "scipy.interpolate.CubicSpline", "scipy.interpolate.interp1d",
    "scipy.interpolate.PchipInterpolator", "scipy.interpolate.Akima1DInterpolator",
    "scipy.interpolate.make_interp_spline", "scipy.interpolate.BSpline", *GRIDS,
    *OBJECTS,
    *SPARSE,
}  # fmt: skip


def lists_shown(stmt: Assign) -> Iterator[str]:
    """The names to which the statement binds list displays."""
    if len(stmt.targets) == len(stmt.values):
        yield from (t for t, v in zip(stmt.targets, stmt.values, strict=True) if isinstance(v, List))


def sorts_a_list(method: Attribute, lists: set[str]) -> bool:
    return method.name == "sort" and isinstance(method.value, Name) and method.value.id in lists


def orders_tuples(expr: Call) -> bool:
    """``max`` and ``min`` of tuples, or by a key."""
    return bool(expr.keywords) or any(isinstance(a, Tuple) for a in expr.args)


def is_special(expr: Call) -> bool:
    """A call of a class, of an object, or of a builtin that takes functions or makes iterables."""
    if not isinstance(expr.func, Ref):
        return False
    target = expr.func.target
    if isinstance(target, Library):
        if target.module == "itertools" or target == CLASS_OF.target:
            return True
        if target.module == "builtins" and target.qualname in ("min", "max") and orders_tuples(expr):
            return True
        special = f"{target.module}.{target.qualname}" in SPECIAL or in_steps(expr)
        return special or is_distribution(target) or is_matrix(target.obj)
    return isinstance(target, Global) and target.value is not None


def is_identity(expr: Compare) -> bool:
    """Does it ask whether two values that are not constants are one?"""
    sides = (expr.left, *expr.rights)
    pairs = zip(expr.ops, sides[:-1], sides[1:], strict=True)
    return any(op in ("is", "is not") and not isinstance(a, Const) and not isinstance(b, Const) for op, a, b in pairs)


def is_object(expr: Expr) -> bool:
    while isinstance(expr, Attribute | Index):
        expr = expr.value
    if not isinstance(expr, Ref) or not isinstance(expr.target, Global):
        return False
    value = expr.target.value
    return isinstance(value, type) or children_of(value) is not None or bool(classes_of(value))


def is_condition(expr: Expr) -> bool:
    """Is it a truth value, whatever it is used for?"""
    match expr:
        case Logic(values=values):
            return all(map(is_condition, values))
        case Compare() | Unary("not"):
            return True
        case Const(value):
            return isinstance(value, bool)
        case _:
            return False


def tested(stmt: Stmt, top: Expr, expr: Expr) -> bool:
    """Is the expression only asked whether it holds?"""
    if isinstance(stmt, If | While) or (isinstance(stmt, Assert) and top is stmt.test):
        return _truth(top, expr)
    return any(isinstance(e, Choose) and _truth(e.test, expr) for e in subexpressions(top))


def _truth(test: Expr, expr: Expr) -> bool:
    match test:
        case Logic(values=values):
            return test is expr or any(_truth(v, expr) for v in values)
        case Unary("not", operand):
            return _truth(operand, expr)
        case _:
            return False


def is_rich(function: Function) -> bool:
    return any(True for _ in rich_parts(function))


def origin_of(stmt: Stmt | None, function: Function) -> Origin:
    return getattr(stmt, "origin", None) or function.origin
