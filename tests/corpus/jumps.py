"""break, continue, else on loops, return from inside loops, while True: in every sort of loop."""

import math

import numpy as np

from case import Case, bools, flag, mat, num, one_of, takes, vec, whole

# -- break ---------------------------------------------------------------------------------------------


def break_before_active(x, xs):
    for v in xs:
        if v > 0.5:
            break
        x = x * v + math.sin(x)
    return x


def break_after_active(x, n):
    for i in range(n):
        x = x * x + 0.1 * i
        if x > 3:
            break
    return x * x


def break_between(x, n):
    y = x
    for i in range(n):
        y = y * x + i
        if y > 2:
            break
        x = x * 1.2 + y * y * 0.1
    return y * x


def break_at_once(x):
    s = x
    for i in range(5):
        break
        s = s * x
    return s * x


def break_in_first_turn(x, n):
    for i in range(n):
        if i == 0:
            break
        x = x * x
    return x * 3


def break_never(x, n):
    for i in range(n):
        if i > 100:
            break
        x = x * 1.1 + x * x * 0.01
    return x


def break_in_else_arm(x, n):
    for i in range(n):
        if x < 2:
            x = x * 1.5 + 0.1
        else:
            x = x * x
            break
    return x


def break_in_elif(x, n):
    for i in range(n):
        if i == 0:
            x = x * 2
        elif x > 3:
            x = x * x
            break
        elif x > 2:
            x = x + 1
        else:
            x = x * 1.4
        x = x + 0.01 * x * x
    return x


def break_in_nested_if(x, y, n):
    for i in range(n):
        if x > 0:
            if x * y > 1:
                y = y * x
                break
            x = x + 0.3 * y * y
        y = y * 1.1 + x * x * 0.1
    return x * y


def break_on_range_from(x, a, b):
    s = x
    for i in range(a, b):
        s = s * x + i
        if s > 20:
            break
    return s * s


def break_on_range_step(x, a, b, c):
    s = x
    for i in range(a, b, c):
        s = s * 0.5 * x + i * x
        if abs(s) > 9:
            break
        s = s * s * 0.1 + x
    return s


def break_on_range_three(xs):
    s = 0.5
    for i in range(0, len(xs), 3):
        s = s * xs[i] + xs[i]
        if s < 0:
            break
    return s * s


def break_on_range_down(xs):
    s = 0.5
    for i in range(len(xs) - 1, -1, -1):
        if xs[i] < -0.5:
            break
        s = s * xs[i] + xs[i]
    return s * s


def break_on_range_down_two(xs):
    s = 0.5
    for i in range(len(xs) - 1, 0, -2):
        s = s * xs[i - 1] + xs[i]
        if s > 1:
            break
    return s


def break_on_bound_changed(x, n):
    for i in range(n):
        n = n - 1
        x = x * x * 0.5 + n
        if x > 4:
            break
    return x * n


def break_on_start_changed(x, a, n):
    for i in range(a, n):
        a = a + 2
        x = x * 1.1 + a * x * x * 0.01
        if x > 4:
            break
    return x * a


def break_with_loop_variable_after(x, n):
    i = 7
    for i in range(n):
        x = x * 1.3 + x * x * 0.1
        if x > 2:
            break
    return x * i + x * x


def break_with_loop_variable_rebound(x, n):
    for i in range(n):
        i = i * 2 + 1
        x = x * 1.1 + i * x * x * 0.01
        if x > 2:
            break
    return x * x


def break_over_array(xs):
    s = 1.0
    for v in xs:
        s = s * v + v * v
        if s > 1.5:
            break
        s = s + v
    return s


def break_over_rows(X):
    s = X[0] * 1.0
    for row in X:
        s = s * row + row
        if np.sum(s) < 0:
            break
        s = s * np.sum(row * row)
    return np.sum(s * s)


def break_over_rows_stored(X):
    Y = X * 1.0
    for k in range(X.shape[0]):
        Y[k] = Y[k] * Y[k - 1]
        if np.sum(Y[k]) > 0.5:
            break
        Y[k] += X[0]
    return np.sum(Y * Y)


