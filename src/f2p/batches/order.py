"""What a batch was asked to do, complete, and how that becomes one item a photo."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from f2p import __version__, studio
from f2p.batches.matching import Match, match
from f2p.batches.naming import Names, filled, pattern_for, pattern_in, safe
from f2p.batches.roster import read_roster
from f2p.batches.sources import TABLES, ending, find_sources
from f2p.errors import NoPhotos, RequestError, UnreadablePath
from f2p.values.batch import Item, Person, Reason, Roster, Source
from f2p.values.plan import IdPhotoPlan, PapersPlan, files_of, papers_of
from f2p.values.reading import Reading

KEYS = frozenset({"batch", "naming", "resume", "watch", "zip", "review"})
"""Keys of a reading that a batch carries out itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOrder:
    """One batch as it was asked for; kept in the books, so that it can go on without being asked again."""

    inputs: tuple[str, ...]
    sentence: str
    roster: str | None = None
    names: str | None = None
    zipped: bool = False
    even: bool = False
    compare: bool = True
    """Whether faces are compared with each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The sentence, read once. plan: without what the batch does itself; asked: the reading's keys."""

    plan: IdPhotoPlan | PapersPlan
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Everything that is settled before the first photo is opened. unclear: photos that are nobody's yet; missing: people without
    any photo, as indices into the roster.
    """

    wish: Wish
    roster: Roster | None
    pattern: str
    items: tuple[Item, ...]
    unclear: tuple[Match, ...]
    missing: tuple[int, ...]
    fingerprints: dict[str, str] = field(default_factory=dict)


def read_wish(sentence: str) -> Wish:
    """What the sentence asks for. Raises RequestError kinds."""
    plan, reading = studio.plan_for(studio.understand(sentence))
    return Wish(plan=studio.for_each(plan, _without_own), reading=reading)


def _without_own(paper: IdPhotoPlan) -> IdPhotoPlan:
    """The paper without telling that it leaves out what the batch does."""
    return replace(paper, unsupported=tuple(wish for wish in paper.unsupported if wish not in KEYS))


def standard_of(item: Item) -> str:
    """The standard's id of the first paper."""
    return papers_of(item.plan)[0].spec.id


def wants_watch(order: BatchOrder) -> bool:
    """Whether the sentence asks to watch the folder."""
    return bool(studio.understand(order.sentence).asked.get("watch"))


def settle(order: BatchOrder, out: Path, already: Sequence[Source] = ()) -> Work:
    """Photos found, matched and named, each with its plan. already: photos that were done and may have been taken away since.

    Raises InputError and RequestError kinds.
    """
    wish = read_wish(order.sentence)
    roster = _roster(order)
    sources = _sources(order, out, already)
    pattern = pattern_for(order.names or pattern_in(order.sentence), wish.reading.asked, roster)
    matches, missing = match(sources, roster.people) if roster is not None else ([Match(one, None) for one in sources], [])
    unclear = tuple(one for one in matches if one.person is None) if roster is not None else ()
    taken = [one for one in matches if roster is None or one.person is not None]
    taken.sort(key=lambda one: one.person or 0)  # reports and sheets follow the roster
    items = tuple(_items(taken, roster, pattern, wish.plan))
    return Work(
        wish=wish, roster=roster, pattern=pattern, items=items, unclear=unclear, missing=tuple(missing),
        fingerprints=_fingerprints(items),
    )  # fmt: skip


def _roster(order: BatchOrder) -> Roster | None:
    if order.roster is None:
        return None
    path = Path(order.roster)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadablePath(path=str(path), reason="not_found" if not path.exists() else "no_permission") from error
    return read_roster(data, path.name)


def _sources(order: BatchOrder, out: Path, already: Sequence[Source]) -> tuple[Source, ...]:
    places = [Path(place) for place in order.inputs]
    try:
        found = {source.key: source for source in find_sources(places, out)}
    except NoPhotos:
        if not already:
            raise
        found = {}
    gone = {source.key: source for source in already if source.key not in found}
    return tuple(sorted((*found.values(), *gone.values()), key=lambda source: source.key))


def split_inputs(given: Sequence[Path], roster: Path | None) -> tuple[tuple[str, ...], str | None]:
    """Places of photos and the roster among what was named: a table is a roster; alone, its own folder has the photos."""
    tables = [path for path in given if ending(path.name) in TABLES]
    roster = roster or (tables[0] if tables else None)
    places = [path for path in given if path not in tables] or ([roster.parent] if roster is not None else [])
    return tuple(str(path.absolute()) for path in places), None if roster is None else str(roster.absolute())


