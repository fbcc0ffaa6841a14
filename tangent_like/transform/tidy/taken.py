"""What is taken from a list, in the one place where it is read.

Before                                   After

    for i in range(n):                       for i in range(n):
        y = y_saved.pop()                        # y = y * k[i]
        # y = y * k[i]                           k_bar[i] += y_bar * y_saved.pop()
        k_bar[i] += y_bar * y                    y_bar = y_bar * k[i]
        y_bar = y_bar * k[i]                     # x = np.sin(x)
        # x = np.sin(x)                          x = x_saved.pop()
        x = x_saved.pop()                        x_bar = x_bar * np.cos(x) + x
        x_bar = x_bar * np.cos(x) + x

Where the text is for readers: what differentiates or compiles it again finds each ``pop`` in a line of its own.
"""

from __future__ import annotations

from tangent_like.ir.nodes import Function, Pop
from tangent_like.ir.walk import statements
from tangent_like.transform.tidy.alive import Alive
from tangent_like.transform.tidy.blocks import with_body
from tangent_like.transform.tidy.facts import Facts
from tangent_like.transform.tidy.nest import Nester


def taken(function: Function, facts: Facts) -> Function:
    if not any(isinstance(s, Pop) for s in statements(function.body)):
        return function
    return with_body(function, Nester(facts, Alive(facts), takes=True).block(function.body, 1))
