"""Values of arguments, as they are given on the command line: ``--at "x=np.ones(3)"``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tangent_like.cli.target import UsageError, near

Pair = tuple[str, str]


def apart(given: Iterable[str]) -> list[Pair]:
    """Names and expressions."""
    found: list[Pair] = []
    for text in given:
        name, equals, expression = text.partition("=")
        name, expression = name.strip(), expression.strip()
        if not equals or not name.isidentifier() or not expression or expression.startswith("="):
            raise UsageError(f'--at {text!r} is not NAME=EXPRESSION, for example --at "x=np.ones(3)"')
        if name in [n for n, _ in found]:
            raise UsageError(f"--at {name}: given twice")
        found.append((name, expression))
    return found


def pairs(given: list[Pair], function: str, params: Sequence[str]) -> list[Pair]:
    """The pairs, whose names are arguments of the function."""
    for name, _ in given:
        if name not in params:
            raise UsageError(f"--at {name}: {function} has no argument {name!r}{near(name, params)}")
    return given


def values(given: Iterable[Pair], names: Mapping[str, Any]) -> dict[str, Any]:
    """What the expressions give; each may use ``names``, and what is given before it."""
    found: dict[str, Any] = {}
    namespace = dict(names)
    for name, expression in given:
        try:
            found[name] = eval(expression, namespace)  # noqa: S307  # the user's own words
        except SyntaxError as error:
            raise UsageError(f"--at {name}={expression}: syntax error: {error.msg}") from None
        except Exception as error:  # noqa: BLE001  # whatever the user's expression raises
            what = " ".join(f"{type(error).__name__}: {error}".split())
            raise UsageError(f"--at {name}={expression}: {what}") from None
        namespace[name] = found[name]
    return found
