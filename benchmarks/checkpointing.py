"""Memory and time of checkpointed loops, and of implicit differentiation: `python benchmarks/checkpointing.py`.

    extra      turns that run again, beside the binomial optimum, for 1e3, 1e4 and 1e5 turns
    online     the same where nobody knows the number of turns
    long       the peak memory of a loop of a million turns over a state of 1,000 numbers
    recurrent  a recurrent network over 1,000 steps: memory and time with checkpoints against those without
    lstm       the same of a long short-term memory, in blocks
    reversible blocks that are taken back, against those whose states are kept
    fixed      the adjoint of a fixed point of 1,000 numbers against the time of finding it
    ode        value and gradient of a differential equation by the discrete adjoint against the time of solving it

`python benchmarks/checkpointing.py extra recurrent` runs some of them.
"""

from __future__ import annotations

import gc
import resource
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

import tangent_like as tl
from tangent_like.runtime import between, extra_turns, keep_online, revolve


def seconds(call: Callable[[], Any], rounds: int = 5) -> float:
    """The least of several times, of the process."""
    found = []
    for _ in range(rounds):
        gc.collect()
        start = time.process_time()
        call()
        found.append(time.process_time() - start)
    return min(found)


def peak(call: Callable[[], Any]) -> int:
    """The most memory that a call has at once, beyond what there was."""
    gc.collect()
    tracemalloc.start()
    call()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def extra() -> None:
    for n in (1_000, 10_000, 100_000):
        for slots in (10, 50, 200):
            rows = revolve(n, slots).astype(np.int64)
            again = int((rows[:, 1] - rows[:, 0]).sum())
            least = extra_turns(n, slots)
            print(f"extra      {n:>7,} turns, {slots:>3} slots: {again:>9,} run again, optimum {least:>9,}")


def online() -> None:
    for n in (300, 1_000, 10_000):
        for slots in (10, 20, 44):
            kept = np.zeros((0, 3), int)
            for turn in range(n):
                kept = keep_online(kept, turn, slots)
            rows = between(kept[:, 1], n, slots + 1).astype(np.int64)
            again = int((rows[:, 1] - rows[:, 0]).sum())
            least = extra_turns(n, slots)
            print(f"online     {n:>7,} turns, {slots:>3} slots: {again:>9,} run again, {again / least:.2f} of the best")


def damped(x, n, slots):
    for _ in tl.checkpointed(range(n), slots=slots):
        x = x - 1e-6 * x * x
    return np.sum(x)


def long() -> None:
    x = np.linspace(0.0, 1.0, 1_000)
    df = tl.grad(damped)
    df(x, 10, 3)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    df(x, 1_000_000, 1_000)
    took = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"long       1,000,000 turns, state of 1,000, 1,000 slots: the process has {after / 1024:.0f} MB at the most"
        f" ({before / 1024:.0f} MB before), {took:.0f} s"
    )


def plain(W, U, b, h, xs):
    total = 0.0
    for t in range(len(xs)):
        h = np.tanh(W @ h + U @ xs[t] + b)
        total += np.sum(h * h)
    return total


def kept_few(W, U, b, h, xs, slots):
    total = 0.0
    for t in tl.checkpointed(range(len(xs)), slots=slots):
        h = np.tanh(W @ h + U @ xs[t] + b)
        total += np.sum(h * h)
    return total


def kept_blocks(W, U, b, h, xs, slots, block):
    total = 0.0
    for t in tl.checkpointed(range(len(xs)), slots=slots, block=block):
        h = np.tanh(W @ h + U @ xs[t] + b)
        total += np.sum(h * h)
    return total


def turns_alone(W, U, b, h, xs):
    for t in range(len(xs)):
        h = np.tanh(W @ h + U @ xs[t] + b)
    return h


