"""What the page's buttons hand to the shelf."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from f2p import studio
from f2p.doors.api.service import Caller, Service
from f2p.doors.api.submit import Picture
from f2p.doors.ui.sentence import Said, variants
from f2p.errors import BackdropMissing
from f2p.jobs.job import Job, Priority, Terms, Work
from f2p.values.plan import BackdropKind, IdPhotoPlan, PapersPlan, papers_of
from f2p.values.reading import Reading
from f2p.values.spec import EDITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be made. face: the n-th person from the left; allow: edits although the document's authority forbids them."""

    said: Said
    kind: str = "one"
    face: int | None = None
    allow: bool = False
    priority: Priority = Priority.PERSON


def plan_of(wanted: Wanted) -> tuple[IdPhotoPlan | PapersPlan, Reading]:
    """The complete plan and the reading with what was assumed. Raises RequestError kinds."""
    allow = EDITS if wanted.allow else ()
    plan, reading = studio.plan_for(wanted.said.reading, allow)
    if isinstance(plan, IdPhotoPlan) and wanted.kind != "one":
        plan = _several(plan, wanted, allow)
    if wanted.face is not None:
        plan = studio.for_each(plan, lambda paper: replace(paper, face=wanted.face))
    if any(paper.backdrop.kind is BackdropKind.IMAGE for paper in papers_of(plan)):
        raise BackdropMissing
    return plan, reading


def put(service: Service, caller: Caller, photos: Sequence[Picture], wanted: Wanted) -> tuple[Job, ...]:
    """The jobs, on the shelf. Raises F2PError kinds."""
    plan, reading = plan_of(wanted)
    text, told = studio.plan_json(plan), studio.reading_json(reading)
    works = [
        Work(data=one.data, name=one.name, plan=text, reading=told, mark=wanted.priority is Priority.PERSON) for one in photos
    ]
    service.submits.take(caller.client, len(works))
    return service.shelf.put(works, Terms(client=caller.client, priority=wanted.priority))


def _several(plan: IdPhotoPlan, wanted: Wanted, allow: Sequence[str]) -> IdPhotoPlan | PapersPlan:
    """The same paper in some ways to choose from; ways that a rule makes equal are one."""
    papers: list[IdPhotoPlan] = []
    for name, reading in variants(wanted.said.reading, wanted.kind):
        made = papers_of(studio.plan_for(reading, allow)[0])[0]
        if all(replace(made, name=one.name) != one for one in papers):
            papers.append(replace(made, name=f"{plan.spec.id}_{name}"))
    return PapersPlan(papers=tuple(papers)) if len(papers) > 1 else plan
