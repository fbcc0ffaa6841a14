"""``scipy.special``: angles in degrees, further polynomials, distributions, spherical Bessel and elliptic functions."""

# mypy: allow-untyped-defs, allow-untyped-calls

import math

import numpy as np
from scipy import special

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import POSITIVE, REAL, UNIT, Domain, definition, elementwise, rule
from tangent_like.runtime import (
    carlson_slope,
    chi2_slope,
    elliptic_bend,
    elliptic_slope,
    last_carlson_slope,
    second_elliptic_bend,
    second_elliptic_slope,
    unbroadcast,
)

FAR = Domain(0.5, 4.0)
ANGLE = Domain(-170.0, 170.0)
FIRST_QUADRANT = Domain(10.0, 80.0)
CHANCE = Domain(0.1, 0.9)
_DEGREE = Domain(1, 5, integer=True)
_COUNT = Domain(0, 5, integer=True)

# -- angles in degrees, transforms -------------------------------------------------------------------


@elementwise(special.sindg, domain=ANGLE)
def sindg(y, x):
    return math.pi / 180 * special.cosdg(x)


@elementwise(special.cosdg, domain=ANGLE)
def cosdg(y, x):
    return -math.pi / 180 * special.sindg(x)


@elementwise(special.tandg, domain=FIRST_QUADRANT)
def tandg(y, x):
    return math.pi / 180 * (1 + y * y)


@elementwise(special.cotdg, domain=FIRST_QUADRANT)
def cotdg(y, x):
    return -math.pi / 180 * (1 + y * y)


@elementwise(special.radian, domain=(ANGLE, REAL, REAL))
def radian(y, d, m, s):
    return math.pi / 180, math.pi / 10800, math.pi / 648000


@elementwise(getattr(special, "softplus", None))
def softplus(y, x):
    return special.expit(x)


@elementwise(
    special.inv_boxcox1p, domain=(Domain(-0.3, 0.3), POSITIVE), cases=(case(draw(3, low=-0.3, high=0.3), 0.0),)
)
def inv_boxcox1p(z, x, lmbda):
    return (1 + z) / (1 + lmbda * x), -(1 + z) * np.square(x) * np.where(
        np.abs(lmbda * x) < 1e-3,
        1 / 2 - lmbda * x * (2 / 3 - lmbda * x * (3 / 4 - lmbda * x * (4 / 5 - lmbda * x * 5 / 6))),
        (np.log1p(lmbda * x) - lmbda * x / (1 + lmbda * x))
        / np.square(np.where(np.equal(lmbda * x, 0), 1.0, lmbda * x)),
    )


@elementwise(special.wrightomega)
def wrightomega(y, x):
    return y / (1 + y)


# -- Bessel functions and their kin ------------------------------------------------------------------


@elementwise(special.jve, of=("x",), domain=(FAR, POSITIVE))
def jve(y, v, x):
    return 0.5 * (special.jve(v - 1, x) - special.jve(v + 1, x))


@elementwise(special.yve, of=("x",), domain=(FAR, POSITIVE))
def yve(y, v, x):
    return 0.5 * (special.yve(v - 1, x) - special.yve(v + 1, x))


@elementwise(special.kn, of=("x",), domain=(_DEGREE, FAR))
def kn(y, n, x):
    return -0.5 * (special.kn(n - 1, x) + special.kn(n + 1, x))


@elementwise(special.yn, of=("x",), domain=(_DEGREE, FAR))
def yn(y, n, x):
    return 0.5 * (special.yn(n - 1, x) - special.yn(n + 1, x))


@elementwise(special.struve, of=("x",), domain=(FAR, FAR))
def struve(y, v, x):
    return special.struve(v - 1, x) - v / x * y


@elementwise(special.modstruve, of=("x",), domain=(FAR, FAR))
def modstruve(y, v, x):
    return special.modstruve(v - 1, x) - v / x * y


_SPHERICAL = (
    case(2, draw(3, low=0.5, high=4.0)), case(1, draw(low=0.5, high=4.0)), case(np.arange(3), draw(3, low=0.5)),
)  # fmt: skip
_SLOPES = (case(2, draw(3, low=0.5, high=4.0), True), case(1, draw(low=0.5, high=4.0), derivative=True))


