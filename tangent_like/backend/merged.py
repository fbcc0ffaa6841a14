"""Functions of one text are one function: a helper compiled for several kinds of arguments, to the same end.

Before                                       After

    def half_forward(x):                         def half_forward(x):
        return 0.5 * x                               return 0.5 * x

    def half_forward_2(x):                       def f_forward(x, X):
        return 0.5 * x                               return half_forward(x) * half_forward(X)

    def f_forward(x, X):
        return half_forward(x) * half_forward_2(X)
"""

from __future__ import annotations

from dataclasses import replace

from tangent_like.backend.emit import Text, emit_function
from tangent_like.backend.spelling import make_spelling
from tangent_like.ir.calls import calling
from tangent_like.ir.nodes import Function


def merged(functions: tuple[Function, ...], last: int) -> tuple[Function, ...]:
    """Of functions with the same text the first; the ``last`` of them are kept whatever they say."""
    helpers, kept = functions[: len(functions) - last], functions[len(functions) - last :]
    if len(helpers) < 2:
        return functions
    spelling = make_spelling(list(functions))
    known: dict[str, str] = {}
    table: dict[str, str] = {}
    out: list[Function] = []
    for helper in helpers:
        function = calling(helper, table)
        text = Text()
        anonymous = replace(calling(function, {function.name: ""}), name="")  # it may call itself
        emit_function(anonymous, spelling, True, text)
        first = known.setdefault(str(text), function.name)
        if first == function.name:
            out.append(function)
        else:
            table[function.name] = first
    return (*out, *(calling(function, table) for function in kept))

