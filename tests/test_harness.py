"""The harness accepts right derivatives, and rejects those that break one promise each."""

from __future__ import annotations

import inspect
import sys
from types import CodeType, SimpleNamespace
from typing import Any

import corpus
import numeric
import numpy as np
import pytest
from case import Case, mat, num, takes, vec
from harness import is_complex, is_float, leaves, quietly, replaced, settled, slope, verify

CASES, BROKEN = corpus.load()

# Differences know nothing of policies at kinks, of strides that a deep copy forgets, nor of one array under two names.
BEYOND_DIFFERENCES = {
    case.id
    for case in CASES
    if case.expect == "refused"
    or case.diverges
    or case.exact
    or "one_array" in case.id
    or "same_array" in case.id
    or "strided" in case.id
    or case.id == "attempts:locked"  # its lock is not copied
    or case.id == "jumps:returned_from_an_endless_loop"  # differences here move its tolerance, too: below 0 it has no end
    or case.id == "effects_in_places:inserts_in_a_comprehension"  # its slopes are small beside its value
    or case.id == "fourier:spectrum_of_rows"  # of two complex results, differences here move the real parts alone
}


def product(x, y):
    return np.sum(x * y * x)


def elements(x, y):
    return x * y


def loud(x, y):
    print("loud")
    return np.sum(x * y)


def writes(x, y):
    x[0] = y[1] * x[2]
    return np.sum(x * x)


def as_case(f: Any, **options: Any) -> Case:
    return Case(f, takes(vec(4), vec(4)), wrt=(0, 1), **options)


def stand_in(**changes: Any) -> Any:
    """numeric, with some of its functions exchanged."""
    return SimpleNamespace(**{**vars(numeric), **changes})


def with_bars(change: Any) -> Any:
    """numeric, with every gradient changed on its way out."""

    def changed(bars: Any, args: Any) -> Any:
        return change(bars, args)

    class Derivative(numeric.Derivative):
        def __call__(self, *args: Any) -> Any:
            result = super().__call__(*args)
            if self.with_value:
                return result[0], changed(result[1], args)
            return changed(result, args)

    def vjp(f: Any, *args: Any) -> Any:
        value, pullback = numeric.vjp(f, *args)
        return value, lambda bar: changed(pullback(bar), args)

    return stand_in(
        grad=lambda f, argnums=0, tidy=True: Derivative(f, argnums, False),
        value_and_grad=lambda f, argnums=0, tidy=True: Derivative(f, argnums, True),
        vjp=vjp,
    )


def each(change: Any) -> Any:
    return with_bars(lambda bars, args: tuple(bar if bar is None else change(bar) for bar in bars))


def one_entry(bar: Any) -> Any:
    bar.flat[1] *= 1.001
    return bar


def writing(f: Any) -> Any:
    def call(bars: Any, args: Any) -> Any:
        args[0][0] += 1.0
        return bars

    return call


def value_off(f: Any, argnums: Any = 0, tidy: bool = True) -> Any:
    df = numeric.Derivative(f, argnums, True)
    off = numeric.Derivative(f, argnums, True)
    off.__class__ = type(
        "Off",
        (numeric.Derivative,),
        {"__call__": lambda self, *args: (np.nextafter(df(*args)[0], 9e9), df(*args)[1])},
    )
    return off


def forgetful_vjp(f: Any, *args: Any) -> Any:
    """Reads the caller's arguments when the pullback is called."""
    value, _ = numeric.vjp(f, *args)
    return value, lambda bar: numeric.vjp(f, *args)[1](bar)


def wearing_vjp(f: Any, *args: Any) -> Any:
    """A pullback that is right once."""
    value, pullback = numeric.vjp(f, *args)
    calls = []

    def once(bar: Any) -> Any:
        calls.append(0)
        return tuple(b if b is None else b * len(calls) for b in pullback(bar))

    return value, once


class Wandering(numeric.Derivative):
    count = 0

    def source_for(self, *args: Any) -> str:
        Wandering.count += 1
        return f"x = {Wandering.count}\n"