@elementwise(
    special.spherical_jn, of=("z",), accepts={"derivative": (False,)}, cases=_SPHERICAL
)
def spherical_jn(y, n, z, derivative=False):
    return special.spherical_jn(n, z, True)


@elementwise(
    special.spherical_jn, more=True, of=("z",), accepts={"derivative": (True,)}, cases=_SLOPES
)
def slope_of_spherical_jn(y, n, z, derivative=False):
    return (n * (n + 1) / np.square(z) - 1) * special.spherical_jn(n, z) - 2 / z * y


@elementwise(
    special.spherical_yn, of=("z",), accepts={"derivative": (False,)}, cases=_SPHERICAL
)
def spherical_yn(y, n, z, derivative=False):
    return special.spherical_yn(n, z, True)


@elementwise(
    special.spherical_yn, more=True, of=("z",), accepts={"derivative": (True,)}, cases=_SLOPES
)
def slope_of_spherical_yn(y, n, z, derivative=False):
    return (n * (n + 1) / np.square(z) - 1) * special.spherical_yn(n, z) - 2 / z * y


@elementwise(
    special.spherical_in, of=("z",), accepts={"derivative": (False,)}, cases=_SPHERICAL
)
def spherical_in(y, n, z, derivative=False):
    return special.spherical_in(n, z, True)


@elementwise(
    special.spherical_in, more=True, of=("z",), accepts={"derivative": (True,)}, cases=_SLOPES
)
def slope_of_spherical_in(y, n, z, derivative=False):
    return (n * (n + 1) / np.square(z) + 1) * special.spherical_in(n, z) - 2 / z * y


@elementwise(
    special.spherical_kn, of=("z",), accepts={"derivative": (False,)}, cases=_SPHERICAL
)
def spherical_kn(y, n, z, derivative=False):
    return special.spherical_kn(n, z, True)


@elementwise(
    special.spherical_kn, more=True, of=("z",), accepts={"derivative": (True,)}, cases=_SLOPES
)
def slope_of_spherical_kn(y, n, z, derivative=False):
    return (n * (n + 1) / np.square(z) + 1) * special.spherical_kn(n, z) - 2 / z * y


# -- polynomials -------------------------------------------------------------------------------------


@elementwise(special.eval_chebyu, of=("x",), domain=(_DEGREE, UNIT))
def eval_chebyu(y, n, x):
    return 2 * special.eval_gegenbauer(n - 1, 2, x)


@elementwise(special.eval_gegenbauer, of=("x",), domain=(_DEGREE, FAR, UNIT))
def eval_gegenbauer(y, n, alpha, x):
    return 2 * alpha * special.eval_gegenbauer(n - 1, alpha + 1, x)


@elementwise(special.eval_jacobi, of=("x",), domain=(_DEGREE, FAR, FAR, UNIT))
def eval_jacobi(y, n, alpha, beta, x):
    return 0.5 * (n + alpha + beta + 1) * special.eval_jacobi(n - 1, alpha + 1, beta + 1, x)


@elementwise(special.eval_genlaguerre, of=("x",), domain=(_DEGREE, FAR, REAL))
def eval_genlaguerre(y, n, alpha, x):
    return -special.eval_genlaguerre(n - 1, alpha + 1, x)


@elementwise(special.eval_sh_legendre, of=("x",), domain=(_DEGREE, CHANCE))
def eval_sh_legendre(y, n, x):
    return (n + 1) * special.eval_jacobi(n - 1, 1, 1, 2 * x - 1)


@elementwise(special.eval_sh_chebyt, of=("x",), domain=(_DEGREE, CHANCE))
def eval_sh_chebyt(y, n, x):
    return 2 * n * special.eval_chebyu(n - 1, 2 * x - 1)


@elementwise(special.eval_sh_chebyu, of=("x",), domain=(_DEGREE, CHANCE))
def eval_sh_chebyu(y, n, x):
    return 4 * special.eval_gegenbauer(n - 1, 2, 2 * x - 1)


# -- distributions -----------------------------------------------------------------------------------


@elementwise(special.chdtrc, domain=(POSITIVE, POSITIVE))
def chdtrc(p, v, x):
    return chi2_slope(v, x) * np.exp(
        (0.5 * v - 1) * np.log(x) - 0.5 * x - 0.5 * v * math.log(2) - special.gammaln(0.5 * v)
    ), -np.exp((0.5 * v - 1) * np.log(x) - 0.5 * x - 0.5 * v * math.log(2) - special.gammaln(0.5 * v))


