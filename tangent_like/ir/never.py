"""``assert_never`` for Python 3.10, which has none: the type checker lists what a ``match`` forgot."""

from __future__ import annotations

from typing import NoReturn


def assert_never(value: NoReturn) -> NoReturn:
    raise AssertionError(f"a case that is not handled: {value!r}")
