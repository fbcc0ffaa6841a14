"""``vjp`` and ``jvp``: one row or one column of the Jacobian, without the matrix."""

from __future__ import annotations

from typing import Any

import numpy as np

from tangent_like.api.derivative import DerivativeFunction, Function, spread
from tangent_like.api.gradients import plain_tidy
from tangent_like.api.memory import apart, parts_of, to_be_changed
from tangent_like.api.native import plain_jit
from tangent_like.api.replay import replay
from tangent_like.api.rules import Rules, given_rules
from tangent_like.api.trees import float_leaves, leaves_of, tangent_like_value, together
from tangent_like.api.turned import by_turning, is_turned
from tangent_like.backend.notes import noted
from tangent_like.errors import DifferentiationError, RequestError
from tangent_like.request import Request
from tangent_like.runtime import isolate
from tangent_like.specialize.entry import Part, Specialized


def vjp(
    f: Function, *args: Any, tidy: Any = True, store: str = "auto", jit: Any = False, rules: Rules | None = None,
    **kwargs: Any,
) -> tuple[Any, Function]:
    """``(value, pullback)``: ``pullback(value_bar)`` gives a tuple with one adjoint an argument.

    An argument that carries no derivative (an integer, a string) gets None. ``value_bar`` has the
    structure and shape of the value. The pullback can be called again, and is not disturbed by what
    becomes of the arguments or the value meanwhile. ``rules``: see ``tl.grad``.
    """
    request = Request(0, "vjp", plain_tidy(tidy), store=store, jit=plain_jit(jit), rules=given_rules(rules))
    driver = DerivativeFunction(f, request)
    values = driver.in_order(args, kwargs)
    compiled = driver.compiled(values)
    functions = compiled.functions
    forward = functions[compiled.derived.functions[-2].name]
    reverse = functions[compiled.derived.functions[-1].name]
    plain, named = spread(tuple(driver.signature.parameters.values()), values)
    try:
        *results, saved = forward(*plain, **named)
    except Exception as error:
        noted(error, compiled.loaded)
        raise
    changes, special = compiled.derived.changes, compiled.derived.special
    if special is None:
        results = list(apart(tuple(results), (values, saved)))
        saved = apart(saved, (values, results))
    else:  # what objects hold is not seen
        results, saved = isolate(results), isolate(saved)
    value = tuple(results) if compiled.derived.tupled else results[0]
    names = driver.names
    given = names
    if kwargs or len(args) != driver.plain:
        given = tuple(driver.signature.bind(*driver.bound, *args, **kwargs).arguments)[len(driver.bound) :]
    outlines = [_result_outline(r, flows) for r, flows in zip(results, compiled.derived.flowing, strict=True)]
    if special is not None:
        named = dict(zip(names, values, strict=True))
        return structured(special, named, given, results, outlines, saved, reverse, changes, f)
    wrt = compiled.derived.wrt
    like = {n: _outline(v) for n, v in zip(names, values, strict=True) if n in wrt}
    shape = outlines if compiled.derived.tupled else outlines[0]

    def pullback(value_bar: Any) -> tuple[Any, ...]:
        seeds = _seeds(value_bar, shape, f)
        if not wrt:
            return (None,) * len(given)
        bars = reverse(to_be_changed(saved, changes), *seeds)
        bars = each_its_own(apart(bars if len(wrt) > 1 else (bars,), saved))
        found = {n: _like(bar, like[n]) for n, bar in zip(wrt, bars, strict=True)}
        return tuple(found.get(n) for n in given)

    return value, pullback


def structured(
    special: Specialized,
    values: dict[str, Any],
    given: tuple[str, ...],
    results: list[Any],
    outlines: list[Any],
    saved: Any,
    reverse: Function,
    changes: str,
    f: Function,
) -> tuple[Any, Function]:
    """Value and pullback of a function whose arguments or result have structure; ``changes`` what of ``saved``."""
    value = together(special.result, iter(results))
    like = {n: [_outline(v) for v in float_leaves(values[n], special.arguments[n], n)] for n in values}

    def pullback(value_bar: Any) -> tuple[Any, ...]:
        seeds_apart = leaves_of(value_bar, special.result, f"the adjoint of the value of {special.original.name}")
        seeds = [s for bar, o in zip(seeds_apart, outlines, strict=True) for s in _seeds(bar, o, f)]
        count = sum(map(len, like.values()))
        if not count:
            return (None,) * len(given)
        bars = reverse(to_be_changed(saved, changes), *seeds)
        flat = iter(each_its_own(apart(bars if count > 1 else (bars,), saved)))
        found = {}
        for name, tree in special.arguments.items():
            parts = [_like(next(flat), o) for o in like[name]]
            found[name] = together(tree, iter(parts), True) if parts else None
        return tuple(found[n] for n in given)

    return value, pullback