@elementwise(special.chdtri, of=("p",), domain=(FAR, CHANCE))
def chdtri(x, v, p):
    return -np.exp(0.5 * x + 0.5 * v * math.log(2) + special.gammaln(0.5 * v) - (0.5 * v - 1) * np.log(x))


@elementwise(special.gdtr, of=("a", "x"), domain=(POSITIVE, POSITIVE, POSITIVE))
def gdtr(p, a, b, x):
    return (
        np.exp(b * np.log(a * x) - a * x - special.gammaln(b)) / a,
        np.exp(b * np.log(a * x) - a * x - special.gammaln(b)) / x,
    )


@elementwise(special.gdtrc, of=("a", "x"), domain=(POSITIVE, POSITIVE, POSITIVE))
def gdtrc(p, a, b, x):
    return (
        -np.exp(b * np.log(a * x) - a * x - special.gammaln(b)) / a,
        -np.exp(b * np.log(a * x) - a * x - special.gammaln(b)) / x,
    )


@elementwise(special.fdtr, of=("x",), domain=(FAR, FAR, POSITIVE))
def fdtr(p, dfn, dfd, x):
    return np.exp(
        0.5 * dfn * np.log(dfn * x) + 0.5 * dfd * np.log(dfd) - 0.5 * (dfn + dfd) * np.log(dfn * x + dfd)
        - special.betaln(0.5 * dfn, 0.5 * dfd)
    ) / x


@elementwise(special.fdtrc, of=("x",), domain=(FAR, FAR, POSITIVE))
def fdtrc(p, dfn, dfd, x):
    return -np.exp(
        0.5 * dfn * np.log(dfn * x) + 0.5 * dfd * np.log(dfd) - 0.5 * (dfn + dfd) * np.log(dfn * x + dfd)
        - special.betaln(0.5 * dfn, 0.5 * dfd)
    ) / x


@elementwise(special.pdtr, of=("m",), domain=(_COUNT, POSITIVE))
def pdtr(p, k, m):
    return -np.exp(special.xlogy(np.floor(k + 0 * m), m) - m - special.gammaln(np.floor(k + 0 * m) + 1))


@elementwise(special.pdtrc, of=("m",), domain=(_COUNT, POSITIVE))
def pdtrc(p, k, m):
    return np.exp(special.xlogy(np.floor(k + 0 * m), m) - m - special.gammaln(np.floor(k + 0 * m) + 1))


@elementwise(special.stdtrit, of=("p",), domain=(FAR, CHANCE))
def stdtrit(t, df, p):
    return np.exp(
        0.5 * (df + 1) * np.log1p(np.square(t) / df) + special.betaln(0.5 + 0 * df, 0.5 * df) + 0.5 * np.log(df)
    )


@elementwise(special.voigt_profile, domain=(REAL, FAR, FAR))
def voigt_profile(v, x, sigma, gamma):
    """By the Faddeeva function ``w``, of which the slope is ``2j / sqrt(pi) - 2 * z * w``."""
    return (
        -np.real((x + 1j * gamma) * special.wofz((x + 1j * gamma) / (math.sqrt(2) * sigma)))
        / (sigma**3 * math.sqrt(2 * math.pi)),
        (
            np.real(
                np.square((x + 1j * gamma) / sigma) * special.wofz((x + 1j * gamma) / (math.sqrt(2) * sigma))
            )
            / (sigma * math.sqrt(2 * math.pi))
            + gamma / (sigma**2 * math.pi)
            - v
        )
        / sigma,
        np.imag((x + 1j * gamma) * special.wofz((x + 1j * gamma) / (math.sqrt(2) * sigma)))
        / (sigma**3 * math.sqrt(2 * math.pi))
        - 1 / (sigma**2 * math.pi),
    )


# -- elliptic functions, integrals, means --------------------------------------------------------------


@elementwise(special.ellipkm1, domain=CHANCE)
def ellipkm1(y, p):
    return -(special.ellipe(1 - p) - p * y) / (2 * (1 - p) * p)


_TURNS = (Domain(-5.0, 5.0), UNIT)


@elementwise(special.ellipkinc, domain=_TURNS)
def ellipkinc(f, phi, m):
    return 1 / np.sqrt(1 - m * np.sin(phi) ** 2), elliptic_slope(phi, m)


