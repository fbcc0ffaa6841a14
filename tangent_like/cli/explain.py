"""Print a function with a margin that says what becomes of each line.

Differentiated, or inactive and why; what is kept for the way back, and how many bytes that is. The file is read,
not executed."""

from __future__ import annotations

import argparse
import math
from typing import Any

import numpy as np

from tangent_like.analysis.constants import parameter_kinds, parameter_sizes
from tangent_like.cli.grad import behind_self
from tangent_like.cli.points import apart, pairs, values
from tangent_like.cli.target import find, names_or_numbers, split
from tangent_like.errors import ResultError
from tangent_like.frontend.lower import lower
from tangent_like.frontend.resolve import FileScope
from tangent_like.ir.deep import deeply
from tangent_like.kinds.structure import Shape, shape_of_value, structure_sizes
from tangent_like.pipeline import differentiate
from tangent_like.request import STORES, Request
from tangent_like.show.explain import explanation
from tangent_like.show.stages import Journey

HELP = "print a function with what becomes of each line"
EPILOG = """\
examples:
  tangent-like explain model.py:loss --wrt W,b
  tangent-like explain model.py:loss --at "W=np.ones((3, 2))" --at "steps=10"

With a value for an argument its sizes are known, and with them how many bytes are kept. An expression
after `=` may use np, math, and arguments given before it.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="FILE.py:FUNCTION", help="the function to explain")
    parser.add_argument(
        "--wrt",
        metavar="NAMES",
        action="append",
        help="the arguments to differentiate with respect to: names or numbers, separated by commas "
        "(default: the first)",
    )
    parser.add_argument(
        "--at",
        metavar="NAME=EXPR",
        action="append",
        default=[],
        help="the value of an argument, for its kind and sizes",
    )
    parser.add_argument("--store", choices=STORES, default="auto", help="as for grad: what is kept")


def run(options: argparse.Namespace) -> int:
    file, name = split(options.target)
    source = find(file, name)
    scope = source.scope
    assert isinstance(scope, FileScope)
    wanted = behind_self(source, names_or_numbers(options.wrt))
    function = lower(source)[0]
    given = values(pairs(apart(options.at), name, [p.name for p in function.params]), {"np": np, "math": math})
    shapes: dict[str, Shape] = dict(parameter_kinds(function, wanted, scope))
    sizes: dict[str, int] = {}
    stated = parameter_sizes(function, scope)
    for argument, value in given.items():
        shapes[argument] = shape_of_value(value, argument)
        sizes.update(structure_sizes(value, argument))

    def explained(mode: str) -> Any:
        journey = Journey()
        request = Request(wanted if len(wanted) > 1 else wanted[0], mode, guards=True, store=options.store)
        derived = differentiate(source, request, shapes, sizes, journey, stated=stated)
        return explanation(journey, derived.asked or derived.wrt, derived.sizes)

    try:
        print(deeply(lambda: explained("grad")))
    except ResultError:
        print(deeply(lambda: explained("vjp")))
    return 0