def break_in_while(x, n):
    i = 0
    while i < n:
        i += 1
        x = x * 1.2 + 0.1 * x * x
        if x > 4:
            break
        x = x * 0.9
    return x


def break_in_while_active(x):
    y = x
    while y < 8:
        y = y * y + x
        if y > 5:
            break
        y = y + 1.5
    return y * x


def break_two_places(x, n):
    for i in range(n):
        x = x * 1.5 + 0.1
        if x > 6:
            x = x * x
            break
        x = x * x * 0.5 + x
        if x > 3:
            break
        x = x + 0.2
    return x


def break_first_turn_of_two(x, n):
    s = 0.0
    for i in range(n):
        for j in range(i + 1):
            s = s * x + j
            if s > 3:
                break
        s = s * 0.5 + x * x
    return s


def break_both_levels(x, n):
    s = x
    for i in range(n):
        for j in range(n):
            if s > 4:
                break
            s = s * 1.2 + x * j
        if s > 6:
            break
        s = s + x * x
    return s * x


def break_stores(x, n):
    y = np.zeros_like(x)
    for i in range(1, len(x)):
        y[i] = y[i - 1] * x[i] + x[i - 1]
        if y[i] > n:
            y[0] = y[i] * x[0]
            break
        y[i] = y[i] * y[i]
    return np.sum(y * y)


def break_augments_array(x, n):
    y = x * 2.0
    for i in range(n):
        y *= x + 1.0
        if np.sum(y * y) > 30:
            break
        y += x * x
    return np.sum(y * y * x)


def break_then_value_used(x, xs):
    best = xs[0]
    for v in xs:
        if v * x > 0.8:
            best = v * x
            break
        best = best + 0.1 * v
    return best * x


def break_on_constant_flag(x, stop):
    for i in range(4):
        x = x * x * 0.5 + 0.3
        if stop:
            break
    return x


def break_only(x, n):
    for i in range(n):
        if i > 2:
            break
    return x * i


def break_first_binds(x, xs):
    for v in xs:
        y = v * x
        if y > 0:
            break
    return y * y


def break_call(x, n):
    for i in range(n):
        x = squeezed(x, 0.3)
        if x > squeezed(2.0, 1.0):
            break
    return x * x


def squeezed(x, k):
    return x * math.exp(k * 0.5) + k


# -- continue ------------------------------------------------------------------------------------------


def continue_first(x, xs):
    for v in xs:
        if v < 0:
            continue
        x = x * v + v
    return x


def continue_after_work(x, xs):
    s = 0.0
    for v in xs:
        s = s + v * x
        if s > 0.5:
            x = x * 0.5
            continue
        s = s * s + x
    return s * x


def continue_guards(x, n):
    s = 0.0
    for i in range(n):
        if i == 1:
            continue
        if i == 3:
            s = s + x
            continue
        if x * s > 100:
            break
        s = s * x + i * x
    return s


def continue_in_while(x, n):
    i = 0
    while i < n:
        i += 1
        if i % 2:
            continue
        x = x * x * 0.3 + i
    return x


def continue_in_else(x, xs):
    for v in xs:
        if v > 0:
            x = x * v
        else:
            continue
        x = x + v * v
    return x


def continue_in_elif(x, xs):
    for v in xs:
        if v > 0.5:
            x = x * v
        elif v > 0:
            continue
        elif v > -0.5:
            x = x - v * x
        else:
            x = x + v * v
            continue
        x = x * x * 0.5 + v
    return x


def continue_last(x, n):
    for i in range(n):
        x = x * 1.1
        if x > 2:
            x = x * x * 0.2
            continue
    return x


def continue_nested(x, n):
    s = x
    for i in range(n):
        for j in range(n):
            if j == i:
                continue
            s = s * 0.7 + x * j
        if s > 3:
            continue
        s = s * x
    return s


def continue_stores(x, keep):
    y = x * 1.0
    for i in range(len(x)):
        if not keep[i]:
            y[i] = 0.0
            continue
        y[i] = y[i] * y[i - 1]
    return np.sum(y * x)


