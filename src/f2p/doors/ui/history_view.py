"""Everything that was handed in, newest first: it lies on the shelf, so it is here after any restart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from f2p.catalogue.messages import Messages
from f2p.doors.api.service import Caller, Service
from f2p.doors.ui.markup import Html, button, joined, tag
from f2p.doors.ui.work_view import address, progress_bar
from f2p.jobs.job import Job, Priority, State

_SHOWN = 30


def history(service: Service, caller: Caller, text: Messages, before: int = 0) -> Html:
    """One page of it."""
    page = service.shelf.list(caller.sees, before=before, limit=_SHOWN)
    if not page.jobs:
        return tag("p", {"class": "hint"}, text.text("page.no_history"))
    more = [button(text.text("page.older"), {"do": "older", "before": page.next})] if page.next else []
    newest = [button(text.text("page.newest"), {"do": "older", "before": 0})] if before else []
    return joined([tag("ul", {"class": "history"}, *(_row(service, job, text) for job in page.jobs)), *newest, *more])


def batch(service: Service, jobs: Sequence[Job], text: Messages) -> Html:
    """What was handed in together, and how far it is."""
    ended = sum(job.state.ended for job in jobs)
    done = [job for job in jobs if job.state is State.DONE and not job.deleted]
    share = round(100 * ended / len(jobs))
    told = tag(
        "p",
        {"class": "now", "aria-live": "polite"},
        text.text("page.batch_now", {"ended": ended, "count": len(jobs), "done": len(done)}),
    )
    parts = [told, progress_bar(share, text)]
    if done:
        parts.append(
            tag(
                "a",
                {"class": "b main", "href": f"page/batches/{jobs[0].batch}/all.zip", "download": True},
                text.text("page.batch_zip", {"count": len(done)}),
            )
        )
    if ended < len(jobs):
        parts.append(button(text.text("page.cancel_rest"), {"do": "cancel_batch"}))
    return joined([*parts, tag("ul", {"class": "history"}, *(_row(service, job, text) for job in jobs))])


def _row(service: Service, job: Job, text: Messages) -> Html:
    photo = next((one for one in job.files if one.role == "photo"), None) if not job.deleted and job.state is State.DONE else None
    picture = (
        tag("img", {"src": address(service, job, photo.name), "alt": "", "loading": "lazy"})
        if photo
        else tag("span", {"class": "blank", "aria-hidden": "true"})
    )
    said = str((job.reading or {}).get("sentence", ""))
    if job.state is State.FAILED and job.failure:
        said = text.error(job.failure.code, job.failure.params).title
    when = datetime.fromtimestamp(job.created).astimezone().strftime("%m-%d %H:%M")
    kind = [tag("small", {"class": "kind"}, text.text("page.tab_batch"))] if job.priority is Priority.BATCH else []
    state = text.text("page.gone") if job.deleted else text.text(f"page.{job.state}")
    what = tag("span", {"class": "what"}, tag("b", {}, job.name or text.text("page.no_name")), tag("span", {}, said))
    end = tag("span", {"class": f"state {job.state}"}, state)
    return tag("li", {}, tag("a", {"href": f"?job={job.id}"}, picture, what, *kind, tag("time", {}, when), end))
