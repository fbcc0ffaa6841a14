"""What is known about a value: frozen, comparable, joined where paths meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from tangent_like.ir.quick import quick
from tangent_like.kinds.dims import Dim, fixed, join_dim, symbol

FLOATS = frozenset({"float16", "float32", "float64", "longdouble", "float128"})

# Complex numbers of a precision that is not known: the widest stand for them. A dtype that is not known (None) is real.
SOME_COMPLEX = np.dtype(np.clongdouble).name


@quick
@dataclass(frozen=True, slots=True)
class Scalar:
    """A Python scalar (``dtype`` None) or a NumPy one.

    ``type`` is "float", "int", "bool" or "complex"; ``value`` the size that an int stands for;
    ``mixed`` says that it may be a NumPy scalar on one path and a Python one on another.
    """

    type: str
    dtype: str | None = None
    value: Dim | None = None
    mixed: bool = False


@quick
@dataclass(frozen=True, slots=True)
class Array:
    """An array: ``dims`` None where not even the rank is known; a size None where it is not."""

    dims: tuple[Dim | None, ...] | None
    dtype: str | None = None

    @property
    def rank(self) -> int | None:
        return None if self.dims is None else len(self.dims)


@quick
@dataclass(frozen=True, slots=True)
class Sequence:
    """A tuple or list whose items are known one by one."""

    items: tuple[Kind, ...]
    is_list: bool = False
    of: type | None = None  # the named tuple that it is


@quick
@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of unknown length whose items are all of one kind; ``item`` None where it is empty so far."""

    item: Kind | None


@quick
@dataclass(frozen=True, slots=True)
class DictOf:
    """A dict whose keys only the run tells: its values all of one kind, None where it is empty so far.

    ``missing``: it is a ``defaultdict`` of zeros.
    """

    item: Kind | None
    key: Kind | None = None
    missing: bool = False


@quick
@dataclass(frozen=True, slots=True)
class Plain:
    """What carries no derivative: strings, None, modules, dtypes, functions.

    ``overloads``: an array of another class than ``numpy.ndarray``, whose operators are its own.
    """

    what: str
    overloads: bool = False


