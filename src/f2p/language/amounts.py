"""Numbers with what belongs to them: amounts with units, ranges, sizes in two directions, colours in numbers, ratios."""

from __future__ import annotations

import re
from dataclasses import dataclass

_N = r"(?:\d{1,3}(?:,\d{3}){1,4}(?![\d,])|\d{1,12}(?!\d)(?:\.\d{1,12})?)"
_HAN = r"[零〇一二两三四五六七八九十百千万]{1,12}(?:点[零〇一二三四五六七八九]{1,3})?"
_SPELLED = "one|two|three|four|five|six|seven|eight|nine|ten|twelve|sixteen|twenty|fifty|a hundred|one hundred"
_UNITS = (
    ("dpi", r"dpi|ppi|像素/英寸|像素每英寸|pixels? per inch|点每英寸|dots per inch"),
    ("mm", r"mm|毫米|millimet(?:er|re)s?|公厘"),
    ("cm", r"cm|厘米|公分|centimet(?:er|re)s?"),
    ("px", r"px|pixels?|像素|象素|pix"),
    ("kb", r"kbs?|k(?![a-z])|kib|千字节|kilobytes?|kb字节"),
    ("mb", r"mbs?|m(?![a-z])|mib|兆|megabytes?|meg"),
    ("pct", r"%|percent|per cent|个百分点"),
    ("deg", r"度|°|deg(?:rees?)?"),
    ("inch", r"英寸|inch(?:es)?|in(?![a-z])|\""),
    ("x", r"倍|x(?![a-z0-9])|times"),
    ("count", r"张|份|枚|幅|copies|copy|(?:photos?|pictures?|prints?|portraits?|images?|pieces?|pcs|up)(?![a-z])|版(?!本)"),
    ("page", r"页|pages?"),
    ("digit", r"位(?:数字|数)?|digits?|characters?"),
    ("step", r"步|steps?"),
    ("notch", r"档|挡|级|格|(?:f )?stops?|notch(?:es)?|ev(?![a-z])|levels?"),
    ("year", r"岁|years?"),
)
_UNIT = "|".join(f"(?P<{name}>{words})" for name, words in _UNITS)
_UNIT_OF = [(name, re.compile(words)) for name, words in _UNITS]
_ANY_UNIT = "(?:" + "|".join(words for _, words in _UNITS) + ")"
_LENGTH = "(?:" + "|".join(words for name, words in _UNITS if name in {"mm", "cm", "px", "inch"}) + ")"
_TO = r"\s*(?:-|~|到|至|—|to|and|与|和|－|\.\.)\s*"
_BY = r"\s*(?:x|\*|乘以?|by|×)\s*"

DIMS = re.compile(
    rf"({_N})\s*({_LENGTH})?{_BY}({_N})\s*({_LENGTH})?(?![\d.]*\s*(?:kb|dpi))"
    rf"|({_HAN})\s*({_LENGTH})?{_BY}({_HAN})\s*({_LENGTH})"
)
SPELLED_DIMS = re.compile(rf"({_SPELLED})\s*(?:by|x)\s*({_SPELLED})\s*({_LENGTH})")
_IS = r"(?:\s*(?:[:=为是约要应须需]|of|is|must be|should be|[(（](?:width|height|[wh])[)）]))*\s*"
_NAMED = rf"(?:(宽度?|横[着向边]?|width|w)|(高度?|长度?|竖[着向边]?|height|h)){_IS}({_N}|{_HAN})\s*({_LENGTH})?"
WIDE_HIGH = re.compile(rf"{_NAMED}(?:[\s,、;xX和与]|and|by|the|a)*{_NAMED}")
_LOWER = r"不低于|不小于|不少于|至少|大于等于|>=|≥|at least|minimum|no less than|min\.?"
_UPPER = r"不大于|不超过|不高于|小于等于|<=|≤|at most|maximum|max\.?|up to"
_LIMIT = rf"\s*({_LOWER}|{_UPPER})\s*"
_LIMITED = rf"(?:(宽度?|width|w)|(高度?|长度?|height|h)){_LIMIT}({_N})\s*({_LENGTH})?"
LIMITED_SIDES = re.compile(rf"{_LIMITED}(?:[\s,、;和与]|and)*{_LIMITED}")
_SAID_AFTER = (
    rf"({_N}|{_HAN})\s*({_LENGTH})?\s*\(?(?:(wide|宽度?|(?:in )?width|w(?![a-z]))"
    r"|(high|tall|高度?|长度?|(?:in )?height|h(?![a-z])))\)?"
)
HIGH_AFTER = re.compile(rf"{_SAID_AFTER}(?:[\s,、;x*和与]|by|and)*{_SAID_AFTER}")
_BOTH_SIDES = r"(?:长宽|宽高|高宽|边长|两边|四边)\s*(?:都|各|均|相等|一样)*\s*(?:是|为|要|[:=])?"
SQUARE = re.compile(
    rf"({_N}|{_HAN})\s*({_LENGTH})\s*(?:见方|的?正方形?|square|方形|(?:on|for)? ?(?:each|every|both|per|a) sides?|each way)"
    rf"|(?:square(?: of)?|(?:each|both|every) sides?|正方形|{_BOTH_SIDES})\s*({_N})\s*({_LENGTH})(?!\s*(?:x|by|\*))"
)
RANGE = re.compile(rf"({_N})\s*({_ANY_UNIT})?{_TO}({_N})\s*({_ANY_UNIT})?(?![a-z]*\d)")
AMOUNT = re.compile(rf"([+-]?{_N})\s*({_ANY_UNIT})")
SIGNED = re.compile(r"[+-]\s*\d{1,12}(?!\d)(?:\.\d{1,12})?")
HAN_AMOUNT = re.compile(rf"({_HAN})\s*({_ANY_UNIT})")
SPELLED_AMOUNT = re.compile(rf"({_SPELLED})\s+({_ANY_UNIT})")
UNIT_FIRST = re.compile(
    r"(dpi|ppi|kb|分辨率|像素密度|resolution|解析度)\s*(?:<=|>=|[:=≤≥<>为是到成至用要须应需]|设[为置成]?|改[为成]|调[整到成为]*|不[小低]于"
    rf"|至少|最[低少]|of|to|at|is|equals|(?:must|should) be|at least|minimum|min\.?|\s)*\s*({_N})"
    r"(?![\d.,]*\s*(?:x|\*|-|~|到|kb|mb|k|m|px|像素|%))"
)
KB_RANGE = re.compile(rf"(?:kb|大小\(kb\))\s*(?:在|为|是|[:=])*\s*({_N}){_TO}({_N})(?![\d.]*\s*(?:mm|px|x))")
_LEAST = rf"(?:最小|最[少低]|{_LOWER})\s*(?:[:=为是])?\s*"
_MOST = rf"(?:最[大多高]|{_UPPER})\s*(?:[:=为是])?\s*"
_LIMITED_UNIT = "(?:" + "|".join(words for name, words in _UNITS if name in {"kb", "mb", "mm", "pct"}) + ")"
LEAST_AND_MOST = re.compile(
    rf"{_LEAST}({_N})\s*({_LIMITED_UNIT})?(?:[\s,、;/]|and|but)*{_MOST}({_N})\s*({_LIMITED_UNIT})?(?![\d.]*\s*(?:x|\*))"
)
NOT_OF_A_FILE = re.compile(
    r"(?:width|height|wide|high|head|eyes?|dpi|ppi|resolution|sides?|px|pixels?|quality|宽|高|头|眼|像素|分辨率|质量)[^,;。\n]{0,12}$"
)
NUMBER = re.compile(_N)
RATIO = re.compile(r"([1-9]\d{0,3})\s*[:/比]\s*([1-9]\d{0,3})(?![\d:/]|\.\d)")
RGB = re.compile(
    r"(?:rgb[a]?\s*[值色]?\s*[:=(为是]*\s*)?\(?\s*r?\s*[:=]?\s*(\d{1,3})\s*[,、/ ]\s*g?\s*[:=]?\s*(\d{1,3})"
    r"\s*[,、/ ]\s*b?\s*[:=]?\s*(\d{1,3})(?![\d.])\s*\)?"
)
RGB_ALL = re.compile(r"rgb(?:值|色值)?\s*(?:都|全部?|均|三个都|三通道都|all)\s*[:=为是]?\s*(\d{1,3})(?!\d)")
HEX = re.compile(
    r"#(?:[0-9a-f]{6}|[0-9a-f]{3})(?![0-9a-f])|(?<![0-9a-z])ffffff(?![0-9a-z])"
    r"|(?<![0-9a-z])(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{6}(?![0-9a-z])"
)