def recurrent() -> None:
    rng = np.random.default_rng(0)
    m, n, batch = 128, 1_000, 64
    W, U = rng.normal(size=(2, m, m)) / np.sqrt(m)
    args = (W, U, rng.normal(size=(m, 1)), np.zeros((m, batch)), rng.normal(size=(n, m, batch)))
    without, few, blocks = (tl.grad(f, (0, 1, 2)) for f in (plain, kept_few, kept_blocks))
    calls = {
        "40 slots": partial(few, *args, 40),
        "44 slots": partial(few, *args, 44),
        "31 slots, block=32": partial(blocks, *args, 31, 32),
        "the turns once": partial(turns_alone, *args),
    }
    for ours, theirs in zip(few(*args, 44), without(*args), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-8)
    base = peak(partial(without, *args))
    memory = {name: peak(call) for name, call in calls.items()}
    took = alternately({"": partial(without, *args), **calls})
    for name in calls:
        print(
            f"recurrent  1,000 steps of {m} x {batch}, {name}: {1 - memory[name] / base:.1%} less memory"
            f" ({memory[name] / 2**20:.1f} of {base / 2**20:.1f} MB), {took[name] / took['']:.2f} times the time"
        )


def alternately(calls: dict[str, Callable[[], Any]], rounds: int = 7) -> dict[str, float]:
    """The least of several times of each, one after the other."""
    best = dict.fromkeys(calls, float("inf"))
    for _ in range(rounds):
        for name, call in calls.items():
            best[name] = min(best[name], seconds(call, 1))
    return best


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def cell(W, U, b, h, c, x):
    """A long short-term memory: its hidden state is two arrays, what its way back reads ten."""
    i, f, o, g = np.split(W @ h + U @ x + b, 4)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def memory_plain(W, U, b, h, c, xs):
    total = 0.0
    for t in range(len(xs)):
        h, c = cell(W, U, b, h, c, xs[t])
        total += np.sum(h * h)
    return total


def memory_few(W, U, b, h, c, xs, slots, block):
    total = 0.0
    for t in tl.checkpointed(range(len(xs)), slots=slots, block=block):
        h, c = cell(W, U, b, h, c, xs[t])
        total += np.sum(h * h)
    return total


def lstm() -> None:
    rng = np.random.default_rng(0)
    m, n, batch = 64, 1_000, 32
    W, U = rng.normal(size=(2, 4 * m, m)) / np.sqrt(m)
    args = (W, U, rng.normal(size=(4 * m, 1)), *np.zeros((2, m, batch)), rng.normal(size=(n, m, batch)))
    without, with_ = tl.grad(memory_plain, (0, 1, 2)), tl.grad(memory_few, (0, 1, 2))
    for ours, theirs in zip(with_(*args, 31, 32), without(*args), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-8)
    base = peak(partial(without, *args))
    calls = {(slots, block): partial(with_, *args, slots, block) for slots, block in ((31, 32), (49, 20), (12, 16))}
    took = alternately({"": partial(without, *args), **{str(key): call for key, call in calls.items()}})
    for (slots, block), call in calls.items():
        memory, time_ = peak(call), took[str((slots, block))] / took[""]
        print(
            f"lstm       1,000 steps of {m} x {batch}, {slots} slots, block={block}: {1 - memory / base:.1%}"
            f" less memory ({memory / 2**20:.1f} of {base / 2**20:.1f} MB), {time_ - 1:+.0%} time"
        )


@tl.reversible
def couple(a, b, F, G):
    a = a + np.tanh(F @ b)
    b = b + np.tanh(G @ a)
    return a, b


def couple_kept(a, b, F, G):
    a = a + np.tanh(F @ b)
    b = b + np.tanh(G @ a)
    return a, b


def deep(a, b, F, G):
    for k in range(len(F)):
        a, b = couple(a, b, F[k], G[k])
    return np.sum(a * b)


def deep_kept(a, b, F, G):
    for k in range(len(F)):
        a, b = couple_kept(a, b, F[k], G[k])
    return np.sum(a * b)


