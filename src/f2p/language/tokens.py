"""A folded sentence cut into tokens: values first (sizes, ranges, colours in numbers), then known words, the longest wins."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from f2p.language import amounts as a
from f2p.language.lexicon import Lexicon, Word

Value = a.Amount | a.Dims | tuple[int, int, int] | tuple[str, str] | None
_PUNCTUATION = re.compile(r"[,.。;!?:、\n\r|()\[\]{}<>【】《》=\"'`~+&/\\…·-]")
_LATIN_WORD = re.compile(r"[a-zà-ÿ][a-zà-ÿ']*")
_MM_PER_INCH_UNITS = {"cm": 10.0}


@dataclass(frozen=True, slots=True)
class Token:
    """plain[start:end]. kind: a words table, or size2d, amount, rgb, ratio, hex, number, mark (punctuation), other."""

    kind: str
    value: str
    start: int
    end: int
    text: str
    data: Value = None

    def among(self, kind: str, *values: str) -> bool:
        """Whether it is of `kind` and, if values are given, one of them."""
        return self.kind == kind and (not values or self.value in values)


_BETWEEN = re.compile(r"(?:between|from|在|介于|从|于|range|范围)[:\s]*$")
_Found = tuple[str, str, int, Value]


def _dims(match: re.Match[str]) -> _Found | None:
    width, first, height, second = match.group(1, 2, 3, 4) if match.group(1) else match.group(5, 6, 7, 8)
    unit = a.unit_of(second) or a.unit_of(first)
    return "size2d", "", match.end(), _scaled(a.number(width), a.number(height), unit, ordered=False)


def _spelled_dims(match: re.Match[str]) -> _Found | None:
    width, height, unit = match.groups()
    return "size2d", "", match.end(), _scaled(a.number(width), a.number(height), a.unit_of(unit), ordered=False)


def _scaled(width: float, height: float, unit: str, *, ordered: bool) -> a.Dims:
    factor = _MM_PER_INCH_UNITS.get(unit, 1.0)
    return a.Dims(width * factor, height * factor, "mm" if unit == "cm" else unit, ordered)


def _wide_high(match: re.Match[str]) -> _Found | None:
    w1, h1, n1, u1, w2, h2, n2, u2 = match.groups()
    return _named_sides(match.end(), (w1, h1, n1, u1), (w2, h2, n2, u2))


def _limited_sides(match: re.Match[str]) -> _Found | None:
    w1, h1, limit, n1, u1, w2, h2, again, n2, u2 = match.groups()
    found = _named_sides(match.end(), (w1, h1, n1, u1), (w2, h2, n2, u2))
    lower = [said.startswith(_LOWER) for said in (limit, again)]
    if found is None or lower[0] != lower[1] or not isinstance(found[3], a.Dims):
        return None
    return *found[:3], replace(found[3], limit="min" if lower[0] else "max")


_LOWER = ("不低", "不小", "不少", "至少", "大于", ">", "≥", "at least", "min", "no less")


def _high_after(match: re.Match[str]) -> _Found | None:
    n1, u1, w1, h1, n2, u2, w2, h2 = match.groups()
    return _named_sides(match.end(), (w1, h1, n1, u1), (w2, h2, n2, u2))


_Side = tuple[str | None, str | None, str, str | None]


def _named_sides(end: int, first: _Side, second: _Side) -> _Found | None:
    if bool(first[0]) == bool(second[0]):
        names = [(side[1] or "").removesuffix("度") for side in (first, second)]
        if sorted(names) != ["长", "高"]:
            return None
        wide, high = (second, first) if names[0] == "高" else (first, second)
    else:
        wide, high = (first, second) if first[0] else (second, first)
    unit = a.unit_of(second[3]) or a.unit_of(first[3])
    return "size2d", "", end, _scaled(a.number(wide[2]), a.number(high[2]), unit, ordered=True)


def _square(match: re.Match[str]) -> _Found | None:
    side, unit = (match.group(1), match.group(2)) if match.group(1) else (match.group(3), match.group(4))
    value = a.number(side)
    return "size2d", "", match.end(), _scaled(value, value, a.unit_of(unit), ordered=False)


def _range(match: re.Match[str]) -> _Found | None:
    low, first, high, second = match.groups()
    one, two = a.unit_of(first), a.unit_of(second)
    if one and two and one != two and {one, two} != {"kb", "mb"}:
        return None
    joiner = match.group(0)[match.end(2) - match.start() if first else len(low) :]
    joined = re.match(r"\s*(?:and|与|和)", joiner) is not None
    if joined and not _BETWEEN.search(match.string[: match.start()]):
        return None
    return "amount", two or one, match.end(), _amount(a.number(low), a.number(high), (one or two, two or one))


def _amount(low: float, high: float, units: tuple[str, str], *, signed: bool = False) -> a.Amount:
    factors = [1024.0 if unit == "mb" else 10.0 if unit == "cm" else 1.0 for unit in units]
    unit = {"mb": "kb", "cm": "mm"}.get(units[1], units[1])
    return a.Amount(low * factors[0], high * factors[1], unit, signed)


def _single(match: re.Match[str]) -> _Found | None:
    unit = a.unit_of(match.group(2))
    value = a.number(match.group(1))
    signed = match.group(1)[0] in "+-"
    return "amount", unit, match.end(), _amount(value, value, (unit, unit), signed=signed)


def _unit_first(match: re.Match[str]) -> _Found | None:
    unit = "kb" if match.group(1) == "kb" else "dpi"
    value = a.number(match.group(2))
    return "amount", unit, match.end(), a.Amount(value, value, unit)


def _kb_range(match: re.Match[str]) -> _Found | None:
    return "amount", "kb", match.end(), a.Amount(a.number(match.group(1)), a.number(match.group(2)), "kb")


def _least_and_most(match: re.Match[str]) -> _Found | None:
    """As in "min 40 max 60 KB": limits without a unit are a file's, where nothing else is spoken of."""
    low, first, high, second = match.groups()
    one, two = a.unit_of(first), a.unit_of(second)
    if one and two and one != two and {one, two} != {"kb", "mb"}:
        return None
    if not (one or two) and a.NOT_OF_A_FILE.search(match.string[: match.start()]):
        return None
    units = (one or two or "kb", two or one or "kb")
    amount = _amount(a.number(low), a.number(high), units)
    return ("amount", amount.unit, match.end(), amount) if amount.low <= amount.high else None