def continue_in_deep_if(x, y, n):
    for i in range(n):
        if x > 0:
            if y > 0:
                if x > y:
                    y = y * 1.5
                    continue
                x = x * y + 0.2
            y = y + x * x * 0.1
        x = x - 0.3 * y * y
    return x * y


def many_continues(x, n):
    for i in range(n):
        if i == 0:
            continue
        x = x + 0.1 * x * x
        if i == 1:
            continue
        x = x * 0.9
        if i == 2:
            continue
        x = x * x * 0.5
        if i == 3:
            continue
        x = math.sin(x) + 1
    return x


def jumps_of_both_sorts_in_arms(x, xs):
    s = 1.0
    for v in xs:
        if v < -0.7:
            s = s * v
            continue
        elif v > 1.2:
            s = s + v * v
            break
        elif v > 0.8:
            s = s * s * 0.1
        else:
            s = s * x
        s = s + v * x
        if s > 4:
            continue
        s = s * 1.1
    return s


def long_tails_behind_many_arms(x, xs):
    s = 1.0
    for v in xs:
        if v < -0.5:
            s = s * v
            if s < -2:
                continue
        elif v > 0.5:
            s = s + v * v
            if s > 3:
                break
        else:
            s = s * x
            if x > 1.3:
                continue
        s = s * 0.9
        s = s + v * x
        s = s * 1.1 + 0.1
        s = s - x * 0.2
        s = s * s * 0.2
        s = s + 0.1
        s = math.sin(s)
        s = s + x
        s = s * v + x
        s = s + v
        s = s * 0.5
        s = s - 0.1 * x
        s = s * 1.01
        s = s * 1.02
        s = s * 1.03
        s = s * 1.04
        s = s * 1.05
        s = s * 1.06
        s = s * 1.07 + v
        s = s * 1.08
        s = s * 1.09
        s = s * 1.01 + 0.1
        s = s * 1.02
        s = s * 1.03
        s = s * 1.04 + x
        s = s * 0.9
        s = s * 0.9
        s = s * 0.9
        s = s * 0.9
        s = s * 0.9 - v
    return s


# -- else ----------------------------------------------------------------------------------------------


def else_of_for(x, xs):
    for v in xs:
        if v * x > 1:
            x = x * v
            break
        x = x + 0.1 * v
    else:
        x = x * x
    return x


def else_without_break(x, n):
    for i in range(n):
        x = x * 1.1
    else:
        x = x * x
    return x


def else_of_while(x, n):
    i = 0
    while i < n:
        i += 1
        x = x * 1.3
        if x > 3:
            break
    else:
        x = x * x
    return x * x


def else_of_loop_without_turns(x):
    for i in range(0):
        x = x * x
        if x > 0:
            break
    else:
        x = math.sin(x)
    return x


def else_of_inner(x, n):
    s = x
    for i in range(n):
        for j in range(i):
            s = s * 1.1 + j * x
            if s > 5:
                break
        else:
            s = s * x
            continue
        s = s * 0.3
    return s


def else_breaks_outer(x, n):
    s = x
    for i in range(n):
        for j in range(3):
            s = s * 1.2 + x
            if s > 4:
                break
        else:
            s = s * s
            break
        s = s * 0.4
    return s


def else_with_return(x, xs):
    for v in xs:
        if v > 0.9:
            break
        x = x * v + 0.5
    else:
        return x * x
    return x * v


# -- return --------------------------------------------------------------------------------------------


def return_from_for(x, xs):
    for v in xs:
        if v > 0.5:
            return x * v
        x = x + v * x
    return x


def return_from_nested(X, c):
    for i in range(X.shape[0]):
        for j in range(X.shape[1]):
            if X[i, j] > c:
                return X[i, j] * X[0, 0] * c
            c = c * 0.9 + 0.01 * X[i, j]
    return c


def return_from_three_levels(x, n):
    s = x
    for i in range(n):
        for j in range(n):
            k = 0
            while k < n:
                k += 1
                s = s * 1.1 + x * j
                if s > 6:
                    return s * x
            s = s * 0.5
            if s > 4:
                return s
        s = s + x * x * 0.1
        if i == 2:
            break
    return s * s