def reversible() -> None:
    rng = np.random.default_rng(0)
    m, batch = 32, 64
    few, kept = tl.grad(deep, (0, 1)), tl.grad(deep_kept, (0, 1))
    for depth in (100, 1_000):
        F, G = rng.normal(size=(2, depth, m, m)) / np.sqrt(m * depth)
        args = (*rng.normal(size=(2, m, batch)), F, G)
        pairs = list(zip(few(*args), kept(*args), strict=True))
        off = max(np.max(np.abs(x - y)) / np.max(np.abs(y)) for x, y in pairs)
        memory, base_memory = (peak(partial(df, *args)) for df in (few, kept))
        took, base = (seconds(partial(df, *args)) for df in (few, kept))
        print(
            f"reversible {depth:>5,} blocks of {m} x {batch}: {memory / 2**20:.2f} of {base_memory / 2**20:.1f} MB,"
            f" {took / base - 1:+.0%} time; gradients differ by {off:.1e}"
        )


def contract(x, W, b):
    return np.tanh(W @ x + b)


def settled(W, b):
    return np.sum(tl.fixed_point(contract, np.zeros(len(b)), W, b) ** 2)


def fixed() -> None:
    rng = np.random.default_rng(1)
    n = 1_000
    W = rng.normal(size=(n, n))
    W *= 0.9 / np.linalg.norm(W, 2)
    b = rng.normal(size=n)
    df = tl.grad(settled, (0, 1))
    df(W, b)
    solve = seconds(lambda: settled(W, b))
    whole = seconds(lambda: df(W, b))
    print(
        f"fixed      a fixed point of {n:,} numbers: found in {solve * 1e3:.1f} ms, gradient with it in"
        f" {whole * 1e3:.1f} ms; the adjoint is {whole / solve - 1:.2f} times the time of finding it"
    )


def network(y, t, A, B):
    del t
    return B @ np.tanh(A @ y) - 0.1 * y


def lorenz(y, t, s, r, b):
    del t
    return np.array([s * (y[1] - y[0]), y[0] * (r - y[2]) - y[1], y[0] * y[1] - b * y[2]])


def by_steps(y, t, *params):
    return np.sum(tl.odeint(network, y, t, *params, method="rk4", steps=20)[-1] ** 2)


def by_adapted_steps(y, t, *params):
    return np.sum(tl.odeint(network, y, t, *params, method="dopri5")[-1] ** 2)


def lorenz_by_steps(y, t, *params):
    return np.sum(tl.odeint(lorenz, y, t, *params, method="rk4", steps=50)[-1] ** 2)


def lorenz_by_adapted_steps(y, t, *params):
    return np.sum(tl.odeint(lorenz, y, t, *params, method="dopri5")[-1] ** 2)


def ode() -> None:
    rng = np.random.default_rng(2)
    t = np.linspace(0.0, 1.0, 11)
    three = (np.array([1.0, 2.0, 20.0]), t, 10.0, 28.0, 8.0 / 3.0)
    weights = rng.normal(size=(100, 50)) / 7.0, rng.normal(size=(50, 100)) / 10.0
    many, one = (rng.normal(size=(50, 64)), t, *weights), (rng.normal(size=50), t, *weights)
    calls = [(lorenz_by_steps, three), (lorenz_by_adapted_steps, three)]
    calls += [(f, args) for args in (many, one) for f in (by_steps, by_adapted_steps)]
    for f, args in calls:
        df = tl.value_and_grad(f, ("y", "params"))
        df(*args)
        took = alternately({"solve": partial(f, *args), "both": partial(df, *args)})
        print(
            f"ode        {f.__name__}, state of {np.shape(args[0])}: solved in {took['solve'] * 1e3:.1f} ms, value and"
            f" gradient by it and {len(args) - 2} parameters in {took['both'] / took['solve']:.2f} times that"
        )


if __name__ == "__main__":
    for name in sys.argv[1:] or ("extra", "online", "long", "recurrent", "lstm", "reversible", "fixed", "ode"):
        globals()[name]()
