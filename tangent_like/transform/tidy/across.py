"""What is short, under the comment of the statement that reads it.

Before                                   After

    # y = np.sin(z)                          # y = np.sin(z)
    z_bar = y_bar * np.cos(z)                z_bar = y_bar * np.cos(z)
    w_bar = 2 * w                            # r = X @ w
    t_bar = y_bar * r                        w_bar = 2 * w + X.T @ (y_bar * r)
    # r = X @ w
    w_bar += X.T @ t_bar

At the end of a round, when all that belongs to one statement of the user's is said in one place.
"""

from __future__ import annotations

from tangent_like.ir.nodes import Function
from tangent_like.transform.tidy.alive import Alive
from tangent_like.transform.tidy.blocks import with_body
from tangent_like.transform.tidy.facts import Facts
from tangent_like.transform.tidy.nest import Nester
from tangent_like.transform.tidy.sums import summed


def across(function: Function, facts: Facts) -> Function:
    function = summed(function, facts, True)
    return with_body(function, Nester(facts, Alive(facts), True).block(function.body, 1))
