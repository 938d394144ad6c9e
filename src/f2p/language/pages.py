"""Which pages a phrase names: 第2页到第5页, 第1、3页, "pages 2-4 and 8", "the first two pages"."""

from __future__ import annotations

import re

from f2p.language.amounts import han_number, number

_FIRST = re.compile(r"(?:前|(?:on |in )?(?:the )?first )(\w+?)\s*(?:页|pages)")
_NUMBER = re.compile(r"\d+|[零〇一二两三四五六七八九十百]+")
_UP_TO = re.compile(r"-|~|到|至|to|through")
_MOST = 1000
"""No document has more pages; a slip of the keyboard must not make a list without end."""


def page_numbers(phrase: str) -> list[int]:
    """The pages in order, each once: a joiner like "to" means all between its ends, any other just the two."""
    opening = _FIRST.match(phrase)
    if opening:
        return list(range(1, min(int(number(opening.group(1))), _MOST) + 1))
    found: list[int] = []
    end = 0
    for match in _NUMBER.finditer(phrase):
        said = match.group()
        page = int(said) if said.isdigit() else int(han_number(said))
        between = bool(found) and _UP_TO.search(phrase[end : match.start()]) is not None and page - found[-1] < _MOST
        found += range(found[-1] + 1, page + 1) if between else [page]
        end = match.end()
    return sorted(set(found))
