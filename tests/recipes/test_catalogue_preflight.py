"""Every document of the catalogue: the sample portrait made for it keeps the document's own measurable rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bench.faults import white_plan
from PIL import Image

from f2p import studio
from f2p.catalogue.colours import colours
from f2p.catalogue.standards import standards
from f2p.errors import EnlargingForbidden, FaceTooSmall, Infeasible
from f2p.files.photo import Limits
from f2p.recipes.id_photo import Beside, make_id_photo
from f2p.recipes.preflight import preflight
from f2p.recipes.sitting import Sitting
from f2p.recipes.trace import Trace
from f2p.settings import Settings
from f2p.values.pixels import Photo, Source
from f2p.values.plan import Backdrop, BackdropKind
from f2p.values.preflight import ToCheck
from f2p.values.spec import PhotoSpec

_THE_SITTERS = {"mouth_closed", "smile"}
"""She shows her teeth."""
_THE_SAMPLES = {"sharpness", "enlarged", "inter_eye_px"}
"""The sample is 512 px wide: it is enlarged for most documents, and looks it."""
_BY_CONVENTION = {"es_dni": {"head_ratio"}, "es_passport": {"head_ratio"}}
"""Silent about the head: framed as studios do, by the hair, which leaves hers just under the band that ISO has for the skull."""
_LARGER = 3
"""The sample is enlarged first: some offices ask for more pixels of the head than it has, and this test is about their rules."""


@pytest.fixture(scope="module")
def sitting(settings: Settings, astronaut_path: Path) -> Sitting:
    """The sample portrait, looked at once for all documents."""
    with Image.open(astronaut_path) as picture:
        size = picture.width * _LARGER, picture.height * _LARGER
        rgb = np.asarray(picture.convert("RGB").resize(size, Image.Resampling.LANCZOS))
    source = Source(format="PNG", width_px=size[0], height_px=size[1], bytes=0, sha256="")
    return Sitting(Photo(rgb=rgb.copy(), dpi=None, source=source), studio.engines(settings), Trace())


def _backdrop(spec: PhotoSpec) -> Backdrop:
    known = [colours()[name].hex for name in spec.backgrounds if name in colours()]
    return Backdrop(kind=BackdropKind.SOLID, color=known[0] if known else "#FFFFFF")


_DOCUMENTS = [name for name, spec in standards().items() if spec.category != "sheet"]


@pytest.mark.slow
@pytest.mark.parametrize("name", _DOCUMENTS)
def test_each_document_passes_its_own_preflight(name: str, sitting: Sitting, settings: Settings) -> None:
    """What is made for a document breaks none of its rules and raises no hint, but for what the sample itself is."""
    spec = standards()[name]
    plan = replace(white_plan(spec), backdrop=_backdrop(spec))
    try:
        data = make_id_photo(sitting, plan, Trace(), Beside()).files[0].data
    except (FaceTooSmall, Infeasible, EnlargingForbidden):
        pytest.skip("the sample has too few pixels for this document")
    limits = Limits(max_bytes=1 << 26, max_pixels=50_000_000)
    found = preflight(ToCheck(data=data, name=name, spec=spec), studio.engines(settings), limits).report
    wrong = {check.name: (check.value, check.wanted) for check in found.checks if check.ok is False}
    allowed = _THE_SITTERS | _THE_SAMPLES | _BY_CONVENTION.get(name, set())
    assert {check: values for check, values in wrong.items() if check not in allowed} == {}
