"""What text without arguments asks of those that it is called with: what annotations and use have told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tangent_like.kinds.dims import symbol
from tangent_like.kinds.kind import Array, Kind


def told_by_annotations(kinds: Mapping[str, Kind], texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The ranks and dtypes that annotations tell, by name, as what the text checks on entry."""
    for name, kind in kinds.items():
        if isinstance(kind, Array):
            text = texts.get(name, name)
            checks = [] if kind.rank is None else [f"{text}.ndim == {kind.rank}"]
            checks += [] if kind.dtype is None else [f"{text}.dtype == {kind.dtype!r}"]
            if checks:
                yield name, " and ".join(checks)


def of_use(numbers: Sequence[str], lists: Sequence[str], arrays: Sequence[str]) -> Iterator[tuple[str, str]]:
    """When arguments are not what their use says, with what is then said."""
    if numbers:
        wrong = f"any(hasattr(number, '__setitem__') or number.imag for number in [{', '.join(numbers)}])"
        what = "one real number" if len(numbers) == 1 else "real numbers"
        yield wrong, f"this derivative is for {what} as {' and '.join(numbers)}"
    if lists:
        wrong = " or ".join(f"getattr({text}, 'ndim', 1) != 1" for text in lists)
        yield wrong, f"this derivative is for one axis of {' and '.join(lists)}"
    if arrays:  # that functions write as a whole
        wrong = " or ".join(f"not getattr({text}, 'ndim', 0)" for text in arrays)
        yield wrong, f"this derivative is for {'an array' if len(arrays) == 1 else 'arrays'} as {' and '.join(arrays)}"


def array_of_rank(name: str, rank: int, kind: Kind) -> Kind:
    dtype = kind.dtype if isinstance(kind, Array) else None
    return Array(tuple(symbol(f"{name}.shape[{k}]") for k in range(rank)), dtype)
