"""One job as the page shows it: how far it is, what came of it, or why nothing did."""

from __future__ import annotations

import json
from typing import Any

from f2p.catalogue.messages import Messages
from f2p.doors.api.jobs import link
from f2p.doors.api.problems import failure_problem
from f2p.doors.api.service import Service
from f2p.doors.api.views import report_view
from f2p.doors.ui.markup import Html, button, joined, tag
from f2p.doors.ui.paper_view import paper
from f2p.doors.ui.reading_view import understood
from f2p.jobs.job import Job, JobFile, State
from f2p.jobs.record import REPORT_NAME

_LINKS_LAST = 24 * 3600
_USUAL_STEPS = (
    "open",
    "find_faces",
    "measure_face",
    "matte",
    "frame",
    "refine_edges",
    "foreground",
    "backdrop",
    "encode",
    "check",
)


def nothing_yet(text: Messages) -> Html:
    """Before any photo was handed in."""
    points = text.text("page.promises").split("|")
    steps = text.text("page.how").split("|")
    return tag(
        "div", {"class": "empty"},
        tag("h2", {}, text.text("page.empty_title")),
        tag("ol", {}, *(tag("li", {}, one) for one in steps)),
        tag("ul", {"class": "promises"}, *(tag("li", {}, one) for one in points)),
    )  # fmt: skip


def mark_of(service: Service, job: Job) -> str:
    """Changes when the page would show something else."""
    ahead = service.shelf.ahead(job) if job.state is State.QUEUED else 0
    return f"{job.id} {job.state} {job.step} {job.steps} {job.attempt} {job.cancelling} {ahead} {bool(job.deleted)}"


def work(service: Service, job: Job, text: Messages) -> Html:
    """The job as it stands."""
    if job.deleted:
        body = tag("p", {"class": "say"}, text.text("page.deleted"))
    elif job.state is State.DONE:
        body = _done(service, job, text)
    elif job.state is State.FAILED and job.failure is not None:
        body = _failed(job, text)
    elif job.state is State.CANCELLED:
        body = joined([tag("p", {"class": "say"}, text.text("page.was_cancelled")), _again(text)])
    else:
        body = _under_way(service, job, text)
    name = job.name or text.text("page.no_name")
    head = tag(
        "header",
        {},
        tag("h2", {"title": name}, name),
        tag("span", {"class": f"state {job.state}"}, text.text(f"page.{job.state}")),
    )
    return tag("article", {"class": "work", "data-job": job.id, "data-state": job.state}, head, body)


