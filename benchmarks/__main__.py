"""All programs of benchmarks/ side by side: ours, adjoints written by hand, and every rival that is installed.

    python -m benchmarks                    # the table; half an hour, most of which rivals compile
    python -m benchmarks durbin decay       # only these
    python -m benchmarks --write            # and docs/performance.md with its figures

Install what it is held against: pip install -e ".[jit]" autograd jax torch tangent-ad casadi scipy matplotlib. What is
not installed is named and left out. All take turns in one process, on one thread; results must agree to 1e-9.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
import signal
import statistics
import sys
import warnings
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from measure import geometric_mean, interleaved, same  # noqa: E402
from rivals import CannotError, Rival, Task, installed  # noqa: E402

import tangent_like as tl  # noqa: E402

DOCS = HERE.parent / "docs"
PACKAGES = ("numpy", "scipy", "numba", "autograd", "jax", "torch", "tangent-ad", "casadi")
Function = Callable[..., Any]


class Program(NamedTuple):
    name: str
    family: str
    f: Function
    wrt: int | tuple[int, ...]
    args: tuple[Any, ...]
    hand: Function | None = None  # in NumPy, or in loops to be compiled
    loops: bool = False


class Row(NamedTuple):
    program: Program
    over_hand: float | None  # of ours in Python, over an adjoint by hand in Python
    over_loops: float | None  # of ours compiled, over an adjoint by hand compiled
    over_primal: float | None  # both compiled
    rivals: dict[str, float | str]  # times ours: compiled against compiled; or why there is no number


def programs() -> Iterator[Program]:
    import pairs
    import polyhedral
    import schemes
    import tables
    import updates

    for pair in pairs.all_pairs():
        size = "large" if "large" in pair.sizes else "small"
        family = pair.file.stem if pair.file.parent.name == "programs" else "targets"
        yield Program(pair.name, family, pair.primal, pair.wrt, pair.sizes[size](), pair.hand)
    try:
        import native

        for primal, adjoint, args in native.PROGRAMS:
            yield Program(f"{primal.__name__} in loops", "loops", primal, 0, args, adjoint, True)
    except ImportError:
        print("numba is not installed: nothing is compiled")
    for primal, adjoint, wrt, args in (*polyhedral.PROGRAMS, *updates.PROGRAMS, *tables.PROGRAMS, *schemes.PROGRAMS):
        yield Program(f"{primal.__name__} in loops", "loops", primal, wrt, args, adjoint, True)
    from adbench import ba, gmm, hand, lstm, squares

    data = HERE / "data"
    yield Program("gmm_d10_K25", "ADBench", gmm.objective, gmm.WRT, tuple(gmm.read(data / "gmm_d10_K25.txt")))
    yield Program("lstm_l2_c1024", "ADBench", lstm.objective, lstm.WRT, tuple(lstm.read(data / "lstm_l2_c1024.txt")))
    seen = tuple(ba.read(data / "ba1_n49_m7776_p31843.txt"))
    yield Program("ba1_n49_m7776", "ADBench", squares.bundle, (0, 1, 2), seen)
    posed = hand.read(data / "hand" / "simple_t26_c100.txt")
    simple = (posed.theta, *posed.model[:-1], posed.correspondences, posed.points)
    yield Program("hand_simple", "ADBench", squares.tracked, 0, simple)


@contextlib.contextmanager
def at_most(limit: int) -> Iterator[None]:
    """Ends what takes more seconds, where the system has alarms; 0 is no limit."""
    if not limit or not hasattr(signal, "SIGALRM"):
        yield
        return

    def ring(*_: Any) -> None:
        raise CannotError(f"more than {limit} s before its first result")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(limit)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def compiled(f: Function) -> Function | None:
    """The function under Numba; None where Numba is not there."""
    try:
        import numba
    except ImportError:
        return None
    made: Function = numba.njit(f)
    return made


def first(make: Callable[[], Function], args: tuple[Any, ...], limit: int) -> tuple[Function, Any] | str:
    """A function and its result; or why there is none."""
    try:
        with warnings.catch_warnings(), at_most(limit):
            warnings.simplefilter("ignore")
            f = make()
            return f, f(*args)
    except CannotError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - whatever a rival raises
        return f"{type(error).__name__}"


def measured(program: Program, others: list[Rival], rounds: int, limit: int) -> Row:
    wrt = program.wrt if isinstance(program.wrt, tuple) else (program.wrt,)
    ours = tl.grad(program.f, program.wrt)
    truth = ours(*program.args)
    running: dict[str, Function] = {"ours": ours}
    if not program.loops and program.hand is not None:
        running["specialized"] = ours.specialize(*program.args)
    told: dict[str, float | str] = {}

    def add(name: str, make: Callable[[], Function | None], tolerance: float = 1e-9, seconds: int = 0) -> None:
        found = first(make, program.args, seconds)  # type: ignore[arg-type]
        if isinstance(found, str):
            told[name] = found
            return
        f, value = found
        many = isinstance(program.wrt, tuple)
        value = value[0] if isinstance(value, tuple) and not many and len(value) == 1 else value
        if name != "primal compiled" and not same(value, truth, tolerance):
            told[name] = "wrong"
            return
        running[name] = f

    if compiled(program.f) is not None:
        add("compiled", lambda: tl.grad(program.f, program.wrt, jit=True))
        add("primal compiled", lambda: compiled(program.f))
        if program.loops and program.hand is not None:
            add("hand compiled", lambda: compiled(program.hand))  # type: ignore[arg-type]
    if not program.loops and program.hand is not None:
        add("hand", lambda: program.hand)
    task = Task(program.f, wrt, program.args)
    for rival in others:
        add(rival.name, lambda rival=rival: rival.make(task), rival.tolerance, limit)  # type: ignore[misc]
    slow = program.loops  # in Python it takes seconds: what is compiled is what counts
    names = [n for n in running if not (slow and n == "ours")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        times = list(interleaved([running[n] for n in names], program.args, rounds, 0.004, process_time))

    def over(a: str, b: str) -> float | None:
        if a not in names or b not in names:
            return None
        return statistics.median(t[names.index(a)] / t[names.index(b)] for t in times)

    found: dict[str, float | str] = {}
    for rival in others:
        base = "compiled" if (rival.compiled or slow) and "compiled" in names else "ours"
        ratio = over(rival.name, base)
        found[rival.name] = told.get(rival.name, "not measured") if ratio is None else ratio
    loops, primal = over("compiled", "hand compiled"), over("compiled", "primal compiled")
    return Row(program, over("specialized", "hand"), loops, primal, found)


# -- the page ---------------------------------------------------------------------------------------------


def cell(value: float | str | None) -> str:
    if isinstance(value, str):
        return "-"
    return "" if value is None else f"{value:.2f}" if value < 10 else f"{value:.0f}"


def mean_of(values: list[Any]) -> str:
    numbers = [v for v in values if isinstance(v, float)]
    return f"{geometric_mean(numbers):.2f}" if numbers else ""


def table(rows: list[Row], names: list[str]) -> str:
    head = ["program", "over hand", "compiled over hand", "compiled over primal", *names]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in rows:
        cells = [row.over_hand, row.over_loops, row.over_primal, *(row.rivals[n] for n in names)]
        lines.append("| " + " | ".join([row.program.name, *map(cell, cells)]) + " |")
    columns = [[r.over_hand for r in rows], [r.over_loops for r in rows], [r.over_primal for r in rows]]
    columns += [[r.rivals[n] for r in rows] for n in names]
    lines.append("| **geometric mean** | " + " | ".join(map(mean_of, columns)) + " |")
    return "\n".join(lines)


def machine() -> str:
    model = platform.processor() or platform.machine()
    with contextlib.suppress(OSError):
        info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        model = next((line.partition(":")[2].strip() for line in info.splitlines() if "model name" in line), model)
    load = f", load {os.getloadavg()[0]:.1f} when it ended" if hasattr(os, "getloadavg") else ""
    return f"{model}, {os.cpu_count()} cores{load}; Python {platform.python_version()}"


def versions() -> str:
    found = []
    for name in PACKAGES:
        with contextlib.suppress(PackageNotFoundError):
            found.append(f"{name} {version(name)}")
    return ", ".join(found)


def page(rows: list[Row], names: list[str], missing: list[str], drawn: bool, note: str = "") -> str:
    """``note``: what was otherwise this time."""
    reasons = sorted({f"{n}: {v}" for r in rows for n, v in r.rivals.items() if isinstance(v, str)})
    parts = [
        "# Performance",
        ("How long a gradient takes, held against one written by hand, against the function itself, and against other"
        " tools, on the programs of `benchmarks/`. All take turns in one process, on one thread; each number is the"
        " median of the ratios of a round, in time of the processor, and all results agree to 1e-9 (differences: 1e-3)."
        " `python -m benchmarks --write` measures anew and writes this page."),
        *([note] if note else []),
        f"{machine()}; {versions()}." + (f" Not installed: {', '.join(missing)}." if missing else ""),
        ("- *over hand*: the gradient in Python (`specialize`) over the gradient written by hand. 1 is level, less is"
        " faster.\n"
        "- *compiled over hand*: with `jit=True`, over the gradient by hand in scalar loops, under Numba too.\n"
        "- *compiled over primal*: with `jit=True`, over the function itself under Numba.\n"
        "- the other columns: the time of that tool over ours. Above 1 ours is faster. `jax.jit`, CasADi, and all on"
        " the programs in loops are held against ours compiled, the others against ours in Python. A dash: it cannot"
        " (reasons below); an empty cell: there is nothing to hold it against, no gradient by hand or no function that"
        " Numba compiles."),
        table(rows, names),
    ]
    if drawn:
        parts.append("![times of the rivals over ours](performance.png)")
        parts.append("![growth with arrays, turns, lines; memory](growth.png)")
    parts.append("## What a dash stands for")
    parts.append("\n".join(f"- {r}" for r in reasons) or "There is none.")
    return "\n\n".join(parts) + "\n"


def draw(rows: list[Row], names: list[str], file: str) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axis = plt.subplots(figsize=(9, 0.24 * len(rows) + 1.5))
    for name in names:
        points = [(r.rivals[name], k) for k, r in enumerate(rows) if isinstance(r.rivals[name], float)]
        axis.plot([x for x, _ in points], [y for _, y in points], "o", label=name, alpha=0.8, markersize=5)
    axis.axvline(1.0, color="black", linewidth=1)
    axis.set(xscale="log", xlabel="time over ours", yticks=range(len(rows)))
    axis.set_yticklabels([r.program.name for r in rows], fontsize=7)
    axis.invert_yaxis()
    axis.grid(alpha=0.3)
    axis.legend(fontsize=7)
    figure.tight_layout()
    figure.savefig(file, dpi=80)
    plt.close(figure)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", help="only programs whose names begin so")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--limit", type=int, default=60, help="seconds that a rival may take before its first result")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md and its figures")
    options = parser.parse_args()
    others, missing = installed()
    for name in missing:
        print(f"{name} is not installed: left out")
    names = [r.name for r in others]
    print("  ".join(["program", "over hand", "compiled over hand", "compiled over primal", *names]))
    rows: list[Row] = []
    for program in programs():
        if options.names and not program.name.startswith(tuple(options.names)):
            continue
        row = measured(program, others, options.rounds, options.limit)
        cells = (row.over_hand, row.over_loops, row.over_primal, *(row.rivals[n] for n in names))
        print(f"{program.name:24}" + "".join(f"{cell(c):>9}" for c in cells), flush=True)
        rows.append(row)
    drawn = False
    if options.write:
        try:
            import growth

            draw(rows, names, str(DOCS / "performance.png"))
            growth.draw(str(DOCS / "growth.png"))
            drawn = True
        except ImportError:
            print("matplotlib is not installed: no figures")
        (DOCS / "performance.md").write_text(page(rows, names, missing, drawn), encoding="utf-8")
    wrong = [f"{r.program.name}: {n}" for r in rows for n, v in r.rivals.items() if v == "wrong"]
    for one in wrong:
        print(f"not our values: {one}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
