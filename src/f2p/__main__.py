"""`python -m f2p`: the same door as the command `f2p`."""

import sys

from f2p.doors.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
