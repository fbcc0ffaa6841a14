"""Products with second derivatives by the other order, where the usual one is refused.

What a Hessian makes of a vector is the tangent of a gradient, and as well the gradient of a tangent:

    tl.jvp(tl.grad(f), (x,), (v,))[1]                    forward over reverse
    tl.grad(lambda x: tl.jvp(f, (x,), (v,))[1])(x)       reverse over forward

The first runs less, and is taken wherever it can be. But it reads the text of a gradient, with all that it keeps and
writes: whether two names there share memory can be undecided where it is plain in the user's program, which is all that
the second order reads. It is refused wherever forward mode is, so what changes adjoints by hand is never left out.
"""

from __future__ import annotations

import linecache
from collections.abc import Mapping
from typing import Any

from tangent_like.api.derivative import DerivativeFunction, Function
from tangent_like.api.trees import tangent_like_value
from tangent_like.errors import DifferentiationError, RequestError
from tangent_like.request import Request


def by_turning(
    jvp: Function,
    driver: DerivativeFunction,
    values: tuple[Any, ...],
    dots: Mapping[str, Any],
    refused: DifferentiationError | None = None,
) -> Any:
    """The tangent of the gradient that ``driver`` pushes along ``dots``; ``refused`` is raised where this is, too."""
    inner = driver.inner
    if refused is not None and (not can_turn(driver) or isinstance(refused, RequestError)):
        raise refused
    assert inner is not None
    chosen = tuple(name for name in driver.names if name in dots)
    key = (inner.request, driver.request, chosen)
    try:
        if (turned := inner.turned.get(key)) is None:
            turned = gradient_of_slope(jvp, driver, inner, chosen)
        found = turned(*values[len(inner.bound) :], *(dots[name] for name in chosen))
    except DifferentiationError as error:
        raise (refused or error) from None
    inner.turned[key] = turned
    return found


def is_turned(driver: DerivativeFunction, values: tuple[Any, ...], dots: Mapping[str, Any]) -> bool:
    """Has the usual order been refused before, and nothing that fits these arguments been compiled by it?"""
    inner = driver.inner
    if inner is None or not inner.turned:
        return False
    chosen = tuple(name for name in driver.names if name in dots)
    return (inner.request, driver.request, chosen) in inner.turned and not driver.knows(values)


def source_of_product(jvp: Function, driver: DerivativeFunction, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """The text that ``pushed`` runs, for the kinds of these arguments."""
    try:
        return driver.source_for(*args, **kwargs)
    except DifferentiationError as refused:
        if isinstance(refused, RequestError) or driver.inner is None or not can_turn(driver):
            raise
        values = driver.in_order(args, kwargs)
        named = dict(zip(driver.names, values, strict=True))
        wanted = {w if isinstance(w, str) else driver.names[w] for w in driver.request.wanted}
        chosen = tuple(name for name in driver.names if name in wanted)
        dots = [tangent_like_value(None, named[name], name) for name in chosen]
        try:
            turned = gradient_of_slope(jvp, driver, driver.inner, chosen)
            return turned.source_for(*values[len(driver.bound) :], *dots)
        except DifferentiationError:
            raise refused from None


def can_turn(driver: DerivativeFunction) -> bool:
    inner, forward = driver.inner, driver.request
    if inner is None:
        return False
    gradient = inner.request
    plain = not (forward.rules or gradient.rules or inner.keyword_only or inner.starred)
    return plain and gradient.mode == "grad" and forward.is_forward


def gradient_of_slope(
    jvp: Function, driver: DerivativeFunction, inner: DerivativeFunction, chosen: tuple[str, ...]
) -> DerivativeFunction:
    """The gradient that is asked for, of the slope along the arguments that are chosen."""
    names = inner.names[len(inner.bound) :]
    places = [f"x{k}" for k in range(len(names))]
    dots = [f"v{k}" if name in chosen else "None" for k, name in enumerate(names)]
    given = [*places, *(dot for dot in dots if dot != "None")]
    args, tangents = (", ".join(items) + "," for items in (places, dots))
    text = f"def slope({', '.join(given)}):\n    return jvp(f, ({args}), ({tangents}))[1]\n"
    file = f"<tangent_like slope {inner.label} {', '.join(given)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    namespace: dict[str, Any] = {"__name__": inner.base.__module__, "f": inner.function, "jvp": jvp}
    exec(compile(text, file, "exec", dont_inherit=True), namespace)  # noqa: S102 - our own text
    wanted = tuple(_place(w, inner) for w in inner.request.wanted)
    argnums = wanted[0] if inner.request.single else wanted
    request = Request(argnums, tidy=driver.request.tidy, store=driver.request.store, jit=driver.request.jit)
    return DerivativeFunction(namespace["slope"], request)


def _place(wanted: int | str, inner: DerivativeFunction) -> int:
    index = inner.names.index(wanted) if isinstance(wanted, str) else wanted % len(inner.names)
    return index - len(inner.bound)
