"""How large: a standard by its name or country, millimetres, pixels, inches; width first however it was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from f2p.catalogue.standards import standards
from f2p.language.amounts import Dims
from f2p.language.clauses import Clause, denied, index, is_denied, negations_before, there_now
from f2p.language.draft import Draft
from f2p.language.tokens import Token

_KEY = "size"
_SKIP = frozenset({"stop", "act", "bound", "object", "number"})
_MM_PER_INCH = 25.4
_JOINS = frozenset({"and", "与", "和"})
_RANGE_WORDS = _JOINS | {"-", "~", "to", "到", "至"}
_LARGEST_INCH = 12
_SMALLEST_CM = 2.5
"""Two small numbers without a unit are inches (2 x 2), with a decimal in them centimetres (3.5 x 4.5)."""
_SMALLEST_PX = 100
_PRINT_TOLERANCE = 0.12
"""A size may differ by this share from the standard it is named after (35 x 53 is called two inch too); beyond it clashes."""


def read_size(clauses: Sequence[Clause], draft: Draft, meanings: Mapping[str, Any]) -> None:
    """Sets `size` from standards named and dimensions said; dpi that stands beside them belongs to read_file."""
    if _undecided(clauses, draft):
        return
    named = _abroad(_name(clauses, draft, meanings["same_visa"]), clauses, draft, meanings["abroad"])
    size: dict[str, Any] = {}
    if named:
        size.update(named_size(named, meanings["shows"]))
    _dimensions(clauses, draft, size)
    _variant(clauses, draft, size, meanings)
    _sibling(size, meanings["shows"])
    if size:
        draft.asked[_KEY] = size


def _undecided(clauses: Sequence[Clause], draft: Draft) -> bool:
    """As in 一寸还是二寸呢: two sizes to choose from and no choice made; asks for it."""
    for i, clause in enumerate(clauses):
        for one, joint, two in zip(clause.tokens, clause.tokens[1:], clause.tokens[2:], strict=False):
            chosen = any(part.has("size") for part in clauses[i + 1 :])
            if one.kind == two.kind == "size" and joint.text in {"还是", "or"} and not chosen:
                draft.put("ask", "missing_size", one, joint, two)
                return True
    return False


def _variant(clauses: Sequence[Clause], draft: Draft, size: dict[str, Any], meanings: Mapping[str, Any]) -> None:
    """As in "two inch, the small one": another size of the same family is meant."""
    name: str = size.get("name", "")
    if name not in standards():
        return

    for word, prefix in (("small", "small_"), ("large", "large_")):
        other = standards().get(f"cn_{prefix}{name.removeprefix('cn_')}")
        said = [t for c in clauses for t in c.all("family", word)]
        if other is not None and said:
            size.clear()
            size.update(named_size(other.id, meanings["shows"]))
            draft.conflicts.discard(_KEY)
            draft.use(_KEY, *said)
            return


def _sibling(size: dict[str, Any], shows: Mapping[str, list[str]]) -> None:
    """The other standard of the same document that has just the measures said: "UK passport, 600 x 750" is that for uploads."""
    own, px = standards().get(size.get("name", "")), size.get("px")
    large = standards().get(f"cn_large_{own.id.removeprefix('cn_')}") if own is not None else None
    if large is not None and size.get("mm") == [large.width_mm, large.height_mm]:
        size["name"] = large.id
    if own is None or px is None or px == [own.width_px, own.height_px]:
        return
    other = standards().get(f"{own.id}_online")
    if other is not None and px == [other.width_px, other.height_px]:
        size.pop("mm", None)
        size.update(named_size(other.id, shows))


def named_size(name: str, shows: Mapping[str, list[str]]) -> dict[str, Any]:
    """A standard's id with what people know it by: mm for prints and passports, px for uploads; a bare id for an unknown one."""
    spec = standards().get(name)
    if spec is not None and name in shows["px"]:
        return {"name": name, "px": [spec.width_px, spec.height_px]}
    if spec is not None and spec.category in shows["mm"] and spec.width_mm and spec.height_mm:
        return {"name": name, "mm": [_plain(spec.width_mm), _plain(spec.height_mm)]}
    return {"name": name}