class Broken(numeric.Derivative):
    def source_for(self, *args: Any) -> str:
        return "def f(:\n"


def untidy(f: Any, argnums: Any = 0, tidy: bool = True) -> Any:
    if tidy:
        return numeric.Derivative(f, argnums, False)
    return with_bars(lambda bars, args: tuple(bar * (1 + 1e-9) for bar in bars)).grad(f, argnums)


BREACHES = {
    "off by a thousandth in one entry": (each(one_entry), product, "central differences"),
    "sign": (each(lambda bar: -bar), product, "central differences"),
    "zero": (each(lambda bar: bar * 0), product, "central differences"),
    "not a number": (each(lambda bar: bar * np.nan), product, "central differences"),
    "wrong in the pullback of an array": (each(one_entry), elements, "central differences"),
    "shape": (each(lambda bar: bar[None]), product, "shape"),
    "dtype": (each(lambda bar: bar.astype(np.float32)), product, "dtype"),
    "whole numbers": (each(lambda bar: bar.astype(int)), product, "gradient"),
    "None": (with_bars(lambda bars, args: (None, *bars[1:])), product, "None"),
    "a list": (each(lambda bar: list(bar)), product, "gradient"),
    "too few": (with_bars(lambda bars, args: bars[:1]), product, "asked for"),
    "the argument itself": (with_bars(lambda bars, args: (args[0], *bars[1:])), product, ""),
    "one array twice": (with_bars(lambda bars, args: (bars[0], bars[0])), product, "shares memory"),
    "read-only": (each(lambda bar: np.broadcast_to(bar, bar.shape)), product, "read-only"),
    "writes its argument": (with_bars(writing(product)), product, "changed its caller's"),
    "value": (stand_in(value_and_grad=value_off), product, "value of value_and_grad"),
    "silent": (
        stand_in(vjp=lambda f, *args: numeric.vjp(lambda *a: quietly(lambda: f(*a))[0], *args)),
        loud,
        "printed",
    ),
    "remembers its arguments by reference": (
        stand_in(vjp=forgetful_vjp),
        product,
        "after its arguments were changed",
    ),
    "a pullback that wears out": (stand_in(vjp=wearing_vjp), product, "twice"),
    "a text that changes": (
        stand_in(grad=lambda f, argnums=0, tidy=True: Wandering(f, argnums, False)),
        product,
        "two texts",
    ),
    "a text that is not Python": (
        stand_in(grad=lambda f, argnums=0, tidy=True: Broken(f, argnums, False)),
        product,
        "not Python",
    ),
    "tidying changes a number": (stand_in(grad=untidy), product, "tidy=False"),
}


@pytest.mark.parametrize("name", BREACHES)
def test_breach_is_seen(name: str) -> None:
    tl, f, words = BREACHES[name]
    verdict = verify(as_case(f), tl, seeds=(0,))
    assert verdict.kind == "wrong", verdict
    assert words in verdict.message


@pytest.mark.parametrize("f", [product, elements, writes])
def test_right_is_right(f: Any) -> None:
    verdict = verify(as_case(f), numeric)
    assert verdict.kind == "right", verdict


def test_refusal_is_told_from_crash() -> None:
    def refuse(f: Any, argnums: Any = 0, tidy: bool = True) -> Any:
        raise numeric.DifferentiationError("somewhere.py:1: no")

    def crash(f: Any, argnums: Any = 0, tidy: bool = True) -> Any:
        raise KeyError("x_bar")

    assert verify(as_case(product), stand_in(grad=refuse), seeds=(0,)).kind == "refused"
    assert verify(as_case(product), stand_in(grad=crash), seeds=(0,)).kind == "crashed"


def test_refusal_must_know_its_place() -> None:
    class Lost(Exception):
        pass

    def refuse(f: Any, argnums: Any = 0, tidy: bool = True) -> Any:
        raise Lost("no")

    verdict = verify(as_case(product), stand_in(grad=refuse, DifferentiationError=Lost), seeds=(0,))
    assert verdict.kind == "wrong"
    assert "file" in verdict.message


