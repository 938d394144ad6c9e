"""What would be hidden, shown and listed, with nothing hidden yet."""

from __future__ import annotations

from f2p.engines.suite import Engines
from f2p.files.finds import ListedPage, finds_json
from f2p.files.page import encoded
from f2p.files.pages import Pages
from f2p.recipes.redaction import find_private
from f2p.recipes.trace import Trace
from f2p.stages.outlined import annotated
from f2p.values.outcome import FinishedFile
from f2p.values.redaction import Find, RedactionPlan


def preview(
    pages: Pages, plan: RedactionPlan, engines: Engines, trace: Trace
) -> tuple[tuple[FinishedFile, ...], tuple[Find, ...]]:
    """One annotated PNG for each page that the plan names, then the list of finds (JSON)."""
    pictures: list[FinishedFile] = []
    found: list[Find] = []
    listed: list[ListedPage] = []
    for page in pages:
        if plan.pages and page.number not in plan.pages:
            continue
        trace.turn_to(page.number, pages.count)
        finds = find_private(page, plan, engines, trace)
        picture = trace.run("encode", encoded, annotated(page.rgb, finds), ".png", page.dpi)
        pictures.append(FinishedFile(data=picture, suffix=".png", role="preview"))
        listed.append(ListedPage(page=page.number, width_px=int(page.rgb.shape[1]), height_px=int(page.rgb.shape[0])))
        found += finds
    if not found:
        trace.tell("nothing_private", "warning")
    listing = FinishedFile(data=finds_json(pages.sha256, listed, found), suffix=".json", role="finds")
    return (*pictures, listing), tuple(found)
