"""try with except, else and finally; with; match; del; raise from: what leaves a block early, and what is entered."""

import contextlib
import math
import threading
import time
import warnings

import numpy as np

from case import Case, flag, num, one_of, takes, vec, whole

# -- try and except ------------------------------------------------------------------------------------


def log_or_negative(x):
    try:
        y = math.log(x)
    except ValueError:
        y = -x
    return y * x


def dead_statement_decides(x):
    try:
        t = math.log(x)
        y = x * x
    except ValueError:
        y = -x
    return y


def dead_last_statement_decides(x):
    y = x
    try:
        z = x * 3
        math.sqrt(x)
    except ValueError:
        z = x * x
    return y * z


def returns_from_try(x):
    try:
        return math.sqrt(x) * x
    except ValueError:
        return x * x


def returns_from_try_then_more(x):
    try:
        t = math.sqrt(x)
        if t > 1:
            return t * x
    except ValueError:
        x = -x
    return x * 3


def several_handlers(x, k):
    try:
        if k == 0:
            raise KeyError("a")
        if k == 1:
            raise ValueError("b")
        y = x * 10 / (k - 2)
    except KeyError:
        y = x * x
    except (ValueError, TypeError):
        y = math.sin(x)
    except ZeroDivisionError:
        y = x * x * x
    return y * x


def handler_and_else(x):
    y = x
    try:
        t = math.acos(x)
    except ValueError:
        y = y * y
    else:
        y = t * y
    return y * y


def handler_and_finally(x):
    y = x
    try:
        y = math.acos(x)
    except ValueError:
        y = y * y
    finally:
        z = x * 2
    return y * z


def handler_else_and_finally(x):
    total = 0.0
    try:
        a = math.acos(x)
    except ValueError:
        total = total + x
    else:
        total = total + a * x
    finally:
        total = total * 2
    return total * x


def finally_alone(x):
    y = x
    try:
        y = y * x
    finally:
        y = y + x * x
    return y * y


def finally_prints(x):
    try:
        y = x * x
    finally:
        print("done")
    return y


def return_through_finally(x):
    y = x
    try:
        if x > 0.5:
            return y * x
        y = y * 2
    finally:
        print("left")
    return y * y


def raises_through_finally(x):
    try:
        y = math.log(-x * x)
    finally:
        print("left")
    return y * y


def other_exception_passes(x):
    try:
        y = math.log(-x * x) + 1
    except KeyError:
        y = x
    return y


def raised_again(x):
    try:
        y = math.log(-x * x)
    except ValueError as e:
        print("no logarithm", e)
        raise
    return y


def raised_as_another(x):
    try:
        y = math.log(-x * x)
    except ValueError as e:
        raise ArithmeticError(f"no logarithm: {e}") from e
    return y


def raised_as_another_not_reached(x):
    try:
        y = math.log(x * x)
    except ValueError as e:
        raise ArithmeticError(f"no logarithm: {e}") from e
    return y * x


def raise_from_none(x):
    if x > -100:
        raise ValueError("no") from None
    return x


def raise_or_go_on(x, strict):
    try:
        y = math.log(x)
    except ValueError as e:
        if strict:
            raise ArithmeticError("strict") from e
        y = x * x
    return y * x


def raise_bare_or_go_on(x, strict):
    try:
        y = math.log(x)
    except ValueError:
        if strict:
            raise
        y = x * x
    return y * x


def overwritten_in_try(x):
    y = x * x
    z = y * y
    try:
        y = math.log(x)
    except ValueError:
        y = x * 3
    return y * z


def overwritten_before_exception(x):
    y = x * x
    z = y * y
    try:
        y = x * 5
        w = math.log(x)
    except ValueError:
        y = x * 3
        w = x
    return y * z * w


def overwritten_and_seen_after(x):
    y = x * x
    try:
        y = x * 5
        w = math.log(x)
    except ValueError:
        w = x
    return y * w


def seen_in_handler(x):
    y = x * x
    try:
        y = x * 5
        w = math.log(x)
    except ValueError:
        w = y
    return w


def same_name_within(x):
    try:
        x = math.log(x)
    except ValueError:
        x = x * x
    return x * x


def two_in_a_row(x):
    a = x
    try:
        a = math.sqrt(x)
    except ValueError:
        a = x * 2
    try:
        b = math.acos(x)
    except ValueError:
        b = a * x
    return a * b


