"""A try around a loop, and around one step that says ahead whether it fails."""

import math

import numpy as np

from case import Case, constant, num, one_of, takes, vec, whole


def logs_until_bad(x):
    y = np.zeros(len(x))
    try:
        for i in range(len(x)):
            y[i] = math.log(x[i])
    except ValueError:
        y[-1] = 7.0
    return y @ x


def total_until_bad(x):
    s = 0.0
    try:
        for v in x:
            s += math.log(v) * s + v
    except ValueError:
        pass
    return s * s


def which_failed(x):
    out = []
    try:
        for i, v in enumerate(x):
            out.append(math.sqrt(v))
    except ValueError as e:
        print(f"failed at {i}: {e}")
        return sum(out) + i * x[i]
    else:
        out.append(x[0])
    return sum(out)


def nested_loops(x, n):
    y = np.zeros((n, 3))
    s = 1.0
    try:
        for i in range(n):
            for j in range(3):
                y[i, j] = math.log(x[i + j]) * s
                s = s * 1.1
            s += y[i, 0]
        s = s * 2
    except ValueError:
        s = s + 3 * x[0]
    except IndexError:
        s = 0.0
    return np.sum(y * y) + s * x[1]


def ahead_and_behind(x, a):
    y = np.ones(3)
    try:
        y[0] = math.sqrt(a)
        for i in range(1, 3):
            y[i] = math.log(x[i]) * y[i - 1]
        y[0] *= math.sqrt(x[4])
    except (ValueError, ZeroDivisionError):
        y[1] += a
    return y @ y + a


def while_in_try(x, n):
    s, k = 1.0, 0
    try:
        while math.sqrt(x[k]) < 1.3:
            s = s * x[k] + 1
            k += 1
    except ValueError:
        s = -s
    except IndexError:
        s = s + 5 * x[0]
    return s * s + k


def jumps_in_and_out(x, n):
    total = 0.0
    for k in range(n):
        s = 0.0
        try:
            for v in x[k:]:
                if v > 1.8:
                    break
                if v < 0.2:
                    continue
                s = s + math.log(v)
                if s > 0.9:
                    return s * total
                total += s * v
        except ValueError:
            total *= x[k]
            continue
        total += 1
    return total * total + s


def handler_breaks(x, n):
    total = 1.0
    for k in range(n):
        try:
            for v in x[k:]:
                total = total + math.log(v)
        except ValueError as e:
            print(k, e)
            break
        else:
            total *= x[k]
    return total * total


def params(x, text):
    p = {}
    for part in text.split(";"):
        key, _, value = part.partition("=")
        try:
            p[key.strip()] = float(value)
        except ValueError:
            p[key.strip()] = value.strip()
    return (x ** p["n"] / (p["k"] ** p["n"] + x ** p["n"])).sum()


def reads_back(x):
    y = x.copy()
    k = 0
    try:
        while True:
            y[k] = math.log(y[k]) * x[k]
            k += 1
    except (ValueError, IndexError):
        y[0] += k * x[1]
    return y.sum() * x[0]


def _risky(v, k):
    if v < 0.1:
        raise KeyError("low")
    return v * k


def calls_in_turns(x, k):
    d = {"sum": 0.0, "n": 0}
    try:
        for v in x:
            d["sum"] += _risky(v, k)
            d["n"] += 1
    except KeyError:
        d["sum"] = d["sum"] * 2
    finally:
        d["n"] += 1
    return d["sum"] * d["n"]


def memo_legendre(x, n):
    memo = {0: 1.0, 1: x}

    def P(k):
        try:
            return memo[k]
        except KeyError:
            memo[k] = ((2 * k - 1) * x * P(k - 1) - (k - 1) * P(k - 2)) / k
            return memo[k]

    return sum(P(k) for k in range(n))


def add_or_begin(x, ks):
    d = {}
    for k, v in zip(ks, x):
        try:
            d[k] += v
        except KeyError:
            d[k] = v * v
    return sum(v ** 2 for v in d.values())


def default_by_key(x, names):
    weights = {"a": x[0], "b": x[1] * 2}
    s = 1.0
    for n in names:
        try:
            s += weights[n] * x[2]
        except KeyError:
            s *= 0.5
    return s


def one_key_default(x, n):
    weights = {"a": x[0], "b": x[1] * 2}
    try:
        w = weights[n]
    except LookupError:
        w = x[1]
    return w * x[2]


def given_dict(x, d, n):
    try:
        w = d[n] * x[0]
    except KeyError:
        w = x[1] * x[1]
    return w * x[2]


class Converged(Exception):
    def __init__(self, x, turns=0):
        self.x, self.turns = x, turns


def newton_step(x, a):
    if abs(x * x - a) < 1e-10:
        raise Converged(x)
    return x - (x * x - a) / (2 * x)


def returned_from_the_exception(a):
    x = a
    try:
        for _ in range(50):
            x = newton_step(x, a)
    except Converged as done:
        return done.x
    return x


def taken_out_behind_it(a):
    x, found = a, None
    try:
        for _ in range(50):
            x = newton_step(x, a)
    except Converged as done:
        found = done
    return x if found is None else found.x


def appended_from_the_exception(a):
    x, out = a, []
    try:
        for _ in range(50):
            x = newton_step(x, a)
    except Converged as done:
        out.append(done.x)
    return sum(out)


def shown_and_asked(a):
    x = 2.0 * a
    try:
        x = newton_step(a, a * a)
    except Converged as done:
        words = str(done)
        kind = type(done).__name__
        print(f"{kind}: {words}", done.x)
        if done.turns == 0:
            x = a * a
    return x


