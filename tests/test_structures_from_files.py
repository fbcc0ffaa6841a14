"""Structure where nothing runs: dicts, tuples, objects, classes and decorators of files that are only read."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from folder import in_this_process

import tangent_like as tl

PROGRAMS = '''\
import functools
from collections import namedtuple
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

import numpy as np


class Phase(Enum):
    SOLID = auto()
    LIQUID = auto()


class Weight:
    def __init__(self, w):
        self.w = w

    def __mul__(self, k):
        return Weight(self.w * k)

    __rmul__ = __mul__


def weighed(a):
    total = 0.0
    for phase in (Phase.SOLID, Phase.LIQUID):
        heavy = 2.0 * Weight(a) * 3.0
        if phase is Phase.SOLID:
            total += heavy.w
        elif phase == Phase.LIQUID:
            total += heavy.w * a
    return total


def walked(params, x):
    reg = 0.0
    for v in params.values():
        reg = reg * 0.5 + np.sum(v**2)
    if "W" in params:
        reg = reg * len(params)
    for k in params:
        reg = reg + np.sum(params[k])
    rate = params.get("rate", 0.1)
    moved = {k: v * rate for k, v in params.items()}
    return np.sum(x * params["W"]) * rate + reg * moved["rate"]


CONFIG = {"rate": 0.5, "act": np.tanh, "sizes": (2, 3), "name": "tanh"}
SHIFTS = (0.25, 0.5)
Point = namedtuple("Point", "x y")


class BadError(ValueError):
    pass


class Pair(NamedTuple):
    W: np.ndarray
    b: float = 1.0

    def apply(self, x):
        return np.sum(self.W * x) + self.b


@dataclass
class Layer:
    W: np.ndarray
    b: np.ndarray
    gain: float = 2.0

    def __call__(self, x):
        return np.tanh(x @ self.W + self.b) * self.gain


@dataclass
class Net:
    first: Layer
    second: "Layer"


class Base:
    power = 2

    def __init__(self, w: np.ndarray, c: float):
        self.w = w
        self.c = c

    @property
    def total(self):
        return np.sum(self.w)

    @staticmethod
    def square(x):
        return x * x

    def loss(self, x):
        return self.square(self.total) + np.sum(x**self.power) * self.c


class Model(Base):
    def loss(self, x):
        return super().loss(x) + np.sum(self.w * x)


def scaled(factor):
    def decorator(f):
        @functools.wraps(f)
        def wrapper(*args, **kwargs):
            return factor * f(*args, **kwargs)

        return wrapper

    return decorator


def dense(p, x):
    return np.tanh(x @ p["W"] + p["b"])


def dicts(params, x):
    h = dense(params["l1"], x)
    W, b = params["out"]
    return np.sum((h @ W + b) ** 2)


def listed(params, x):
    h = dense(params["layers"][0], x)
    return np.sum(dense(params["layers"][1], h))


def unpacked(layer, x):
    W, b = layer
    return np.sum(np.sin(x @ W + b))


def nested(params, x):
    (W, b), s = params
    return np.sum(np.sin(x @ W + b)) * s


def attributes(model, x):
    return np.sum(np.sin(x @ model.W + model.b)) * model.inner.gain


def dataclassed(layer: Layer, x):
    return np.sum(layer(x))


def holding(net: Net, x):
    return np.sum(net.second(net.first(x)))


def named(p: Pair, x):
    return p.apply(x) ** 2


def plain(model: Model, x):
    return model.loss(x)


def annotated_tuple(p: tuple[float, np.ndarray], x):
    return p[0] * np.sum(p[1] * x)


def constructed(x):
    p = Point(x * 2, y=x + 1)
    m = Model(p.x, 3.0)
    return m.loss(p.y)


def constants(x):
    act = CONFIG["act"]
    if CONFIG["name"] == "tanh":
        y = np.sum(act(x)) * CONFIG["rate"] * CONFIG["sizes"][1]
    else:
        y = np.sum(x)
    for shift in SHIFTS:
        y = y + np.sum((x - shift) ** 2)
    return y


@scaled(3.0)
def decorated(x):
    return np.sum(x * x)


def calls_decorated(x):
    return decorated(x) * decorated(2.0 * x)


@functools.lru_cache(maxsize=None)
def cached(x):
    return x * x


def calls_cached(x: float):
    return cached(x) + cached(2.0 * x)


def raises(x: float):
    if x < 0:
        raise BadError("negative")
    return x * x * Base.power


def flagged(cfg, x):
    if cfg["kind"] == "sin":
        return np.sum(np.sin(x * cfg["w"]))
    return np.sum(x) if cfg["flag"] else np.sum(x * x)


def comprehended(params, x):
    return sum([np.sum(params[k] * x) for k in ("a", "b")]) * params["a"][0]
'''


def normal(*shape: int) -> Any:
    return np.random.default_rng(sum(shape)).normal(size=shape)


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    path = tmp_path_factory.mktemp("programs") / "programs.py"
    path.write_text(PROGRAMS)
    return load(path, "programs_of_structures")


def load(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[name] = made
    spec.loader.exec_module(made)
    return made


def run(*argv: str) -> subprocess.CompletedProcess[str]:
    if argv[0] == "grad":  # which executes nothing of the user's
        return in_this_process(Path.cwd(), argv)
    return subprocess.run([sys.executable, "-m", "tangent_like", *argv], capture_output=True, text=True, check=False)


def emitted(module: ModuleType, target: str, folder: Path, *more: str) -> Callable[..., Any]:
    """The gradient as a module that knows nothing of tangent_like."""
    out = folder / "out.py"
    done = run("grad", f"{module.__file__}:{target}", "-o", str(out), *more)
    assert done.returncode == 0, done.stderr
    text = out.read_text()
    assert "import tangent_like" not in text and "from tangent_like" not in text
    found = getattr(load(out, "emitted_" + target.replace(".", "_")), "grad_" + target.rpartition(".")[2])
    assert callable(found)
    return found


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for k in sorted(value) for leaf in leaves(value[k])]
    if isinstance(value, list | tuple):
        return [type(value).__name__, *(leaf for v in value for leaf in leaves(v))]
    if hasattr(value, "__dict__"):
        return [type(value).__name__, *leaves({k: v for k, v in vars(value).items() if v is not None})]
    return [] if value is None else [value]


def assert_same(got: Any, wanted: Any) -> None:
    a, b = leaves(got), leaves(wanted)
    assert len(a) == len(b), (got, wanted)
    for one, other in zip(a, b, strict=True):
        if isinstance(one, str):
            assert one == other
        else:
            np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)


def arguments(m: ModuleType) -> dict[str, tuple[Any, ...]]:
    x, W, b = normal(5, 3), normal(3, 4), normal(4)
    first, square = {"W": W, "b": b}, {"W": normal(4, 4), "b": normal(4) + 1}
    layer = m.Layer(W, b, 0.5)
    return {
        "dicts": ({"l1": first, "out": (normal(4, 2), normal(2))}, x),
        "listed": ({"layers": [first, square]}, x),
        "unpacked": ([W, b], x),
        "nested": (((W, b), 2.0), x),
        "dataclassed": (layer, x),
        "holding": (m.Net(layer, m.Layer(normal(4, 2), normal(2))), x),
        "named": (m.Pair(normal(3), 0.5), normal(3)),
        "plain": (m.Model(normal(3), 0.5), normal(3)),
        "annotated_tuple": ((0.5, normal(3)), normal(3) + 1),
        "constructed": (normal(3),),
        "constants": (normal(3),),
        "decorated": (normal(3),),
        "calls_decorated": (normal(3),),
        "calls_cached": (0.7,),
        "raises": (0.7,),
        "weighed": (0.7,),
        "flagged": ({"kind": "sin", "flag": True, "w": 0.5}, normal(3)),
        "walked": ({"W": normal(3), "rate": 0.5}, normal(3)),
        "comprehended": ({"a": normal(3), "b": normal(3) + 1}, normal(3)),
    }


NAMES = list(arguments(SimpleNamespace(**dict.fromkeys(["Layer", "Net", "Pair", "Model"], lambda *_: None))))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", NAMES)
def test_the_module_gives_what_the_live_derivative_gives(module: ModuleType, name: str, tmp_path: Path) -> None:
    args = arguments(module)[name]
    wanted = tl.grad(getattr(module, name))(*args)
    assert_same(emitted(module, name, tmp_path)(*args), wanted)


@pytest.mark.parametrize("name", [n for n in NAMES if "decorated" not in n])  # those read a closure
def test_source_of_a_live_function_is_the_same_program(module: ModuleType, name: str) -> None:
    args = arguments(module)[name]
    derivative = tl.grad(getattr(module, name))
    namespace: dict[str, Any] = {**vars(module)}
    exec(derivative.source, namespace)
    assert_same(namespace[f"grad_{name}"](*args), derivative(*args))


def test_an_object_of_any_class(module: ModuleType, tmp_path: Path) -> None:
    model = SimpleNamespace(W=normal(3, 4), b=normal(4), inner=SimpleNamespace(gain=2.0))
    found = emitted(module, "attributes", tmp_path)(model, normal(5, 3))
    x = normal(5, 3)
    inner = np.cos(x @ model.W + model.b) * 2.0
    np.testing.assert_allclose(found.W, x.T @ inner)
    np.testing.assert_allclose(found.b, inner.sum(axis=0))
    np.testing.assert_allclose(found.inner.gain, np.sum(np.sin(x @ model.W + model.b)))


def test_methods_are_targets(module: ModuleType, tmp_path: Path) -> None:
    model, x = module.Model(normal(3), 0.5), normal(3) + 1
    assert_same(emitted(module, "Model.loss", tmp_path)(model, x), tl.grad(model.loss)(x))
    wanted = tl.grad(module.plain)(model, x)
    assert_same(emitted(module, "Model.loss", tmp_path, "--wrt", "self")(model, x), wanted)
    assert_same(emitted(module, "Base.square", tmp_path)(0.5), 1.0)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("dicts", lambda p: {**p, "more": 1.0}, "'l1', 'out'"),
        ("dicts", lambda p: {"l1": p["l1"], "out": (*p["out"], 1.0)}, "tuple or list of 2"),
        ("listed", lambda p: {"layers": p["layers"] * 2}, "tuple or list of 2"),
        ("dataclassed", lambda p: SimpleNamespace(**vars(p)), "of class Layer"),
        ("walked", lambda p: {k: p[k] for k in reversed(list(p))}, "in the order 'W', 'rate'"),
        ("walked", lambda p: {"W": p["W"]}, "the keys 'W', 'rate'"),
        ("plain", lambda p: type("Other", (type(p),), {})(p.w, p.c), "of class Model"),
    ],
)
def test_another_structure_is_an_error(
    module: ModuleType, name: str, change: Callable[[Any], Any], said: str, tmp_path: Path
) -> None:
    params, *rest = arguments(module)[name]
    derivative = emitted(module, name, tmp_path)
    with pytest.raises(ValueError, match=said):
        derivative(change(params), *rest)


def test_an_attribute_of_the_object_hides_that_of_the_class(module: ModuleType, tmp_path: Path) -> None:
    model = module.Model(normal(3), 0.5)
    model.power = 3
    with pytest.raises(ValueError, match="power == 2"):
        emitted(module, "plain", tmp_path)(model, normal(3))


def test_a_class_of_the_users_is_taken_along(module: ModuleType, tmp_path: Path) -> None:
    derivative = emitted(module, "raises", tmp_path)
    with pytest.raises(ValueError, match="negative") as found:
        derivative(-1.0)
    assert type(found.value).__name__ == "BadError"


REFUSED = {
    "which keys": ("def f(p, x):\n    return x * sum(p.values())\n", "all of p"),
    "which keys of a copy": ("def f(p, x):\n    q = dict(p)\n    return x * q['a']\n", "all of p"),
    "written into": ("def f(p, x):\n    p.update(a=x)\n    return p['a'] * x\n", ".update() of p"),
    "length": ("def f(p, x):\n    return p[0]['a'] * x * len(p)\n", "all of p"),
    "last": ("def f(p, x):\n    return p[-1]['a'] * x\n", "'a'"),
    "two forms": ("def f(p, x):\n    return p['a'] * p.b\n", "a dict and as an object"),
    "method": ("def f(model, x):\n    return model.forward(x)\n", ".forward()"),
    "state": (
        ("def d(g):\n    n = [0]\n    def w(x):\n        n[0] += 1\n        return n[0] * g(x)\n    return w\n\n"
        "@d\ndef f(x):\n    return x * x\n"),
        "from call to call",
    ),
    "library": ("@np.frompyfunc\ndef f(x):\n    return x * x\n", "decorated"),
    "written": (
        "C = {'act': np.sin}\n\ndef f(x):\n    return C['act'](x)\n\nC['act'] = np.cos\n",
        "writes into",
    ),
    "class changed": (
        ("class A:\n    def g(self, x):\n        return x\n\nA.g = lambda self, x: 2 * x\n\n"
        "def f(x):\n    return A().g(x)\n"),
        "writes into",
    ),
    "metaclass": ("class A(metaclass=B):\n    pass\n\ndef f(x):\n    return A().g(x)\n", "class keyword metaclass"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused_by_name(what: str, tmp_path: Path) -> None:
    text, said = REFUSED[what]
    path = tmp_path / "model.py"
    path.write_text("import numpy as np\n\n" + text)
    done = run("grad", f"{path}:f")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert said in done.stderr


@pytest.mark.parametrize(
    ("name", "points"),
    [
        ("dicts", ["params={'l1': {'W': np.eye(3), 'b': np.ones(3)}, 'out': (np.ones((3, 2)), 0.5)}", "x=np.ones(3)"]),
        ("unpacked", ["layer=[np.eye(2), 0.5]", "x=np.ones(2)"]),
        ("dataclassed", ["layer=Layer(np.eye(2), np.ones(2))", "x=np.ones(2)"]),
        ("named", ["p=Pair(np.ones(2))", "x=np.arange(2.0)"]),
        ("decorated", ["x=np.arange(2.0)"]),
    ],
)
def test_check_moves_all_that_an_argument_holds(module: ModuleType, name: str, points: list[str]) -> None:
    done = run("check", f"{module.__file__}:{name}", *(word for point in points for word in ("--at", point)))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "agrees" in done.stdout