def nested_try(x):
    try:
        y = math.log(x)
        try:
            z = math.acos(x) * y
        except ValueError:
            z = x * y
    except ValueError:
        y = x
        z = x * x
    return y * z


def nested_in_handler(x):
    try:
        y = math.log(x)
    except ValueError:
        try:
            y = math.acos(x) * x
        except ValueError:
            y = x * x
    return y * x


def branch_in_try(x):
    try:
        if x > 0.5:
            y = math.sqrt(1.2 - x)
        else:
            y = math.log(x)
    except ValueError:
        y = x * x
    return y * x


def loop_in_try(x, xs):
    s = 0.0
    try:
        for v in xs:
            s += math.sqrt(v) * x
    except ValueError:
        s = x * x
    return s * x


def loop_in_try_needs_lists(x, xs):
    s = 1.0
    try:
        for v in xs:
            s = s * math.sqrt(v) * x
    except ValueError:
        s = x * x
    return s


def store_in_try(x):
    y = x * 1.0
    try:
        y[0] = math.log(x[1])
        y[1] = math.log(x[0])
    except ValueError:
        y = x * 2
    return np.sum(y * y)


def augmented_in_try(x):
    s = x
    try:
        s += math.log(x)
    except ValueError:
        s -= x * x
    return s * s


def augmented_array_in_try(x):
    s = x * 1.0
    try:
        s += math.log(x[0])
    except ValueError:
        s = x * x
    return np.sum(s * s)


def try_in_loop(x, xs):
    for v in xs:
        try:
            x = x * math.sqrt(v)
        except ValueError:
            x = x + v
    return x


def try_in_loop_continue(x, xs):
    for v in xs:
        try:
            r = math.sqrt(v)
        except ValueError:
            continue
        x = x * r + 0.1
    return x


def try_in_loop_break(x, xs):
    for v in xs:
        try:
            x = x + math.sqrt(v + 0.8)
        except ValueError:
            x = x * x
            break
        x = x * 1.1
    return x


def try_in_loop_return(x, xs):
    for v in xs:
        try:
            r = math.sqrt(v + 0.8)
            if r > 1.2:
                return x * r
        except ValueError:
            return x * x
        x = x * r
    return x


def try_in_while_true(x):
    while True:
        try:
            y = math.acos(x)
            break
        except ValueError:
            x = x * 0.5
    return y * x


def loop_else_in_try(x, xs):
    try:
        for v in xs:
            if v > 1:
                break
        else:
            x = math.log(x)
        y = x * v
    except ValueError:
        y = x * x
    return y


def unnamed_in_loop(x, xs):
    total = 0.0
    for v in xs:
        try:
            t = math.log(v)
            t = t * x
            total = total + t
        except ValueError:
            total = total - x
    return total


def call_in_try(x):
    try:
        y = fails_below(x, 0.5)
    except ValueError:
        y = x * 3
    return y * x


def call_in_try_in_loop(x, n):
    for k in range(n):
        try:
            x = fails_below(x, 0.5)
        except ValueError:
            x = x + 1.3
    return x


def fails_below(x, low):
    if x < low:
        raise ValueError("too low")
    return x * x - low


def handler_calls(x):
    try:
        y = math.log(x)
    except ValueError:
        y = fails_below(x + 5, 0.5)
    return y * x


def error_in_callee_of_callee(x):
    return through_try(x) * through_try(-x)


def through_try(x):
    try:
        return fails_below(x, 0.1)
    except ValueError:
        return x * 0.5


def value_of_exception(x):
    try:
        if x < 10:
            raise ValueError(x * x)
        y = x
    except ValueError as e:
        y = e.args[0]
    return y


def exception_printed(x):
    try:
        y = math.log(x)
    except ValueError as e:
        print("found", e)
        y = x * x
    return y


def flag_after_try(x):
    ok = False
    try:
        y = math.log(x)
        ok = True
    except ValueError:
        pass
    if ok:
        return y * x
    return x * x


def pass_in_handler(x):
    y = x
    try:
        y = math.log(x)
    except ValueError:
        pass
    return y * x


def bare_except(x):
    try:
        y = math.log(x)
    except:  # noqa: E722
        y = x * x
    return y


def floating_point_error(x):
    try:
        with np.errstate(all="raise"):
            y = np.sum(np.log(x))
    except FloatingPointError:
        y = np.sum(x)
    return y * x[0]


