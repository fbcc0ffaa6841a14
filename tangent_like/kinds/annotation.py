"""What an annotation says of a value: a scalar, an array with rank and sizes, a list, or nothing.

    float, int, bool, str, np.float64                      numbers and texts
    np.ndarray, NDArray[np.float64]                        an array of any rank; its dtype
    np.ndarray[tuple[int, int], np.dtype[np.float64]]      one of rank 2
    Float[np.ndarray, "n d"], Float64[Array, "3 n+1"]      jaxtyping: rank, dtype, sizes by name
    list[float]

``Float`` without a number is NumPy's own, float64. jaxtyping is not needed for it: the text says it all.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from tangent_like.kinds.dims import Dim, fixed, symbol
from tangent_like.kinds.kind import BOOL, FLOAT, TEXT, UNKNOWN, Array, Kind, ListOf, Scalar, without_sizes

# By what jaxtyping calls them. What stands for several dtypes is here only if NumPy's own is meant by it.
DTYPES: Mapping[str, str | None] = {
    "Float": "float64", "Float16": "float16", "Float32": "float32", "Float64": "float64",
    "Int": "int64", "Int8": "int8", "Int16": "int16", "Int32": "int32", "Int64": "int64",
    "UInt": "uint64", "UInt8": "uint8", "UInt16": "uint16", "UInt32": "uint32", "UInt64": "uint64",
    "Integer": "int64", "Bool": "bool", "Complex": "complex128", "Complex64": "complex64", "Complex128": "complex128",
    "Inexact": None, "Real": None, "Num": None, "Shaped": None,
}  # fmt: skip
ARRAYS = ("ndarray", "Array")
SCALARS = {"float": "float64", "int": "int64", "bool": "bool", "complex": "complex128"}


def kind_of_annotation(text: str, name: str) -> Kind:
    """What an annotation says of the value that is reached as ``name``."""
    node = parsed(text)
    if node is None:
        return UNKNOWN
    match ast.unparse(node):
        case "float":
            return FLOAT
        case "int":
            return Scalar("int", None, symbol(name))
        case "bool":
            return BOOL
        case "str":
            return TEXT
    if isinstance(node, ast.Name | ast.Attribute):
        last = _last(node)
        if last in ("float64", "float32", "float16"):
            return Scalar("float", last)
        return Array(None, None) if last == "ndarray" else UNKNOWN
    if not isinstance(node, ast.Subscript):
        return UNKNOWN
    head, items = _last(node.value), _items(node.slice)
    if head in ("list", "List") and len(items) == 1:
        return ListOf(without_sizes(kind_of_annotation(ast.unparse(items[0]), name)))
    if head == "NDArray":
        return Array(None, _dtype(items[0]))
    if head == "ndarray":
        dtype = _dtype(items[1]) if len(items) > 1 else None
        rank = _rank(items[0])
        return Array(None if rank is None else _symbols(name, rank), dtype)
    shape = _jaxtyping(node)
    if shape is None:
        return UNKNOWN
    rank = None if any(_any_number(s) for s in shape) else len(shape)
    return Array(None if rank is None else _symbols(name, rank), DTYPES[head])


def stated_sizes(texts: Mapping[str, str]) -> dict[str, Dim]:
    """What annotations say of sizes, by symbol; ``texts`` are those of a function's parameters, by name.

    "n d" of ``X`` and "d" of ``w`` say that ``w.shape[0]`` is ``X.shape[1]``; "3" says that a size is 3.
    """
    first: dict[str, Dim] = {}
    found: dict[str, Dim] = {}
    later: list[tuple[str, str, int]] = []
    for name, text in texts.items():
        node = parsed(text)
        shape = _jaxtyping(node) if isinstance(node, ast.Subscript) else None
        if shape is None or any(_any_number(s) for s in shape):
            continue
        for k, size in enumerate(shape):
            own = f"{name}.shape[{k}]"
            plain = size.rpartition("=")[2].lstrip("?")
            if re.fullmatch(r"\d+", plain):
                found[own] = fixed(int(plain))
            elif plain.isidentifier() and plain != "_":
                if plain in first:
                    found[own] = first[plain]
                first.setdefault(plain, symbol(own))
            else:
                moved = re.fullmatch(r"([A-Za-z]\w*)([+-]\d+)", plain)
                if moved is not None:
                    later.append((own, moved[1], int(moved[2])))
    for own, base, offset in later:
        if base in first:
            found[own] = first[base] + fixed(offset)
    return found


def parsed(text: str) -> ast.expr | None:
    """An annotation, out of the quotes that it may stand in."""
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        return None
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return parsed(node.value)
    return node


def _last(node: ast.expr) -> str:
    """``ndarray`` of ``np.ndarray``."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _items(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else [node]


def _jaxtyping(node: ast.Subscript) -> list[str] | None:
    """The sizes of ``Float[np.ndarray, "n d"]``, one a word."""
    items = _items(node.slice)
    if _last(node.value) not in DTYPES or len(items) != 2 or _last(items[0]) not in ARRAYS:
        return None
    shape = items[1].value if isinstance(items[1], ast.Constant) else None
    return shape.split() if isinstance(shape, str) else None


def _any_number(size: str) -> bool:
    """Does it stand for any number of axes?"""
    return size == "..." or size.lstrip("?#_").startswith("*")


def _symbols(name: str, rank: int) -> tuple[Dim, ...]:
    return tuple(symbol(f"{name}.shape[{k}]") for k in range(rank))


def _rank(node: ast.expr) -> int | None:
    """The length of ``tuple[int, int]``."""
    if not isinstance(node, ast.Subscript) or _last(node.value) not in ("tuple", "Tuple"):
        return None
    items = _items(node.slice)
    return None if any(isinstance(i, ast.Constant) and i.value is ... for i in items) else len(items)


def _dtype(node: ast.expr) -> str | None:
    """``float64`` of ``np.float64``, and of ``np.dtype[np.float64]``; None for several (``np.floating``)."""
    if isinstance(node, ast.Subscript) and _last(node.value) == "dtype":
        return _dtype(node.slice)
    last = _last(node)
    if last.endswith("_") and last != "bool_":
        return None
    known = SCALARS.get(last) or {"bool_": "bool", "double": "float64", "single": "float32"}.get(last, last)
    return known if known in {d for d in DTYPES.values() if d is not None} else None