def return_from_while(x):
    y = x
    while y < 10:
        y = y * 1.7 + 0.1
        if y * x > 5:
            return y * x
    return y


def return_from_while_true(x):
    y = x
    while True:
        y = y * y + 0.3
        if y > 4:
            return y * x


def return_pair(x, xs):
    for v in xs:
        if v * x > 0.5:
            return x * v, v
        x = x * 0.9
    return x, x * x


def return_array(x, n):
    y = x * 1.0
    for i in range(n):
        y = y * x
        if np.sum(y * y) < 1:
            return y * 2
    return y * x


def return_array_or_number(x, n):
    for i in range(n):
        if x[i] > 0.3:
            return np.sum(x[: i + 1] ** 2)
    return x[0] * 2


def return_constant_from_loop(x, xs):
    for v in xs:
        if v > 1.2:
            return 1.5
        x = x * v
    return x


def return_at_once(x, n):
    for i in range(n):
        return x * i
    return x * x


def return_in_else_of_if(x, xs):
    for v in xs:
        if v < 0.4:
            x = x + v
        else:
            return x * v
    return x * 3


def return_before_and_after(x, xs):
    if x < 0:
        return x * x
    for v in xs:
        if v > 1:
            return x * v
        if v < -1:
            break
        x = x + 0.2 * v * x
    if x > 1:
        return math.sin(x)
    for v in xs:
        x = x * 0.9
        if x < 0.3:
            return x * v
    return x + 1


def return_of_stored(x):
    y = x * 1.0
    for i in range(1, len(x)):
        y[i] = y[i] * y[i - 1]
        if y[i] > 0.5:
            return np.sum(y * y)
        y[0] = y[0] + y[i]
    return np.sum(y)


def returns_result_named_result(x, xs):
    result = 0.0
    returned = 1.0
    for v in xs:
        if v > 0.7:
            return result * returned + v
        result = result + v * x
        returned = returned * 1.1
    return result * x


# -- while True, and loops that converge ---------------------------------------------------------------


def newton(a):
    x = 1.0
    for _ in range(50):
        r = x * x - a
        if abs(r) < 1e-13:
            break
        x = x - r / (2 * x)
    return x


def newton_with_steps(a, b):
    x = 1.5
    k = 0
    while True:
        step = (x**3 - a * x - b) / (3 * x * x - a)
        x = x - step
        k += 1
        if abs(step) < 1e-12 or k > 60:
            break
    return x


def bisection(a):
    low = 0.0
    high = 3.0 + 0.0 * a
    while high - low > 1e-3:
        middle = 0.5 * (low + high)
        if middle * middle * middle > a:
            high = middle
        else:
            low = middle
    return 0.5 * (low + high) * a


def secant(a):
    x0 = 1.0
    x1 = 2.0
    f0 = x0 * x0 - a
    for _ in range(40):
        f1 = x1 * x1 - a
        if f1 == f0 or abs(f1) < 1e-12:
            break
        x0, x1 = x1, x1 - f1 * (x1 - x0) / (f1 - f0)
        f0 = f1
    return x1


def line_search(x, d):
    t = 1.0
    f0 = np.sum(x**4)
    while True:
        y = x - t * d
        if np.sum(y**4) < f0:
            break
        t = t * 0.5
        if t < 1e-3:
            y = x
            break
    return np.sum(y * y)


def fixed_point_arrays(A, b):
    x = np.zeros_like(b)
    for k in range(100):
        new = b + 0.1 * (A @ x)
        change = np.max(np.abs(new - x))
        x = new
        if change < 1e-13:
            break
    return np.sum(x * x)


def power_iteration(A):
    v = np.ones(A.shape[0])
    value = 0.0
    for k in range(4):
        w = A @ v
        value = np.sqrt(np.sum(w * w))
        if value < 0.05:
            return value * value
        v = w / value
        if k == 2:
            break
    return value * v[0]