def only_bound_in_part(x, c):
    try:
        if c:
            z = math.log(x)
        else:
            z = x
        y = z * z
    except ValueError:
        y = x
    return y


# -- with ----------------------------------------------------------------------------------------------


def errstate_around(x):
    with np.errstate(all="ignore"):
        y = np.log(x) * x
        z = np.where(x > 0.5, y, x)
    return np.sum(z * z)


def errstate_returns(x):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sum(x / (1 + x * x))


def errstate_in_loop(x, n):
    for i in range(n):
        with np.errstate(over="ignore"):
            y = x * x * 0.5
            if np.sum(y) > 3:
                break
            x = y + x
        x = x * 1.1
    return np.sum(x)


def errstate_continue(x, n):
    s = 0.0
    for i in range(n):
        with np.errstate(over="ignore"):
            x = x * 0.9
            if i % 2:
                continue
            s = s + np.sum(x * x)
    return s


def errstate_return_in_loop(x, n):
    for i in range(n):
        with np.errstate(over="ignore"):
            x = x * x + 0.1
            if np.sum(x) > 2:
                return np.sum(x * x)
        x = x * 0.8
    return np.sum(x)


def warnings_caught(x):
    with warnings.catch_warnings():
        y = x * x
    return np.sum(y)


def opened_null(x):
    with open("/dev/null", "w") as f:
        y = x * x
        print("to the file", file=f)
    return y * x


def locked(x, lock):
    with lock:
        y = x * x
    return y * x


class Clock:
    entered = 0

    def __enter__(self):
        Clock.entered += 1
        self.start = time.perf_counter()
        return self

    def __exit__(self, *_):
        return None


def timed(x):
    with Clock() as clock:
        y = x * math.sin(x)
    return y * x


def timed_returns(x, n):
    for i in range(n):
        with Clock():
            if x > 2:
                return x * x
            x = x * 1.4 + 0.1
    return x


class Hush:
    def __enter__(self):
        return self

    def __exit__(self, *_):
        return True


def hushed(x):
    y = x
    with Hush():
        y = math.log(-x * x)
        y = y * y
    return y


def hushed_fine(x):
    y = x
    with Hush():
        y = math.log(x * x)
    return y * y


def suppressed(x):
    y = x
    with contextlib.suppress(ValueError):
        y = math.log(x)
    return y


@contextlib.contextmanager
def doubling(x):
    yield 2 * x


def context_gives_value(x):
    with doubling(x) as y:
        return y * x


def two_contexts(x):
    with np.errstate(all="ignore"), warnings.catch_warnings():
        y = np.sqrt(x * x)
    return np.sum(y)


def store_in_with(x):
    y = np.zeros_like(x)
    with np.errstate(all="ignore"):
        y[1:] = x[1:] * x[:-1]
        y[0] = y[1] * x[0]
    return np.sum(y * y)


# -- match ---------------------------------------------------------------------------------------------


def match_texts(kind, x):
    match kind:
        case "tanh":
            y = math.tanh(x)
        case "square" | "sq":
            y = x * x
        case "none":
            return x
        case _:
            y = -x
    return y * x


def match_numbers(k, x):
    match k * 2:
        case 0:
            x = x * x
        case 2:
            x = x * 3
        case 4 | 6:
            return x
    return x * x


def match_none(x, y=None):
    match y:
        case None:
            return x * x
        case True:
            return x
        case _:
            return x * y


def match_guard(x, k):
    match k:
        case n if n < 2:
            y = x * n
        case n if x > 0.5:
            y = x * x * n
        case 5:
            y = x
        case n:
            y = x + n
    return y * x


def match_pair(a, b, x):
    match a, b:
        case 0, 0:
            return x
        case 0, k:
            return x * k
        case k, 0:
            return x * x * k
        case k, n if k == n:
            return x**3
        case _:
            return -x


def match_binds_active(x, y):
    match x * 2, y:
        case u, v if u > v:
            return u * v
        case u, _:
            return u * u


def match_class(x):
    match x:
        case int():
            return x * 2.0
        case float(v):
            return v * v
        case _:
            return x


def match_nested(p, x):
    match p:
        case (1, (a, 2)):
            x = x * a
        case [a, b] if a == b:
            x = x * x
        case (a, _):
            x = x + a
    return x * x