def _signed(match: re.Match[str]) -> _Found | None:
    if " " in match.group(0) and not match.string[: match.start()].rstrip(" ").rstrip("\n"):
        return None  # the dash of a list, not a sign
    if " " in match.group(0) and match.string[: match.start()].rstrip(" ").endswith("\n"):
        return None
    value = a.number(match.group(0))
    return "amount", "", match.end(), a.Amount(value, value, "", signed=True)


def _plain_number(match: re.Match[str]) -> _Found | None:
    value = a.number(match.group(0))
    return "number", "", match.end(), a.Amount(value, value)


def _ratio(match: re.Match[str]) -> _Found | None:
    return "ratio", f"{match.group(1)}:{match.group(2)}", match.end(), (match.group(1), match.group(2))


def _rgb(match: re.Match[str]) -> _Found | None:
    parts = match.groups()
    red, green, blue = (int(part) for part in (parts if len(parts) == 3 else parts * 3))
    return ("rgb", f"#{red:02X}{green:02X}{blue:02X}", match.end(), None) if max(red, green, blue) <= 255 else None


def _hex(match: re.Match[str]) -> _Found | None:
    digits = match.group(0).lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return "rgb", f"#{digits.upper()}", match.end(), None


def _fraction(match: re.Match[str]) -> _Found | None:
    if match.group(1):
        below, above = a.number(match.group(1)), a.number(match.group(2))
    else:
        above, below = _PARTS[match.group(3)]
    value = round(100 * above / below, 1) if below else 0.0
    return ("amount", "pct", match.end(), a.Amount(value, value, "pct")) if 0 < value <= 100 else None


def _share(text: str) -> float:
    below, above = text.split("分之") if "分之" in text else reversed(text.split("/"))
    return round(100 * a.number(above) / (a.number(below) or 1), 1)


def _fractions(match: re.Match[str]) -> _Found | None:
    low, high = _share(match.group(1)), _share(match.group(2))
    return ("amount", "pct", match.end(), a.Amount(low, high, "pct")) if 0 < low < high <= 100 else None