def jvp(
    f: Function, args: Any, tangents: Any, *, tidy: Any = True, jit: Any = False, rules: Rules | None = None
) -> tuple[Any, Any]:
    """``(value, tangent)``: the value of ``f`` at ``args``, and its slope along ``tangents``.

    One tangent an argument, of its shape; None stands for zero, and is the only tangent of what carries no
    derivative (an integer, a string). The tangent has the structure, shapes and dtypes of the value.
    ``rules``: see ``tl.grad``.
    """
    if not isinstance(args, tuple | list) or not isinstance(tangents, tuple | list):
        raise RequestError("jvp takes the arguments in a tuple, and the tangents in another")
    if len(args) != len(tangents):
        raise RequestError(f"jvp was given {len(args)} arguments and {len(tangents)} tangents")
    plain = DerivativeFunction(f, Request((), "jvp", plain_tidy(tidy), rules=given_rules(rules)))
    names = plain.names
    values = plain.in_order(tuple(args), {})
    named = zip(names[len(plain.bound) :], tangents, strict=False)
    given = {n: t for n, t in named if t is not None}
    dots = {n: tangent_like_value(given[n], v, n) for n, v in zip(names, values, strict=True) if n in given}
    if not dots:
        value = f(*isolate(tuple(args)))
        return value, shaped_tangent(None, _outline(value))
    request = Request(tuple(dots), "jvp", plain_tidy(tidy), jit=plain_jit(jit), rules=given_rules(rules))
    return pushed(plain.asking(request), values, dots)


def pushed(driver: DerivativeFunction, values: tuple[Any, ...], dots: dict[str, Any]) -> tuple[Any, Any]:
    """Value and tangent by a compiled ``jvp``."""
    try:
        if not is_turned(driver, values, dots):
            return in_form(*raw_push(driver, values, dots), values, dots)
        refused = None
    except DifferentiationError as error:
        refused = error
    draws = replay(driver.function, values)
    tangent = by_turning(jvp, driver, values, dots, refused)
    assert driver.inner is not None
    draws.rewind()
    return driver.inner(*values[len(driver.bound) :]), tangent


def in_form(
    value: Any, tangent: Any, special: Specialized | None, values: tuple[Any, ...], dots: dict[str, Any]
) -> tuple[Any, Any]:
    """Value and tangent as the caller gets them, in memory of their own."""
    if special is None:
        value, tangent = *apart((value,), values), *apart((tangent,), (values, dots, value))
        return value, shaped_tangent(tangent, _outline(value))
    value, tangent = isolate(value), isolate(tangent)
    if isinstance(special.result, Part):
        return value, shaped_tangent(tangent, _outline(value))
    shaped = [shaped_tangent(t, _outline(v)) for t, v in zip(tangent, value, strict=True)]
    return together(special.result, iter(value)), together(special.result, iter(shaped))


def slope(
    driver: DerivativeFunction, values: tuple[Any, ...], dots: dict[str, Any], chosen: tuple[str, ...]
) -> Any:
    """The tangent alone of a gradient with respect to the arguments chosen, in their form."""
    try:
        if is_turned(driver, values, dots):
            return by_turning(jvp, driver, values, dots)
        value, tangent, special = raw_push(driver, values, dots)
    except DifferentiationError as refused:
        return by_turning(jvp, driver, values, dots, refused)
    if special is not None:
        return in_form(value, tangent, special, values, dots)[1]
    named = dict(zip(driver.names, values, strict=True))
    like = named[chosen[0]] if driver.request.single else tuple(named[n] for n in chosen)
    (tangent,) = apart((tangent,), (values, dots))
    return shaped_tangent(tangent, _outline(like))


def raw_push(
    driver: DerivativeFunction, values: tuple[Any, ...], dots: dict[str, Any]
) -> tuple[Any, Any, Specialized | None]:
    """Value and tangent as the compiled ``jvp`` returns them, and the structure of the program."""
    compiled = driver.compiled(values)
    function = compiled.derived.functions[-1]
    given = dict(zip(driver.names, values, strict=True))
    called = [p.name for p in function.params if p.name not in given]
    special = compiled.derived.special
    asked = compiled.derived.wrt if special is None else compiled.derived.asked
    given |= {c: dots[n] for c, n in zip(called, asked, strict=True)}
    plain: list[Any] = []
    named: dict[str, Any] = {}
    starred = False
    for param in function.params:  # tangents stand behind the arguments, so behind a ``*`` by name
        if param.star:
            plain.extend(given[param.name] if param.star == "*" else ())
            named.update(given[param.name] if param.star == "**" else {})
            starred = True
        elif param.keyword_only or starred:
            named[param.name] = given[param.name]
        else:
            plain.append(given[param.name])
    try:
        found = compiled.functions[function.name](*plain, **named)
    except Exception as error:
        noted(error, compiled.loaded)
        raise
    value, tangent = found if driver.request.mode == "jvp" or special is not None else (None, found)
    return value, tangent, special


