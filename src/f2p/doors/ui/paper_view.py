"""One finished paper: before and after under one slider, what was measured, and the pictures that show where to look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from f2p.catalogue.messages import Messages
from f2p.doors.cli.show import limits
from f2p.doors.ui.markup import Html, joined, tag
from f2p.jobs.job import Job, JobFile

_SHOWN_PX = 420
_WIDE_PX = 330


def paper(job: Job, output: Mapping[str, Any], files: Sequence[JobFile], beside: tuple[Mapping[str, str], Messages, int]) -> Html:
    """One paper of a job; beside: addresses of its files by name, the words, and its place."""
    addresses, text, number = beside
    photo = next((one for one in files if one.role == "photo"), None)
    looked = (
        "sheet",
        "annotated",
        "alpha",
        *(["marked"] if any(one["name"] == "edge_doubt" for one in output["checks"]) else []),
    )
    others = [one for role in looked for one in files if one.role == role and not one.name.endswith(".pdf")]
    parts: list[str] = []
    if photo is not None:
        parts.append(_compare(job, output, addresses[photo.name], text))
    parts += [_downloads(files, addresses, text), _measured(output, text)]
    if others:
        parts.append(tag("div", {"class": "figures"}, *(_figure(one.role, addresses[one.name], text) for one in others)))
    return tag("section", {"class": "paper", "data-paper": number, "hidden": number > 0}, *parts)


def _figure(role: str, where: str, text: Messages) -> Html:
    told = text.text(f"page.role_{role}")
    picture = tag("a", {"href": where, "target": "_blank"}, tag("img", {"src": where, "alt": told}))
    return tag("figure", {"class": role}, picture, tag("figcaption", {}, told))


def _downloads(files: Sequence[JobFile], addresses: Mapping[str, str], text: Messages) -> Html:
    links = []
    for one in files:
        if one.role in {"photo", "sheet", "alpha"}:
            told = {"class": f"b {'main' if one.role == 'photo' else 'quiet'}", "href": addresses[one.name], "download": one.name}
            name = text.text("page.download", {"name": text.text(f"page.role_{one.role}")})
            links.append(tag("a", told, name, tag("small", {}, f"{one.name} · {_size(one.bytes)}")))
    return tag("div", {"class": "downloads first"}, *links)


def _size(count: int) -> str:
    return f"{count / 1024:.1f} KB" if count < 2**20 else f"{count / 2**20:.1f} MB"


def _compare(job: Job, output: Mapping[str, Any], after: str, text: Messages) -> Html:
    """The finished photo, and under a slider the photo handed in, moved by the very transform that made the result."""
    sizes = {one["name"]: one["value"] for one in output["checks"] if one["name"] in {"width_px", "height_px"}}
    matrix = output["placement"].get("matrix")
    if len(sizes) < 2 or not matrix:
        return tag("div", {"class": "compare single"}, tag("img", {"src": after, "alt": text.text("page.after")}))
    width, height = float(sizes["width_px"]), float(sizes["height_px"])
    scale = min(_SHOWN_PX / height, _WIDE_PX / width)
    a, b, c, d, e, f = matrix
    rim = round(float(output["plan"].get("border_mm") or 0) / 25.4 * float(output["plan"]["spec"]["dpi"]))
    moved = (
        a,
        d,
        b,
        e,
        c + 0.5 - (a + b) / 2 + rim,
        f + 0.5 - (d + e) / 2 + rim,
    )  # the page counts from corners, the report from middles
    transform = f"scale({scale:.6f}) matrix({','.join(f'{part:.6f}' for part in moved)})"
    before = tag(
        "img",
        {
            "class": "original",
            "src": f"page/jobs/{job.id}/photo",
            "alt": text.text("page.before"),
            "style": f"transform:{transform}",
        },
    )
    slider = tag("input", {"type": "range", "min": 0, "max": 100, "value": 50, "aria-label": text.text("page.slider")})
    box = f"width:{width * scale:.1f}px;height:{height * scale:.1f}px"
    return tag(
        "div", {"class": "compare", "style": box},
        tag("img", {"class": "after", "src": after, "alt": text.text("page.after")}),
        tag("div", {"class": "before"}, before), tag("i", {"class": "line", "aria-hidden": "true"}), slider,
        tag("span", {"class": "tag left"}, text.text("page.before")),
        tag("span", {"class": "tag right"}, text.text("page.after")),
    )  # fmt: skip


def _measured(output: Mapping[str, Any], text: Messages) -> Html:
    checks = output["checks"]
    broken = [one for one in checks if one["ok"] is False]
    asked = [one for one in checks if one["ok"] is not False and not one.get("rule")]
    rest = [one for one in checks if one["ok"] is not False and one.get("rule")]
    notes = [one for one in output["notes"] if one["code"] != "unsupported"]
    warned = [
        tag("p", {"class": f"note {one['level']}"}, one["text"])
        for one in sorted(notes, key=lambda one: one["level"] != "warning")
    ]
    table = tag("ul", {"class": "checks"}, *(_line(one, text) for one in (*broken, *asked)))
    more = (
        [
            tag(
                "details",
                {"class": "more"},
                tag("summary", {}, text.text("page.more_checks", {"count": len(rest)})),
                tag("ul", {"class": "checks"}, *(_line(one, text) for one in rest)),
            )
        ]
        if rest
        else []
    )
    left = [note["params"].get("wish", "") for note in output["notes"] if note["code"] == "unsupported"]
    undone = (
        [
            tag(
                "p",
                {"class": "note warning"},
                tag("b", {}, text.text("show.unsupported")),
                " ",
                text.text("show.and").join(text.wish(str(one)) for one in left),
            )
        ]
        if left
        else []
    )
    return joined([tag("h3", {}, text.text("show.checks")), table, *more, *undone, *warned])


def _line(check: Mapping[str, Any], text: Messages) -> Html:
    mark, kind = {True: ("✓", "good"), False: ("✗", "bad"), None: ("·", "open")}[check["ok"]]
    if check["ok"] is False and not check.get("binding", True):
        mark, kind = "!", "hint"
    value = f"{text.value(check['name'], check['value'])} {check['unit']}".strip()
    wanted = (
        text.text("show.wanted", {"wanted": limits(text.value(check["name"], check["wanted"]))})
        if check["wanted"] and check["ok"] is not True
        else ""
    )
    return tag(
        "li",
        {"class": kind},
        tag("span", {"class": "mark", "aria-hidden": "true"}, mark),
        tag("span", {}, check["text"]),
        tag("b", {}, value),
        tag("small", {}, wanted),
    )