def simulation(x, v, g):
    t = 0.0
    dt = 0.1
    while True:
        v = v - g * dt
        x = x + v * dt
        t = t + dt
        if x < 0 and t < 1.2:
            x = -0.5 * x
            v = -0.5 * v
            continue
        if t > 1.5:
            return x * x + v * v


def while_true_counted(x, n):
    k = 0
    while True:
        if k >= n:
            break
        k += 1
        x = x * math.cos(x)
    return x


def while_one(x):
    while 1:
        x = x * 1.5 + 0.1
        if x > 3:
            break
    return x


def nested_while_true(x):
    s = 0.0
    while True:
        y = x
        while True:
            y = y * 1.4 + 0.05
            if y > 2:
                break
            s = s + y * y
        s = s * 0.5 + y
        if s > 2:
            return s * x
        x = x * 1.1 + 0.1


# -- in callees, and recursion ---------------------------------------------------------------------------


def first_above(xs, c):
    for v in xs:
        if v > c:
            return v * v
    return c * c


def callee_returns_from_loop(xs, c):
    return first_above(xs, c) * first_above(xs * 0.5, c * c) + c


def callee_in_a_loop(xs, c, n):
    for k in range(n):
        c = c * 0.8 + 0.1 * first_above(xs, c)
        if c < 0.1:
            return c
    return c * c


def halving(x, n):
    if n == 0:
        return x
    for k in range(n):
        x = x * 0.9 + 0.1
        if x > 0.8:
            return halving(x * x, n - 1)
        if k > 1:
            break
    return x * halving(x, n - 1)


def callee_with_counter(x, e):
    k = 0
    while abs(x) > e:
        x = x * 0.5
        k += 1
        if k == 3:
            continue
        if k > 6:
            break
        x = x * 1.1
    return x, k


def callee_gives_turns(x, e):
    y, turns = callee_with_counter(x, e)
    return y * (turns + 1)


# -- what jumps must not disturb ---------------------------------------------------------------------------


def asserts_and_breaks(x, xs):
    for v in xs:
        assert v > -1000
        if v > 1:
            break
        x = x * v
        if x > 1e6:
            raise ValueError("too large")
    return x


def raises_in_loop(x, n):
    for i in range(n):
        x = x + 1
        if i == 2:
            raise ValueError(f"at {i}")
        if x > 100:
            break
    return x


def prints_before_break(x, n):
    for i in range(n):
        print("turn", i)
        if x > 2:
            print("left")
            break
        x = x * x + 0.5
    return x


def swapped_and_left(x, y, n):
    for i in range(n):
        x, y = y, x * 0.9 + 0.1
        if x > y:
            continue
        x = x + y * y * 0.1
        if y > 3:
            break
    return x * y * y


def swapped_buffers_and_left(x, n):
    a = x * 1.0
    b = x * 0.5
    for i in range(n):
        b[0] = a[0] * a[1]
        b[1:] = a[1:] * 0.9
        a, b = b, a
        if a[0] > 0.1:
            break
        a[1] = a[1] * b[0]
    return np.sum(a * a) + np.sum(b)


def view_written_and_left(x, n):
    y = x * 1.0
    v = y[1:]
    for i in range(n):
        v[0] = v[0] * y[0] + x[0]
        if v[0] > 0.5:
            y[0] = v[0] * v[0]
            break
        y[0] = y[0] * 0.5
    return np.sum(y * y * x)


def rows_bound_and_left(X):
    s = 0.0
    Y = X * 1.0
    for i in range(Y.shape[0]):
        row = Y[i]
        row[0] = row[0] * row[1]
        if row[0] > 0.2:
            break
        s = s + np.sum(row * row)
    return s + np.sum(Y * Y)


def kinds_meet(x, c):
    y = x
    for i in range(3):
        if c:
            y = 2
            break
        y = y * x
    return y * x


def accumulates_then_breaks(x, xs, c):
    total = 0.0
    count = 0
    for v in xs:
        total += v * x
        count += 1
        if total > c:
            break
    return total / count


def search_then_use(xs, c):
    found = len(xs) - 1
    for k in range(len(xs)):
        if xs[k] > c:
            found = k
            break
    return xs[found] * xs[0]


