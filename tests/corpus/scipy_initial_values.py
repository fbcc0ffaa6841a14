"""``solve_ivp`` of SciPy at its own steps, at events and between: the value is SciPy's own, to the bit."""

import numpy as np
from scipy.integrate import solve_ivp

from case import Case, takes, vec


def until(p):
    s = solve_ivp(lambda t, y: -p[0] * y + np.sin(t), (0.0, p[1]), np.array([p[2]]), rtol=1e-10, atol=1e-10)
    return s.y[0, -1] * s.t[-1]


def from_then(p):
    s = solve_ivp(
        lambda t, y: -p[0] * y + np.sin(t), (p[1], 2.0), np.array([p[2]]), rtol=1e-10, atol=1e-10, method="DOP853",
    )  # fmt: skip
    return s.y[0, -1] + s.t[0]


def in_a_loop(p):
    y = np.array([p[0], 0.3])
    tot = 0.0
    for k in range(3):
        s = solve_ivp(
            lambda t, y: np.array([y[1], -p[1] * y[0] + 0.1 * k]), (0.5 * k, 0.5 * k + 0.5), y, rtol=1e-10, atol=1e-10,
        )  # fmt: skip
        y = s.y[:, -1]
        tot += y[0] ** 2 * p[2]
    return tot


def backward(p):
    s = solve_ivp(lambda t, y: -p[0] * y + np.sin(t), (2.0, 0.0), [p[2], p[1]], rtol=1e-10, atol=1e-10)
    return s.y[0, -1] * s.y[1][-1]


def by_radau(p):
    s = solve_ivp(
        lambda t, y: [-1000 * p[0] * (y[0] - np.cos(t)), y[0] - p[1] * y[1]], (0, 1.0), [p[2], 1.0], method="Radau", rtol=1e-9, atol=1e-10,
    )  # fmt: skip
    return s.y[1, -1] + s.y[0, -1]


def by_bdf_and_between(p):
    s = solve_ivp(
        lambda t, y: [-1000 * p[0] * (y[0] - np.cos(t)), y[0] - p[1] * y[1]], (0, 1.0), [p[2], 1.0], method="BDF", rtol=1e-9, atol=1e-10, dense_output=True,
    )  # fmt: skip
    return s.y[1, -1] + s.sol(0.5)[1]


def bouncing(p):
    def hit(t, y):
        return y[0]

    hit.terminal = True
    hit.direction = -1

    def fall(t, y):
        return [y[1], -9.81]

    y = np.array([p[0] * 3, p[1]])
    t = 0.0
    for _ in range(2):
        s = solve_ivp(fall, (t, t + 10.0), y, events=hit, rtol=1e-10, atol=1e-10)
        t = s.t[-1]
        y = np.array([1e-12, -0.8 * s.y[1, -1] * p[2]])
    return t + y[1]


def crossed(p):
    def cross(t, y):
        return y[0] - 0.1

    s = solve_ivp(lambda t, y: [y[1], -p[0] * y[0]], (0.0, 6.0), [p[1], p[2]], events=[cross], rtol=1e-10, atol=1e-10)
    return np.sum(s.t_events[0]) + np.sum(s.y_events[0][:, 1]) + s.y[0, -1]


def flight(p):
    def top(t, y):
        return y[1]

    def ground(t, y):
        return y[0]

    ground.terminal = True
    ground.direction = -1
    s = solve_ivp(
        lambda t, y: [y[1], -9.81 - 0.2 * p[0] * y[1]], (0.0, 60.0), [p[1], 10 * p[2]], events=(top, ground), rtol=1e-10, atol=1e-10, dense_output=True,
    )  # fmt: skip
    return s.t_events[0][0] * s.t_events[1][0] + s.sol(s.t_events[0][0])[0]


def cut_off(p):
    def ground(t, y):
        return y[0]

    ground.terminal = True
    s = solve_ivp(
        lambda t, y: [y[1], -9.81 - 0.2 * p[0] * y[1]], (0.0, 60.0), [p[1], 10 * p[2]], events=ground, t_eval=np.linspace(0, 60, 60), rtol=1e-10, atol=1e-10,
    )  # fmt: skip
    return np.sum(s.y[0] ** 2) / 10 + s.t_events[0][0] + np.sum(s.y[1]) * 0.01


