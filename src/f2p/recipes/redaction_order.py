"""An order to hide private things, carried out: a finished document with its receipt, or a preview."""

from __future__ import annotations

import time

from f2p.engines.suite import Engines
from f2p.files.finds import read_finds
from f2p.files.pages import open_pages
from f2p.files.photo import Limits
from f2p.recipes.redaction import redact
from f2p.recipes.redaction_preview import preview
from f2p.recipes.trace import Trace
from f2p.values.outcome import FinishedFile
from f2p.values.redaction import RedactionDelivery, RedactionOrder


def carry_out(order: RedactionOrder, limits: Limits, engines: Engines, trace: Trace) -> RedactionDelivery:
    """What the order asks for. Raises InputError kinds, NotFinds, NotProven, OutputWrong, ModelMissing."""
    begun = time.perf_counter()
    pages = trace.run("open", open_pages, order.data, order.name, limits, order.password)
    receipt = None
    if order.preview:
        files, finds = preview(pages, order.plan, engines, trace)
    else:
        by_hand = read_finds(order.finds, order.finds_name, pages.sha256) if order.finds else None
        done = redact(pages, order.plan, engines, trace, by_hand)
        files, finds, receipt = (FinishedFile(data=done.data, suffix=done.suffix, role="document"),), done.finds, done.receipt
    seconds = round(time.perf_counter() - begun, 3)
    return RedactionDelivery(files=files, finds=finds, receipt=receipt, notes=trace.notes, steps=trace.steps, seconds=seconds)