def match_in_loop(x, n):
    for i in range(n):
        match i % 4:
            case 0:
                x = x * 1.1
            case 1:
                continue
            case 3:
                break
            case _:
                x = x * x
        x = x + 0.1
    return x


def match_without_a_case(k, x):
    match k:
        case 77:
            x = x * 0
    return x * x


def match_star(p, x):
    match p:
        case [a, *_]:
            return x * a
    return x


def match_mapping(p, x):
    match p:
        case {"a": a}:
            return x * a
    return x


# -- del -----------------------------------------------------------------------------------------------


def del_temporary(x):
    t = x * x
    y = t * x
    del t
    return y


def del_in_loop(x, n):
    for i in range(n):
        t = x * 0.9
        x = t * t + 0.2
        del t
    return x


def del_and_bound_again(x):
    t = x * x
    del t
    t = x * 3
    return t * x


def del_and_read(x):
    t = x * x
    if x > 1e9:
        del t
    return t


def del_item(x):
    d = [x, x]
    del d[0]
    return d[0]


XS = takes(num(0.3, 1.2), vec(6))
SIGNED = takes(num(-1.5, 1.5))


def turn_number_of_one_path_in_try(x, y, c, b, d):
    try:
        if c:
            if b:
                return np.sum(x)
        if d:
            pass
        else:
            for t, e in enumerate(y):
                x, y = y, x
    finally:
        y = y * 1.1
    return np.sum(y * y)


def function_made_in_try(x):
    s = 1.0
    for v in x:
        try:
            def times(t):
                return t * x[0]

            s += times(v)
            if v < 0:
                raise ValueError
        except ValueError:
            s = 2.0 * v
    return s


def del_of_what_nobody_binds(x):
    try:
        del missing  # noqa: F821
    except NameError:
        x = x * 3
    return x * x