@quick
@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing is known: a number or an array, as far as we can tell, of real numbers.

    ``clash``: a list or a tuple on one path, and a number, an array or the other of the two on another.
    ``complex``: it may hold complex numbers. ``overloads``: the class of an array that is no ``numpy.ndarray``.
    ``number``: it is None or this, which arithmetic takes it for: of None there is none.
    """

    clash: bool = False
    complex: bool = False
    overloads: str = ""
    number: Scalar | None = None


Kind: TypeAlias = "Scalar | Array | Sequence | ListOf | DictOf | Plain | Unknown"

FLOAT = Scalar("float")
INT = Scalar("int")
BOOL = Scalar("bool")
UNKNOWN = Unknown()
UNKNOWN_COMPLEX = Unknown(complex=True)
TEXT = Plain("str")
NONE = Plain("None")


def is_float(kind: Kind) -> bool:
    """May values of this kind carry a derivative?"""
    match kind:
        case Scalar(type=t):
            return t in ("float", "complex")
        case Array(dtype=None) | Unknown():
            return True
        case Array(dtype=dtype):
            return np.dtype(dtype).kind in "fcO"
        case Sequence(items=items):
            return any(is_float(i) for i in items)
        case ListOf(item=item) | DictOf(item=item):
            return item is None or is_float(item)
        case Plain():
            return False


def is_complex(kind: Kind) -> bool:
    """May the value be a complex number, or hold some? A complex kind says "may be": real values are among them."""
    match kind:
        case Scalar():
            return kind.type == "complex"
        case Array():
            return kind.dtype is not None and np.dtype(kind.dtype).kind == "c"
        case Sequence(items=items):
            return any(map(is_complex, items))
        case ListOf(item=item) | DictOf(item=item):
            return item is not None and is_complex(item)
        case Unknown():
            return kind.complex
        case Plain():
            return False


def is_open(kind: Kind) -> bool:
    """Is it not known whether the numbers are real or complex, and taken for granted that they are real?"""
    return (isinstance(kind, Unknown) and not kind.complex) or (isinstance(kind, Array) and kind.dtype is None)


def as_complex(kind: Kind) -> Kind:
    """The kind of complex numbers instead of real ones, or of those that nothing is known of."""
    match kind:
        case Scalar(type="float", dtype=dtype):
            return Scalar("complex", None if dtype is None else complex_dtype(dtype), None, kind.mixed)
        case Array(dims=dims, dtype=dtype) if dtype is None or np.dtype(dtype).kind == "f":
            return Array(dims, complex_dtype(dtype))
        case Sequence(items=items):
            return Sequence(tuple(map(as_complex, items)), kind.is_list, kind.of)
        case ListOf(item=item):
            return ListOf(None if item is None else as_complex(item))
        case Unknown():
            return Unknown(kind.clash, True)
        case _:
            return kind


def as_real(kind: Kind) -> Kind:
    """The kind of the real part."""
    match kind:
        case Scalar(type="complex", dtype=dtype):
            return Scalar("float", None if dtype is None else real_dtype(dtype), None, kind.mixed)
        case Array(dims=dims, dtype=dtype) if is_complex(kind):
            return Array(dims, real_dtype(dtype))
        case Unknown():
            return Unknown(kind.clash)
        case _:
            return kind


def complex_dtype(dtype: str | None) -> str:
    """The dtype of complex numbers of the precision of ``dtype``."""
    if dtype is not None and np.dtype(dtype).kind == "c":
        return dtype
    return {"float64": "complex128", "float32": "complex64"}.get(dtype or "", SOME_COMPLEX)


def real_dtype(dtype: str | None) -> str | None:
    """The dtype of the real parts of ``dtype``; None where it is not known."""
    return {"complex128": "float64", "complex64": "float32"}.get(dtype or "")


_SPARSE = frozenset({"csr", "csc", "coo", "bsr", "dia", "lil", "dok", "sparse"})


def is_sparse(kind: Kind) -> bool:
    """A sparse matrix or array of SciPy's: a constant that arrays are multiplied with."""
    return class_of(kind).partition("_")[0] in _SPARSE


def class_of(kind: Kind) -> str:
    """The class of an array that is no ``numpy.ndarray``, whose operators are its own; empty of all else."""
    if isinstance(kind, Plain):
        return kind.what if kind.overloads else ""
    return kind.overloads if isinstance(kind, Unknown) else ""


def is_scalar(kind: Kind) -> bool:
    return isinstance(kind, Scalar)


def is_one_number(kind: Kind) -> bool:
    """Is it a number, or an array without axes?"""
    return isinstance(kind, Scalar) or (isinstance(kind, Array) and kind.rank == 0)


def rank_of(kind: Kind) -> int | None:
    match kind:
        case Scalar():
            return 0
        case Array():
            return kind.rank
        case _:
            return None


def dims_of(kind: Kind) -> tuple[Dim | None, ...] | None:
    match kind:
        case Scalar():
            return ()
        case Array():
            return kind.dims
        case _:
            return None


