"""`python -m f2p.doors.ui.web`: the web process of the service with the page."""

from __future__ import annotations

from f2p.doors.api.web import run
from f2p.doors.ui.mount import with_page


def main() -> None:
    """Serves until SIGTERM, or until the process that started it ends. argv[1]: the number of the listening socket."""
    run(with_page)


if __name__ == "__main__":
    main()