@elementwise(special.ellipeinc, domain=_TURNS)
def ellipeinc(e, phi, m):
    return np.sqrt(1 - m * np.sin(phi) ** 2), second_elliptic_slope(phi, m)


@elementwise(elliptic_slope, domain=_TURNS)
def elliptic_slope_rule(y, phi, m):
    return 0.5 * np.sin(phi) ** 2 / (1 - m * np.sin(phi) ** 2) ** 1.5, elliptic_bend(
        phi, m, special.ellipkinc(phi, m), y
    )


@elementwise(second_elliptic_slope, domain=_TURNS)
def second_elliptic_slope_rule(y, phi, m):
    return -0.5 * np.sin(phi) ** 2 / np.sqrt(1 - m * np.sin(phi) ** 2), second_elliptic_bend(
        phi, m, y, elliptic_slope(phi, m)
    )


@elementwise(special.elliprf, domain=(FAR, FAR, FAR))
def elliprf(r, x, y, z):
    return -special.elliprd(y, z, x) / 6, -special.elliprd(x, z, y) / 6, -special.elliprd(x, y, z) / 6


@elementwise(special.elliprd, domain=(FAR, FAR, FAR))
def elliprd(r, x, y, z):
    return carlson_slope(x, y, z), carlson_slope(y, x, z), last_carlson_slope(x, y, z)


@definition(special.agm, of=("a", "b"), cases=(case(1.5, draw(3, low=0.2)), case(draw(low=0.3), draw(low=0.3))))
def agm(a, b):
    """The arithmetic-geometric mean: of numbers of one sign."""
    return math.pi / 4 * (a + b) / special.ellipk(np.square((a - b) / (a + b)))


@rule(
    special.ellipj,
    kind="unknown",
    results=("sn", "cn", "dn", "ph"),
    of=("u",),
    cases=(case(draw(4), 0.3), case(draw(), 0.7), case(draw(3), np.array([0.0, 0.2, 0.9]))),
)
def ellipj(sn, cn, dn, ph, u, m):
    def jvp(u_dot):
        return cn * dn * u_dot, -sn * dn * u_dot, -m * sn * cn * u_dot, dn * u_dot

    def vjp(sn_bar, cn_bar, dn_bar, ph_bar):
        return (
            unbroadcast(sn_bar * (cn * dn), u)
            - unbroadcast(cn_bar * (sn * dn), u)
            - unbroadcast(dn_bar * (m * sn * cn), u)
            + unbroadcast(ph_bar * dn, u)
        )

    return jvp, vjp


@rule(special.shichi, kind="unknown", results=("shi", "chi"), cases=(case(draw(4, low=0.3)), case(draw(low=0.3))))
def shichi(shi, chi, x):
    def jvp(x_dot):
        return np.sinh(x) / x * x_dot, np.cosh(x) / x * x_dot

    def vjp(shi_bar, chi_bar):
        return shi_bar * (np.sinh(x) / x) + chi_bar * (np.cosh(x) / x)

    return jvp, vjp


# -- derivatives of Bessel functions -----------------------------------------------------------------

_DERIVED = (case(2, draw(3, low=0.5, high=4.0)), case(1.5, draw(3, low=0.5, high=4.0), 2))


@elementwise(special.jvp, of=("z",), cases=_DERIVED)
def jvp(y, v, z, n=1):
    return special.jvp(v, z, n + 1)


@elementwise(special.yvp, of=("z",), cases=_DERIVED)
def yvp(y, v, z, n=1):
    return special.yvp(v, z, n + 1)


@elementwise(special.ivp, of=("z",), cases=_DERIVED)
def ivp(y, v, z, n=1):
    return special.ivp(v, z, n + 1)


@elementwise(special.kvp, of=("z",), cases=_DERIVED)
def kvp(y, v, z, n=1):
    return special.kvp(v, z, n + 1)


@definition(
    special.comb,
    of=("N", "k"),
    accepts={"exact": (False,), "repetition": (False,)},
    cases=(
        case(draw(low=3.2, high=5.0), draw(low=1.2, high=2.0)),
        case(draw(3, low=1.2, high=5.0), np.array([1, 2, 6])),
    ),
)
def comb(N, k, *, exact=False, repetition=False):
    return np.where(k <= N, special.binom(N, k), 0.0)