_PARTS = {"half": (1, 2), "two thirds": (2, 3), "a third": (1, 3), "one third": (1, 3), "three quarters": (3, 4)}
_READERS = (
    (a.FRACTIONS, _fractions),
    (a.FRACTION, _fraction),
    (a.DIMS, _dims),
    (a.SPELLED_DIMS, _spelled_dims),
    (a.LIMITED_SIDES, _limited_sides),
    (a.WIDE_HIGH, _wide_high),
    (a.HIGH_AFTER, _high_after),
    (a.SQUARE, _square),
    (a.RGB_ALL, _rgb),
    (a.RGB, _rgb),
    (a.HEX, _hex),
    (a.RANGE, _range),
    (a.LEAST_AND_MOST, _least_and_most),
    (a.RATIO, _ratio),
    (a.AMOUNT, _single),
    (a.HAN_AMOUNT, _single),
    (a.SPELLED_AMOUNT, _single),
    (a.KB_RANGE, _kb_range),
    (a.UNIT_FIRST, _unit_first),
    (a.SIGNED, _signed),
    (a.NUMBER, _plain_number),
)
_MAY_START = re.compile(r"[\d+\-#rwhsbm不最至大(零〇一二两三四五六七八九十百千宽高长横竖正分像两四边解oneatfdpk]")


def _value_at(plain: str, start: int) -> _Found | None:
    """The longest value that stands at plain[start:]; the earlier reader wins a tie."""
    if not _MAY_START.match(plain[start]):
        return None
    before = plain[start - 1 : start]
    inside = before.isascii() and before.isalpha() and plain[start].isascii() and plain[start].isalpha()
    if inside or ((before.isdigit() or before == ".") and plain[start].isdigit()):
        return None
    best: _Found | None = None
    for regex, read in _READERS:
        match = regex.match(plain, start)
        if match and (best is None or match.end() > best[2]):
            found = read(match)
            if found and (best is None or found[2] > best[2]):
                best = found
    return best


def _better(found: tuple[int, Word], known: tuple[int, Word] | None) -> bool:
    return known is None or found[0] > known[0] or (found[0] == known[0] and found[1].rank < known[1].rank)


def _pattern_places(plain: str, words: Lexicon) -> dict[int, tuple[int, Word]]:
    """Start → (end, word) of the longest pattern at each place."""
    places: dict[int, tuple[int, Word]] = {}
    present = set(plain)
    for pattern in words.patterns:
        if pattern.may_stand_in(plain, present):
            for start, end in pattern.places(plain):
                if _better((end, pattern.word), places.get(start)):
                    places[start] = (end, pattern.word)
    return places


def _list_marks(plain: str) -> dict[int, int]:
    """Start → end of the numbers of a list ("1. blue 2. 200 KB"), where at least two of them follow each other."""
    found = [(match.start(1), match.end(), int(match.group(1))) for match in a.LIST_MARK.finditer(plain)]
    counted = [mark for i, mark in enumerate(found) if mark[2] == i + 1]
    return {start: end for start, end, _ in counted} if len(counted) > 1 else {}


def lex(plain: str, words: Lexicon) -> list[Token]:
    """`plain` as tokens, spaces left out; longest first, values before words of the same length."""
    tokens: list[Token] = []
    patterns = _pattern_places(plain, words)
    listed = _list_marks(plain)
    for start, end in listed.items():
        plain = f"{plain[:start]}{' ' * (end - start)}{plain[end:]}"  # "4.200 KB" in a list is 200 KB
    i = 0
    while i < len(plain):
        if plain[i] == " " and i not in listed:
            i += 1
            continue
        token = Token("mark", ".", i, listed[i], ".") if i in listed else _token_at(plain, i, words, patterns)
        tokens.append(token)
        i = token.end
    return tokens


def _token_at(plain: str, i: int, words: Lexicon, patterns: dict[int, tuple[int, Word]]) -> Token:
    value = _value_at(plain, i)
    known = words.longest(plain, i)
    if i in patterns and _better(patterns[i], known):
        known = patterns[i]
    if known and (value is None or known[0] > value[2] or (known[0] == value[2] and value[0] in {"number", "amount"})):
        end, word = known
        return Token(word.kind, word.value, i, end, plain[i:end])
    if value:
        kind, text, end, data = value
        return Token(kind, text, i, end, plain[i:end], data)
    if _PUNCTUATION.match(plain[i]):
        return Token("mark", plain[i], i, i + 1, plain[i])
    latin = _LATIN_WORD.match(plain, i)
    end = latin.end() if latin else i + 1
    return Token("other", "", i, end, plain[i:end])
