"""The tests' own modules (`case`, `harness`, `corpus`) are found from wherever pytest is started."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
for place in (str(HERE.parent), str(HERE)):
    if place not in sys.path:
        sys.path.insert(0, place)
