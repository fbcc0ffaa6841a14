"""Print what is known about the functions that derivatives are taken of.

Without a name: all of them, by family. With one (np.sum, math.exp, .clip): the arguments that are known,
which of them carry derivatives, what happens at a kink, and the rule itself."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterator

from tangent_like.cli.target import UsageError

HELP = "print what is known about which function"
EPILOG = """\
examples:
  tangent-like rules
  tangent-like rules np.clip
  tangent-like rules .reshape
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", nargs="?", help="a function, as it is written in a program")


def run(options: argparse.Namespace) -> int:
    from tangent_like.rules.describe import known_functions, lines, looked_up

    if options.name:
        found = list(looked_up(options.name))
        taken = [(name, how) for name, how in taken_apart() if options.name in (name, name.removeprefix("scipy."))]
        for name, how in () if found else taken:
            print(f"{name}\n  {how}")
        if not found and taken:
            return 0
        if not found:
            raise UsageError(f"nothing is known about {options.name!r}: a derivative through it is refused")
        print("\n\n".join("\n".join(lines(known)) for known in found))
        return 0
    by_family: dict[str, list[str]] = {}
    for known in known_functions():
        by_family.setdefault("without a derivative" if known.is_constant else known.family, []).append(known.name)
    for name, how in taken_apart():
        by_family.setdefault(how.partition(";")[0], []).append(name)
    for family, names in by_family.items():
        print(textwrap.fill(f"{family}: {', '.join(names)}", 100, subsequent_indent="  ", break_long_words=False))
    return 0


def taken_apart() -> Iterator[tuple[str, str]]:
    """What has no rule of its own: functions that are given functions, objects that are asked, solvers."""
    from tangent_like.specialize.by_functions import BY_FUNCTIONS
    from tangent_like.specialize.in_steps import IN_STEPS
    from tangent_like.specialize.library_objects import OBJECTS
    from tangent_like.specialize.scipy_solvers import KNOWN

    for name in dict.fromkeys((*BY_FUNCTIONS, *IN_STEPS, *OBJECTS)):
        if not name.startswith("tangent_like"):
            public = f"np.{name.removeprefix('numpy.')}" if name.startswith("numpy.") else name
            yield public, "said as calls of functions that have rules"
    for name, (signature, _) in KNOWN.items():
        yield f"scipy.{name}", f"by the equation that its result solves; its arguments: {', '.join(signature.split())}"
