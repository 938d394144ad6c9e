"""Orders on the sample portrait, run through the real recipe with real models."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from f2p import studio
from f2p.catalogue.standards import standards
from f2p.files.inspect import FileFacts, inspect
from f2p.settings import Settings, load_settings
from f2p.stages.backdrop import composed
from f2p.stages.foreground import unmixed
from f2p.values.outcome import Delivery, Order
from f2p.values.pixels import Rgb8
from f2p.values.plan import Backdrop, BackdropKind, Encoding, FileFormat, IdPhotoPlan

Run = Callable[..., Delivery]
WHITE = Backdrop(kind=BackdropKind.SOLID, color="#FFFFFF")


def png_bytes(rgb: Rgb8) -> bytes:
    """A picture as a file somebody hands in."""
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def facts(delivery: Delivery) -> FileFacts:
    """The one finished file, opened again."""
    (file,) = delivery.files
    return inspect(file.data)


def plan(standard: str = "cn_1inch", **wishes: object) -> IdPhotoPlan:
    """A lossless plan of a standard, so that pixels can be compared; wishes replace its fields."""
    fields: dict[str, object] = {
        "spec": standards()[standard],
        "backdrop": WHITE,
        "encoding": Encoding(format=FileFormat.PNG, dpi=standards()[standard].dpi),
    }
    return IdPhotoPlan(**(fields | wishes))  # type: ignore[arg-type]


def on_backdrop(rgb: Rgb8, behind: Rgb8) -> Rgb8:
    """A portrait before another backdrop: cut out by the real network and composed."""
    cut = unmixed(rgb, studio.engines(load_settings()).matter.matte(rgb).alpha)
    return composed(cut, behind.astype(np.float32))


def before_confetti(rgb: Rgb8) -> Rgb8:
    """A portrait before specks of every colour of hair, where nobody can tell a strand from the backdrop."""
    return on_backdrop(rgb, np.random.default_rng(3).integers(20, 160, rgb.shape).astype(np.uint8))


@pytest.fixture(scope="session")
def astronaut(astronaut_path: Path) -> Rgb8:
    """(512, 512, 3) the sample portrait's pixels."""
    with Image.open(astronaut_path) as picture:
        return np.asarray(picture.convert("RGB"))


@pytest.fixture(scope="session")
def run(settings: Settings, astronaut_path: Path) -> Run:
    """Processes a plan on a picture (default: the sample portrait) with this process's warm models."""
    original = astronaut_path.read_bytes()

    def process(order_plan: object, picture: Rgb8 | None = None, backdrop: Rgb8 | None = None) -> Delivery:
        data = original if picture is None else png_bytes(picture)
        behind = b"" if backdrop is None else png_bytes(backdrop)
        order = Order(data=data, name="photo", plan=order_plan, backdrop=behind, backdrop_name="behind")  # type: ignore[arg-type]
        return studio.process(order, settings)

    return process