def _under_way(service: Service, job: Job, text: Messages) -> Html:
    if job.state is State.QUEUED:
        ahead = service.shelf.ahead(job)
        told = text.text("page.waits" if ahead else "page.waits_next", {"count": ahead})
        if not service.shelf.leases.living("worker"):
            told = text.text("page.no_worker")
    else:
        told = text.text("page.stopping") if job.cancelling else text.step(job.step) if job.step else text.text("page.begins")
    share = 0 if job.state is State.QUEUED else min(95, 100 * job.steps // (len(_USUAL_STEPS) + 3))
    stays = tag("p", {"class": "hint"}, text.text("page.may_leave"))
    again = [tag("p", {"class": "hint"}, text.text("page.attempt", {"count": job.attempt}))] if job.attempt > 1 else []
    stop = [] if job.cancelling else [button(text.text("page.cancel"), {"do": "cancel", "job": job.id})]
    return joined([tag("p", {"class": "now", "aria-live": "polite"}, told), progress_bar(share, text), *again, stays, *stop])


def progress_bar(share: int, text: Messages) -> Html:
    """How far work is, 0 to 100, for eyes and for screen readers."""
    told = {"role": "progressbar", "aria-valuenow": share, "aria-valuemin": 0, "aria-valuemax": 100}
    named = {"class": "bar", **told, "aria-label": text.text("page.progress")}
    return tag("div", named, tag("i", {"style": f"width:{share}%"}))


def _failed(job: Job, text: Messages) -> Html:
    assert job.failure is not None
    problem = failure_problem(job.failure, text)
    parts: list[str] = [tag("h3", {}, problem["title"]), tag("p", {}, _for_the_page(job, problem["detail"], text))]
    count = job.failure.params.get("count")
    if job.failure.code == "several_faces" and isinstance(count, int):
        people = [
            button(text.text("page.face", {"index": n}), {"do": "again", "job": job.id, "face": n}, "pill")
            for n in range(1, min(count, 12) + 1)
        ]
        parts.append(tag("div", {"class": "group"}, tag("span", {}, text.text("page.which_face")), *people))
    box = tag("div", {"class": "trouble", "role": "alert"}, *parts)
    source = tag("img", {"class": "source", "src": f"page/jobs/{job.id}/photo", "alt": text.text("page.before")})
    return joined([box, source, _again(text)])


def _for_the_page(job: Job, detail: str, text: Messages) -> str:
    """Where the command line's way out is an option, the page has a button."""
    key = f"page_problem.{job.failure.code if job.failure else ''}"
    return text.text(key, job.failure.params if job.failure else {}) if text.has(key) else detail


def _again(text: Messages) -> Html:
    return tag("p", {"class": "hint"}, text.text("page.try_again"))


def _done(service: Service, job: Job, text: Messages) -> Html:
    facts = report_view(json.loads(service.shelf.file(job, REPORT_NAME).read_bytes()), text)
    outputs: list[dict[str, Any]] = facts.get("outputs") or [facts]
    addresses = {one.name: address(service, job, one.name) for one in job.files}
    groups = _by_output(job, outputs)
    papers = [
        paper(job, output, group, (addresses, text, number))
        for number, (output, group) in enumerate(zip(outputs, groups, strict=True))
    ]
    shared = [note for note in facts["notes"] if "outputs" in facts]
    notes = [tag("p", {"class": f"note {one['level']}"}, one["text"]) for one in shared]
    return joined([
        *([_choice(groups, addresses, outputs, text)] if len(outputs) > 1 else []), *papers, *notes,
        _whole(job, text),
        tag("details", {"class": "more"}, tag("summary", {}, text.text("show.understood")), understood(job.reading, text)),
        tag("p", {"class": "hint"}, text.text("page.took", {"seconds": round(float(facts["seconds"]), 1)})),
    ])  # fmt: skip


def _by_output(job: Job, outputs: list[dict[str, Any]]) -> list[list[JobFile]]:
    """The files of each paper: those whose name begins with its own, or all of them where there is one paper."""
    if len(outputs) == 1:
        return [list(job.files)]
    names = sorted((str(one["name"]) for one in outputs), key=len, reverse=True)
    owner = {one.name: next((name for name in names if one.name.startswith(f"{name}_")), "") for one in job.files}
    return [[one for one in job.files if owner[one.name] == output["name"]] for output in outputs]


def _choice(groups: list[list[JobFile]], addresses: dict[str, str], outputs: list[dict[str, Any]], text: Messages) -> Html:
    """Small pictures to choose by."""
    shown = []
    for number, (group, output) in enumerate(zip(groups, outputs, strict=True)):
        picture = next((one for one in group if one.role in {"photo", "sheet"} and not one.name.endswith(".pdf")), None)
        inside = [tag("img", {"src": addresses[picture.name], "alt": ""})] if picture else []
        label = label_of(output, text)
        shown.append(
            tag(
                "button",
                {"type": "button", "class": "thumb", "data-show": number, "aria-pressed": "true" if number == 0 else "false"},
                *inside,
                tag("span", {}, label),
            )
        )
    return tag("div", {"class": "thumbs", "role": "group", "aria-label": text.text("page.choose")}, *shown)


def label_of(output: dict[str, Any], text: Messages) -> str:
    """What a paper is called: how it differs from others of its standard, or the standard."""
    standard = output["plan"]["spec"]["id"]
    rest = str(output.get("name", "")).removeprefix(standard).strip("_")
    key = f"page_variant.{rest}"
    return text.text(key) if rest and text.has(key) else text.standard(standard)


def _whole(job: Job, text: Messages) -> Html:
    """Everything at once, or away with it."""
    every = tag("small", {}, "zip")
    told = {"class": "b quiet", "href": f"page/jobs/{job.id}/all.zip", "download": True}
    sure = text.text("page.delete_sure")
    gone = button(text.text("page.delete"), {"do": "delete", "job": job.id, "sure": sure}, "quiet danger")
    return tag("div", {"class": "downloads"}, tag("a", told, text.text("page.download_all"), every), gone)


def address(service: Service, job: Job, name: str) -> str:
    """A signed address of one file; the same for a while, so that a picture is not fetched again at each look."""
    until = (int(service.shelf.now()) // _LINKS_LAST + 2) * _LINKS_LAST
    return link(service, job, name, until)
