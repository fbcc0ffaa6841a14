"""The emitted gradients beside hand-written ones: statements, time, and helpers that a reader must look up.

    python benchmarks/pairs.py                    # the table, a few minutes
    python benchmarks/pairs.py decay dense        # only these
    python benchmarks/pairs.py --show decay       # the two texts side by side
    python benchmarks/pairs.py --rivals           # beside tangent-ad and autograd, as far as they can
    python benchmarks/pairs.py --compile          # milliseconds to differentiate, too

The primals and their hand-written gradients are those of tests/goldens/targets.py and of
benchmarks/programs/. Ratios are taken within one run: the functions take turns in short blocks, so
that whatever else the machine does falls on all alike; reported is the median over the rounds.
"""

from __future__ import annotations

import argparse
import importlib.util
import inspect
import statistics
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from measure import (  # noqa: E402 - beside this file, which runs as a script
    count_statements,
    geometric_mean,
    runtime_calls,
    same,
    time_ratios,
    with_helpers,
)

GOLDENS = HERE.parent / "tests" / "goldens" / "targets.py"
PROGRAMS = sorted((HERE / "programs").glob("[!_]*.py"))

# What the gradients must reach: geometric means, and each pair.
MEAN_STATEMENTS, MEAN_TIME = 1.15, 1.05
STATEMENTS, TIME = 1.5, 1.25
# Milliseconds to differentiate: in a process that has done so before, and as the first.
WARM, FIRST = 20.0, 100.0

Arguments = tuple[Any, ...]


class Pair(NamedTuple):
    primal: Callable[..., Any]
    hand: Callable[..., Any]
    wrt: int | tuple[int, ...]
    sizes: dict[str, Callable[[], Arguments]]
    file: Path

    @property
    def name(self) -> str:
        return self.primal.__name__


def load(file: Path) -> ModuleType:
    """A file of pairs, its functions such as nobody has seen before."""
    spec = importlib.util.spec_from_file_location(f"pairs_in_{file.stem}", file)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def target_arguments() -> dict[str, tuple[int | tuple[int, ...], Arguments, Arguments | None]]:
    """By name: what is asked for, the arguments of tests/goldens/targets.py, and such as real use has."""
    rng = np.random.default_rng(0)

    def normal(*shape: int) -> np.ndarray:
        return rng.normal(size=shape)

    return {
        "chirp": (0, (0.7,), None),
        "wave_sum": (0, (normal(6),), (normal(2_000),)),
        "decay": ((0, 1), (0.9, 0.3, 5), (0.9, 0.003, 2_000)),
        "soft_path": ((0, 1), (0.6, 1 + normal(9) / 2), (0.6, 1 + normal(2_000) / 2)),
        "jacobi": (0, (normal(9), 4), (normal(20_000), 50)),
        "ridge": (
            (0, 1),
            (normal(3), 0.2, normal(7, 3), normal(7), 0.1),
            (normal(50), 0.2, normal(5_000, 50), normal(5_000), 0.1),
        ),
        "halvings": (0, (13.0,), (1e300,)),
        "residual": (0, (normal(3, 3) / 3, normal(4, 3), 5), (normal(64, 64) / 64, normal(128, 64), 20)),
    }


def all_pairs() -> list[Pair]:
    module = load(GOLDENS)
    found = []
    for name, (wrt, small, large) in target_arguments().items():
        sizes: dict[str, Callable[[], Arguments]] = {"small": lambda args=small: args}
        if large is not None:
            sizes["large"] = lambda args=large: args
        found.append(Pair(getattr(module, name), getattr(module, f"grad_{name}"), wrt, sizes, GOLDENS))
    for file in PROGRAMS:
        module = load(file)
        for pair in module.PAIRS:
            given = [size for size in ("small", "large") if size in pair]
            sizes = {size: lambda make=pair[size]: make(np.random.default_rng(0)) for size in given}
            primal = pair["of"]
            found.append(Pair(primal, getattr(module, f"grad_{primal.__name__}"), pair["wrt"], sizes, file))
    return found


# -- time to differentiate --------------------------------------------------------------------------------


def differentiate(pair: Pair) -> float:
    """Milliseconds from a function nobody has seen to a compiled gradient."""
    import tangent_like as tl

    primal = getattr(load(pair.file), pair.name)
    args = pair.sizes["small"]()
    start = perf_counter()
    tl.grad(primal, argnums=pair.wrt).specialize(*args)
    return 1000 * (perf_counter() - start)


def first_in_a_process(pair: Pair, times: int = 3) -> float:
    """The same, where the import is all that has happened before."""
    command = [sys.executable, str(Path(__file__).resolve()), "--first", pair.name]
    runs = [subprocess.run(command, check=True, capture_output=True, text=True).stdout for _ in range(times)]
    return statistics.median(map(float, runs))


# -- rivals -----------------------------------------------------------------------------------------------


def rivals() -> dict[str, Callable[[Pair], Callable[..., Any]]]:
    """By name: what makes a gradient of a pair; those that are not installed are named and left out."""
    found: dict[str, Callable[[Pair], Callable[..., Any]]] = {}
    try:
        import autograd
        import autograd.numpy

        found["autograd"] = lambda pair: traced(pair, autograd.grad, autograd.numpy)
    except ImportError:
        print("autograd is not installed: left out")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import tangent

        def made(pair: Pair) -> Callable[..., Any]:
            return tangent.grad(pair.primal, wrt=pair.wrt if isinstance(pair.wrt, tuple) else (pair.wrt,))

        found["tangent"] = made
    except ImportError:
        print("tangent-ad is not installed: left out")
    return found


