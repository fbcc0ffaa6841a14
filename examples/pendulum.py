"""Swing a pendulum up with a motor too weak to lift it.

The motor's torque may differ in each of 1,000 time steps; the cost is the distance from standing
upright at the end, and the effort on the way. Its gradient, with respect to all 1,000 torques, runs
back once through the simulation, which is plain scalar Python.

    python examples/pendulum.py [PICTURE.png]
"""

import math
import sys

import numpy as np

GRAVITY = 9.81  # m / s2
LENGTH = 1.0  # m
MASS = 1.0  # kg
DAMPING = 0.1  # N m s
STEPS = 1000
DT = 0.005  # s
LIMIT = 3.0  # N m; to hold the pendulum level takes 9.81


def cost(torque: np.ndarray, angle: float = 0.0, speed: float = 0.0, effort: float = 0.01) -> float:
    """What a sequence of torques costs, from the given state; the angle is 0 hanging down."""
    inertia = MASS * LENGTH**2
    spent = 0.0
    for i in range(len(torque)):
        pull = torque[i] - DAMPING * speed - MASS * GRAVITY * LENGTH * math.sin(angle)
        # The new speed moves the pendulum: this order keeps the energy from drifting.
        speed += DT * pull / inertia
        angle += DT * speed
        spent += DT * torque[i] ** 2
    # Upright the cosine is -1, whichever way round it got there.
    miss = 10 * (1 + math.cos(angle)) + speed**2
    return miss + effort * spent


def main() -> None:
    from scipy.optimize import minimize

    import tangent_like as tl

    # At rest the gradient is zero, up or down being the same: a little push breaks the tie.
    start = 0.5 * np.sin(math.sqrt(GRAVITY / LENGTH) * DT * np.arange(STEPS))
    fit = minimize(
        tl.value_and_grad(cost),
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(-LIMIT, LIMIT)] * STEPS,
    )

    print(f"cost {cost(start):.3f} -> {fit.fun:.3f} in {fit.nit} iterations")
    print(f"without the effort: {cost(fit.x, effort=0.0):.5f} (0: upright and at rest)")
    print(f"largest torque {np.max(np.abs(fit.x)):.2f} N m, allowed {LIMIT:.2f}")
    for i in range(0, STEPS, STEPS // 10):
        column = round(20 * (1 + fit.x[i] / LIMIT))
        print(f"{i * DT:5.2f} s {fit.x[i]:+6.2f} N m  " + " " * column + "*")
    if sys.argv[1:]:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(5, 3), layout="constrained")
        axes = figure.add_subplot()
        axes.plot(DT * np.arange(STEPS), start, "--", label="start")
        axes.plot(DT * np.arange(STEPS), fit.x, label="found")
        axes.set(xlabel="time (s)", ylabel="torque (N m)")
        axes.legend()
        figure.savefig(sys.argv[1])


if __name__ == "__main__":
    main()