def each_its_own(bars: tuple[Any, ...]) -> tuple[Any, ...]:
    """The adjoints, where two are one and the same array with a copy for the second."""
    parts = [id(part) for bar in bars for part in parts_of(bar)]
    if len(parts) == len(set(parts)):
        return bars
    return tuple(isolate(bar) for bar in bars)


def shaped_tangent(tangent: Any, outline: Any) -> Any:
    """The tangent in the form of the value; None where the value carries none."""
    if isinstance(outline, list):
        items = [None] * len(outline) if tangent is None else tangent
        return tuple(shaped_tangent(t, o) for t, o in zip(items, outline, strict=True))
    if outline is None:
        return None
    if outline[0] == "list":
        items = [None] * len(outline[1]) if tangent is None else tangent
        return [shaped_tangent(t, o) for t, o in zip(items, outline[1], strict=True)]
    return _like(0.0 if tangent is None else tangent, outline)


def _result_outline(value: Any, flows: bool) -> Any:
    """As the pullback takes its adjoint: a sum of nothing is the int 0 where others are floats, counts are whole."""
    found = _outline(value) if flows else None
    if isinstance(found, list) and None not in found:  # a tuple that is made in one go: its adjoint is a list
        return "list", tuple(found)
    return (np.shape(value), np.dtype(float), isinstance(value, np.ndarray)) if flows and found is None else found


def _outline(value: Any) -> Any:
    """Shape and dtype, an item at a time for tuples; None for what carries no derivative."""
    if isinstance(value, tuple):
        return [_outline(v) for v in value]
    if isinstance(value, list):
        items = tuple(_result_outline(v, True) if type(v) is int else _outline(v) for v in value)
        return None if None in items else ("list", items)
    array = np.asarray(value)
    if array.dtype.kind not in "fc":
        return None
    return (array.shape, array.dtype, isinstance(value, np.ndarray))


def _seeds(value_bar: Any, outline: Any, f: Function) -> list[Any]:
    if isinstance(outline, list):
        if not isinstance(value_bar, tuple | list) or len(value_bar) != len(outline):
            raise RequestError(f"the value of {f.__name__} is a tuple of {len(outline)}, and so must the adjoint be")
        return [s for v, o in zip(value_bar, outline, strict=True) for s in _seeds(v, o, f)]
    if outline is None:
        return []
    if outline[0] == "list":
        items = outline[1]
        if value_bar is None:
            value_bar = [None] * len(items)
        if not isinstance(value_bar, tuple | list) or len(value_bar) != len(items):
            raise RequestError(f"the value of {f.__name__} is a list of {len(items)}, and so must the adjoint be")
        return [[_seeds(v, o, f)[0] for v, o in zip(value_bar, items, strict=True)]]
    shape, dtype, is_array = outline
    if value_bar is None:
        value_bar = np.zeros(shape, dtype)
    if np.shape(value_bar) != shape:
        raise RequestError(
            f"the adjoint of the value has shape {np.shape(value_bar)}, the value of {f.__name__} has {shape}"
        )
    if np.asarray(value_bar).dtype.kind == "c" and dtype.kind != "c":
        raise RequestError(f"the value of {f.__name__} is real, and so must its adjoint be")
    if is_array:
        return [np.array(value_bar, dtype=np.result_type(dtype, np.asarray(value_bar).dtype))]
    return [float(value_bar) if dtype.kind != "c" else complex(value_bar)]


def _like(bar: Any, outline: Any) -> Any:
    """An adjoint or a tangent as the caller gets it: of the shape and dtype of what it belongs to, memory of its own.

    A whole array of that form is taken as it is: it is nobody else's by now.
    """
    if isinstance(outline, list):
        return tuple(_like(b, o) for b, o in zip(bar, outline, strict=True))
    if outline[0] == "list":
        return [_like(b, o) for b, o in zip(bar, outline[1], strict=True)]
    shape, dtype, is_array = outline
    if is_array and isinstance(bar, np.ndarray) and bar.base is None and bar.shape == shape and bar.dtype == dtype:
        return bar
    if not is_array and dtype == np.float64 and getattr(bar, "dtype", dtype) == dtype:
        return bar
    refuse_complex_of(bar, dtype)
    if is_array:
        return np.array(np.broadcast_to(bar, shape), dtype=dtype)
    if dtype == np.float64:
        return float(bar)
    if dtype == np.complex128:
        return bar if isinstance(bar, complex) else complex(bar)
    return dtype.type(bar)


def refuse_complex_of(bar: Any, dtype: np.dtype[Any]) -> None:
    """Of what is real the derivative is: Python makes complex numbers of some that are, as of ``(-2.0) ** 0.5``."""
    if dtype.kind != "c" and np.iscomplexobj(bar):
        raise ValueError("the derivative is complex, and the value is real: a number on the way became complex")
