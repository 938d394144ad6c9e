"""What is never done (forged papers, another person's place, one face of two), told from wishes that only sound like it."""

from __future__ import annotations

from collections.abc import Sequence

from f2p.language.clauses import split
from f2p.language.hiding import is_redaction
from f2p.language.lexicon import Lexicon
from f2p.language.tokens import Token

_ENDS = frozenset(",.。;!?\n\r")
_OF_A_PICTURE = frozenset(
    {"ground", "backdrop", "size2d", "light", "state", "format", "shot", "wish", "rgb", "style", "degree", "ask"}
)
_HIDES = frozenset({"mask", "conceal"})
_NAMES = ("命名", "重命名", "改名")
_SMALL = frozenset({"stop", "conj", "neg", "act"})
_PICTURE_UNITS = frozenset({"kb", "mm", "px", "inch", "dpi", "x"})


def with_refusal(tokens: Sequence[Token], plain: str, words: Lexicon) -> list[Token]:
    """`tokens`, the first refusal that is meant among them in place of the words it stands for."""
    found: list[Token] = []
    present = set(plain)
    for pattern in words.refusals:
        if not pattern.may_stand_in(plain, present):
            continue
        for start, end in pattern.places(plain):
            if not _spared(tokens, start, end, pattern.word.kind):
                found.append(Token("refuse", pattern.word.value, start, end, plain[start:end]))
    if not found:
        return list(tokens)
    first = min(found, key=lambda token: (token.start, -token.end))
    rest = [token for token in tokens if token.end <= first.start or token.start >= first.end]
    return sorted([*rest, first], key=lambda token: token.start)


def _spared(tokens: Sequence[Token], start: int, end: int, kind: str) -> bool:
    """Whether the words are about the picture: a text that is only hidden, a photo that gets a look."""
    if kind == "refuse_beside" and not is_redaction(split(list(tokens))):
        return True
    if kind in ("refuse_text", "refuse_beside"):
        within = [token for token in tokens if start <= token.start < end] if kind == "refuse_text" else []
        following = _clause_after(tokens, end)
        if any(token.kind in _HIDES for token in within) or any(_names(token) for token in [*within, *following]):
            return True
        goal = next((i for i, token in enumerate(following) if token.kind not in _SMALL), None)
        return goal is not None and (following[goal].kind in _HIDES or _is_look(following[goal], following[goal + 1 :]))
    if kind == "refuse_photo":
        following = [token for token in tokens if token.end > end]
        return any(_is_look(token, following[i + 1 :]) for i, token in enumerate(following))
    return False


def _names(token: Token) -> bool:
    return token.value.startswith("naming") or token.text in _NAMES


def _clause_after(tokens: Sequence[Token], end: int) -> list[Token]:
    found: list[Token] = []
    for token in tokens:
        if token.end > end:
            if token.kind == "mark" and token.value in _ENDS:
                break
            found.append(token)
    return found


def _is_look(token: Token, following: Sequence[Token]) -> bool:
    """Whether it names how a picture is to be: a backdrop, a size, a light; a colour only where no name begins with it."""
    if token.kind == "colour":
        return not following or following[0].kind != "other"
    if token.kind == "size":
        return any(sign in token.text for sign in ("寸", "inch"))
    if token.kind == "unsupported":
        return token.value in {"change_clothes", "change_hairstyle"}
    return token.kind in _OF_A_PICTURE or (token.kind == "amount" and token.value in _PICTURE_UNITS)
