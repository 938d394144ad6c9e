"""HTML made of values: whatever is put in as text is text, also where the page's framework looks for templates."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping

_TEMPLATE_SIGNS = {"{": "&#123;", "}": "&#125;", "$": "&#36;", "`": "&#96;"}
"""The page's framework fills `${…}` and `{{…}}`; nothing that a person or a file says may look like one."""
_EMPTY = {"img", "input", "br", "hr"}


class Html(str):
    """Finished HTML; a plain `str` is text and is escaped."""

    __slots__ = ()


def escaped(text: object) -> str:
    """Text as HTML shows it."""
    safe = html.escape(str(text), quote=True)
    return "".join(_TEMPLATE_SIGNS.get(letter, letter) for letter in safe)


def tag(name: str, attributes: Mapping[str, object] | None = None, *inside: str) -> Html:
    """One element. attributes: None and False are left out, True stands alone."""
    told = "".join(
        f" {key}" if value is True else f' {key}="{escaped(value)}"'
        for key, value in (attributes or {}).items()
        if value is not None and value is not False
    )
    return Html(f"<{name}{told}>" if name in _EMPTY else f"<{name}{told}>{joined(inside)}</{name}>")


def joined(parts: Iterable[str]) -> Html:
    """Parts one after the other."""
    return Html("".join(part if isinstance(part, Html) else escaped(part) for part in parts))


def button(label: str, does: Mapping[str, object], kind: str = "quiet", **attributes: object) -> Html:
    """A button whose `does` reaches the page's code when it is pressed."""
    told = {f"data-{key}": value for key, value in does.items()}
    return tag("button", {"type": "button", "class": f"b {kind}", **told, **attributes}, label)
