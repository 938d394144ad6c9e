"""`python -m f2p.machines.work`: a worker process that makes photos of orders and of batches, for a shelf that machines share."""

from __future__ import annotations

from f2p import studio
from f2p.jobs.work import maker, serve
from f2p.machines import photo
from f2p.settings import load_settings


def main() -> None:
    """Works until SIGTERM, or until the process that started it ends."""
    settings = load_settings()
    if settings.threads:
        studio.use_cores(settings.threads)
    serve(maker(settings), warm=lambda: studio.warm(settings), other=photo.maker(settings))


if __name__ == "__main__":
    main()