def _name(clauses: Sequence[Clause], draft: Draft, same_visa: Mapping[str, list[str]]) -> str | None:
    found: str | None = None
    for clause in clauses:
        for token in clause.all("size"):
            if not draft.is_free(token):
                continue
            if _is_refused(clause, token) or (clause.question and clause.has("neg")):
                draft.use("-", token)
                continue
            if clause.has("source") and not clause.has("act", "change") and token.start > clause.all("source")[0].start:
                continue
            draft.use(_KEY, token, *clause.all("act", "change"))
            if found and found != token.value and not clause.corrects and not _changed_to(clause, token):
                if found.startswith(token.value) or token.value in {"icao_generic"} or _only_purpose(token.value, found):
                    continue
                if not _only_purpose(found, token.value):
                    draft.conflicts.add(_KEY)
            found = token.value
    return found or _country_document(clauses, draft, same_visa)


def _abroad(named: str | None, clauses: Sequence[Clause], draft: Draft, abroad: Mapping[str, str]) -> str | None:
    """The document of the country that stands beside a bare "ID card", where the catalogue has it."""
    for country in [token for clause in clauses for token in clause.all("country")] if named in abroad else ():
        other = f"{country.value}_{abroad[named or '']}"
        if other in standards():
            draft.use(_KEY, country)
            return other
    return named


def _only_purpose(document: str, print_size: str) -> bool:
    """Whether a document only says what a print is for: 办居住证需要一寸照片 wants one inch."""
    one, two = standards().get(document), standards().get(print_size)
    return one is not None and two is not None and one.category != "print" and two.category == "print"


def _is_refused(clause: Clause, token: Token) -> bool:
    before = negations_before(clause, index(clause, token), _SKIP)
    return denied(before) if before else is_denied(clause, token, _SKIP)


def _changed_to(clause: Clause, token: Token) -> bool:
    at = index(clause, token)
    return any(other.among("act", "change") for other in clause.tokens[:at])


def _country_document(clauses: Sequence[Clause], draft: Draft, same_visa: Mapping[str, list[str]]) -> str | None:
    named = [(clause, token) for clause in clauses for token in clause.all("document") if draft.is_free(token)]
    documents = [(clause, token) for clause, token in named if not is_denied(clause, token)]
    countries = [token for clause in clauses for token in clause.all("country")]
    if not documents:
        return None
    token = documents[-1][1]
    if countries:
        draft.use(_KEY, token, countries[0])
        country = countries[0].value
        if token.value == "visa":
            country = next((area for area, members in same_visa.items() if country in members), country)
        return f"{country}_{token.value}"
    any_country = any(clause.has("ask", "which_country") for clause in clauses)
    if token.value == "passport" and not token.text.isascii() and not any_country:
        draft.use(_KEY, token)
        return "cn_passport"
    if token.value in {"passport", "visa"} and any(clause.has("size2d") for clause in clauses):
        draft.use(_KEY, token)
    elif token.value in {"passport", "visa"}:
        draft.asked["ask"] = f"ambiguous_{token.value}"
        draft.asked["idphoto"] = True
        draft.use("idphoto", *(other for _, other in documents))  # passport and visa of no country are one general photo
    return None


def _dimensions(clauses: Sequence[Clause], draft: Draft, size: dict[str, Any]) -> None:
    named = size.get("name")
    said: dict[str, list[float]] = {}
    order = frozenset(token.value for clause in clauses for token in clause.all("order"))
    wished = sum(len(clause.all("size2d")) for clause in clauses if not there_now(clause)) + bool(named)
    for clause in clauses:
        for token in clause.all("size2d"):
            denies = is_denied(clause, token, frozenset({"stop"}))
            if not isinstance(token.data, Dims) or not draft.is_free(token) or denies:
                continue
            if there_now(clause) and (wished or not _my_photo_is(clause)):
                draft.use("-", token)  # 手机拍的4000x3000,裁成一寸
                continue
            unit, pair = _unit_and_pair(token.data, clause, order, named)
            if unit == "px" and _bound(clause, token, size, pair, draft):
                continue
            if unit in said and said[unit] != pair and not clause.corrects:
                draft.conflicts.add(_KEY)
            if ("portrait" in order and pair[0] > pair[1]) or ("landscape" in order and pair[0] < pair[1]):
                draft.conflicts.add(_KEY)
            said[unit] = pair
            draft.use(_KEY, token, *clause.all("order", "wh", "hw", "portrait"))
    for unit, pair in said.items():
        _take(size, unit, pair, draft, named)


