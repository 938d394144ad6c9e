"""Words that only say where a thing is (lint *on the jacket*), and the unknown thing beside a person that is to go."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from f2p.language.clauses import Clause, index, is_denied
from f2p.language.draft import NO_CLAUSE, Draft
from f2p.language.lexicon import lexicon
from f2p.language.tokens import Token

_PREPOSITIONS = frozenset(
    {
        *("on", "from", "in", "of", "at", "off", "over", "along", "around", "near", "behind", "under", "across", "above"),
        *("below", "beside", "between", "against", "onto", "by"),
    }
)
_ZH_ON = (
    *("上", "上的", "上有", "里", "里的", "上全是", "上面", "边上", "旁边", "周围", "附近", "上方", "后面", "上都是", "旁"),
    *("边", "胸口", "胸前"),
)
_LEAVES = frozenset({"object", "ground", "size", "entity", "light", "unsupported", "backdrop", "shot", "exif"})
_WITHIN_REACH = 12
_LONG_ENOUGH = 2


def is_place(clause: Clause, at: int) -> bool:
    """Whether the thing at `at` only says where another one is: lint *on the jacket*, 衬衫上的褶皱."""
    for i in range(at - 1, 0, -1):
        token = clause.tokens[i]
        if token.text.split(" ")[-1] in _PREPOSITIONS or token.text.split(" ")[0] in {"from", "in"}:
            return any(other.kind == "object" for other in clause.tokens[max(0, i - 1) : i])
        if token.kind not in {"stop", "degree", "direction"}:
            break
    following = clause.tokens[at + 1 : at + 7]
    if not following or not following[0].text.startswith(_ZH_ON):
        return False
    return clause.tokens[at].value == "clothes" or any(other.kind == "object" for other in following[1:])


def read_removals(clause: Clause, draft: Draft, before: Clause = NO_CLAUSE) -> None:
    """Sets unsupported=remove_object for a thing that no table knows: 旁边那个保温杯也P掉, "erase the cup on the table".

    before: the clause that may have named it ("there is a pole behind me, delete it").
    """
    signs = lexicon().meanings["signs"]
    for act in clause.all("act", "remove", "lose", "touch"):
        goes = act.text == "去"  # 下周去面试: alone it means to go somewhere
        if goes or not draft.is_free(act) or not act.text.startswith(tuple(signs["takes_away"])) or is_denied(clause, act):
            continue
        at = index(clause, act)
        sides = [_near(reversed(clause.tokens[:at])), _near(clause.tokens[at + 1 :]), list(before.tokens)]
        chinese = any(char > "z" for char in act.text)
        if act.text == "off" and not any(token.text in {"take", "get"} for token in clause.tokens[:at]):
            continue
        for side in sides if chinese or act.text == "off" else sides[1:]:
            if _is_thing(side, draft, signs):
                draft.add("unsupported", "remove_object", act, *(t for t in side if t.kind != "stop"))
                break


def _near(tokens: Iterable[Token]) -> list[Token]:
    """The words on one side of an act up to the next act or mark."""
    found: list[Token] = []
    for token in tokens:
        if token.kind in {"act", "mark", "neg"} or len(found) == _WITHIN_REACH:
            break
        found.append(token)
    return found


def _is_thing(side: Sequence[Token], draft: Draft, signs: dict[str, list[str]]) -> bool:
    places = {one.start for one, two in itertools.pairwise(side) if one.kind == "object" and two.text.startswith(_ZH_ON)}
    things = [t for t in side if t.kind in _LEAVES and t.value not in {"head", "people", "ground", "wall"}]
    known = [t for t in things if t.start not in places]
    if known or any(not draft.is_free(t) for t in side if t.kind not in {"ground"}):
        return False
    said = "".join(token.text for token in side)
    spaced = " ".join(token.text for token in side)
    somebody = [t for t in side if t.kind in {"noise", "object", "group"} and t.text not in {"起来", "一起"}]
    unknown = [t for t in side if t.kind == "other" and (t.text > "z" or len(t.text) > _LONG_ENOUGH)]
    beside = any(sign in said or sign in spaced for sign in signs["beside"])
    return bool(beside and (unknown or somebody)) or sum(len(t.text) for t in unknown) >= _LONG_ENOUGH