def conditional_expression_and_break(x, xs):
    for v in xs:
        x = x * v if v > 0 else x - v
        if x > 2 and v > 0.1:
            break
    return x


def early_guard_then_loop(x, n):
    if n == 0:
        return x
    for i in range(n):
        if x > 5:
            break
        x = x * 1.5 + 0.2
    else:
        return x * 2
    return x * x


NUMBER = takes(num(0.3, 1.6), whole(0, 6))
LIST = takes(num(0.3, 1.6), vec(6))

CASES = [
    Case(break_before_active, LIST, wrt=(0, 1), seeds=6),
    Case(break_after_active, NUMBER, seeds=6),
    Case(break_between, NUMBER, seeds=6),
    Case(break_at_once, takes(num())),
    Case(break_in_first_turn, NUMBER),
    Case(break_never, NUMBER),
    Case(break_in_else_arm, NUMBER, seeds=6),
    Case(break_in_elif, NUMBER, seeds=6),
    Case(break_in_nested_if, takes(num(), num(), whole(0, 6)), wrt=(0, 1), seeds=8),
    Case(break_on_range_from, takes(num(0.5, 2), whole(-2, 2), whole(2, 6)), seeds=6),
    Case(break_on_range_step, takes(num(0.5, 2), whole(-3, 2), whole(4, 12), whole(1, 3)), seeds=6),
    Case(
        break_on_range_step,
        takes(num(0.5, 2), whole(4, 9), whole(-4, 2), whole(-3, -1)),
        seeds=6,
        name="break_on_range_step_down",
    ),
    Case(break_on_range_step, takes(num(), 3, 3, 2), name="break_on_range_step_empty"),
    Case(break_on_range_three, takes(vec(11)), seeds=5),
    Case(break_on_range_down, takes(vec(6)), seeds=6),
    Case(break_on_range_down_two, takes(vec(7)), seeds=6),
    Case(break_on_bound_changed, NUMBER, seeds=6),
    Case(break_on_start_changed, takes(num(0.5, 1.5), whole(-1, 1), whole(2, 6)), seeds=6),
    Case(break_with_loop_variable_after, NUMBER, seeds=6),
    Case(break_with_loop_variable_rebound, NUMBER, seeds=6),
    Case(break_over_array, takes(vec(6)), seeds=6),
    Case(break_over_rows, takes(mat(4, 3)), seeds=6),
    Case(break_over_rows_stored, takes(mat(4, 3)), seeds=6),
    Case(break_in_while, NUMBER, seeds=6),
    Case(break_in_while_active, takes(num(0.3, 2)), seeds=8),
    Case(break_two_places, NUMBER, seeds=8),
    Case(break_first_turn_of_two, NUMBER, seeds=6),
    Case(break_both_levels, NUMBER, seeds=6),
    Case(break_stores, takes(vec(6), num(0.2, 1)), seeds=6),
    Case(break_augments_array, takes(vec(3), whole(0, 5)), seeds=6),
    Case(break_then_value_used, LIST, wrt=(0, 1), seeds=6),
    Case(break_on_constant_flag, takes(num(), flag()), seeds=4),
    Case(break_only, takes(num(), 5)),
    Case(break_first_binds, LIST, wrt=(0, 1), seeds=5),
    Case(break_call, takes(num(0.3, 1), whole(0, 5)), seeds=5),
    Case(continue_first, LIST, wrt=(0, 1), seeds=4),
    Case(continue_after_work, LIST, wrt=(0, 1), seeds=6),
    Case(continue_guards, takes(num(), whole(0, 6)), seeds=5),
    Case(continue_in_while, NUMBER, seeds=4),
    Case(continue_in_else, LIST, wrt=(0, 1)),
    Case(continue_in_elif, LIST, wrt=(0, 1), seeds=6),
    Case(continue_last, NUMBER, seeds=5),
    Case(continue_nested, NUMBER, seeds=5),
    Case(continue_stores, takes(vec("n"), bools("n")), seeds=5),
    Case(continue_in_deep_if, takes(num(), num(), whole(0, 6)), wrt=(0, 1), seeds=8),
    Case(many_continues, NUMBER, seeds=4),
    Case(jumps_of_both_sorts_in_arms, LIST, wrt=(0, 1), seeds=8),
    Case(long_tails_behind_many_arms, LIST, wrt=(0, 1), seeds=8),
    Case(else_of_for, LIST, wrt=(0, 1), seeds=8),
    Case(else_without_break, NUMBER),
    Case(else_of_while, NUMBER, seeds=8),
    Case(else_of_loop_without_turns, takes(num())),
    Case(else_of_inner, NUMBER, seeds=6),
    Case(else_breaks_outer, NUMBER, seeds=6),
    Case(else_with_return, LIST, wrt=(0, 1), seeds=8),
    Case(return_from_for, LIST, wrt=(0, 1), seeds=8),
    Case(return_from_nested, takes(mat(3, 2), num(0.3, 1.5)), wrt=(0, 1), seeds=8),
    Case(return_from_three_levels, takes(num(0.3, 1.2), whole(0, 4)), seeds=8),
    Case(return_from_while, takes(num(0.3, 2)), seeds=6),
    Case(return_from_while_true, takes(num(0.9, 2)), seeds=6),
    Case(return_pair, LIST, wrt=(0, 1), seeds=8),
    Case(return_array, takes(vec(3), whole(0, 4)), seeds=6),
    Case(return_array_or_number, takes(vec(4), 4), expect="either", seeds=5),
    Case(return_constant_from_loop, LIST, wrt=(0, 1), seeds=8),
    Case(return_at_once, NUMBER, seeds=4),
    Case(return_in_else_of_if, LIST, wrt=(0, 1), seeds=5),
    Case(return_before_and_after, takes(num(-0.5, 1.6), vec(6)), wrt=(0, 1), seeds=10),
    Case(return_of_stored, takes(vec(4)), seeds=6),
    Case(returns_result_named_result, LIST, wrt=(0, 1), seeds=6),
    Case(newton, takes(num(0.5, 4))),
    Case(newton_with_steps, takes(num(0.5, 1), num(1, 3)), wrt=(0, 1)),
    Case(bisection, takes(num(0.5, 4))),
    Case(secant, takes(num(0.5, 3))),
    Case(line_search, takes(vec(3), vec(3)), wrt=(0, 1), seeds=6),
    Case(fixed_point_arrays, takes(mat(3, 3), vec(3)), wrt=(0, 1)),
    Case(power_iteration, takes(mat(3, 3)), seeds=4),
    Case(simulation, takes(num(0.5, 1), num(-1, 1), num(5, 10)), wrt=(0, 1, 2), seeds=6),
    Case(while_true_counted, NUMBER, seeds=4),
    Case(while_one, takes(num(0.2, 2)), seeds=4),
    Case(nested_while_true, takes(num(0.2, 1)), seeds=4),
    Case(callee_returns_from_loop, takes(vec(5), num(0.2, 1)), wrt=(0, 1), seeds=6),
    Case(callee_in_a_loop, takes(vec(5), num(0.2, 1), whole(0, 4)), wrt=(0, 1), seeds=6),
    Case(halving, takes(num(0.3, 1.5), whole(0, 3)), seeds=6),
    Case(callee_gives_turns, takes(num(0.5, 5), num(0.1, 0.3)), seeds=6),
    Case(asserts_and_breaks, LIST, wrt=(0, 1), seeds=5),
    Case(raises_in_loop, takes(num(), 5), raises=ValueError),
    Case(raises_in_loop, takes(num(), 2), name="raises_in_loop_not_reached"),
    Case(prints_before_break, NUMBER, seeds=4),
    Case(swapped_and_left, takes(num(), num(), whole(0, 6)), wrt=(0, 1), seeds=6),
    Case(swapped_buffers_and_left, takes(vec(3), whole(0, 5)), seeds=6),
    Case(view_written_and_left, takes(vec(4), whole(0, 5)), seeds=6),
    Case(rows_bound_and_left, takes(mat(3, 2)), seeds=6),
    Case(kinds_meet, takes(num(), flag()), seeds=5),
    Case(accumulates_then_breaks, takes(num(0.3, 1), vec(6), num(0.2, 2)), wrt=(0, 1), seeds=6),
    Case(search_then_use, takes(vec(6), num(0.2, 1)), seeds=6),
    Case(conditional_expression_and_break, LIST, wrt=(0, 1), seeds=6),
    Case(early_guard_then_loop, NUMBER, seeds=8),
    Case(break_only, takes(num(), one_of(3, 4)), name="break_only_short"),
]


