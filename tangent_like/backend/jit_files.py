"""Text that outlives the process, for ``cache=True``: a file named by a hash, the user's alone, written at once.

The folder is ``TANGENT_LIKE_CACHE``, else ``$XDG_CACHE_HOME/tangent_like``, else ``~/.cache/tangent_like``.
"""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from tangent_like.errors import RequestError


def folder() -> Path:
    told = os.environ.get("TANGENT_LIKE_CACHE")
    if told:
        return Path(told)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "tangent_like"


def kept_file(digest: str, source: str) -> Path:
    """A file that holds ``source``. What is there under its name is believed only if it is that text."""
    place = folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    if hasattr(os, "getuid"):
        found = place.stat()
        if found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o022:
            raise RequestError(f"cache=True keeps nothing in {place}: others may write there")
    file = place / f"d{digest[:32]}.py"
    try:
        if file.read_text(encoding="utf-8") == source:
            return file
    except (OSError, UnicodeDecodeError):
        pass
    handle, made = tempfile.mkstemp(dir=place, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(source)
        Path(made).replace(file)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise
    return file
