"""
``python -m typed_signals``, the same as the command ``typed-signals``.
"""

import sys

from typed_signals.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
