"""Where a result goes and what type it gets, settled before any work is done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from f2p.errors import OutputNotWritable
from f2p.values.plan import BackdropKind, FileFormat, IdPhotoPlan
from f2p.values.reading import Assumption, Reading

FORMAT_OF_SUFFIX = {
    ".jpg": FileFormat.JPG,
    ".jpeg": FileFormat.JPG,
    ".png": FileFormat.PNG,
    ".webp": FileFormat.WEBP,
    ".tif": FileFormat.TIFF,
    ".tiff": FileFormat.TIFF,
    ".pdf": FileFormat.PDF,
}
_OPAQUE = (FileFormat.JPG, FileFormat.PDF)


@dataclass(frozen=True, slots=True)
class Target:
    """The settled file: its path, and plan and reading that agree with the path's type."""

    path: Path
    plan: IdPhotoPlan
    reading: Reading | None
    """None where the plan came from a file."""


def settle(photo: Path, out: Path | None, plan: IdPhotoPlan, reading: Reading | None) -> Target:
    """The file that `-o OUT` means.

    Nothing given: beside the photo, "<photo>_<standard>.<type>"; a folder: that name inside it; a name without a type: gets the
    plan's. A type in the name decides the format where the sentence leaves it open, and that is told as an assumption.
    Raises OutputNotWritable: no_stdout, same_as_photo, type_unknown, type_differs (the sentence or a plan's file says
    another), transparent_needs.
    """
    suffix = f".{plan.encoding.format.value}"
    name = f"{photo.stem}_{plan.spec.id}{suffix}"
    if out is None:
        return Target(photo.with_name(name), plan, reading)
    _refuse_stdout(out)
    if out.is_dir():
        return Target(out / name, plan, reading)
    if _same_file(out, photo):
        raise OutputNotWritable(path=str(out), reason="same_as_photo")
    if not out.suffix:
        return Target(out.with_name(out.name + suffix), plan, reading)
    wanted = FORMAT_OF_SUFFIX.get(out.suffix.lower())
    if wanted is None:
        raise OutputNotWritable(path=str(out), reason="type_unknown")
    if wanted is plan.encoding.format:
        return Target(out, plan, reading)
    if plan.backdrop.kind is BackdropKind.TRANSPARENT and wanted in _OPAQUE:
        raise OutputNotWritable(path=str(out), reason="transparent_needs", **_fitting(out, plan.encoding.format))
    if reading is None or "format" in reading.asked:
        raise OutputNotWritable(path=str(out), reason="type_differs", **_fitting(out, plan.encoding.format))
    assumed = tuple(one for one in reading.assumed if one.key != "format")
    return Target(
        out,
        replace(plan, encoding=replace(plan.encoding, format=wanted)),
        replace(reading, assumed=(*assumed, Assumption("format", wanted.value, "from_output_name"))),
    )


def settle_alpha(out: Path) -> None:
    """Nothing where `out` can be the name of an alpha, which is always PNG. Raises OutputNotWritable: no_stdout, type_differs."""
    _refuse_stdout(out)
    if out.suffix.lower() != ".png":
        raise OutputNotWritable(path=str(out), reason="type_differs", **_fitting(out, FileFormat.PNG))


def _refuse_stdout(out: Path) -> None:
    """Raises OutputNotWritable for "-": a picture on standard output would stand among the words."""
    if str(out) == "-":
        raise OutputNotWritable(path="-", reason="no_stdout")


def _fitting(out: Path, wanted: FileFormat) -> dict[str, str]:
    """The type that fits, and the name that `out` would have with it."""
    return {"format": wanted.value.upper(), "name": out.with_suffix(f".{wanted.value}").name}


def _same_file(out: Path, photo: Path) -> bool:
    try:
        return out.samefile(photo)
    except OSError:
        return False
