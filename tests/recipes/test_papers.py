"""Several papers from one photo: each is the very file it would be alone, and what they share is looked at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from f2p import studio
from f2p.language import read, resolve
from f2p.settings import Settings
from f2p.values.outcome import Delivery
from f2p.values.plan import PapersPlan

Run = Callable[..., Delivery]


@pytest.mark.slow
def test_a_paper_among_others_is_the_paper_alone(run: Run) -> None:
    """One run of four papers gives, byte for byte, the files of four runs; notes about the photo stand once for all."""
    plan = resolve(read("一份白底一寸,一份蓝底一寸,轻微磨皮,一份申根签证白底,一份二寸红底降噪"))[0]
    assert isinstance(plan, PapersPlan)
    together = run(plan)

    for paper, file, output in zip(plan.papers, together.files, together.report.outputs, strict=True):
        alone = run(paper)
        assert file == alone.files[0]
        assert output.checks == alone.report.checks
        assert output.placement == alone.report.placement
        assert {note.code for note in output.notes} <= {note.code for note in alone.report.notes}


def test_what_papers_share_is_looked_at_once(settings: Settings, astronaut_path: Path) -> None:
    """Faces are found, measured and cut out once for three papers, and the same frame is cut out once for two backdrops."""
    models = studio.engines(settings)
    seen: Counter[str] = Counter()

    class Counting:
        def __init__(self, name: str, engine: object, method: str) -> None:
            self.name, self.engine, self.method = name, engine, method

        def __getattr__(self, wanted: str) -> object:
            found = getattr(self.engine, wanted)
            if wanted == self.method:
                seen[self.name] += 1
            return found

    from f2p.files.photo import Limits, open_photo
    from f2p.recipes.id_photo import Beside, make_id_photo
    from f2p.recipes.sitting import Sitting
    from f2p.recipes.trace import Trace

    class Engines:
        detector = Counting("faces", models.detector, "find")
        matter = Counting("matte", models.matter, "matte")

        def __getattr__(self, name: str) -> object:
            return getattr(models, name)

    photo = open_photo(astronaut_path.read_bytes(), "me", Limits(max_bytes=2**30, max_pixels=2**30))
    sitting = Sitting(photo, Engines(), Trace())  # type: ignore[arg-type]
    plan = resolve(read("一份白底一寸,一份蓝底一寸,一份申根签证白底"))[0]
    assert isinstance(plan, PapersPlan)
    steps = []
    for paper in plan.papers:
        trace = Trace()
        make_id_photo(sitting, paper, trace, Beside())
        steps.append({step.name for step in trace.steps})

    assert seen == {"faces": 1, "matte": 1}
    assert "refine_edges" in steps[0] and "refine_edges" not in steps[1] and "refine_edges" in steps[2]