CASES = [
    Case(log_or_negative, SIGNED, seeds=8),
    Case(dead_statement_decides, SIGNED, seeds=8),
    Case(dead_last_statement_decides, SIGNED, seeds=8),
    Case(returns_from_try, SIGNED, seeds=6),
    Case(returns_from_try_then_more, takes(num(-2, 3)), seeds=10),
    Case(several_handlers, takes(num(), whole(0, 4)), seeds=12),
    Case(handler_and_else, SIGNED, seeds=8),
    Case(handler_and_finally, SIGNED, seeds=8),
    Case(handler_else_and_finally, SIGNED, seeds=8),
    Case(finally_alone, SIGNED),
    Case(finally_prints, SIGNED),
    Case(return_through_finally, SIGNED, seeds=6),
    Case(raises_through_finally, SIGNED, raises=ValueError),
    Case(other_exception_passes, SIGNED, raises=ValueError),
    Case(raised_again, SIGNED, raises=ValueError),
    Case(raised_as_another, SIGNED, raises=ArithmeticError),
    Case(raised_as_another_not_reached, SIGNED),
    Case(raise_from_none, SIGNED, raises=ValueError),
    Case(raise_or_go_on, takes(num(-1.5, 1.5), False), seeds=5),
    Case(raise_or_go_on, takes(-0.5, True), raises=ArithmeticError, name="raise_or_go_on_strict"),
    Case(raise_bare_or_go_on, takes(num(-1.5, 1.5), False), seeds=5),
    Case(raise_bare_or_go_on, takes(-0.5, True), raises=ValueError, name="raise_bare_strict"),
    Case(overwritten_in_try, SIGNED, seeds=6),
    Case(overwritten_before_exception, SIGNED, seeds=6),
    Case(overwritten_and_seen_after, SIGNED, seeds=6),
    Case(seen_in_handler, SIGNED, seeds=6),
    Case(same_name_within, SIGNED, seeds=6),
    Case(two_in_a_row, SIGNED, seeds=8),
    Case(nested_try, takes(num(-1, 2)), seeds=10),
    Case(nested_in_handler, takes(num(-2, 1)), seeds=10),
    Case(branch_in_try, takes(num(-1, 2)), seeds=10),
    Case(loop_in_try, takes(num(), vec(3, -0.3, 1)), wrt=(0, 1), expect="either", seeds=8),
    Case(loop_in_try_needs_lists, takes(num(), vec(3, -0.3, 1)), wrt=(0, 1)),
    Case(store_in_try, takes(vec(3, -0.3, 1)), seeds=6),
    Case(augmented_in_try, SIGNED, seeds=6),
    Case(augmented_array_in_try, takes(vec(3)), expect="refused"),
    Case(try_in_loop, XS, wrt=(0, 1), seeds=6),
    Case(try_in_loop_continue, XS, wrt=(0, 1), seeds=6),
    Case(try_in_loop_break, XS, wrt=(0, 1), seeds=8),
    Case(try_in_loop_return, XS, wrt=(0, 1), seeds=8),
    Case(try_in_while_true, takes(num(0.3, 9)), seeds=6),
    Case(loop_else_in_try, takes(num(-1, 1), vec(3)), wrt=(0, 1), expect="either", seeds=8),
    Case(unnamed_in_loop, XS, wrt=(0, 1), expect="either", seeds=5),
    Case(call_in_try, SIGNED, seeds=6),
    Case(call_in_try_in_loop, takes(num(-1, 2), whole(0, 5)), seeds=6),
    Case(handler_calls, SIGNED, seeds=6),
    Case(error_in_callee_of_callee, SIGNED, seeds=6),
    Case(value_of_exception, SIGNED, expect="refused"),
    Case(exception_printed, SIGNED, seeds=6),
    Case(flag_after_try, SIGNED, seeds=6),
    Case(pass_in_handler, SIGNED, seeds=6),
    Case(bare_except, SIGNED, seeds=6),
    Case(floating_point_error, takes(vec(2, -0.3, 1)), seeds=8),
    Case(only_bound_in_part, takes(num(-1, 1), flag()), expect="either", seeds=8),
    Case(errstate_around, takes(vec(4, -1, 2)), seeds=4),
    Case(errstate_returns, takes(vec(4))),
    Case(errstate_in_loop, takes(vec(3), whole(0, 5)), seeds=6),
    Case(errstate_continue, takes(vec(3), whole(0, 5)), seeds=6),
    Case(errstate_return_in_loop, takes(vec(3), whole(0, 5)), seeds=6),
    Case(warnings_caught, takes(vec(3))),
    Case(opened_null, SIGNED),
    Case(locked, takes(num(), lambda _: threading.Lock())),
    Case(timed, SIGNED),
    Case(timed_returns, takes(num(0.3, 2), whole(0, 5)), seeds=6),
    Case(hushed, SIGNED, diverges=RuntimeError),
    Case(hushed_fine, SIGNED),
    Case(suppressed, SIGNED),
    Case(context_gives_value, SIGNED),
    Case(two_contexts, takes(vec(3))),
    Case(store_in_with, takes(vec(4))),
    Case(match_texts, takes(one_of("tanh", "sq", "square", "none", "x"), num()), wrt=(1,), seeds=12),
    Case(match_numbers, takes(whole(0, 4), num()), wrt=(1,), seeds=10),
    Case(match_none, SIGNED),
    Case(match_none, takes(num(), True), name="match_none_true"),
    Case(match_none, takes(num(), num()), wrt=(0, 1), name="match_none_number"),
    Case(match_guard, takes(num(), whole(0, 6)), seeds=12),
    Case(match_pair, takes(whole(0, 2), whole(0, 2), num()), wrt=(2,), seeds=15),
    Case(match_binds_active, takes(num(), num()), wrt=(0, 1), seeds=6),
    Case(match_class, SIGNED),
    Case(match_nested, takes(one_of((1, (3, 2)), (4, 4), (5, 6), (1, (3, 4)), 7), num()), wrt=(1,),
         expect="either", seeds=10),
    Case(match_in_loop, takes(num(), whole(0, 6)), seeds=6),
    Case(match_without_a_case, takes(whole(0, 4), num()), wrt=(1,)),
    Case(match_star, takes((1, 2), num()), wrt=(1,)),
    Case(match_mapping, takes({"a": 2}, num()), wrt=(1,)),
    Case(del_temporary, SIGNED),
    Case(del_in_loop, takes(num(), whole(0, 4))),
    Case(del_and_bound_again, SIGNED),
    Case(del_and_read, SIGNED, expect="refused"),
    Case(del_item, SIGNED),
    Case(del_of_what_nobody_binds, SIGNED, expect="refused"),
    Case(turn_number_of_one_path_in_try, takes(vec(3), vec(3), one_of(True, False), one_of(True, False),
                                               one_of(True, False)), wrt=(0, 1), seeds=12),
    Case(function_made_in_try, takes(vec(4)), expect="either"),
]  # fmt: skip
