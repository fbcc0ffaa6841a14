"""``grad`` and ``value_and_grad``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, overload

import numpy as np

from tangent_like.api.derivative import DerivativeFunction, Function
from tangent_like.api.native import plain_jit
from tangent_like.api.rules import Rules, given_rules
from tangent_like.errors import RequestError
from tangent_like.request import Request
from tangent_like.transform.tidy import PASSES


@overload
def grad(
    f: Function, argnums: Any = 0, *, tidy: Any = True, comments: bool = True, store: str = "auto",
    jit: Any = False, rules: Rules | None = None,
) -> DerivativeFunction: ...
@overload
def grad(
    f: None = None, argnums: Any = 0, *, tidy: Any = True, comments: bool = True, store: str = "auto",
    jit: Any = False, rules: Rules | None = None,
) -> Callable[[Function], DerivativeFunction]: ...
def grad(
    f: Function | None = None, argnums: Any = 0, *, tidy: Any = True, comments: bool = True, store: str = "auto",
    jit: Any = False, rules: Rules | None = None,
) -> Any:
    """The gradient of ``f``, whose result is one number, with respect to the arguments ``argnums``.

    ``argnums``: an index or name gives a bare gradient, a tuple of them a tuple in that order; each has
    the shape and dtype of its argument. Usable as ``tl.grad(f)``, ``@tl.grad`` and
    ``@tl.grad(argnums=...)``. ``store`` says what becomes of values that the way back reads and that have
    no name: kept or computed again as is cheaper ("auto"), kept ("all"), computed again ("none").
    ``tidy=False`` leaves out what makes the text read as if written by hand; ``tidy={"nest": False}`` leaves out one of
    its passes, ``tidy=("constants", "dead")`` runs these alone: no number changes by it (docs/architecture.md).
    ``rules``: rules of your own for this derivative alone, ``{f: its_rule}`` or ``[rule]`` (see ``tl.rule``).

    Raises ``tl.DifferentiationError`` for what is not differentiated, with file and line, before anything
    runs.

    ``jit=True``: the derivative is compiled by Numba, a dict: with options of Numba's own; what it cannot take is
    an error. ``jit="auto"``: that runs in Python, with one warning.
    """
    return _driver("grad", f, argnums, tidy, comments, store, jit, rules)


def value_and_grad(
    f: Function | None = None, argnums: Any = 0, *, tidy: Any = True, comments: bool = True, store: str = "auto",
    jit: Any = False, rules: Rules | None = None,
) -> Any:
    """As ``grad``; the derivative returns the pair of the value of ``f`` and its gradient."""
    return _driver("value_and_grad", f, argnums, tidy, comments, store, jit, rules)


def _driver(
    mode: str, f: Function | None, argnums: Any, tidy: Any, comments: bool, store: str, jit: Any, rules: Rules | None
) -> Any:
    own = given_rules(rules)
    request = Request(
        plain_argnums(argnums), mode, plain_tidy(tidy), comments, store=store, jit=plain_jit(jit), rules=own
    )
    if f is None:
        return lambda f: DerivativeFunction(f, request)
    return DerivativeFunction(f, request)


def plain_argnums(argnums: Any) -> int | str | tuple[int | str, ...]:
    if isinstance(argnums, list):
        argnums = tuple(argnums)
    items = argnums if isinstance(argnums, tuple) else (argnums,)
    for item in items:
        if isinstance(item, bool) or not isinstance(item, int | str | np.integer):
            raise RequestError(f"argnums takes indices and names, not {item!r}")
    plain = tuple(int(i) if isinstance(i, np.integer) else i for i in items)
    return plain if isinstance(argnums, tuple) else plain[0]


def plain_tidy(tidy: Any) -> bool | tuple[str, ...]:
    """All passes or none; the names of those that run; or switches by name, where what has none is on."""
    if isinstance(tidy, bool):
        return tidy
    named = isinstance(tidy, Mapping | tuple | list) and all(isinstance(name, str) for name in tidy)
    unknown = [name for name in tidy if name not in PASSES] if named else []
    if not named or unknown:
        wrong = f"has no pass {unknown[0]!r}" if unknown else f"is a bool, switches or names of passes, not {tidy!r}"
        raise RequestError(f"tidy {wrong}; there are {', '.join(PASSES)}")
    if isinstance(tidy, Mapping):
        return tuple(name for name in PASSES if tidy.get(name, True))
    return tuple(name for name in PASSES if name in tidy)
