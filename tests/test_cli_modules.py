"""Written modules: what a file reads from elsewhere is found without running it, and copied along."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from folder import Folder, differences


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    path = tmp_path / "work"
    path.mkdir()
    return Folder(path)


X = np.array([0.3, -0.7, 1.1])


# -- what a file reads --------------------------------------------------------------------------


def test_the_file_is_not_executed(folder: Folder) -> None:
    folder.put(
        model="""\
            import math
            import setup_everything
            open("ran", "w").close()
            raise SystemExit("this file was run")

            def loss(x: float):
                return math.sin(x)
        """,
        setup_everything="open('ran', 'w').close()",
    )
    done = folder.type("grad", "model.py:loss")
    assert (done.returncode, done.stderr) == (0, "")
    assert not (folder.path / "ran").exists()
    assert not list(folder.path.rglob("__pycache__"))


def test_helpers_of_a_sibling_file_and_of_packages(folder: Folder) -> None:
    folder.put(
        model="""\
            import helpers
            import tools.deep
            from helpers import SCALE as S, wave
            from tools import deep as d, exported
            from tools.relative import through
            import numpy as numpy

            def loss(x: float, k: int = 2) -> float:
                y = wave(x) * S + helpers.wave(2.0 * x) + helpers.SCALE
                y = y + tools.deep.cube(x) * d.cube(x) + exported(x)
                return y * through(x) + numpy.sin(helpers.TABLE[k])
        """,
        helpers="""\
            import numpy as np
            SCALE = 3.0
            TABLE = np.linspace(0.0, SCALE, 4)

            def wave(x):
                return np.sin(x) * SCALE
        """,
        tools__init="from .deep import cube as exported\n",
        tools__deep="def cube(x):\n    return x * x * x\n",
        tools__relative="from . import deep\nfrom .deep import cube\n\ndef through(x):\n    return deep.cube(x) - cube(2 * x)\n",
    )
    folder.agrees(0.7)


def test_a_package_that_imports_its_own_files(folder: Folder) -> None:
    folder.put(
        model="""\
            import pack
            from pack import angles, total
            from pack.angles import doubled

            def loss(x: float) -> float:
                from pack.lengths import cube
                import pack.lengths as own
                return angles.turn(x) * total(x) + pack.lengths.cube(x) + cube(2 * x) + own.RATE * doubled(x)
        """,
        pack__init="from . import angles\nfrom . import lengths\nfrom .sums import *\n",
        pack__angles="""\
            import math

            def turn(x):
                from .lengths import RATE, Ruler
                from . import lengths
                return math.sin(x) * RATE + lengths.cube(x) + Ruler(x).length()

            def doubled(x):
                return 2 * x
        """,
        pack__lengths="""\
            from .sums import *

            RATE = 3.0

            class Ruler:
                def __init__(self, x):
                    self.x = x

                def length(self):
                    return self.x**2

            def cube(x):
                return x**3
        """,
        pack__sums="from .lengths import *\n\ndef total(x):\n    return x + x * x\n",
    )
    folder.agrees(0.7)


def test_same_names_in_two_files_stay_two(folder: Folder) -> None:
    folder.put(
        model="""\
            import one
            import two
            from one import scaled as first
            from two import scaled

            RATE = 7.0

            def loss(x: float, n: int = 2) -> float:
                k = one.count(n) + two.count(n)
                return first(x) * scaled(x) + RATE * x * k + one.RATE * two.RATE * x
        """,
        one="RATE = 2.0\nOWN = 1\n\ndef count(n):\n    return n + OWN\n\ndef scaled(x):\n    return x * x * RATE\n",
        two="RATE = 5.0\nOWN = 10\n\ndef count(n):\n    return n * OWN\n\ndef scaled(x):\n    return x * RATE\n",
    )
    text = folder.agrees(0.7)
    assert len(set(re.findall(r"^RATE\w* = ([\d.]+)", text, re.MULTILINE))) == 3


def test_a_function_without_active_arguments_is_copied_as_it_stands(folder: Folder) -> None:
    folder.put(
        model="""\
            from numpy import sin as s
            import numpy as np
            from other import grid

            def loss(x: float, n: int = 3) -> float:
                t = grid(n) + grid(n, skip=2)
                y = s(x)
                return y * y * np.sum(t)
        """,
        other="""\
            import numpy
            from deeper import width as w

            ORIGIN = 0.5

            def grid(n: "int", *, skip: int = 1) -> numpy.ndarray:
                # the points
                t = numpy.zeros(n)
                t[:] = ORIGIN  # the same everywhere
                return t * w(n)
        """,
        deeper="LIMIT = 2\n\ndef width(n):\n    return n + LIMIT\n",
    )
    text = folder.agrees(0.7)
    assert "def grid(n, *, skip=1):\n    # the points\n" in text
    assert "import numpy\n" in text
    assert "from numpy import sin as s\n" in text


def test_star_imports(folder: Folder) -> None:
    folder.put(
        model="from math import *\nfrom helpers import *\n\ndef loss(x: float):\n    return sin(x) * pi * gain(x)\n",
        helpers="FACTOR = 2.5\n\ndef gain(x):\n    return x * FACTOR\n",
    )
    folder.agrees(0.7)


def test_constants_are_copied_with_what_they_read(folder: Folder) -> None:
    folder.put(
        model="""\
            import math
            import numpy as np
            from sys import float_info

            A = B = 2.0
            LOW, (HIGH, STEP) = 0.0, (1.0, 0.25)
            GRID = np.arange(LOW, HIGH, STEP)
            COUNT = GRID.size
            WEIGHTS = np.array([math.cos(k * A) for k in range(COUNT)]); UNUSED = open
            if COUNT > 2:
                EXTRA = [
                    1.0,
                    B,
                ]
            EPS = max(float_info.epsilon, np.finfo(float).eps)
            NAME = f"{A:.1f} of {B}"

            def area(r):
                return math.pi * r**2

            UNIT = area(1.0)

            def loss(x: float) -> float:
                print(NAME, f"{UNIT:.3f}")
                return UNIT * x * np.sum(WEIGHTS * x) + EXTRA[1] * x + COUNT * EPS
        """
    )
    text = folder.written("model.py:loss")
    assert "UNUSED" not in text
    f = folder.primal()
    program = "import out; print(repr(float(out.grad_loss(0.7))))"
    done = subprocess.run([sys.executable, "-c", program], cwd=folder.path, capture_output=True, text=True, check=True)
    *printed, last = done.stdout.splitlines()
    assert printed in ([], ["2.0 of 2.0 3.142"])
    np.testing.assert_allclose(float(last), differences(f, (0.7,)), rtol=1e-6)


def test_names_of_ours_give_way_to_the_users(folder: Folder) -> None:
    folder.put(
        model="""\
            import numpy as np

            unbroadcast = 2.0
            np_2 = 3.0

            def spread(n):
                return n + 1

            def sum(n):
                return n * 2

            def loss(x, y, widen=3):
                sign = spread(widen) + sum(widen)
                share = np.abs(x * y + sign) * unbroadcast * np_2
                return np.sum(share + np.maximum(x, y))
        """
    )
    folder.agrees(X, np.array([0.5, 0.2, -2.0]))


def test_a_name_that_python_has_too(folder: Folder) -> None:
    folder.put(model="def abs(x):\n    return x * x\n\ndef loss(x: float, n: int = 3):\n    return abs(x) * float(n)\n")
    folder.agrees(0.7)


def test_imports_in_try_are_followed_as_python_would(folder: Folder) -> None:
    folder.put(
        model="""\
            from typing import TYPE_CHECKING
            try:
                import numpy as np
            except ImportError:
                np = None
            if TYPE_CHECKING:
                import nothing_there as np

            def loss(x: float, weights: "nothing_there.Array" = None):
                return np.sin(x) * 2
        """
    )
    folder.agrees(0.7)


def test_declared_encoding_and_a_form_feed(folder: Folder) -> None:
    text = "# -*- coding: latin-1 -*-\n# caf\u00e9\n\x0c\nh = 2.0  # h\u00f6he\ndef loss(x: float):\n    return x * h\n"
    (folder.path / "model.py").write_bytes(text.encode("latin-1"))
    text = folder.agrees(0.7)
    assert "# h\u00f6he" in text
    done = folder.type("grad", "model.py:loss", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "# h\u00f6he" in done.stdout


@pytest.mark.parametrize(
    ("above", "read", "said"),
    [
        ("TABLE = np.load('t.npy')", "TABLE[0]", "numpy.load"),
        ("TABLE = np.random.default_rng(0).normal(size=3)", "TABLE[0]", "numpy.random.default_rng"),
        ("TABLE = open('t.txt').read()", "len(TABLE)", "open"),
        ("import os\nRATE = float(os.environ['RATE'])", "RATE", "os.environ"),
        ("import time\nRATE = time.time()", "RATE", "time.time"),
        ("RATE = 2.0\nRATE = 3.0", "RATE", "more than once"),
        ("RATE = 2.0\nRATE += 3.0", "RATE", "more than once"),
        ("RATE = 2.0\nfor RATE in range(3): pass", "RATE", "more than once"),
        ("if np.pi > 3:\n    RATE = 2.0\nelse:\n    RATE = 1.0", "RATE", "more than once"),
        ("RATE = 2.0\ndef change():\n    global RATE\n    RATE = 3.0", "RATE", "more than once"),
        ("TABLE = np.zeros(3)\nTABLE[0] = 1.0", "TABLE[0]", "model.py:4 writes into it"),
        ("TABLE = [1.0]\nTABLE.append(2.0)", "TABLE[1]", "model.py:4 writes into it"),
        (
            "TABLE = np.zeros(3)\nnp.fill_diagonal(TABLE, 1.0)",
            "TABLE[1]",
            "model.py:4 writes into it",
        ),
        ("TABLE = np.zeros(3)\nOTHER = TABLE\nOTHER[0] = 1.0", "TABLE[0]", "writes into it"),
        (
            "def fill(t):\n    t[0] = 1.0\nTABLE = np.zeros(3)\nfill(TABLE)",
            "TABLE[0]",
            "model.py:6 writes into it",
        ),
        ("import config\nconfig.RATE = 3.0", "config.RATE", "model.py:4 writes into it"),
        ("import config\nsetattr(config, 'RATE', 3.0)", "config.RATE", "model.py:4 writes into it"),
        ("import config\nfor n in ('RATE',): setattr(config, n, 3.0)", "config.RATE", "model.py:4 writes into it"),
        ("class C:\n    k = 2.0\nsetattr(C, 'k', 3.0)", "C().k", "model.py:5 writes into"),
        ("class C:\n    k = 2.0\nc = C()\nobject.__setattr__(c, 'k', 3.0)", "c.k", "model.py:6 writes into"),
        ("class C:\n    k = 2.0\nc = C()\nvars(c)['k'] = 3.0", "c.k", "model.py:6 writes into"),
        ("class C:\n    k = 2.0\nfor c in (C,): c.k = 3.0", "C.k", "writes into it"),
        ("class C:\n    k = 2.0\n    def __init__(self): type(self).k = 3.0\nc = C()", "C.k", "writes into it"),
        ("class C:\n    k = 2.0\n    @classmethod\n    def put(c): c.k = 3.0\nC.put()", "C().k", "writes into"),
        ("def put(c): setattr(c, 'k', 3.0)\nclass C:\n    k = 2.0\nput(C)", "C.k", "writes into"),
        ("RATE = 2.0\nglobals()['RATE'] = 3.0", "RATE", "model.py:4 writes into it"),
        ("RATE = 2.0\nglobals().update(RATE=3.0)", "RATE", "model.py:4 writes into it"),
        ("RATE = 2.0\nexec('RATE = 3.0')", "RATE", "model.py:4 writes into it"),
        ("import sys\nRATE = 2.0\nsetattr(sys.modules[__name__], 'RATE', 3.0)", "RATE", "model.py:5 writes into it"),
        ("TABLE = [1.0]\nlist.append(TABLE, 3.0)", "TABLE[-1]", "model.py:4 writes into it"),
        ("TABLE = [1.0]\nfor t in (TABLE,): t[0] = 3.0", "TABLE[0]", "writes into it"),
        ("TABLE = [1.0]\ndef fill():\n    t = TABLE\n    t[0] = 3.0\nfill()", "TABLE[0]", "writes into it"),
        ("import missing_module", "missing_module.RATE", "was not found"),
        ("from missing_module import RATE", "RATE", "was not found"),
        ("class C:\n    def __init__(self): self.k = np.random.rand()\nRATE = C()", "RATE.k", "only running the file"),
        ("import time\nclass C:\n    def __init__(self): self.k = time.time()\nRATE = C()", "RATE.k", "only running"),
        ("def noisy():\n    return np.random.rand()\nRATE = noisy()", "RATE", "numpy.random.rand"),
        ("", "UNDEFINED", "UNDEFINED"),
        ("import config", "config.NOTHING", "NOTHING"),
        ("from loop_a import thing", "thing", "in a circle"),
    ],
)
def test_what_only_running_the_file_would_tell_is_refused(folder: Folder, above: str, read: str, said: str) -> None:
    folder.put(
        config="RATE = 2.0\n",
        loop_a="from loop_b import thing\n",
        loop_b="from loop_a import thing\n",
    )
    (folder.path / "model.py").write_text(
        f"import numpy as np\n\n{above}\n\n\ndef loss(x: float):\n    return x * {read}\n"
    )
    error = folder.refused("grad", "model.py:loss", "-o", "out.py")
    assert said in error
    assert re.match(r"[\w/.]+\.py:\d+:\d+: ", error), error


def test_constants_that_functions_copy_before_they_write_are_copied(folder: Folder) -> None:
    folder.put(
        model="""\
            import numpy as np

            N = 3
            SCALE = 2.0
            W = [1.0, 2.0]

            def helper(x):
                out = np.zeros(N)
                out[0] = x
                s = SCALE
                s *= x
                w = list(W)
                w[0] = s
                total = W[0]
                total += 1.0
                return out[0] * s * w[0] * W[1] * total

            def loss(x: float):
                return helper(x) * SCALE * N
        """
    )
    folder.agrees(0.7)


def test_a_constant_that_the_file_only_reads_is_copied_although_it_is_passed_around(
    folder: Folder,
) -> None:
    folder.put(
        model="""\
            import numpy as np

            GRID = np.linspace(0.0, 1.0, 3)

            def total(t):
                s = 0.0
                for v in t:
                    s = s + v
                return s

            print(np.sum(GRID), total(GRID))

            def loss(x: float):
                return x * GRID[1] * x
        """
    )
    folder.written("model.py:loss")


def test_decorated_functions(folder: Folder) -> None:
    folder.put(
        model="""\
            import functools

            def twice(f):
                def g(x):
                    return 2 * f(x)
                return g

            def counted(f):
                calls = []
                def g(x):
                    calls.append(x)
                    return len(calls) * f(x)
                return g

            @twice
            def helper(x):
                return x * x

            @functools.lru_cache
            def cached(n):
                return n + 1

            def loss(x: float):
                return helper(x)

            def fine(x: float, n: int = 2):
                return x * cached(n)

            @twice
            def wrapped(x: float):
                return x

            @counted
            def stateful(x: float):
                return x
        """
    )
    assert "model.py:33:2: stateful is under a decorator" in folder.refused("grad", "model.py:stateful")
    folder.agrees(3.0)
    folder.agrees(3.0, target="model.py:wrapped")


def test_a_module_read_in_text_that_is_kept_is_refused_with_its_place(folder: Folder) -> None:
    folder.put(
        model="""\
            import helpers

            def loss(x: float):
                print(f"{helpers.RATE}")
                return x * x
        """,
        helpers="RATE = 2.0\n",
    )
    error = folder.refused("grad", "model.py:loss")
    assert error.startswith("model.py:4:5: helpers is not known without running the file")
    assert "import what you need from it" in error


def test_text_that_reads_names_which_gave_way(folder: Folder) -> None:
    folder.put(
        model="""\
            import numpy as np
            from other import LIMIT as TOP, width

            LIMIT = 5.0

            def loss(x: float, n: int = 2):
                if n > TOP:
                    raise ValueError(f"{n} > {TOP:.1f}, {LIMIT}")
                assert n < LIMIT * 2, f"{width(n)} {np.pi:.2f}"
                return x * x * LIMIT
        """,
        other="LIMIT = 7.0\n\ndef width(n):\n    return f'{n} {LIMIT}'\n",
    )
    folder.agrees(0.7)
    error = folder.run_alone("caught(out.grad_loss, 0.7, 8)")
    assert error == "8 > 7.0, 5.0"


def test_a_long_function(folder: Folder) -> None:
    lines = "".join(f"    y = y * 0.5 + np.sin(x) * {k}\n" for k in range(1000))
    folder.put(model=f"import numpy as np\n\ndef loss(x: float):\n    y = x\n{lines}    return y\n")
    folder.agrees(0.7)
