"""The tables of ``mixed_programs.py``: pieces that read, make and write values of a few kinds.

``$s`` is a number in reach, ``$v`` a vector, ``$m`` a square matrix, ``$l`` a list of numbers, ``$r`` one of vectors,
``$d`` a dict, ``$t`` a tuple, ``$n`` a named tuple, ``$c`` a dataclass and ``$o`` an object (each of a number g and a
vector h), ``$f`` a function of a number, ``$k`` a mask, ``$j`` places, ``$i`` a whole number from 0 to 2; ``$S``, ``$V`` and so on are
made by the piece. The same token is the same name throughout a piece. At ``@@`` further pieces go in.
"""

from __future__ import annotations

PRELUDE = '''
import math
from dataclasses import dataclass, field
from typing import NamedTuple, TypedDict

import numpy as np
import scipy.integrate
import scipy.interpolate
import scipy.linalg
import scipy.optimize
import scipy.signal
import scipy.sparse
import scipy.special
import scipy.stats
from numpy.typing import NDArray



class Pair(NamedTuple):
    g: float
    h: NDArray[np.float64]


class Both(TypedDict):
    g: float
    h: NDArray[np.float64]


TABLE = {"low": 0.5, "high": 1.5}
KEYS = ["g", "g2"]


@dataclass
class Cell:
    g: float
    h: NDArray[np.float64]
    scale: float = 0.5

    def total(self, by=1.0):
        return self.scale * self.g * by + np.sum(self.h) * 0.1


class Node:
    g: float
    h: NDArray[np.float64]

    def __init__(self, g: float, h: NDArray[np.float64]):
        self.g = g
        self.h = h

    def step(self, by=0.1, *, much=False):
        self.g = self.g + by * np.mean(self.h)
        if much:
            self.h = self.h * 0.9
        return self.g

    @property
    def first(self):
        return self.h[0]

    def __call__(self, u):
        return self.g * u + self.h[-1]


def scaled(u, by=0.5, *, shift=0.0):
    return u * by + shift


def parted(u, at=1):
    return np.sum(u[:at]), np.tanh(u[at:])


def early(u, limit=0.4):
    for k in range(3):
        if u > limit:
            return u * (k + 1)
        u = u * 1.3 + 0.05
    return -u


def smooth_into(u, out, by=0.5):
    out[1:] += by * (u[:-1] - out[1:])
    out[0] = u[0] * 0.7
    return np.sum(out)


def cut(u, low=-1.0, high=1.0):
    if u < low:
        return low
    elif u > high:
        return high + 0.1 * (u - high)
    return u


def pushed(p, u):
    p.append(u * 0.5)
    return len(p)


def put(p, u, key="g"):
    p[key] = p[key] * 0.5 + u
    return p


def nested(u, depth=2):
    if depth == 0:
        return np.sin(u)
    return 0.5 * nested(u * 0.9, depth - 1) + 0.1 * u


def many(*us, by=1.0, **rest):
    s = 0.0
    for u in us:
        s = s + u * by
    return s + rest.get("extra", 0.0)


def stats(u):
    m = np.mean(u)
    return m, np.sqrt(np.mean((u - m) ** 2) + 0.1)
'''