def _items(matches: Sequence[Match], roster: Roster | None, pattern: str, plan: IdPhotoPlan | PapersPlan) -> list[Item]:
    names, plans, seen = Names(), _Plans(plan), dict[int, int]()
    items = []
    for number, one in enumerate(matches, 1):
        person = roster.people[one.person] if roster is not None and one.person is not None else None
        own, reasons = plans.of(person)
        name = filled(pattern, one.source, person, number if person is None else (one.person or 0) + 1, papers_of(own)[0].spec.id)
        if person is None and "/" in one.source.key:
            folder = "/".join(safe(part) for part in one.source.key.split("/")[:-1])
            name = f"{folder}/{name}"
        if one.person is not None:
            seen[one.person] = seen.get(one.person, 0) + 1
        out = f"{names.free(name)}{files_of(own)[0].suffix}"
        label = person.label if person is not None else one.source.stem
        items.append(
            Item(
                key=one.source.key, source=one.source, out=out, label=label, plan=own, person=one.person,
                reasons=(*one.reasons, *reasons),
            )
        )  # fmt: skip
    return [_with_others(item, seen) for item in items]


def _with_others(item: Item, seen: dict[int, int]) -> Item:
    """With a word where other photos are the same person's."""
    if item.person is None or seen[item.person] == 1:
        return item
    return replace(item, reasons=(*item.reasons, Reason("two_photos", {"count": seen[item.person]})))


class _Plans:
    """The plan of each person: the batch's own, changed by what the roster's columns say of them; each kind made once."""

    def __init__(self, plan: IdPhotoPlan | PapersPlan) -> None:
        self._plan = plan
        self._made: dict[tuple[str, str], tuple[IdPhotoPlan | PapersPlan, tuple[Reason, ...]]] = {}

    def of(self, person: Person | None) -> tuple[IdPhotoPlan | PapersPlan, tuple[Reason, ...]]:
        """The plan, and a reason for each cell that could not be understood."""
        if person is None:
            return self._plan, ()
        said = person.known.get("background", ""), person.known.get("standard", "")
        if not any(said):
            return self._plan, ()
        if said not in self._made:
            self._made[said] = self._changed(*said)
        return self._made[said]

    def _changed(self, background: str, standard: str) -> tuple[IdPhotoPlan | PapersPlan, tuple[Reason, ...]]:
        plan, reasons = self._plan, []
        own = _read_cell(standard)
        if own is not None and "size" in own[1].asked and isinstance(plan, IdPhotoPlan):
            plan = replace(plan, spec=own[0].spec, encoding=replace(own[0].encoding, format=plan.encoding.format))
        elif standard:
            reasons.append(Reason("unknown_standard", {"value": standard}))
        own = _read_cell(background) or _read_cell(_as_backdrop(background))
        if own is not None and "background" not in own[1].asked:
            own = _read_cell(_as_backdrop(background))
        if own is not None and "background" in own[1].asked:
            backdrop = own[0].backdrop
            plan = studio.for_each(plan, lambda paper: replace(paper, backdrop=backdrop))
        elif background:
            reasons.append(Reason("unknown_background", {"value": background}))
        return plan, tuple(reasons)


def _as_backdrop(cell: str) -> str:
    """A bare colour ("蓝", "light grey") as a wish for a backdrop."""
    return f"{cell} background" if cell.isascii() else f"{re.sub('色$', '', cell)}色背景"


def _read_cell(cell: str) -> tuple[IdPhotoPlan, Reading] | None:
    if not cell:
        return None
    try:
        plan, reading = studio.plan_for(studio.understand(cell))
    except RequestError:
        return None
    return papers_of(plan)[0], reading


def _fingerprints(items: Sequence[Item]) -> dict[str, str]:
    """Of everything but the photo that decides a finished file: plan, name, what matching said, version of the program."""
    plans: dict[int, str] = {}
    made = {}
    for item in items:
        if id(item.plan) not in plans:
            plans[id(item.plan)] = studio.plan_json(item.plan)
        said = msgspec.json.encode([item.out, item.reasons]).decode()
        made[item.key] = hashlib.sha256(f"{__version__}\n{plans[id(item.plan)]}\n{said}".encode()).hexdigest()[:24]
    return made
