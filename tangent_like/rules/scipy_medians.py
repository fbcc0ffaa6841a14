"""``scipy.signal``: medians of windows."""

# mypy: allow-untyped-defs, allow-untyped-calls

from scipy import signal

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import at_least, rule
from tangent_like.runtime import picked, unpicked


@at_least(volume=1)
@rule(
    signal.medfilt,
    kind="first",
    of=("volume",),
    cases=(case(draw(6)), case(draw(4, 5)), case(draw(4, 5), (3, 1)), case(draw(7), 5)),
)
def medfilt(y, volume, kernel_size=None):
    """Beyond the border are zeros."""

    def jvp(volume_dot):
        return picked(volume_dot, volume, y, 3 if kernel_size is None else kernel_size, None, "constant")

    def vjp(y_bar):
        return unpicked(y_bar, volume, y, 3 if kernel_size is None else kernel_size, None, "constant")

    return jvp, vjp


@rule(signal.medfilt2d, kind="first", of=("input",), cases=(case(draw(4, 5)), case(draw(4, 5), 5)))
def medfilt2d(y, input, kernel_size=3):
    def jvp(input_dot):
        return picked(input_dot, input, y, kernel_size, None, "constant")

    def vjp(y_bar):
        return unpicked(y_bar, input, y, kernel_size, None, "constant")

    return jvp, vjp