def join(a: Kind | None, b: Kind | None) -> Kind:
    """What is known where a value may be of kind ``a`` or of kind ``b``; None stands for no value yet."""
    if a is None or b is None:
        return a or b or UNKNOWN
    if a == b:
        return a
    match a, b:
        case Scalar(), Scalar():
            order = ("bool", "int", "float", "complex")
            type_ = max(a.type, b.type, key=order.index)
            mixed = a.mixed or b.mixed or a.dtype != b.dtype
            dtype = a.dtype if a.dtype == b.dtype else None
            return Scalar(type_, dtype, a.value if a.value == b.value else None, mixed)
        case Array(), Array():
            dtype = join_dtype(a, b)
            if a.dims is None or b.dims is None or len(a.dims) != len(b.dims):
                return Array(None, dtype)
            return Array(tuple(map(join_dim, a.dims, b.dims)), dtype)
        case Sequence(), Sequence() if len(a.items) == len(b.items) and a.is_list == b.is_list:
            return Sequence(tuple(map(join, a.items, b.items)), a.is_list, a.of if a.of is b.of else None)
        case ListOf() | Sequence(is_list=True), ListOf() | Sequence(is_list=True):
            return ListOf(join_items(a, b))
        case DictOf(), DictOf():
            item = None if a.item is None and b.item is None else join(a.item, b.item)
            return DictOf(item, None if a.key is None and b.key is None else join(a.key, b.key), a.missing or b.missing)
        case (Plain() | Unknown(), _) | (_, Plain() | Unknown()) if (number := number_or_none(a, b)) is not None:
            return Unknown(complex=is_complex(number), number=number)
        case Unknown(clash=True), _:
            return Unknown(True, is_complex(a) or is_complex(b))
        case _, Unknown(clash=True):
            return Unknown(True, is_complex(a) or is_complex(b))
        case Sequence() | ListOf() | DictOf(), Sequence() | ListOf() | DictOf() | Scalar() | Array() | Unknown():
            return Unknown(True, is_complex(a) or is_complex(b))
        case Scalar() | Array() | Unknown(), Sequence() | ListOf() | DictOf():
            return Unknown(True, is_complex(a) or is_complex(b))
        case _:
            return Unknown(complex=is_complex(a) or is_complex(b))


def number_or_none(a: Kind, b: Kind) -> Scalar | None:
    """The kind of the number, where one of the two is None or may be, and otherwise both are numbers."""
    found: Scalar | None = None
    for kind in (a, b):
        number = kind.number if isinstance(kind, Unknown) else kind
        if isinstance(number, Scalar):
            joined = number if found is None else join(found, number)
            assert isinstance(joined, Scalar)
            found = Scalar(joined.type, joined.dtype, None, joined.mixed)
        elif number is None or number != NONE:
            return None
    return found


def numeric(kind: Kind, rule: str = "arithmetic") -> Kind:
    """What takes part in what goes entry by entry: of what is None or a number the number."""
    number = kind.number if isinstance(kind, Unknown) and rule in ("arithmetic", "elementwise") else None
    return number or kind


def join_dtype(a: Array, b: Array) -> str | None:
    """The dtype that both have; where they differ, what is complex stays complex."""
    if a.dtype == b.dtype:
        return a.dtype
    return SOME_COMPLEX if is_complex(a) or is_complex(b) else None


def item_of(kind: ListOf | Sequence) -> Kind | None:
    """What is known of any item; None where there is none."""
    if isinstance(kind, ListOf):
        return kind.item
    total: Kind | None = None
    for item in kind.items:
        total = item if total is None else join(total, item)
    return total


def join_items(a: ListOf | Sequence, b: ListOf | Sequence) -> Kind | None:
    one, two = item_of(a), item_of(b)
    return join(one, two) if one is not None or two is not None else None


def as_list(kind: Kind) -> Kind:
    """The kind of a list that may grow and shrink: its items are not told apart any more."""
    if isinstance(kind, Sequence) and kind.is_list:
        item = item_of(kind)
        return ListOf(None if item is None else as_list(item))
    if isinstance(kind, ListOf) and kind.item is not None:
        return ListOf(as_list(kind.item))
    return kind


def is_list(kind: Kind | None) -> bool:
    return isinstance(kind, ListOf) or (isinstance(kind, Sequence) and kind.is_list)


def kind_of_value(value: object, text: str | None = None) -> Kind:
    """The kind of a live value; ``text`` names it in the symbols of its sizes, None fixes the sizes."""
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, int):
        return Scalar("int", None, fixed(value) if text is None else symbol(text))
    if type(value) is float:
        return FLOAT
    if isinstance(value, np.generic):
        return Scalar(_scalar_type(value.dtype), value.dtype.name)
    if isinstance(value, float):
        return FLOAT
    if isinstance(value, complex):
        return Scalar("complex")
    if isinstance(value, np.ndarray):
        if type(value) is not np.ndarray:
            return Plain(type(value).__name__, True)
        dims: tuple[Dim | None, ...]
        if text is None:
            dims = tuple(fixed(n) for n in value.shape)
        else:
            dims = tuple(symbol(f"{text}.shape[{k}]") for k in range(value.ndim))
        return Array(dims, value.dtype.name if value.dtype.isnative else None)
    if isinstance(value, tuple | list):
        items = tuple(kind_of_value(v, None if text is None else f"{text}[{k}]") for k, v in enumerate(value))
        if isinstance(value, list) and text is not None and alike(items):
            return without_sizes(as_list(Sequence(items, True)))
        return Sequence(items, isinstance(value, list))
    if value is None:
        return NONE
    if isinstance(value, str):
        return TEXT
    return Plain(type(value).__name__, hasattr(type(value), "__array_priority__"))


