"""What predecessors got wrong in silence, and the traps of our own kind of design: each is a program of the corpus.

The table says which: it must be there, and be differentiated, or be refused where `REFUSED` says so.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from corpus import delicate, predecessors

import tangent_like as tl

LINES = {
    "y[i] += v lost its store": ["augmented_store_lost"],
    "y = x; y += 1 with arrays rewritten as rebinding": [
        "augmented_alias_taken_for_rebinding", "augmented_alias_of_local_taken_for_rebinding", "augmented_alias_of_number_is_rebinding",
    ],
    "a write through a view v = y[0:2]; v[0] = 10": ["write_through_view", "write_through_view_of_argument"],
    "x[idx] with repeated indices not accumulated": ["repeated_indices_not_accumulated"],
    "nested store x[0][1] = v": ["nested_store", "nested_store_in_list"],
    "the body of with ignored": ["body_of_with_ignored", "body_of_with_as_ignored"],
    "/, ** under broadcasting returned the wrong shape": [
        "divide_broadcast_shape", "divide_broadcast_shape_other", "divide_broadcast_column", "divide_by_scalar_shape",
        "power_broadcast_shape", "power_broadcast_shape_other", "power_of_scalar_shape",
    ],
    "same-named callees of two modules confused": ["callees_of_one_name_confused"],
    "same global name in two modules confused": ["globals_of_one_name_confused"],
    "2.0 ** a in forward mode gave 0": ["constant_to_the_active", "constant_to_the_active_array"],
    "x.T taken for a constant": ["transpose_taken_for_constant"],
    "A = x * 1.0; A[0] = 5.0; sum(A * A) gave zeros": ["store_into_product_gave_zeros"],
    "solve with a constant right-hand side gave zeros": ["solve_with_constant_right_side"],
    "prod with a zero gave NaN": ["product_with_a_zero", "product_with_a_zero_axis"],
    "for row in X: for v in row gave zeros": ["nested_rows_gave_zeros"],
    "a decorated helper lost its decorator": ["decorator_of_helper_lost", "cached_helper"],
    "x and x * x": ["and_as_value", "or_as_value", "and_of_comparison_as_value"],
    "sum(where=) ignored": ["sum_where_ignored", "sum_where_of_argument_ignored"],
    "out= ignored": ["out_ignored", "out_of_own_operand_ignored"],
    "np.add.at ignored": ["add_at_ignored"],
    "a callee's mutation ignored": [
        "mutation_by_callee_ignored", "mutation_of_argument_by_callee_ignored", "mutation_by_callee_of_one_array_ignored",
        "result_by_callee_into_buffer",
    ],
    "emitted names that relied on the user's imports": ["relies_on_imports"],
    "differentiating 75 straight lines overflowed the stack": ["many_straight_lines"],
    "y = x if c else x.copy(); y[0] = 3": ["alias_by_condition", "alias_by_condition_of_local"],
    "a, b = b, a of buffers in a loop": ["swapped_buffers_in_loop"],
    "y = x.ravel(); y[0] = 5; sum(x * x) for a strided x": ["ravel_written", "ravel_of_strided_written"],
    "f(x, x) with a[0] = 2 * b[1]": ["same_array_twice_written", "two_arrays_written"],
    "a[1:4] = s with a scalar": ["scalar_into_slice"],
    "a[[0, 0]] = v": ["repeated_store", "repeated_store_of_scalar"],
    "a store into an integer array": ["store_into_whole_numbers", "store_into_whole_argument"],
    "for i in range(n): n -= 1": ["bound_shrinks"],
    "the loop variable rebound in the body, or read after the loop": ["loop_variable_rebound", "loop_variable_read_after"],
    "range(0, 10, 3) backward": ["step_three_backward", "step_minus_three_backward"],
    "for i, v in enumerate(a): a[i] = v * v": ["enumerated_and_stored"],
    "s += g(h); h[:] = 2 * h where g keeps h": ["helper_keeps_what_is_then_written"],
    "a pullback called twice": ["pullback_called_twice"],
    "an argument changed between vjp and pullback": ["argument_changed_between"],
    "x[1:] * y where x has two elements": ["slice_may_be_of_size_one", "slice_of_size_one_after_another"],
    "try: t = math.log(x); y = x * x / except ValueError: y = -x": ["try_that_does_not_raise", "try_that_raises"],
    "fs.append(lambda t: t * i) in a loop": ["functions_made_in_loop"],
    "grad(sum(x * y)) whose caller then writes into the gradient": ["caller_writes_into_gradient"],
    "where(x > 0, sqrt(x), 0) at 0": ["guarded_root", "guarded_root_chain", "where_guards_root"],
}  # fmt: skip

REFUSED = {"ravel_of_strided_written", "same_array_twice_written"}


@pytest.mark.parametrize("line", LINES)
def test_each_line_is_a_program_of_the_corpus(line: str) -> None:
    cases = {case.title: case for case in (*predecessors.CASES, *delicate.CASES)}
    for name in LINES[line]:
        assert cases[name].expect == ("refused" if name in REFUSED else "right"), name


def fails(x):
    return np.sum(np.roots(x))


def right(x):
    return np.sum(x * x)


@pytest.mark.parametrize("f", [fails, right])
def test_the_first_call_fails_if_and_only_if_the_second_does(f: Callable[..., object]) -> None:
    df = tl.grad(f)
    outcomes = []
    for _ in range(2):
        try:
            outcomes.append(("right", df(np.ones(3)).tolist()))
        except tl.DifferentiationError as error:
            outcomes.append(("refused", str(error)))
    assert outcomes[0] == outcomes[1]