FRACTION = re.compile(
    rf"({_HAN}|\d+)分之({_HAN}|\d+)"
    r"|(half|two thirds|a third|one third|three quarters)"
    r"(?= of (?:the )?(?:photo|picture|frame|image|height|total)"
    r"| (?:of the way )?(?:down )?(?:from (?:the )?)?(?:top|bottom|down))"
)

_PART = rf"(?:(?:{_HAN}|\d{{1,3}})分之(?:{_HAN}|\d{{1,3}})|\d{{1,2}}/\d{{1,3}})"
FRACTIONS = re.compile(rf"({_PART}){_TO}({_PART})")
LIST_MARK = re.compile(r"(?:^|[;。:\n,])\s*([1-9])[.、)]")

_DIGIT = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_POWER = {"十": 10, "百": 100, "千": 1000, "万": 10000}
SPELLED = dict(
    zip(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "sixteen", "twenty", "fifty"],
        (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 20, 50),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number or range with its unit: dpi, mm, cm, px, kb, pct, deg, inch, x, count, page, digit, step, notch, year or ""."""

    low: float
    high: float
    unit: str = ""
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Dims:
    """Width and height in `unit` (mm, px, inch, or "" where none was said). ordered: the words said which is which.

    limit: "min" or "max" where they bound the size instead of naming it.
    """

    width: float
    height: float
    unit: str = ""
    ordered: bool = False
    limit: str = ""


def han_number(text: str) -> float:
    """A Chinese numeral's value: 三百五十 → 350, 两百 → 200, 一百五 → 150, 三点五 → 3.5."""
    text, _, decimals = text.partition("点")
    if decimals:
        return han_number(text) + float("0." + "".join(str(_DIGIT[char]) for char in decimals))
    total, current, last = 0, 0, 1
    for char in text:
        if char in _DIGIT:
            current = _DIGIT[char]
            continue
        last = _POWER[char]
        if last == 10000:
            total, current = (total + current) * last, 0
        else:
            total, current = total + (current or 1) * last, 0
    return total + (current * (last // 10 if last > 10 and text[-2:-1] in _POWER else 1))


def number(text: str) -> float:
    """A number as written: digits with thousands commas, a Chinese numeral or an English number word."""
    plain = text.strip().replace(",", "")
    if plain in SPELLED:
        return SPELLED[plain]
    if "hundred" in plain:
        return 100
    return float(plain.replace(" ", "")) if re.fullmatch(r"[+-]?\s*[\d.]+", plain) else han_number(plain)


def unit_of(text: str | None) -> str:
    """The unit's name for its spelling ("毫米" → "mm"); "" for none."""
    if not text:
        return ""
    return next((name for name, words in _UNIT_OF if words.fullmatch(text.strip())), "")
