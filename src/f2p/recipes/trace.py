"""Names and times of the steps of one job, taken from outside so that stages stay pure."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from f2p.values.outcome import Note, Step

P = ParamSpec("P")
Result = TypeVar("Result")
OnStep = Callable[[str], None]
_AGAIN_SECONDS = 0.5


class Trace:
    """Runs each step, times it, tells whoever watches, and collects what the person should know."""

    def __init__(self, on_step: OnStep | None = None, steps: dict[str, float] | None = None) -> None:
        self._on_step = on_step
        self._steps: dict[str, float] = {} if steps is None else steps
        self._told: set[str] = set(self._steps)
        self._notes: list[Note] = []
        self._shown, self._heard = "", 0.0

    def run(self, step: str, stage: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
        """`stage(*args, **kwargs)`, timed under the name `step`; a step that runs twice adds up."""
        if self._on_step is not None and step not in self._told:
            self._told.add(step)
            self._on_step(step)
        begun = time.perf_counter()
        try:
            return stage(*args, **kwargs)
        finally:
            self._steps[step] = self._steps.get(step, 0.0) + time.perf_counter() - begun

    def tick(self, step: str, done: int, of: int) -> None:
        """Tells how far a long step is, as "draw 3/30"; whoever watches may raise to end it."""
        self._shown = f"{step} {done}/{of}"
        self._heard = time.perf_counter()
        if self._on_step is not None:
            self._on_step(self._shown)

    def alive(self) -> bool:
        """Tells the same again, at most twice a second, so that a long step can be ended in the middle. Always False."""
        if self._on_step is not None and self._shown and time.perf_counter() - self._heard > _AGAIN_SECONDS:
            self._heard = time.perf_counter()
            self._on_step(self._shown)
        return False

    def turn_to(self, page: int, count: int) -> None:
        """A new page begins, whose steps are told again."""
        self._told = set()
        if self._on_step is not None and count > 1:
            self._on_step(f"page {page}/{count}")

    def tell(self, code: str, level: str = "info", **params: str | int | float) -> None:
        """Keep a note for the report; the same note twice is one."""
        note = Note(code, level, params)
        if note not in self._notes:
            self._notes.append(note)

    def back_to(self, notes: tuple[Note, ...]) -> None:
        """Forget what was told since `notes` were all: it was about a picture that is not handed out."""
        self._notes = list(notes)

    def apart(self) -> Trace:
        """A trace with notes of its own, for one of several papers; its steps count here."""
        return Trace(self._on_step, self._steps)

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(Step(name=name, seconds=round(seconds, 4)) for name, seconds in self._steps.items())

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(self._notes)