def last_of(n, a):
    for i in range(n):
        y = a * i
    return y


def no_turn_in_a_call(x, counts):
    s = 0.0
    for k in counts:
        try:
            s += last_of(k, x[0])
        except UnboundLocalError:
            s = s * x[1]
    return s


class Rates:
    def __init__(self, k):
        self.k = k

    def above(self, v):
        if v > 2.0:
            r = v * self.k
        return r


def no_arm_in_a_method(x, values):
    rates = Rates(x[0])
    s = 0.0
    for v in values:
        try:
            s += rates.above(v)
        except UnboundLocalError:
            s = s * x[1]
    return s


def kept_by_the_root(x):
    out = []
    for v in x:
        try:
            if v > 1.5:
                raise OverflowError
            r = math.sqrt(v - 0.5)
            if r > 0.5:
                out.append(r)
            else:
                out.append(r * 2.0)
        except (ValueError, OverflowError) as error:
            out.append(v if isinstance(error, ValueError) else v * v)
    return sum(a * b for a, b in zip(out, x))


def steps_in_arms(x, n):
    s, t = x[0], x[1]
    for i in range(n):
        try:
            if math.sqrt(t + 0.3) > 0.8:
                s = s * t
                t = math.sqrt(s - x[i])
            elif i > 1:
                t = t * x[i]
                s += math.log(t)
            else:
                s = s + t
        except ValueError:
            t = s * x[i] - t
    return s * t


def a_try_in_a_try(x):
    s = 0.0
    for v in x:
        try:
            u = v * 2.0
            try:
                w = math.sqrt(u - 1.0)
            except ValueError:
                w = u * u
                if u < 0.5:
                    raise KeyError
            s = s + w
        except KeyError:
            s = s - u
    return s


def a_list_of_all(x):
    try:
        y = np.array([math.log(v - 0.5) for v in x])
    except ValueError:
        y = np.array([math.log(v) if v > 0.5 else v for v in x])
    return y @ x


def lists_of_all_in_turns(x):
    total = 0.0
    for v in x:
        try:
            y = np.array([math.log(u - v + 1.2) for u in x])
            z = [math.sqrt(u) for u in y]
            total += sum(z)
        except ValueError:
            y = np.array([u * v for u in x])
        total += np.sum(y)
    return total


def beside_a_closure(x):
    def root(t):
        if t <= 0.2:
            raise ValueError
        return math.log(t) - x[0]

    t, d = x[1], 1.0
    for _ in range(8):
        try:
            y = root(t - d * 0.5)
            t = t - d * 0.5
            d = d * y
        except ValueError:
            d = d / 3.0
    return t * d


CASES = [
    Case(kept_by_the_root, takes(vec(5, 0.1, 2.0)), seeds=6),
    Case(steps_in_arms, takes(vec(4, 0.1, 2.0), whole(2, 4)), seeds=10),
    Case(a_try_in_a_try, takes(vec(5, 0.1, 1.0)), seeds=6),
    Case(a_list_of_all, takes(vec(3, 0.2, 1.5)), seeds=6),
    Case(lists_of_all_in_turns, takes(vec(4, 0.1, 0.5)), seeds=6),
    Case(beside_a_closure, takes(vec(2, 0.4, 0.9)), seeds=6),
    Case(no_turn_in_a_call, takes(vec(2), constant((2, 3, 0, 4, 0)))),
    Case(no_arm_in_a_method, takes(vec(2), constant((3.0, 1.0, 4.0, 1.0))), expect="refused"),
    Case(logs_until_bad, takes(vec(5, -0.2, 2.0)), seeds=5),
    Case(total_until_bad, takes(vec(5, -0.2, 2.0))),
    Case(which_failed, takes(vec(5, -0.4, 2.0)), seeds=5),
    Case(nested_loops, takes(vec(6, -0.1, 2.0), whole(2, 3)), expect="refused", tags=("dead lines",)),
    Case(ahead_and_behind, takes(vec(5, -0.3, 2.0), num(0.5, 1.5)), seeds=5),
    Case(while_in_try, takes(vec(5, -0.3, 2.0), whole(1, 5)), seeds=10),
    Case(jumps_in_and_out, takes(vec(5, -0.3, 2.0), whole(2, 4)), seeds=6, tags=("dead lines",)),
    Case(handler_breaks, takes(vec(5, -0.3, 2.0), whole(2, 4))),
    Case(params, takes(vec(4, 0.2, 0.9), constant("model=hill; n=2.5; k=0.7"))),
    Case(reads_back, takes(vec(5, -0.3, 2.0))),
    Case(calls_in_turns, takes(vec(5, -0.3, 2.0), num()), expect="refused"),
    Case(memo_legendre, takes(num(0.5, 1.2), whole(3, 8))),
    Case(add_or_begin, takes(vec(6), constant((0, 3, 1, 0, 2, 3)))),
    Case(default_by_key, takes(vec(3), constant(("a", "b", "z")))),
    Case(one_key_default, takes(vec(3), one_of("a", "c"))),
    Case(given_dict, takes(vec(3), lambda draw: {"a": float(draw.normal()), "b": 2.0}, one_of("a", "c")), seeds=6),
    Case(returned_from_the_exception, takes(num(1, 3)), expect="refused", tags=("dead lines",)),
    Case(taken_out_behind_it, takes(num(1, 3)), expect="refused", tags=("dead lines",)),
    Case(appended_from_the_exception, takes(num(1, 3)), expect="refused", tags=("dead lines",)),
    Case(shown_and_asked, takes(num(1, 3)), tags=("dead lines",)),
]