def newton_that_returns(a, x, tol):
    for _ in range(30):
        f = x * x - a
        if abs(f) < tol:
            return x
        x = x - f / (2 * x)
    return x


def returned_as_it_goes_on(a, b, x, tol):
    for _ in range(100):
        y = a * math.cos(x) + b
        if abs(y - x) < tol:
            return y
        x = y
    return x


def returned_on_both_ways(a, x, tol):
    for _ in range(30):
        f = x * x - a
        if abs(f) < tol:
            return x
        y = x - f / (2 * x)
        if abs(y - x) < 0.1 * tol:
            return y
        x = y
    return x


def returned_from_an_endless_loop(a, x, tol):
    while True:
        y = a * math.cos(x)
        if abs(y - x) < tol:
            return y
        x = y


def returned_behind_an_else(a, x, k):
    for _ in range(k):
        x = x * a
        if x > 2.0:
            return x
    else:
        x = x * 3.0
    return x


def returned_from_the_inner_loop(a, x, k):
    for _ in range(k):
        x = x + 1.0
        for _ in range(k):
            x = x * a
            if x > 4.0:
                return x
    return x


def the_item_returned(xs, a):
    for x in xs:
        if x * a > 1.0:
            return x
    return x  # noqa: PLW0631


def another_name_goes_on(a, x, k):
    y = x
    for _ in range(k):
        y = x * a
        if y > 2.0:
            return y
        x = y + a
    return x