def test_refused_once_and_then_not() -> None:
    calls: list[int] = []

    def grad(f: Any, argnums: Any = 0, tidy: bool = True) -> Any:
        calls.append(0)
        if len(calls) == 1:
            raise numeric.DifferentiationError("not yet")
        return numeric.Derivative(f, argnums, False)

    assert "and then not" in verify(as_case(product), stand_in(grad=grad), seeds=(0,)).message


def test_endless_derivative_is_stopped() -> None:
    def forever(f: Any, argnums: Any = 0, tidy: bool = True) -> Any:
        while True:
            pass

    verdict = verify(as_case(product), stand_in(grad=forever), seeds=(0,), limit=0.2)
    assert verdict.kind == "crashed"
    assert "took" in verdict.message


def test_slope_knows_what_it_does_not_know() -> None:
    assert slope(lambda t: (1 + t) ** 3)[0] == pytest.approx(3, rel=1e-9)
    assert slope(lambda t: float(np.cbrt(t)))[1] > 1
    assert not np.isfinite(slope(lambda t: float("nan"))[1])


def test_what_oscillates_below_the_steps_says_nothing() -> None:
    def s(t: float) -> float:
        return 1e-3 * float(np.sin(1e8 * t))

    measured, _ = slope(s)
    assert abs(measured - 1e5) > 1e4  # the steps see something else
    assert not settled(s, measured, 1e5)
    assert settled(lambda t: 3 * t, 3.0, 1e5)
    assert settled(lambda t: 1e4 * (1 + t) ** 3, 3e4, 3e4 + 1)


def test_where_nothing_converges_nothing_is_proved() -> None:
    def root(x: Any) -> Any:
        return np.cbrt(x[0] - x[0] ** 3) + x[1]

    verdict = verify(Case(root, takes(np.zeros(2))), numeric, seeds=(0,))
    assert verdict.kind == "fault", verdict


def test_structures_are_walked() -> None:
    value = {"a": [1.0, np.ones(2)], "b": (2.0, "text", 3)}
    assert [path for path, leaf in leaves(value) if is_float(leaf)] == [
        ("a", 0),
        ("a", 1),
        ("b", 0),
    ]
    doubled = replaced(value, lambda _, leaf: leaf * 2 if is_float(leaf) else leaf)
    assert doubled["b"] == (4.0, "text", 3)


def test_arguments_come_from_the_seed() -> None:
    case = Case(product, takes(vec("n"), mat("m", "n"), num()))
    one, two = case.make(3), case.make(3)
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
    assert one[0] is not two[0]
    assert one[1].shape[1] == one[0].shape[0]


# -- the corpus, without a compiler -----------------------------------------------------------------------


def test_every_module_can_be_imported() -> None:
    assert not BROKEN


def test_names_are_unique() -> None:
    names = [case.id for case in CASES]
    assert sorted(names) == sorted(set(names))


def holds_complex(case: Case) -> bool:
    """Are arguments complex, which the differences of ``numeric`` do not move?"""
    return any(map(is_complex, (leaf for _, leaf in leaves(case.make(0)))))


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=case.id)
        for case in CASES
        if case.id not in BEYOND_DIFFERENCES and not holds_complex(case)
    ][::14],
)
def test_differences_pass_the_corpus(case: Case) -> None:
    verdict = verify(case, numeric)
    assert verdict.kind == "right", verdict.message


def codes(code: CodeType) -> Any:
    yield code
    for constant in code.co_consts:
        if inspect.iscode(constant):
            yield from codes(constant)


