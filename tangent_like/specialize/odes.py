"""Programs of the runtime that are given functions: written out where they are called, like the user's own."""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.frontend.live import function_target
from tangent_like.ir.nodes import Expr
from tangent_like.runtime.bounded import reach_between, reach_of
from tangent_like.runtime.expectations import smoothed
from tangent_like.runtime.iterating import compress
from tangent_like.runtime.odes import (
    adaptive_odeint,
    continuous_odeint,
    dopri_step,
    error_norm,
    first_step,
    odeint,
    runge_kutta_step,
)
from tangent_like.runtime.trajectories import (
    along_rows,
    at_event,
    each_at_event,
    ended_at_event,
    finest,
    moved_back,
    slopes_along,
    tangents_along,
)
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Fn, Keywords, Value

Handler = Callable[[Spec, list[Value], Keywords, "Expr | None", str], Value]


def program(written: Callable[..., object]) -> Handler:
    def handle(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
        target = function_target(written)  # type: ignore[arg-type]
        function = s.library.read(target, s.place(getattr(expr, "at", None)))
        fn = Fn(function, None, (), function.origin.file, None, target)
        return s.call(fn, args, keywords, None, hint)

    return handle


WRITTEN = (
    adaptive_odeint,
    along_rows,
    at_event,
    continuous_odeint,
    dopri_step,
    each_at_event,
    ended_at_event,
    error_norm,
    finest,
    first_step,
    moved_back,
    reach_between,
    reach_of,
    odeint,
    runge_kutta_step,
    slopes_along,
    smoothed,
    tangents_along,
)
PROGRAMS = {
    f"{module}.{written.__name__}": program(written)
    for written in WRITTEN
    for module in (
        "tangent_like", "tangent_like.runtime", "tangent_like.runtime.odes", "tangent_like.runtime.trajectories",
        "tangent_like.runtime.bounded",
    )
}
PROGRAMS["itertools.compress"] = program(compress)