def array_returned_as_it_goes_on(A, x, tol):
    for _ in range(40):
        y = 0.3 * np.tanh(A @ x) + x * 0.1
        if np.max(np.abs(y - x)) < tol:
            return y
        x = y
    return x


def written_when_it_is_returned(x, k):
    y = x.copy()
    for i in range(k):
        y[i] = y[i] * y[i]
        z = y * 2.0
        if y[i] > 1.0:
            return z
        y = z
    return y


CASES += [
    Case(newton_that_returns, takes(num(1.5, 3.0), num(1.0, 2.0), 1e-3), wrt=(0, 1), seeds=2, tags=("dead lines",)),
    Case(returned_as_it_goes_on, takes(num(0.5, 0.9), num(), num(), 1e-9), wrt=(0, 1, 2), seeds=2, tags=("dead lines",)),
    Case(returned_on_both_ways, takes(num(1.5, 3.0), num(1.0, 2.0), 1e-3), wrt=(0, 1), seeds=2, tags=("dead lines",)),
    Case(returned_from_an_endless_loop, takes(num(0.5, 0.9), num(), 1e-9), wrt=(0, 1), seeds=2),
    Case(returned_behind_an_else, takes(num(1.2, 1.8), num(0.5, 1.0), whole(0, 5)), wrt=(0, 1), seeds=4),
    Case(returned_from_the_inner_loop, takes(num(1.1, 1.3), num(0.2, 0.6), whole(0, 4)), wrt=(0, 1), seeds=7),
    Case(the_item_returned, takes(vec(4, 0.2, 0.7), num(1.2, 2.0)), wrt=(0, 1), seeds=6),
    Case(another_name_goes_on, takes(num(1.1, 1.5), num(0.2, 1.0), whole(0, 4)), wrt=(0, 1), seeds=9),
    Case(array_returned_as_it_goes_on, takes(mat(3, 3, -0.3, 0.3), vec(3), 1e-8), wrt=(0, 1), seeds=1, tags=("dead lines",)),
    Case(written_when_it_is_returned, takes(vec(4, 0.4, 1.2), whole(1, 4)), seeds=5),
]
