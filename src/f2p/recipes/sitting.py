"""One person before the camera and everything that has been looked at in the photo so far: what several papers share."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from f2p.engines.suite import Engines
from f2p.recipes.study import Reach, Study, study, study_again
from f2p.recipes.subject import Subject, Wanted, find_subject
from f2p.recipes.trace import Trace
from f2p.stages.denoise import CLEAN, denoised, noise_of
from f2p.stages.warp import mirrored, quarter_turned
from f2p.values.pixels import Photo, Rgb8
from f2p.values.plan import IdPhotoPlan

Found = TypeVar("Found")
_MOST_CLEANED = 3 * 3_000_000
"""Values up to which the source itself is cleaned of noise, so that the person is cut out of a clean picture. Larger ones are
cleaned in the finished raster: bringing them down to it has averaged most of the noise away, and cleaning them takes 1 s a MP.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What of a plan decides how the person is looked at. Papers of equal sights share every look.

    Another face, a quarter turn or a mirror means finding the faces anew; noise to be taken out, a head left tilted or a wider
    reach (of the catalogue's standards seven, with more picture around the head than usual) means cutting the person out anew.
    """

    wanted: Wanted
    rotate_deg: int
    mirror: bool
    clean: bool
    straighten: bool
    reach: Reach


class Sitting:
    """Looks at one photo, each look once. A paper gets from here exactly what it would have found alone."""

    def __init__(self, photo: Photo, engines: Engines, trace: Trace) -> None:
        """trace: takes what concerns the photo whatever is made of it; what concerns a paper is told to that paper's."""
        self.engines = engines
        self._photo = photo
        self._trace = trace
        self._kept: dict[Hashable, tuple[Any, Trace]] = {}

    def once(self, key: Hashable, look: Callable[[Trace], Found], trace: Trace) -> Found:
        """What `look` finds; for a `key` that was looked at before the same again, and its notes are told to `trace` too."""
        if key not in self._kept:
            own = trace.apart()
            self._kept[key] = (look(own), own)
        found, told = self._kept[key]
        for note in told.notes:
            trace.tell(note.code, note.level, **note.params)
        result: Found = found
        return result

    def subject(self, sight: Sight, trace: Trace) -> Subject:
        """The person, in the picture as it is worked on: turned, and clean where that is wished and the picture not too large."""
        found = self.source(sight)
        if not (sight.clean and is_cleaned_whole(found.photo.rgb)):
            return found
        clean = self.once(("clean", *_turn(sight)), lambda own: cleaned(found.photo.rgb, own), trace)
        return replace(found, photo=replace(found.photo, rgb=clean))

    def source(self, sight: Sight) -> Subject:
        """The person in the picture as it was handed in, turned. Raises NoFace, SeveralFaces, NoSuchFace."""

        def look(own: Trace) -> Subject:
            return find_subject(
                mirrored(quarter_turned(self._photo, sight.rotate_deg), sight.mirror), sight.wanted, self.engines, own
            )

        return self.once(("subject", *_turn(sight)), look, self._trace)

    def study(self, sight: Sight, trace: Trace, *, again: bool = False) -> Study:
        """The person's coarse matte and head lines; again: after a second look. Raises NotAPerson."""
        subject = self.subject(sight, trace)

        def look(own: Trace) -> Study:
            if again:
                return study_again(subject, self.study(sight, own), sight.straighten, self.engines, own)
            return study(subject, sight.straighten, sight.reach, self.engines, own)

        return self.once(("study", sight, again), look, trace)


def sight_of(plan: IdPhotoPlan, reach: Reach) -> Sight:
    """How the person has to be looked at for this plan."""
    return Sight(
        wanted=Wanted(plan.face, plan.select),
        rotate_deg=plan.framing.rotate_deg,
        mirror=plan.framing.mirror,
        clean=plan.denoise,
        straighten=plan.framing.straighten,
        reach=reach,
    )


def cleaned(rgb: Rgb8, trace: Trace) -> Rgb8:
    """The picture without noise: all of it, as a backdrop that stays is as noisy as the person."""
    noise = trace.run("denoise", noise_of, rgb)
    trace.tell("denoise_clean" if noise < CLEAN else "denoised", noise=round(noise, 1))
    return trace.run("denoise", denoised, rgb, noise)


def is_cleaned_whole(rgb: Rgb8) -> bool:
    """Whether the source itself is cleaned, not only the finished raster."""
    return rgb.size <= _MOST_CLEANED


def _turn(sight: Sight) -> tuple[Hashable, ...]:
    return sight.wanted, sight.rotate_deg, sight.mirror