def crossed_at_times(p):
    def cross(t, y):
        return y[0] - 0.1

    s = solve_ivp(
        lambda t, y: [y[1], -p[0] * y[0]], (0.0, 6.0), [p[1], p[2]], t_eval=[1.0, 6.0], events=cross, rtol=1e-10, atol=1e-10,
    )  # fmt: skip
    return np.sum(s.t_events[0]) + np.sum(s.y)


def between_steps(p):
    s = solve_ivp(
        lambda t, y: [y[1], -p[0] * y[0]], [0.0, 2.0], [p[1], p[2]], dense_output=True, rtol=1e-10, atol=1e-10,
    )  # fmt: skip
    ts = np.array([1.7, 0.2, 0.9])
    return np.sum(s.sol(ts) ** 2) + s.sol(0.3)[1] * s.sol(p[1])[0]


def heat_equation(p):
    n = 10
    x = np.linspace(0, 1, n)

    def heat(t, u):
        d = np.zeros(n)
        d[1:-1] = p[0] * (u[2:] - 2 * u[1:-1] + u[:-2])
        return d

    s = solve_ivp(heat, (0, 1.0), np.sin(np.pi * x) * p[1], rtol=1e-9, atol=1e-10)
    return np.sum(s.y[:, -1] ** 2) * p[2]


def events_of_arguments(p):
    def f(t, y, a):
        return [-a * y[0]]

    def ev(t, y, a):
        return y[0] - 0.5 * a

    ev.terminal = True
    s = solve_ivp(f, (0, 10), [p[1] + 1], events=ev, args=(p[0],), rtol=1e-10, atol=1e-10)
    return s.t[-1] * p[2]


def never_happening(p):
    s = solve_ivp(lambda t, y: -p[0] * y, (0, 2), [p[1]], events=lambda t, y: y[0] + 5.0, rtol=1e-10, atol=1e-10)
    total = s.y[0, -1] * p[2]
    for t in s.t_events[0]:
        total += t
    return total


def height(p, hit):
    s = solve_ivp(lambda t, y: [y[1], -9.81 * p[0]], (0, 5), [p[2], p[1]], events=hit)
    return s.t[-1] + s.y[1, -1]


def by_a_lambda(p):
    hit = lambda t, y: y[0]
    hit.terminal = True
    return height(p, hit)


def by_another_name(p):
    def hit(t, y):
        return y[0]

    ground = hit
    ground.terminal = True
    return height(p, hit)


def said_later(p):
    def hit(t, y):
        return y[0]

    before = height(p, hit)
    hit.terminal = True
    return before + height(p, hit)


def asked_before_by_a_lambda(p):
    def hit(t, y):
        return y[0]

    run = lambda: height(p, hit)
    before = run()
    hit.terminal = True
    return before + run()


def asked_before_by_a_function(p):
    def hit(t, y):
        return y[0]

    def run():
        return height(p, hit)

    before = run()
    hit.terminal = True
    return before + run()


class Fall:
    def __init__(self, g):
        self.g = g

    def motion(self, t, y):
        return [y[1], -9.81 * self.g]

    def ground(self, t, y):
        return y[0]

    ground.terminal = True

    @staticmethod
    def top(t, y):
        return y[1]


def events_of_an_object(p):
    fall = Fall(p[0])
    s = solve_ivp(fall.motion, (0, 5), [p[2], p[1]], events=[fall.ground, fall.top])
    return s.t[-1] + s.y[1, -1] + s.t_events[1][0]


three = takes(vec(3, 0.7, 2.0))

CASES = [
    *(
        Case(f, three, seeds=1)
        for f in (
            until,
            from_then,
            in_a_loop,
            backward,
            by_radau,
            by_bdf_and_between,
            bouncing,
            crossed,
            flight,
            cut_off,
            crossed_at_times,
            between_steps,
            heat_equation,
            events_of_arguments,
            by_a_lambda,
            events_of_an_object,
        )
    ),
    Case(never_happening, three, seeds=1, tags=("dead lines",)),
    *(
        Case(f, three, seeds=1, expect="refused")
        for f in (by_another_name, said_later, asked_before_by_a_lambda, asked_before_by_a_function)
    ),
]
