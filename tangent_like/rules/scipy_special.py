"""``scipy.special``: read only where the user's program imports SciPy.

By orders and shape parameters mostly nobody has a closed form: those operands are refused where they
carry a derivative.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import math

import numpy as np
from scipy import special

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import POSITIVE, REAL, UNIT, WHOLE, Domain, elementwise, rule
from tangent_like.runtime import beta_slope, chi2_slope, gamma_slope, normal_ratio, spread, unbroadcast

OPEN = Domain(0.1, 0.9)
FAR = Domain(0.5, 4.0)


def _since(name):
    """A function that this SciPy may lack: None then, as rules take it."""
    return getattr(special, name, None)


# -- errors and probabilities ------------------------------------------------------------------------


@elementwise(special.erf)
def erf(y, x):
    return 2 / math.sqrt(math.pi) * np.exp(-(x**2))


@elementwise(special.erfc)
def erfc(y, x):
    return -2 / math.sqrt(math.pi) * np.exp(-(x**2))


@elementwise(special.erfcx)
def erfcx(y, x):
    return 2 * x * y - 2 / math.sqrt(math.pi)


@elementwise(special.erfi)
def erfi(y, x):
    return 2 / math.sqrt(math.pi) * np.exp(x**2)


@elementwise(special.erfinv, domain=UNIT)
def erfinv(y, x):
    return 0.5 * math.sqrt(math.pi) * np.exp(y**2)


@elementwise(special.erfcinv, domain=Domain(0.1, 1.9))
def erfcinv(y, x):
    return -0.5 * math.sqrt(math.pi) * np.exp(y**2)


@elementwise(special.dawsn)
def dawsn(y, x):
    return 1 - 2 * x * y


@elementwise(special.ndtr)
def ndtr(y, x):
    return np.exp(-0.5 * x**2) / math.sqrt(2 * math.pi)


@elementwise(special.log_ndtr)
def log_ndtr(y, x):
    return normal_ratio(x)


@elementwise(normal_ratio)
def normal_ratio_rule(r, x):
    return -r * (x + r)


@elementwise(special.ndtri, domain=OPEN)
def ndtri(y, x):
    return math.sqrt(2 * math.pi) * np.exp(0.5 * y**2)


@elementwise(_since("ndtri_exp"), domain=Domain(-3.0, -0.1))
def ndtri_exp(y, x):
    return math.sqrt(2 * math.pi) * np.exp(0.5 * y**2 + x)


@elementwise(special.owens_t, domain=(REAL, REAL))
def owens_t(y, h, a):
    return (
        -0.5 / math.sqrt(2 * math.pi) * np.exp(-0.5 * h**2) * special.erf(a * h / math.sqrt(2)),
        np.exp(-0.5 * h**2 * (1 + a**2)) / (2 * math.pi * (1 + a**2)),
    )


# -- logistic, entropies, guarded logarithms -----------------------------------------------------------


@elementwise(special.expit)
def expit(y, x):
    return y * (1 - y)


@elementwise(special.logit, domain=OPEN)
def logit(y, x):
    return 1 / (x * (1 - x))


@elementwise(special.log_expit)
def log_expit(y, x):
    return special.expit(-x)


@elementwise(special.xlogy, domain=(POSITIVE, POSITIVE), cases=(case(0.0, draw(3, low=0.5)),))
def xlogy(z, x, y):
    """0 in ``y`` where ``x`` is 0, as the function itself is."""
    return np.log(y), x / np.where(x == 0, 1, y)


@elementwise(special.xlog1py, domain=(POSITIVE, POSITIVE), cases=(case(0.0, draw(3, low=0.5)),))
def xlog1py(z, x, y):
    return np.log1p(y), x / np.where(x == 0, 1, 1 + y)


@elementwise(special.entr, domain=POSITIVE)
def entr(y, x):
    return -np.log(x) - 1


@elementwise(special.rel_entr, domain=(POSITIVE, POSITIVE))
def rel_entr(z, x, y):
    return np.log(x / y) + 1, -x / y


@elementwise(special.kl_div, domain=(POSITIVE, POSITIVE))
def kl_div(z, x, y):
    return np.log(x / y), 1 - x / y


@elementwise(special.huber, domain=(POSITIVE, REAL))
def huber(z, delta, r):
    return np.maximum(np.abs(r) - delta, 0), np.clip(r, -delta, delta)


@elementwise(special.pseudo_huber, domain=(POSITIVE, REAL))
def pseudo_huber(z, delta, r):
    return (
        2 * delta * (np.hypot(1, r / delta) - 1) - r**2 / (delta * np.hypot(1, r / delta)),
        r / np.hypot(1, r / delta),
    )


_EXPONENTS = (case(draw(3, low=0.5, high=2.0), 0.0), case(draw(3, low=0.5, high=2.0), np.array([0.0, 0.7, -1.2])))


@elementwise(special.boxcox, domain=(POSITIVE, REAL), cases=_EXPONENTS)
def boxcox(z, x, lmbda):
    """By the exponent without a division by it: its slopes at 0 are right at every order."""
    return x ** (lmbda - 1), 0.5 * np.log(x) ** 2 * special.hyp1f1(2, 3, lmbda * np.log(x))


@elementwise(special.boxcox1p, domain=(POSITIVE, REAL), cases=_EXPONENTS)
def boxcox1p(z, x, lmbda):
    return (1 + x) ** (lmbda - 1), 0.5 * np.log1p(x) ** 2 * special.hyp1f1(2, 3, lmbda * np.log1p(x))


@elementwise(special.inv_boxcox, domain=(OPEN, POSITIVE), cases=_EXPONENTS)
def inv_boxcox(z, x, lmbda):
    """By the exponent, near 0: the first terms of a series."""
    return z ** (1 - lmbda), -z * np.square(x) * np.where(
        np.abs(lmbda * x) < 1e-3,
        1 / 2 - lmbda * x * (2 / 3 - lmbda * x * (3 / 4 - lmbda * x * (4 / 5 - lmbda * x * 5 / 6))),
        (np.log1p(lmbda * x) - lmbda * x / (1 + lmbda * x))
        / np.square(np.where(np.equal(lmbda * x, 0), 1.0, lmbda * x)),
    )


@elementwise(special.powm1, domain=(POSITIVE, REAL))
def powm1(z, x, y):
    return y * x ** (y - 1), (z + 1) * np.log(x)


@elementwise(special.chdtr, domain=(POSITIVE, POSITIVE))
def chdtr(p, v, x):
    return -chi2_slope(v, x) * np.exp(
        (0.5 * v - 1) * np.log(x) - 0.5 * x - 0.5 * v * math.log(2) - special.gammaln(0.5 * v)
    ), np.exp((0.5 * v - 1) * np.log(x) - 0.5 * x - 0.5 * v * math.log(2) - special.gammaln(0.5 * v))


# -- exponentials and their integrals ----------------------------------------------------------------


@elementwise(special.exp10)
def exp10(y, x):
    return y * math.log(10)


@elementwise(special.exp2)
def exp2(y, x):
    return y * math.log(2)


@elementwise(special.expm1)
def expm1(y, x):
    return y + 1


@elementwise(special.log1p, domain=POSITIVE)
def log1p(y, x):
    return 1 / (1 + x)


@elementwise(special.cbrt, domain=POSITIVE)
def cbrt(y, x):
    return 1 / (3 * y**2)


@elementwise(special.cosm1)
def cosm1(y, x):
    return -np.sin(x)


@elementwise(special.exprel, domain=POSITIVE)
def exprel(y, x):
    """As ``(np.exp(x) - y) / x``, which cancels near 0."""
    return 0.5 * special.hyp1f1(2, 3, x)


@elementwise(special.exp1, domain=POSITIVE)
def exp1(y, x):
    return -np.exp(-x) / x


@elementwise(special.expi, domain=POSITIVE)
def expi(y, x):
    return np.exp(x) / x


@elementwise(special.expn, of=("x",), domain=(Domain(0, 4, integer=True), POSITIVE))
def expn(z, n, x):
    """That of order 0 is ``np.exp(-x) / x``, and there is none below."""
    return np.where(n == 0, -np.exp(-x) * (1 + 1 / x) / x, -special.expn(np.maximum(n - 1, 0), x))


@elementwise(special.spence, domain=POSITIVE, cases=(case(1.0),))
def spence(y, x):
    """Near 1, where the logarithm is divided by what is 0 there, the first terms of its series."""
    return -np.where(
        np.abs(x - 1) < 1e-3,
        1 - (x - 1) * (1 / 2 - (x - 1) * (1 / 3 - (x - 1) * (1 / 4 - (x - 1) / 5))),
        np.log(x) / np.where(x == 1, 1, x - 1),
    )


@rule(special.sici, kind="unknown", results=("si", "ci"), cases=(case(draw(4, low=0.3)), case(draw(low=0.3))))
def sici(si, ci, x):
    def jvp(x_dot):
        return np.sinc(x / math.pi) * x_dot, np.cos(x) / x * x_dot

    def vjp(si_bar, ci_bar):
        return si_bar * np.sinc(x / math.pi) + ci_bar * (np.cos(x) / x)

    return jvp, vjp


@rule(special.fresnel, kind="unknown", results=("ssa", "csa"), cases=(case(draw(4)), case(draw())))
def fresnel(ssa, csa, x):
    def jvp(x_dot):
        return np.sin(0.5 * math.pi * x**2) * x_dot, np.cos(0.5 * math.pi * x**2) * x_dot

    def vjp(ssa_bar, csa_bar):
        return ssa_bar * np.sin(0.5 * math.pi * x**2) + csa_bar * np.cos(0.5 * math.pi * x**2)

    return jvp, vjp


# -- gamma and beta ----------------------------------------------------------------------------------


@elementwise(special.gamma, domain=POSITIVE)
def gamma(y, x):
    return y * special.digamma(x)


@elementwise(special.gammaln, domain=POSITIVE)
def gammaln(y, x):
    return special.digamma(x)


@elementwise(special.loggamma, domain=POSITIVE)
def loggamma(y, x):
    return special.digamma(x)


@elementwise(special.rgamma, domain=POSITIVE)
def rgamma(y, x):
    return -y * special.digamma(x)


@elementwise(special.digamma, domain=FAR)
def digamma(y, x):
    return special.zeta(2, x)


@elementwise(special.polygamma, of=("x",), kind="unknown", domain=(WHOLE, FAR))
def polygamma(y, n, x):
    return special.polygamma(n + 1, x)


@elementwise(
    special.multigammaln,
    of=("a",),
    kind="unknown",
    cases=(case(draw(low=3.0, high=5.0), 3), case(draw(4, low=3.0, high=5.0), 2)),
)
def multigammaln(y, a, d):
    return np.sum(special.digamma(np.expand_dims(a, -1) - 0.5 * np.arange(d)), axis=-1)


@elementwise(special.beta, domain=(POSITIVE, POSITIVE))
def beta(z, a, b):
    return z * (special.digamma(a) - special.digamma(a + b)), z * (special.digamma(b) - special.digamma(a + b))


@elementwise(special.betaln, domain=(POSITIVE, POSITIVE))
def betaln(z, a, b):
    return special.digamma(a) - special.digamma(a + b), special.digamma(b) - special.digamma(a + b)


@elementwise(special.binom, domain=(Domain(3.2, 5.0), Domain(0.5, 2.5)))
def binom(z, n, k):
    return (
        z * (special.digamma(n + 1) - special.digamma(n - k + 1)),
        z * (special.digamma(n - k + 1) - special.digamma(k + 1)),
    )


@elementwise(special.poch, domain=(POSITIVE, POSITIVE))
def poch(y, z, m):
    return y * (special.digamma(z + m) - special.digamma(z)), y * special.digamma(z + m)


@elementwise(special.gammainc, domain=(POSITIVE, POSITIVE))
def gammainc(z, a, x):
    """In ``a`` by how a draw moves that stays at its quantile (``gamma_slope``)."""
    return (
        -gamma_slope(a, x) * np.exp((a - 1) * np.log(x) - x - special.gammaln(a)),
        np.exp((a - 1) * np.log(x) - x - special.gammaln(a)),
    )


@elementwise(special.gammaincc, domain=(POSITIVE, POSITIVE))
def gammaincc(z, a, x):
    return (
        gamma_slope(a, x) * np.exp((a - 1) * np.log(x) - x - special.gammaln(a)),
        -np.exp((a - 1) * np.log(x) - x - special.gammaln(a)),
    )


@elementwise(special.gammaincinv, of=("y",), domain=(FAR, OPEN))
def gammaincinv(x, a, y):
    return np.exp(x - (a - 1) * np.log(x) + special.gammaln(a))


@elementwise(special.gammainccinv, of=("y",), domain=(FAR, OPEN))
def gammainccinv(x, a, y):
    return -np.exp(x - (a - 1) * np.log(x) + special.gammaln(a))


@elementwise(special.betainc, domain=(FAR, FAR, OPEN))
def betainc(z, a, b, x):
    """In ``a`` and ``b`` by how a draw moves that stays at its quantile (``beta_slope``)."""
    return (
        -beta_slope(a, b, x) * np.exp((a - 1) * np.log(x) + (b - 1) * np.log1p(-x) - special.betaln(a, b)),
        beta_slope(b, a, 1 - x) * np.exp((a - 1) * np.log(x) + (b - 1) * np.log1p(-x) - special.betaln(a, b)),
        np.exp((a - 1) * np.log(x) + (b - 1) * np.log1p(-x) - special.betaln(a, b)),
    )


@elementwise(_since("betaincc"), of=("x",), domain=(FAR, FAR, OPEN))
def betaincc(z, a, b, x):
    return -np.exp((a - 1) * np.log(x) + (b - 1) * np.log1p(-x) - special.betaln(a, b))


@elementwise(special.betaincinv, of=("y",), domain=(FAR, FAR, OPEN))
def betaincinv(x, a, b, y):
    return np.exp(special.betaln(a, b) - (a - 1) * np.log(x) - (b - 1) * np.log1p(-x))


@elementwise(special.zeta, of=("q",), domain=(Domain(2.0, 4.0), FAR))
def zeta(y, x, q=None):
    return -x * special.zeta(x + 1, q)


@elementwise(special.stdtr, of=("t",), domain=(FAR, REAL))
def stdtr(z, df, t):
    return np.exp(
        special.gammaln(0.5 * (df + 1))
        - special.gammaln(0.5 * df)
        - 0.5 * np.log(math.pi * df)
        - 0.5 * (df + 1) * np.log1p(t**2 / df)
    )


# -- reductions --------------------------------------------------------------------------------------

_AXES = (
    case(draw(3)),
    case(draw(2, 3)),
    case(draw(2, 3), 0),
    case(draw(2, 3, 4), axis=(0, 2)),
    case(draw(2, 3), axis=-1),
)


@rule(
    special.logsumexp,
    kind="floating_reduction",
    accepts={"b": (None,), "return_sign": (False,)},
    cases=(*_AXES, case(draw(2, 3), axis=1, keepdims=True)),
)
def logsumexp(y, a, axis=None, b=None, keepdims=False, return_sign=False):
    def jvp(a_dot):
        return np.sum(
            np.exp(a - spread(np.where(y == -np.inf, 0.0, y), a, axis, keepdims)) * a_dot, axis=axis, keepdims=keepdims
        )

    def vjp(y_bar):
        return spread(y_bar, a, axis, keepdims) * np.exp(a - spread(np.where(y == -np.inf, 0.0, y), a, axis, keepdims))

    return jvp, vjp


@rule(
    special.logsumexp,
    more=True,
    kind="unknown",
    of=("a", "b"),
    accepts={"return_sign": (False,)},
    cases=(
        case(draw(2, 3), axis=1, b=draw(2, 3, low=0.5)),
        case(draw(2, 3), b=draw(3, low=0.5)),
        case(draw(2, 1), axis=0, b=draw(2, 3, low=0.5), keepdims=True),
    ),
)
def logsumexp_weighted(y, a, axis=None, b=None, keepdims=False, return_sign=False):
    def jvp(a_dot, b_dot):
        return np.sum(
            np.exp(a - spread(y, a * b, axis, keepdims)) * (b * a_dot), axis=axis, keepdims=keepdims
        ) + np.sum(np.exp(a - spread(y, a * b, axis, keepdims)) * b_dot, axis=axis, keepdims=keepdims)

    def vjp(y_bar):
        weight = spread(y_bar, a * b, axis, keepdims) * np.exp(a - spread(y, a * b, axis, keepdims))
        return unbroadcast(b * weight, a), unbroadcast(weight, b)

    return jvp, vjp


@rule(special.softmax, kind="floated_first", cases=_AXES)
def softmax(y, x, axis=None):
    def jvp(x_dot):
        return y * (x_dot - np.sum(y * x_dot, axis=axis, keepdims=True))

    def vjp(y_bar):
        return y * (y_bar - np.sum(y * y_bar, axis=axis, keepdims=True))

    return jvp, vjp


@rule(special.log_softmax, kind="floated_first", cases=_AXES)
def log_softmax(y, x, axis=None):
    def jvp(x_dot):
        return x_dot - np.sum(np.exp(y) * x_dot, axis=axis, keepdims=True)

    def vjp(y_bar):
        return y_bar - np.exp(y) * np.sum(y_bar, axis=axis, keepdims=True)

    return jvp, vjp
