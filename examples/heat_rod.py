"""How well does each part of a rod conduct heat?

A steel rod, made of pieces of unlike alloys, is put between a hot and a cold block. Sensors along
it are read now and then while it warms up. From these readings we recover the conductivity of
every cell of the rod: simulate the warming, compare with the readings, and follow the gradient.

    python examples/heat_rod.py [PICTURE.png]
"""

import sys

import numpy as np

LENGTH = 0.3  # m
HEAT_CAPACITY = 3.6e6  # J / (m3 K), that of steel
HOT, COLD = 400.0, 300.0  # K


def simulate(
    conductivity: np.ndarray, readings: int = 40, steps: int = 30, dt: float = 2.0
) -> np.ndarray:
    """The temperature of every cell (K) at each reading, from the conductivity (W / (m K)).

    Explicit finite volumes; `steps` steps of `dt` seconds lie between two readings.
    """
    n = len(conductivity)
    dx = LENGTH / n
    # Heat passes from cell to cell through half of each: their resistances add up.
    face = 2 * conductivity[1:] * conductivity[:-1] / (conductivity[1:] + conductivity[:-1])
    T = np.zeros(n)
    T[:] = COLD
    T[0] = HOT
    history = np.zeros((readings, n))
    for r in range(readings):
        for _ in range(steps):
            flux = face * (T[1:] - T[:-1]) / dx
            T[1:-1] += dt / (HEAT_CAPACITY * dx) * (flux[1:] - flux[:-1])
        history[r] = T
    return history


def misfit(
    conductivity: np.ndarray,
    measured: np.ndarray,
    every: int = 3,
    roughness: float = 1e-4,
    steps: int = 30,
    dt: float = 2.0,
) -> float:
    """Mean square distance from the sensors' readings; one cell in `every` has a sensor.

    `roughness` is the price of unlike neighbours, which decides where the sensors do not.
    """
    history = simulate(conductivity, readings=len(measured), steps=steps, dt=dt)
    error = history[:, ::every] - measured
    jump = conductivity[1:] - conductivity[:-1]
    return np.mean(error**2) + roughness * np.mean(jump**2)


def main() -> None:
    from scipy.optimize import minimize

    import tangent_like as tl

    rng = np.random.default_rng(0)
    cells = 30
    at = (np.arange(cells) + 0.5) / cells
    truth = 30 + 12 * np.sin(5 * at) - 8 * (at > 0.6)
    measured = simulate(truth)[:, ::3]
    measured += rng.normal(scale=0.05, size=measured.shape)  # the sensors' noise, in K

    start = np.full(cells, 25.0)
    fit = minimize(
        misfit,
        start,
        args=(measured,),
        jac=tl.grad(misfit),
        method="L-BFGS-B",
        bounds=[(5.0, 60.0)] * cells,
    )

    print("  cell     true  recovered   W / (m K)")
    for i in range(0, cells, 3):
        print(f"{i:6d} {truth[i]:8.2f} {fit.x[i]:10.2f}")
    print(f"misfit {misfit(start, measured):.4f} -> {fit.fun:.4f} in {fit.nit} iterations")
    error = np.abs(fit.x - truth) / truth
    print(f"error of the conductivity: mean {np.mean(error):.1%}, worst {np.max(error):.1%}")
    if sys.argv[1:]:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(8, 3), layout="constrained")
        warming, found = figure.subplots(1, 2)
        warming.plot(60 * np.arange(1, len(measured) + 1), measured)
        warming.set(xlabel="time (s)", ylabel="readings of the sensors (K)")
        found.step(at, truth, where="mid", label="true")
        found.plot(at, fit.x, "o", label="recovered")
        found.plot(at, start, "--", label="start")
        found.set(xlabel="place along the rod", ylabel="conductivity (W / (m K))")
        found.legend()
        figure.savefig(sys.argv[1])


if __name__ == "__main__":
    main()
