"""``scipy.signal``: signals without negative frequencies."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy import signal

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import linear
from tangent_like.runtime import analytic_weights


@linear(
    signal.hilbert,
    kind="fft",
    of=("x",),
    accepts={"N": (None,)},
    cases=(case(draw(5)), case(draw(6)), case(draw(4, 3), axis=0), case(draw(2, 5))),
)
def hilbert(y_bar, y, x, N=None, axis=-1):
    return np.fft.fft(np.fft.ifft(y_bar, axis=axis) * analytic_weights(np.shape(x), axis), axis=axis)