def of_dtype(kind: Kind, dtype: str | None) -> Kind:
    """The kind after a conversion to ``dtype``."""
    match kind:
        case Array(dims=dims):
            return Array(dims, SOME_COMPLEX if dtype is None and is_complex(kind) else dtype)
        case Scalar() if dtype is not None:
            return Scalar(_scalar_type(np.dtype(dtype)), dtype)
        case Unknown() if dtype is not None and np.dtype(dtype).kind not in "fcO":
            return Array(None, dtype)  # or a number: it carries no derivative
        case _:
            return Unknown(complex=is_complex(kind) or (dtype is not None and np.dtype(dtype).kind == "c"))


def is_uneven(kind: Kind) -> bool:
    """May two values of this kind differ in shape?"""
    dims = dims_of(kind)
    return not isinstance(kind, Scalar) and (dims is None or None in dims)


def is_other_shape(old: Kind, new: Kind) -> bool:
    """May what takes the place of an item be of another shape than the item, which is no number for sure?"""
    return is_uneven(old) or (not isinstance(old, Scalar) and dims_of(old) != dims_of(new))


def alike(items: tuple[Kind, ...]) -> bool:
    """Do the items of a list differ in nothing but sizes?"""
    plain = {without_sizes(i) for i in items}
    return len(plain) <= 1 and all(isinstance(i, Scalar | Array | ListOf) for i in plain)


def without_sizes(kind: Kind, arrays: bool = True) -> Kind:
    """The kind of what is like it, of any size and with any numbers; without ``arrays`` of any numbers alone."""
    match kind:
        case Scalar():
            return Scalar(kind.type, kind.dtype, None, kind.mixed)
        case Array(dims=dims) if arrays:
            return Array(None if dims is None else tuple(None for _ in dims), kind.dtype)
        case Sequence():
            return Sequence(tuple(without_sizes(i, arrays) for i in kind.items), kind.is_list, kind.of)
        case ListOf(item=item):
            return ListOf(None if item is None else without_sizes(item, arrays))
        case DictOf(item=item, key=key_):
            plain, by = (None if k is None else without_sizes(k, arrays) for k in (item, key_))
            return DictOf(plain, by, kind.missing)
        case _:
            return kind


def _scalar_type(dtype: np.dtype) -> str:
    return {"f": "float", "i": "int", "u": "int", "b": "bool", "c": "complex"}.get(dtype.kind, "float")


TOLD = 64  # the longest list of which the sizes of all items are told


def sizes_of_value(value: object, text: str) -> dict[str, int]:
    """The symbols that ``kind_of_value(value, text)`` uses, with their sizes."""
    if isinstance(value, bool):
        return {}
    if isinstance(value, int):
        return {text: value}
    if isinstance(value, np.ndarray):
        return {f"{text}.shape[{k}]": n for k, n in enumerate(value.shape)}
    if isinstance(value, list) and isinstance(kind_of_value(value, text), ListOf):
        if not value or not isinstance(value[0], np.ndarray):
            return {}
        told = dict(enumerate(value)) if len(value) <= TOLD else {0: value[0]}
        each = (sizes_of_value(v, f"{text}[{k}]") for k, v in (told | {-1: value[-1]}).items())
        sizes = {name: size for one in each for name, size in one.items()}
        return sizes | ({f"{text}[:]": len(value)} if len(value) <= TOLD else {})
    if isinstance(value, tuple | list):
        found: dict[str, int] = {}
        for k, item in enumerate(value):
            found.update(sizes_of_value(item, f"{text}[{k}]"))
        return found
    return {}
