"""Random programs whose only verdicts are right and refused: `python tests/generator --seconds 60 --seed 1`.

Program k of seed s is always the same: `--only s:k` prints it and judges it alone. What is found wrong is made
smaller before it is shown, by leaving out statements for as long as the verdict stays.

Profiles. "plain": every construct of it is supported, so nearly all must come out right; "jumps" and "structure"
likewise, with what leaves loops early, and with containers, objects and functions of all kinds. "alias": plain, with
memory shared by path, by callees that write, by arguments that are one array: right or refused; "leaps" is that of
"jumps", "shared" of "structure". "wild": jumps, unpacking iteration, in-place functions. "writes": callees that
write what they are given, views too, that return nothing or hand it back, and NumPy's functions that write.
"mixed": everything at once.
"""


from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from generator import PROFILES, judge, programs, smaller  # noqa: E402
from generator.judging import Judge  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60, help="of the processor's time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--profile", choices=[*PROFILES, "all"], default="all")
    parser.add_argument(
        "--only", help="SEED:NUMBER: print this program (of --profile), and judge it"
    )
    parser.add_argument("--whole", action="store_true", help="do not make what is found smaller")
    parser.add_argument("--refused", action="store_true", help="list what is refused, and why")
    parser.add_argument("--second", action="store_true", help="judge the second derivatives")
    parser.add_argument("--most", type=int, default=5, help="stop after so many that are wrong")
    options = parser.parse_args()
    profiles = PROFILES if options.profile == "all" else (options.profile,)
    with judge(options.second) as judging:
        if options.only:
            seed, number = map(int, options.only.split(":"))
            program = next(p for p in programs(seed, profiles[0], judging, number))
            print(program.render())
            if not judging.runs(program):
                print("-- does not run, or runs away")
                return 0
            verdict = judging.verdict(program)
            print(f"-- {verdict.kind}: {verdict.message}\n{verdict.source}")
            return verdict.kind not in ("right", "refused", "fault")
        return search(judging, profiles, options)


def search(judging: Judge, profiles: tuple[str, ...], options: Any) -> int:
    streams = {profile: programs(options.seed, profile, judging) for profile in profiles}
    counts: dict[str, Counter[str]] = {profile: Counter() for profile in profiles}
    reasons: Counter[str] = Counter()
    examples: dict[str, str] = {}
    found = 0
    until = time.process_time() + options.seconds
    while time.process_time() < until and found < options.most:
        for profile, stream in streams.items():
            program = next(stream)
            verdict = judging.verdict(program)
            counts[profile][verdict.kind] += 1
            if sum(map(Counter.total, counts.values())) % 100 == 0:
                print("so far", {p: dict(c) for p, c in counts.items()}, flush=True)
            if verdict.kind == "refused":
                reason = verdict.message.split(": ", 1)[-1][:110]
                reasons[reason] += 1
                examples.setdefault(reason, program.name)
            if verdict.kind not in ("wrong", "crashed"):
                continue
            found += 1
            print("=" * 100)
            print(f"{program.name}: {verdict.kind}: {verdict.message}", flush=True)
            if not options.whole:
                program = smaller(program, judging, verdict)
                verdict = judging.verdict(program)
            print(program.render())
            print(f"-- {verdict.kind}: {verdict.message}\n{verdict.source}", flush=True)
    print("=" * 100)
    for profile, count in counts.items():
        print(f"{profile:6}", ", ".join(f"{number} {kind}" for kind, number in count.most_common()))
    if options.refused:
        for reason, number in reasons.most_common():
            print(f"{number:5} {examples[reason]:14} {reason}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