def traced(pair: Pair, grad: Callable[..., Any], numpy: ModuleType) -> Callable[..., Any]:
    """The primal with another module for NumPy, differentiated by tracing."""
    namespace = dict(vars(sys.modules[pair.primal.__module__]))
    exec(compile(Path(pair.file).read_text(encoding="utf-8"), str(pair.file), "exec"), namespace)  # noqa: S102
    namespace["np"] = namespace["math"] = numpy
    return grad(namespace[pair.name], argnum=pair.wrt)


def rival_ratio(make: Callable[[Pair], Callable[..., Any]], pair: Pair, args: Arguments, rounds: int) -> str:
    """Its time over the hand-written one's, or why there is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            gradient = make(pair)
            claimed = gradient(*args)
            many = isinstance(pair.wrt, tuple)
            if not same(claimed if many or not isinstance(claimed, tuple) else claimed[0], pair.hand(*args), 1e-6):
                return "wrong"
            return f"{time_ratios((gradient, pair.hand), args, rounds)[0]:.1f}"
    except Exception:  # noqa: BLE001 - whatever a rival raises
        return "cannot"


# -- the table ----------------------------------------------------------------------------------------------


def mark(value: float, limit: float, digits: int = 2) -> str:
    """The number, with a star where it is over what it must reach."""
    return f"{value:.{digits}f}{'*' if value > limit else ' '}"


def show(pair: Pair) -> None:
    import tangent_like as tl

    print(inspect.getsource(pair.primal))
    print(with_helpers(pair.hand))
    for size, make in pair.sizes.items():
        text = tl.grad(pair.primal, argnums=pair.wrt).source_for(*make())
        if size == "small":
            small = text
            print(text)
        elif text != small:
            print(f"# {size}\n{text}")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these primals")
    parser.add_argument("--rounds", type=int, default=31, help="turns that each function takes")
    parser.add_argument("--show", action="store_true", help="print the texts and measure nothing")
    parser.add_argument("--rivals", action="store_true", help="beside tangent-ad and autograd")
    parser.add_argument("--compile", action="store_true", help="how long it takes to differentiate")
    parser.add_argument("--first", metavar="NAME", help=argparse.SUPPRESS)
    options = parser.parse_args()
    pairs = {pair.name: pair for pair in all_pairs()}
    if options.first:
        print(differentiate(pairs[options.first]))
        return 0
    for name in options.names:
        if name not in pairs:
            parser.error(f"no primal {name!r}; there are {', '.join(pairs)}")
    chosen = [p for p in pairs.values() if not options.names or p.name in options.names]
    if options.show:
        for pair in chosen:
            show(pair)
        return 0

    import tangent_like as tl

    others = rivals() if options.rivals else {}
    head = f"{'':<24}{'statements':>10}{'ratio':>7} {'time':>7} {'primal':>7}"
    tail = f"{'first':>8}{'warm':>7}  ms" if options.compile else ""
    print(head + "".join(f"{name:>10}" for name in others) + tail)
    statements: list[float] = []
    times: list[float] = []
    over = 0
    for pair in chosen:
        for size, make in pair.sizes.items():
            args = make()
            derivative = tl.grad(pair.primal, argnums=pair.wrt)
            emitted, text = derivative.specialize(*args), derivative.source_for(*args)
            if not same(emitted(*args), pair.hand(*args)):
                raise SystemExit(f"{pair.name}, {size}: not the hand-written gradient's values")
            ours, theirs = count_statements(text), count_statements(with_helpers(pair.hand))
            ratio = time_ratios((emitted, pair.hand, pair.primal), args, options.rounds)
            line = f"{f'{pair.name}, {size}':<24}"
            if size == "small":
                statements.append(ours / theirs)
                line += f"{f'{ours}/{theirs}':>10}{mark(ours / theirs, STATEMENTS):>8}"
                over += ours / theirs > STATEMENTS
            else:
                line += " " * 18
            times.append(ratio[0])
            over += ratio[0] > TIME
            line += f"{mark(ratio[0], TIME):>8}{ratio[0] / ratio[2]:>7.2f}"
            line += "".join(f"{rival_ratio(make_, pair, args, 5):>10}" for make_ in others.values())
            if options.compile and size == "small":
                first, warm = first_in_a_process(pair), statistics.median(differentiate(pair) for _ in range(7))
                line += f"{mark(first, FIRST, 1):>9}{mark(warm, WARM, 1):>8}"
                over += (first > FIRST) + (warm > WARM)
            helpers = runtime_calls(text)
            over += bool(helpers)
            print((line + ("   calls " + ", ".join(helpers) if helpers else "")).rstrip(), flush=True)
    means = geometric_mean(statements), geometric_mean(times)
    over += (means[0] > MEAN_STATEMENTS) + (means[1] > MEAN_TIME)
    print(f"{'geometric mean':<34}{mark(means[0], MEAN_STATEMENTS):>8}{mark(means[1], MEAN_TIME):>8}")
    print(
        f"\n* over what it must reach: statements {STATEMENTS}, {MEAN_STATEMENTS} in the mean; time {TIME}, "
        f"{MEAN_TIME} in the mean; {over or 'none'} over"
    )
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
