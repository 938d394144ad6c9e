"""How the page looks: its style, its few scripts, and the parts that never change. Everything comes from this machine."""

from __future__ import annotations

import importlib.resources
from functools import cache

from f2p.catalogue.messages import Messages
from f2p.doors.ui.markup import Html, button, joined, tag

FONTS = ("system-ui", "-apple-system", "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")


@cache
def script(name: str) -> str:
    """One of the scripts beside this file."""
    return (importlib.resources.files(__package__) / f"{name}.js").read_text(encoding="utf-8")


@cache
def style(name: str) -> str:
    """One of the style sheets beside this file."""
    return (importlib.resources.files(__package__) / f"{name}.css").read_text(encoding="utf-8")


def head(text: Messages) -> str:
    """What stands in the page's head: the style of small screens, and one script."""
    told = {"data-lang": "zh-CN" if text.language == "zh" else "en", "data-lost": text.text("page.lost")}
    marks = "".join(f' {key}="{value}"' for key, value in told.items())
    return f"<style>{style('phone')}</style><script{marks}>{script('head')}</script>"


def header(text: Messages) -> Html:
    """Name, promise, languages."""
    languages = [
        button(name, {"lang": code}, "lang", lang=code, **{"aria-pressed": "true" if code == text.language else "false"})
        for code, name in (("zh", "中文"), ("en", "English"))
    ]
    return tag(
        "div", {"class": "bar-top"},
        tag("a", {"class": "skip", "href": "#sentence"}, text.text("page.skip")),
        tag("a", {"class": "name", "href": "./"}, "F2P Studio"), tag("span", {"class": "promise"}, text.text("page.promise")),
        tag("nav", {"aria-label": text.text("page.language")}, tag("a", {"href": "/docs"}, "API"), *languages),
    )  # fmt: skip


def drop(text: Messages, *, many: bool = False) -> str:
    """The place for photos."""
    told = {
        "data-many": "1" if many else None,
        "data-failed": text.text("page.upload_failed"),
        "data-sending": text.text("page.uploading"),
        "data-chosen": text.text("page.chosen"),
    }
    field = tag("input", {"type": "file", "accept": "image/*,.heic,.heif,.avif", "multiple": many, "class": "file"})
    asked = text.text("page.drop_many" if many else "page.drop")
    return tag(
        "label", {"class": "drop", **told}, field,
        tag("span", {"class": "ask"}, tag("b", {}, asked), tag("small", {}, text.text("page.drop_hint"))),
        tag("span", {"class": "preview"}), tag("span", {"class": "told", "aria-live": "polite"}),
    )  # fmt: skip


def hint(words: str) -> Html:
    """A quiet line."""
    return tag("p", {"class": "hint"}, words)


def batch_hint(text: Messages) -> Html:
    """What the page does not do and the command line does."""
    return joined([hint(text.text("page.batch_roster"))])