def _my_photo_is(clause: Clause) -> bool:
    """As in "the photo is 35 by 45 mm": alone it may be what is asked for; 原图3000*4000 never is."""
    return any("photo" in token.text or "picture" in token.text for token in clause.all("source"))


def _unit_and_pair(dims: Dims, clause: Clause, order: frozenset[str], named: str | None) -> tuple[str, list[float]]:
    width, height = dims.width, dims.height
    if "hw" in order and not dims.ordered:
        width, height = height, width
    unit = dims.unit or _unit_said(clause) or _unit_guessed(width, height)
    if unit == "cm":
        unit, width, height = "mm", width * 10, height * 10
    if unit == "inch" and named:
        return "mm", [round(width * _MM_PER_INCH), round(height * _MM_PER_INCH)]
    return unit, [_plain(width), _plain(height)]


def _unit_said(clause: Clause) -> str | None:
    text = " ".join(token.text for token in clause.tokens)
    if "像素" in text or "px" in text or "pixel" in text:
        return "px"
    return "mm" if "毫米" in text or "mm" in text.split() else None


def _unit_guessed(width: float, height: float) -> str:
    if max(width, height) >= _SMALLEST_PX:
        return "px"
    if not (float(width).is_integer() and float(height).is_integer()) and _SMALLEST_CM < max(width, height) <= _LARGEST_INCH:
        return "cm"
    return "mm" if max(width, height) > _LARGEST_INCH else "inch"


def _plain(value: float) -> float:
    return int(value) if value == int(value) else round(value, 2)


def _bound(clause: Clause, token: Token, size: dict[str, Any], pair: list[float], draft: Draft) -> bool:
    """Whether it is a limit ("at least 600x600 px"), not the size itself."""
    at = index(clause, token)
    if isinstance(token.data, Dims) and token.data.limit:
        size[f"px_{token.data.limit}"] = pair
        draft.use(_KEY, token)
        return True
    before = [other for other in clause.tokens[max(0, at - 2) : at] if other.among("bound", "min", "max")]
    after = [other for other in clause.tokens[at + 1 :] if other.kind != "stop"][:2]
    limit = before[-1] if before else next((t for t in after[:1] if t.among("bound", "min", "max")), None)
    if limit is None or (not before and len(after) > 1 and after[1].kind == "amount"):
        return _between(clause, at, size, draft)
    size[f"px_{limit.value}"] = pair
    draft.use(_KEY, token, limit)
    return True


def _between(clause: Clause, at: int, size: dict[str, Any], draft: Draft) -> bool:
    """Whether it opens a range of sizes ("between 600x600 and 1200x1200"); its other end is read along."""
    rest = clause.tokens[at + 1 : at + 3]
    if len(rest) < 2 or rest[0].text not in _RANGE_WORDS or not isinstance(rest[1].data, Dims):
        return False
    low, high = clause.tokens[at].data, rest[1].data
    opened = any(t.text in {"between", "在", "介于", "from", "从"} for t in clause.tokens[:at])
    if not opened and (clause.has("source") or rest[0].text in _JOINS):
        return False
    if not isinstance(low, Dims) or low.width > high.width or low.height > high.height:
        return False
    size["px_min"], size["px_max"] = [_plain(low.width), _plain(low.height)], [_plain(high.width), _plain(high.height)]
    draft.use(_KEY, clause.tokens[at], *rest)
    return True


def _take(size: dict[str, Any], unit: str, pair: list[float], draft: Draft, named: str | None) -> None:
    known = size.get(unit) if named else None
    print_size = size.get("mm") if named and named.startswith("cn_") else None
    compared = known or (print_size if unit == "px" else None)
    if compared and print_size and unit in {"mm", "px"}:
        ratio = (pair[0] / pair[1]) / (compared[0] / compared[1])
        too_far = abs(ratio - 1) > _PRINT_TOLERANCE
        other_size = unit == "mm" and abs(pair[1] / compared[1] - 1) > _PRINT_TOLERANCE
        if too_far or other_size:
            draft.conflicts.add(_KEY)
    if unit == "mm" and known and max(abs(pair[0] - known[0]), abs(pair[1] - known[1])) <= 1:
        return
    size[unit] = pair
