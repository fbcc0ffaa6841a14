"""The functions of ``scipy.special`` that have a form in C, of one number for each argument: compiled code calls it.

SciPy shows these forms to Cython, by name and address: ``scipy.special.cython_special``. What they compute is what the
functions of arrays compute, entry by entry.
"""

from __future__ import annotations

import functools
import importlib
import re
import sys
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

FORMS = "scipy.special.cython_special"
OF_NUMBERS = re.compile(r'<capsule object "double \(((?:double, )+)int __pyx_skip_dispatch\)"')


@functools.cache
def c_forms() -> Mapping[np.ufunc, str]:
    """The name of the form of each function that has one in double precision, with one result."""
    import scipy.special

    capsules = importlib.import_module(FORMS).__pyx_capi__
    named: dict[tuple[str, int], str] = {}
    for name, capsule in capsules.items():
        taken = OF_NUMBERS.match(repr(capsule))
        if taken:
            named[re.sub(r"^__pyx_fuse(_\d+)+", "", name), taken[1].count("double")] = name
    ufuncs = {f for f in vars(scipy.special).values() if isinstance(f, np.ufunc) and f.nout == 1}
    return MappingProxyType({f: named[f.__name__, f.nin] for f in ufuncs if (f.__name__, f.nin) in named})


def has_c_form(obj: object) -> bool:
    """Without importing SciPy where the program has not."""
    if not isinstance(obj, np.ufunc) or "scipy.special" not in sys.modules:
        return False
    return obj in c_forms()