# Handlers, ends of loops and patterns that no seed reaches: there to see that they do no harm where they are not.
UNREACHED = {
    # arms that no call reaches: that is what they are about
    "met_in_public:settled_by_tolerance",
    "met_in_public:arm_that_may_be_reached",
    "none_or_a_tuple:not_found_by_a_function",  # that is what it is about
    "none_or_a_tuple:asked_for_its_class",  # likewise
    "none_or_a_tuple:bracket",  # there is always one
    "told_by_modules:one_arm_of_several",
    "told_by_modules:integral_asked_for_in_the_body",
    "objects_everyday:objects_compared",  # a comparison between objects of other classes
    "algorithms:raymarch",  # the rays go past
    "kept_by_classes:bound_in_a_try_before_a_break",  # nothing is raised
    "written_in_runs:no_turns_and_no_place",  # a loop without turns is what it is about
    # what is mapped is written out in the loop over its rows, and not called
    "mapped:mapped_rows",
    "mapped:mapped_shared",
    # what is matched is known when the program is read
    "patterns:mapping",
    "patterns:shapes_arg",
    "patterns:star",
    "patterns:star_ops",
    "patterns:star_tuple",
    "unearthed:invariant_of_a_while_without_turns",  # that is what it is about
    "reversible:until",  # it never leaves early
    "turns:return_from_an_arm_of_what_paths_bind",
    "unearthed_later:asked_before_it_is_another",
    "everyday:refused_values",  # it has none
    "attempts:del_and_read",
    "attempts:handler_and_finally",
    "attempts:hushed",
    "attempts:match_class",
    "attempts:match_mapping",
    "attempts:match_pair",
    "attempts:match_star",
    "attempts:match_without_a_case",
    "attempts:raised_as_another_not_reached",
    "attempts:try_in_loop_return",
    "attempts:value_of_exception",
    "jumps:asserts_and_breaks",
    "jumps:break_call",
    "jumps:break_in_first_turn",
    "jumps:break_never",
    "jumps:break_on_range_from",
    "jumps:break_two_places",
    "jumps:callee_in_a_loop",
    "jumps:continue_guards",
    "jumps:continue_in_deep_if",
    "jumps:continue_last",
    "jumps:else_of_loop_without_turns",
    "jumps:many_continues",
    "jumps:nested_while_true",
    "jumps:power_iteration",
    "jumps:return_at_once",
    "found:number_or_tuple",
    "jumps:return_before_and_after",
    "jumps:return_from_three_levels",
    "jumps:return_from_while",
    "jumps:return_in_else_of_if",
    "jumps:return_of_stored",
    "jumps:swapped_and_left",
    "lists:early",
    "lists:empty_or_not",
    "lists:filtered_empty",
    "lists:list_in_condition",
    "lists:never_filled",
    "loops:constant_on_one_path",
    "turns:context_of_the_users",
    "turns:object_iterated_over",
    "writes_calls:empty_loop",
    "writes_views:empty_arrays",
}


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="which lines count as run differs between Pythons")
@pytest.mark.skipif(sys.gettrace() is not None, reason="somebody else is tracing")
def test_points_take_every_branch() -> None:
    """A branch that no seed takes proves nothing."""
    run: dict[CodeType, set[int]] = {}
    named: dict[CodeType, Case] = {}
    excused: set[CodeType] = set()

    def tracer(frame: Any, event: str, _: Any) -> Any:
        if "corpus" not in frame.f_code.co_filename:
            return None
        run.setdefault(frame.f_code, set()).add(frame.f_lineno)
        return tracer

    for case in CASES:
        named[case.f.__code__] = case
        if "dead lines" in case.tags or case.raises:
            excused.add(case.f.__code__)
        for seed in range(case.seeds):
            args = case.make(seed)
            sys.settrace(tracer)
            try:
                quietly(lambda: case.f(*args))
            except Exception:
                sys.settrace(None)
                assert case.raises, case.id
            finally:
                sys.settrace(None)
    missed = []
    for code, case in named.items():
        if code in excused:
            continue
        for part in codes(code):
            lines = {line for *_, line in part.co_lines() if line and line != part.co_firstlineno}
            if lines - run.get(part, set()):
                missed.append((case.id, sorted(lines - run.get(part, set()))))
    assert {id_ for id_, _ in missed} == UNREACHED