NUMBERS = (
    "$S = np.tanh($s * $s1)", "$S = math.sin($s) + 0.3 * $s1", "$S = $s * 0.7 + $v[$i]", "$S = np.mean($v * $v1)",
    "$S = $s if $s > 0.3 else $s1 * 1.1", "$S = $v[-1] - $s * $v[0]", "$S = scaled($s, shift=$s1 * 0.2)",
    "$S = scaled(by=$s, u=$s1)", "$S = cut($s)", "$S = early($s, limit=0.2)", "$S = nested($s)", "$S = $f($s)",
    "$S = float($v[0]) * 0.5", "$S = abs($s) ** 1.5 * 0.5", "$S = $v @ $v1 * 0.2", "$S = max($s, $s1, 0.1)",
    "$S = min($v) + sum($v) * 0.1", "$S = many($s, $s1, by=0.4)", "$S = many(*$l, by=0.2, extra=$s)",
    "$S = sum(u * u for u in $l) / len($l)", "$S = max($l, key=lambda u: -u * u)", "$S = sorted($l)[-2]",
    "$S = $l[-1] * $l[0]", "$S = sum($l[::2]) - $l[1]", "$S = $d['g'] * 0.5 + $d['h'][$i]", "$S = $t[0] + $t[1][1] * 0.2",
    "$S = $n.g * $n.h[0]", "$S = $c.total(by=$s)", "$S = $c.g * $c.h[-1] * $c.scale", "$S = $o.step()", "$S = $o.first * $s",
    "$S = $o.step($s, much=True)", "$S = $o($s) * 0.5", "$S, $V = parted($v)", "$S, $S1 = stats($v)",
    "$S, $S1 = $s1, $s * 0.9", "$S = $s; $S1 = $s1 + $S * 0.2", "$S = ($s1 + 1) % 0.7 + $s", "$S = np.where($s > $s1, $s * 0.5, $s1)",
    "$S = TABLE['low' if $s > 0 else 'high'] * $s", "$S = $d[KEYS[0]] * 0.3", "$S = np.sum($m, axis=0)[$i] * 0.3",
    "$S = np.linalg.norm($v) * 0.4", "$S = np.trace($m) * 0.2", "$S = $m[$i, -1] * $m[-1][$i]", "$S = np.array([$s, $s1]).prod()",
    "$S = np.max($r[0]) * 0.3", "$S = $r[-1][$i] + $r[0][-1]", "$S = sum(np.sum(u) for u in $r) * 0.1",
    "$S = np.array($s) * 0.9", "$S = np.float64($s) * 1.1", "$S = $v.sum() * 0.1 + $v.max()", "$S = -$s", "$S = 0.3",
    "$S = $v[$j].sum() * 0.2", "$S = $v[$k].sum() * 0.3", "$S = np.sum($v, where=$k) * 0.2", "$S = np.median($v)",
    "$S = (lambda u, by=0.5: u * by)($s)", "$S = next((u for u in $l if u > 0.2), 0.1) * 0.5",
    "$S = abs(complex($s, $s1)) * 0.4", "$S = np.abs(np.sum(np.exp(1j * $v))) * 0.2", "$S = np.real(($s + 1j * $s1) ** 2) * 0.2",
    "$S = $s * (any(u > 0.5 for u in $l) + 0.5)", "$S = $s * (0.5 if all($v > -2) else 1.0)", "$S = $v.dot($v1) / ($v.size + 1)",
    "$S = sum(i * u for i, u in enumerate($v)) * 0.1", "$S = np.dot($m[0], $v) * 0.2", "$S = np.interp($s, [-3.0, 0.0, 3.0], $v[:3])",
)  # fmt: skip
VECTORS = (
    "$V = $v * $s", "$V = $v + $s * $v1", "$V = np.tanh($m @ $v)", "$V = $v[::-1]", "$V = $v.copy()", "$V = $v",
    "$V = $m[$i]", "$V = $m[:, $i] * 0.5", "$V = $m.T[$i]", "$V = np.diag($m) * 0.5", "$V = np.where($k, $v, $s)",
    "$V = $v.copy(); $V[$k] = $s", "$V = np.array([u * $s for u in $v])", "$V = np.cumsum($v) * 0.3", "$V = np.sort($v)",
    "$V = np.concatenate([$v[1:], $v[:1]])", "$V = np.roll($v, 1) * 0.9", "$V = $r[$i] * 0.5", "$V = $r[0] + $r[-1]",
    "$V = scaled($v, $s)", "$V = scaled($v, shift=$v1, by=0.2)", "$V = $d['h'] * 0.6", "$V = $t[1]", "$V = $n.h", "$V = $o.h",
    "$V = $c.h * $c.g", "$V = np.maximum($v, 0.1)", "$V = np.clip($v, -0.5, $s1 + 1)", "$V = np.zeros_like($v); $V[1:] = $v[:-1] * $s",
    "$V = np.empty_like($v); $V[...] = $s; $V[0] = 0.2", "$V = np.zeros(len($v)); np.add.at($V, $j, $s)",
    "$V = np.array($l + [0.1] * len($v))[:len($v)]", "$V = $v.astype(np.float32).astype(float) * 0 + $v", "$V = np.mean($m, axis=1)",
    "$V = np.einsum('ij,j->i', $m, $v) * 0.3", "$V = $v / (1 + np.abs($v1))", "$V = np.exp($v - np.max($v)); $V /= np.sum($V)",
    "$V = np.full(len($v), $s)", "$V = $v * 1.0; $V += $v1; $V *= 0.5", "$V = np.outer($v, $v1)[:, 0] * 0.5",
    "$V = np.linalg.solve($m * 0.1 + 3 * np.eye(len($m)), $v)", "$V = $v[np.argsort($v1)]", "$V = np.gradient($v) * 0.5",
    "$V = np.hstack([$s, $v[1:]])", "$V = np.asarray($v)", "$V = np.atleast_1d($v) * 0.9", "$V = $v.reshape(-1)", "$V = np.ravel($m)[:len($v)] * 0.8",
    "$V = np.real(np.fft.ifft(np.fft.fft($v) * 0.8))", "$V = np.convolve($v, [0.2, 0.5, 0.2], mode='same')", "$V = np.abs($v + 1j * $v1)",
    "$V = $v - $m.mean(axis=0)", "$V = np.max(np.stack([$v, $v1]), axis=0)", "$V = np.stack($r).sum(axis=0) * 0.3",
    "$V = np.sum($m * $v[:, None], axis=0) * 0.3", "$V = ($v > $s) * $v1 + 0.1", "$V = np.float32(0.5) * $v", "$V = $v.T * $s",
)  # fmt: skip
OTHERS = (
    "$M = np.outer($v, $v1) * 0.5", "$M = $m * $s", "$M = $m.T", "$M = $m @ $m1 * 0.2", "$M = $m.copy(); $M[0] = $v",
    "$M = $m + $v[:, None] * 0.1", "$M = np.tanh($m)", "$M = np.diag($v)", "$M = np.eye(len($v)) * $s", "$M = np.array([$v] * len($v)) * 0.5",
    "$M = np.array([[u * w for u in $v] for w in $v1]) * 0.2", "$M = $m[::-1, ::-1]", "$M = np.where($m > 0, $m, 0.1 * $m)",
    "$M = $m - $m.T", "$M = np.zeros((len($v), len($v))); $M[:, 1] = $v", "$M = np.linalg.inv($m * 0.1 + 3 * np.eye(len($m)))",
    "$L = [$s, $s1, $v[0]]", "$L = [u * 0.5 for u in $v]", "$L = list($v)", "$L = [u + $s for u in $l]", "$L = $l[::-1]",
    "$L = sorted($l, key=lambda u: u * u)", "$L = $v.tolist()", "$L = [0.1] * 3; $L[1] = $s", "$L = [u * w for u, w in zip($l, $v)] + [$s, 0.2, 0.1]",
    "$L = []\nfor u in $v:\n    $L.append(u * $s)\n$L.append($s)", "$L = list(reversed($l))", "$L = [u if u > 0 else 0.1 * u for u in $l]",
    "$L = [*$l, $s]", "$L = $l", "$L = list(map(lambda u: u * 0.5, $l))", "$L = $l.copy()", "$L = [$f(u) for u in $l]",
    "$L = [x for x in $l if x > 0] + [$s, $s1, 0.2]", "$R = [$v, $v1 * 0.5, $v]", "$R = [$v * i for i in range(3)]", "$R = list($m)",
    "$R = [row * $s for row in $m]", "$R = []\nfor i in range(3):\n    $R.append($v * 0.5 + i)", "$R = [None] * 3\nfor i in range(3):\n    $R[i] = $v * (i + $s)",
    "$R = [u.copy() for u in $r]", "$R = $r[::-1]", "$R = [np.tanh(u) for u in $r]", "$R = list(reversed($r))",
    "$D = {'g': $s, 'h': $v}", "$D = dict(g=$s, h=$v * 0.5)", "$D = {**$d, 'g': $s}", "$D = {k: u * 0.5 for k, u in $d.items()}",
    "$D = put({'g': $s, 'h': $v}, $s1)", "$D = $d.copy(); $D['g'] = $s", "$D = dict($d)", "$D = {'g': $o.g, 'h': $o.h}", "$D = $n._asdict()",
    "$T = ($s, $v)", "$T = ($t[0] * 0.5, $t[1])", "$T = stats($v)[0], $v", "$T = $n", "$N = Pair($s, $v)", "$N = Pair(g=$s, h=$v * 0.5)",
    "$N = $n._replace(g=$s)", "$N = Pair(*$t)", "$N = Pair(**$d) if $s > 0 else $n", "$C = Cell($s, $v)", "$C = Cell(h=$v, g=$s, scale=$s1)",
    "$C = Cell(*$t)", "$O = Node($s, $v)", "$O = Node($n.g, $n.h.copy())", "$O = $o", "$K = $v > 0", "$K = $v * $s < 0.2", "$K = ~$k",
    "$K = ($v > -1) & ($v1 < 1)", "$J = np.array([0, 1, 0])", "$J = np.argsort($v)", "$J = np.nonzero($v > -5)[0]", "$J = [0, 2, 2]",
    "$I = int($s > 0)", "$I = ($i + 1) % 3", "$I = min($i, 2)", "$I = int(np.argmax($v[:3]))", "$I = len($r) % 3",
    "$F = lambda u: u * $s", "def $F(u, by=0.5):\n    return u * by + $s", "$F = lambda u, w=$s: np.sin(u) * w",
    "def $F(u):\n    if u > $s:\n        return u * 0.5\n    return $v[0] * u", "$F = math.sin", "$F = $o",
    "def $F(u):\n    t = u * $s\n    for x in $l:\n        t = t + x * 0.1\n    return t", "$F = scaled",
)  # fmt: skip
WRITES = (
    "$v[$i] = $s", "$v[0] += $s * $v[-1]", "$v[1:] = $v[:-1] * 0.9", "$v[$k] = $s", "$v[$k] *= $s", "$v[$j] += 0.1 * $s",
    "np.add.at($v, $j, $s * 0.1)", "$v *= $s", "$v += $v1", "$v -= 0.1 * $v[::-1]", "$v[::2] = $v1[::2] * 0.5", "$v[:] = $v1",
    "$v[...] = np.tanh($v)", "np.multiply($v, 0.5, out=$v)", "np.copyto($v, $v1, where=$k)", "np.add($v, $v1, out=$v1)",
    "$v[0], $v[1] = $v[1], $v[0]", "$v[[0, 1]] = $v[[1, 0]]", "$v, $v1 = $v1, $v", "$v.fill($s)", "$v[-2:] -= $s", "$v[$i] **= 2",
    "$m[$i] = $v", "$m[:, $i] *= $s", "$m[$i, :] += $v * 0.1", "$m.T[0] = $v", "$m[0, 0] = $s", "$m[1:, 1:] = $m[:-1, :-1] * 0.5",
    "$m += np.outer($v, $v1) * 0.1", "$m[$m > 0.5] = $s", "$m[np.arange(3), $j[:3]] += $s", "np.fill_diagonal($m, $s)",
    "for row in $m:\n    row[0] = row[-1] * $s", "for row in $m:\n    row *= 0.9", "for i, row in enumerate($m):\n    row[i] += $v[i]",
    "$m.reshape(-1)[1] = $s", "row = $m[$i]\nrow -= row.mean()", "$m[[0, 1]] = $m[[1, 0]]", "$m[0], $m[1] = $m[1].copy(), $m[0].copy()",
    "smooth_into($v, $v1)", "$S = smooth_into($v1, $v, by=$s)", "smooth_into($m[0], $m[1])", "$l[$i] = $s", "$l[-1] *= $s",
    "$l.append($s)", "$l.insert(0, $s)", "$l[0], $l[-1] = $l[-1], $l[0]", "$l.reverse()", "$l.sort()", "$l += [$s]", "$l.extend($l1[:1])",
    "$l[1] += $l.pop() * 0.1; $l.append($s)", "pushed($l, $s)", "$I = pushed($l, $s) % 3", "$l[:2] = [$s, $s1]", "$l[$i] = max($l[$i], $s)",
    "$r[$i] = $v", "$r[0][$i] = $s", "$r[$i] *= 0.5", "$r.append($v * $s)", "$r[0], $r[1] = $r[1], $r[0]", "$r[-1] = $r[0] + $v",
    "for u in $r:\n    u[0] = $s", "for u, w in zip($r, $r[1:]):\n    w += 0.1 * u", "$r[-1][1:] = $r[0][:-1]", "for i in range(len($r)):\n    $r[i] = $r[i] * $s",
    "$d['g'] = $s", "$d['g'] *= $s", "$d['h'][$i] = $s", "$d['h'] = $v", "$d['h'] += $v", "put($d, $s)", "$d.update(g=$s)",
    "$D = put($d, $s, key='g')", "$d['g'], $S = $s, $d['g']", "for key in $d:\n    $d[key] = $d[key] * 0.5", "$o.g = $s", "$o.h[$i] = $s", "$o.g += $s",
    "$o.h = $v", "$o.h *= $s", "$o.step(by=$s)", "$c.g = $s", "$c.h[0] = $c.g", "$c.h += $v", "$n.h[$i] = $s", "$t[1][0] *= $s", "setattr($o, 'g', $s)",
)  # fmt: skip
BLOCKS = (
    "for $I in range(3):\n    @@", "for $I in range(2, -1, -1):\n    @@", "for $S in $v:\n    @@", "for $S in $l:\n    @@", "for $V in $r:\n    @@",
    "for $V in $m:\n    @@", "if $s > 0.2:\n    @@", "if $s > $s1:\n    @@\nelse:\n    @@", "if $v[$i] > 0 and $s < 1:\n    @@\nelif $s > 0:\n    @@",
    "for i, $S in enumerate($v):\n    if i % 2:\n        continue\n    @@", "for $S in $v[:3]:\n    if $S > 1.2:\n        break\n    @@",
    "for $I in range(3):\n    @@\n    if $s > 0.9:\n        break\nelse:\n    @@", "for $S, $S1 in zip($v, $l):\n    @@", "n = 0\nwhile n < 2:\n    n += 1\n    @@",
    "n = 3\nwhile n > 0 and $s < 5:\n    @@\n    n -= 1", "for i in range(len($v) - 1):\n    $v[i + 1] += $v[i] * 0.3\n    @@", "with np.errstate(all='ignore'):\n    @@",
    "for k, u in $d.items():\n    @@", "match $i:\n    case 0:\n        @@\n    case 1 | 2:\n        @@\n    case _:\n        @@", "while True:\n    @@\n    break",
    "for $I in range(2):\n    for i in range($I + 1):\n        @@", "for $I, $V in enumerate($r):\n    @@", "if any(u > 0.3 for u in $l):\n    @@", "for row, $S in zip($m, $v):\n    row[1] = $S\n    @@",
    "assert $s > -1e9, f'bad {$s:.3f}'\nif not $s > 0:\n    @@", "for $S in sorted($l):\n    @@", "for $S in ($s, $s1):\n    @@", "for u, $V in zip($l, reversed($r)):\n    @@",
)  # fmt: skip
SCIPY = (
    "$V = scipy.special.expit($v)", "$S = scipy.special.logsumexp($v)", "$S = scipy.stats.norm.logpdf($s, loc=$s1)", "$S = scipy.stats.norm.cdf($v, 0.1, 1.5).sum()",
    "$V = scipy.special.softmax($v)", "$S = scipy.special.gammaln(abs($s) + 1)", "$V = scipy.special.erf($v) * $s", "$S = scipy.special.xlogy(2.0, abs($s) + 0.2)",
    "$V = scipy.linalg.solve_triangular(np.tril($m) * 0.2 + 2 * np.eye(len($m)), $v, lower=True)", "$M = scipy.linalg.expm($m * 0.1)",
    "$M = np.linalg.cholesky($m @ $m.T * 0.1 + np.eye(len($m)))", "$V = scipy.linalg.solve($m * 0.1 + 3 * np.eye(len($m)), $v)",
    "$V = scipy.signal.convolve($v, $v1[:2], mode='same')", "$V = scipy.signal.lfilter([0.5], [1.0, -0.2], $v)", "$S = scipy.integrate.trapezoid($v, dx=0.3)",
    "$S = scipy.integrate.simpson($v, dx=0.2)", "$S = scipy.interpolate.CubicSpline(np.arange(len($v)) * 1.0, $v)(1.3 + 0.1 * np.tanh($s))",
    "$S = scipy.integrate.quad(lambda u: np.exp(-u * u * 0.1) * $s, 0.0, 1.0)[0]", "$S = scipy.optimize.brentq(lambda u: u + 0.1 * u**3 - $s, -50.0, 50.0)",
    "$V = scipy.sparse.csr_matrix(np.eye(len($v))) @ $v", "$S = scipy.special.logit(1 / (1 + np.exp(-$s))) * 0.2", "$S = scipy.special.j0($s) + scipy.special.ndtr($s1)",
    "$S = scipy.stats.multivariate_normal.logpdf($v, np.zeros(len($v)), np.eye(len($v)) * 2) * 0.1", "$S = scipy.special.beta(abs($s) + 1, 2.0)",
    "$V = scipy.signal.detrend($v)", "$S = np.polyval($v[:3], $s * 0.3)", "$V = np.linalg.svd($m + 0.1, compute_uv=False) * 0.3", "$S = np.linalg.slogdet($m @ $m.T + np.eye(len($m)))[1] * 0.2",
    "$V = np.linalg.eigvalsh($m + $m.T) * 0.2", "$V = np.linalg.lstsq(np.vstack([$m, np.eye(len($m))]), np.concatenate([$v, $v1]), rcond=None)[0]", "$S = np.trapezoid($v) * 0.2 if hasattr(np, 'trapezoid') else np.sum($v)",
)  # fmt: skip
RESULTS = {
    "s": "$s", "v": "np.sum($v * np.arange(len($v)))", "m": "np.sum($m * $m) * 0.1", "l": "sum($l) + $l[0]", "r": "np.sum($r[0] * 0.5) + $r[-1][1]",
    "d": "$d['g'] + np.sum($d['h'][:2])", "t": "$t[0] * 0.3 + $t[1].sum()", "n": "$n.g + np.mean($n.h)", "c": "$c.total()",
    "o": "$o.g * 0.5 + np.sum($o.h)", "f": "$f(0.4)", "k": "0.1 * np.sum($k)", "j": "0.0 * len($j)", "i": "0.1 * $i",
}  # fmt: skip
