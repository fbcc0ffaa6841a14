"""``scipy.linalg``: eigenvalues and eigenvectors of any matrix, by the rules of NumPy's."""

from scipy import linalg

from tangent_like.rules import spectra
from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import rule

_ONE = (case(draw(3, 3)), case(draw(4, 4)))

eigvals = rule(linalg.eigvals, kind="complex_values", cases=_ONE)(spectra.eigvals.fn)
eig = rule(linalg.eig, kind="complex_parts", results=("w", "vr"), cases=_ONE)(spectra.eig.fn)
