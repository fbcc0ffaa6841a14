"""``explain``: what becomes of each line of a function."""

from __future__ import annotations

from typing import Any

from tangent_like.api.derivative import DerivativeFunction, Function
from tangent_like.api.gradients import plain_argnums
from tangent_like.errors import ResultError
from tangent_like.ir.deep import deeply
from tangent_like.request import Request
from tangent_like.show.explain import Explanation, explanation
from tangent_like.show.stages import Journey


def explain(f: Function, *args: Any, argnums: Any = 0, store: str = "auto", **kwargs: Any) -> Explanation:
    """The lines of ``f``, and of the functions that it calls, with what becomes of each on the way back.

    Differentiated; inactive, and why; zero by a rule, with the rule's reason; what is kept for the way back, and
    how many bytes of data that is (in each turn of a loop: what Python itself needs for an object is not
    counted). For the kinds and sizes of ``args``; without arguments, for those that annotations tell, where
    the bytes are in terms of the sizes. Printed, it is the text; ``.functions`` has the lines. Of a function
    whose result is not one number, by all arguments that carry derivatives.
    Raises ``tl.DifferentiationError`` for what is not differentiated.
    """

    def explained(mode: str) -> Explanation:
        driver = DerivativeFunction(f, Request(plain_argnums(argnums), mode, store=store))
        journey = Journey()
        if args or kwargs:
            derived, _ = driver.derive_for(driver.request, driver.in_order(args, kwargs), journey)
        else:
            derived = driver.annotated(journey)
        return explanation(journey, derived.asked or derived.wrt, derived.sizes)

    try:
        return deeply(lambda: explained("grad"))
    except ResultError:
        return deeply(lambda: explained("vjp"))
