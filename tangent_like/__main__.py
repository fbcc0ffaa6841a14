"""``python -m tangent_like``."""

import sys

from tangent_like.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
