"""``diagnose``: what happens to the adjoints on the way back, line by line."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from tangent_like.api.derivative import DerivativeFunction, Function
from tangent_like.api.gradients import plain_argnums
from tangent_like.api.probes import Probes
from tangent_like.api.products import vjp
from tangent_like.api.traced import Watched
from tangent_like.errors import ResultError
from tangent_like.ir.deep import deeply
from tangent_like.kinds.structure import children_of
from tangent_like.request import Request
from tangent_like.show.diagnosis import Diagnosis
from tangent_like.show.stages import Journey
from tangent_like.transform.stages import Swept


def diagnose(f: Function, *args: Any, argnums: Any = 0, **kwargs: Any) -> Diagnosis:
    """Run the derivative of ``f`` line by line, and say where it goes wrong, or goes badly.

    Printed, the result is a table; ``.plot(file)`` draws it (matplotlib). It has

    - ``adjoint``: the line at which an adjoint first becomes infinite or not a number (or at which the derivative
      raises because a slope is infinite), with the values that made it; ``primal``: the same of the values of ``f``;
    - ``kinks``: lines that are evaluated at a kink, at a pole, at a tie, or compare equal numbers;
    - ``losses``: ill-conditioned steps, which make a relative error more than 1/sqrt(eps) times as large;
    - ``norms``: per line, and per turn of a loop, the norm of the adjoint that the line gives, in the order of the
      way back; ``factor`` is what a turn does to it: below 1 it vanishes, above 1 it explodes.

    The derivative is that by ``argnums``, untidied, such that each line of ``f`` has its own. Of a function
    whose result is not one number, it is that of the sum of the results, by all arguments. ``f`` runs a second
    time to be watched. Raises ``tl.DifferentiationError`` for what is not differentiated, and what ``f`` raises.
    """
    probes = Probes()
    with np.errstate(all="ignore"):
        value = probes.watched(f)(*copy.deepcopy(args), **copy.deepcopy(kwargs))

    def watched(mode: str) -> Watched:
        driver = DerivativeFunction(f, Request(plain_argnums(argnums), mode, tidy=False, lines=True))
        journey = Journey()
        values = driver.in_order(args, kwargs)
        driver.derive_for(driver.request, values, journey)
        return Watched(driver.compiled(values).loaded, *names_in(journey))

    try:
        found = deeply(lambda: watched("value_and_grad"))
        gradient = DerivativeFunction(f, Request(plain_argnums(argnums), "value_and_grad", tidy=False, lines=True))
        found.run(lambda: gradient(*args, **kwargs))
    except ResultError:
        found = deeply(lambda: watched("vjp"))
        found.run(lambda: _pulled(f, args, kwargs))
    kinks, losses = probes.notes(probes.kinks), probes.notes(probes.losses)
    return Diagnosis(value, found.raised, found.first(), found.primal, kinks, losses, found.table())


def _pulled(f: Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    value, pullback = vjp(f, *args, tidy=False, **kwargs)
    return pullback(_ones(value))


def _ones(value: Any) -> Any:
    """What the sum of all results has as its adjoint."""
    found = children_of(value)
    if found is None:
        carries = isinstance(value, float | np.ndarray | np.generic) and np.asarray(value).dtype.kind == "f"
        return np.ones_like(value) if carries and np.ndim(value) else 1.0 if carries else None
    form, cls, items = found
    made = [(key, _ones(item)) for key, item in items]
    if form == "dict":
        return dict(made)
    if cls is None:
        return [item for _, item in made] if form == "list" else tuple(item for _, item in made)
    other = copy.copy(value)
    if form == "tuple":
        return type(value)(*(item for _, item in made))
    for key, item in made:
        object.__setattr__(other, str(key), item)
    return other


def names_in(journey: Journey) -> tuple[dict[str, str], frozenset[str]]:
    """The names of adjoints in all functions of a derivative, with what they are adjoints of; those of values."""
    facts = [stage.fact for stage in journey.named("live") if isinstance(stage.fact, Swept)]
    bars = {bar: name for fact in facts for name, bar in fact.bars.items()}
    return bars, frozenset(name for fact in facts for name in fact.typing.overall)
