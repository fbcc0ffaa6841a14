"""Run the derivative of a function line by line: where adjoints become infinite, vanish or explode; kinks; lost digits.

The file is imported, as when it is run with its folder on the path."""

from __future__ import annotations

import argparse
import inspect
from types import FunctionType
from typing import Any

from tangent_like.cli.check import argument_named, call, guarded, load, point
from tangent_like.cli.points import apart
from tangent_like.cli.target import UsageError, find, names_or_numbers, split

HELP = "say where the adjoints of a function go wrong"
EPILOG = """\
examples:
  tangent-like diagnose model.py:loss --at "x=np.ones(3)" --at "n=50"
  tangent-like diagnose model.py:loss --at "x=np.ones(3)" --wrt x,w --plot norms.png

An expression after `=` may use np, math, the names of the file, and arguments given before it.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="FILE.py:FUNCTION", help="the function to diagnose")
    parser.add_argument(
        "--at",
        metavar="NAME=EXPR",
        action="append",
        default=[],
        help="the value of an argument; once for each that has no default",
    )
    parser.add_argument(
        "--wrt",
        metavar="NAMES",
        action="append",
        help="the arguments to differentiate with respect to: names or numbers (default: the first)",
    )
    parser.add_argument("--plot", metavar="FILE", help="draw the norms of the adjoints (matplotlib)")


def run(options: argparse.Namespace) -> int:
    import tangent_like

    file, name = split(options.target)
    find(file, name)
    wanted = names_or_numbers(options.wrt)
    points = apart(options.at)
    module = load(file)
    f: Any = module
    for part in name.split("."):
        f = getattr(f, part, None)
    if not isinstance(inspect.unwrap(f) if callable(f) else f, FunctionType):
        raise UsageError(f"{file}: {name!r} is {type(f).__name__} once the file has run, not a function")
    arguments = point(f, points, module)
    argnums = tuple(argument_named(f, list(arguments), w) for w in wanted)

    def diagnosed(*args: Any, **kwargs: Any) -> Any:
        return tangent_like.diagnose(f, *args, argnums=argnums, **kwargs)

    found = guarded(f"{name}", lambda: call(diagnosed, f, arguments))
    print(found)
    if options.plot:
        try:
            found.plot(options.plot)
        except ImportError:
            raise UsageError("--plot needs matplotlib: pip install matplotlib") from None
    return 0
