"""A redacted PDF holds page pictures and nothing else: what was hidden in the old file is in no byte of the new one."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable

import pikepdf
import pypdf
import pypdfium2
import pytest
from tests.redaction import attack_pdfs as attacks

from f2p.engines.suite import Engines
from f2p.errors import DamagedImage, NeedsPassword, OutputWrong
from f2p.files.pages import open_pages
from f2p.files.pdf_out import prove_pdf
from f2p.files.photo import Limits
from f2p.recipes.redaction import redact
from f2p.recipes.trace import Trace
from f2p.settings import Settings
from f2p.values.redaction import Find, Place, RedactionPlan

LIMITS = Limits(max_bytes=1 << 26, max_pixels=120_000_000)
WHOLE = Find(page=1, entity="digits", places=(Place(corners=((0, 300), (833, 300), (833, 520), (0, 520))),))
"""The lower half of the attacked page, where a secret would be seen if it showed."""


def covered(data: bytes, settings: Settings, password: str = "") -> bytes:
    """The PDF after a redaction by hand, which needs no model."""
    pages = open_pages(data, "a.pdf", LIMITS, password)
    return redact(pages, RedactionPlan(), Engines(settings), Trace(), [WHOLE]).data


@pytest.mark.parametrize("attack", attacks.ATTACKS, ids=lambda attack: attack.__name__)
def test_nothing_hidden_survives(attack: Callable[[], bytes], settings: Settings) -> None:
    """The secret is in the old file and in no byte, stream, object or text of the new one, asked of three libraries."""
    before = attack()
    assert attacks.SECRET.encode() in attacks.every_byte(before)

    after = covered(before, settings)

    assert attacks.SECRET.encode() not in attacks.every_byte(after)
    with pikepdf.open(io.BytesIO(after)) as pdf:
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"} and "/Info" not in pdf.trailer
        assert len(pdf.objects) == 5
        assert tuple(map(float, pdf.pages[0].obj.MediaBox)) == (0, 0, *attacks.PAGE)
        for one in pdf.objects:
            assert attacks.SECRET.encode() not in one.unparse()
    assert not "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(after)).pages).strip()
    document = pypdfium2.PdfDocument(after)
    assert not document[0].get_textpage().get_text_range().strip()
    document.close()


def test_the_same_document_gives_the_same_bytes(settings: Settings) -> None:
    """No date, no random number stands in the new file."""
    data = attacks.white_text()
    assert covered(data, settings) == covered(data, settings)


def test_a_huge_page_is_drawn_coarser_and_keeps_its_size(settings: Settings) -> None:
    """Five metres of page cost no more memory than the limit, and that is told."""
    trace = Trace()
    pages = open_pages(attacks.huge_page(), "a.pdf", Limits(max_bytes=1 << 26, max_pixels=4_000_000))
    done = redact(pages, RedactionPlan(), Engines(settings), trace, [WHOLE])

    assert [note.code for note in trace.notes] == ["page_huge"]
    with pikepdf.open(io.BytesIO(done.data)) as pdf:
        assert float(pdf.pages[0].obj.MediaBox[2]) == 14400
        assert int(pdf.pages[0].obj.Resources.XObject.Im0.Width) <= 2001


def test_an_encrypted_file_asks_for_its_password(settings: Settings) -> None:
    """Without the password and with a wrong one it is asked for; with it the new file opens without any."""
    data = attacks.encrypted("open sesame")
    for wrong in ("", "sesame"):
        with pytest.raises(NeedsPassword):
            open_pages(data, "a.pdf", LIMITS, wrong)

    with pikepdf.open(io.BytesIO(covered(data, settings, "open sesame"))) as pdf:
        assert not pdf.is_encrypted


def test_what_is_no_pdf_inside_is_refused() -> None:
    """A header alone makes no document."""
    with pytest.raises(DamagedImage):
        open_pages(b"%PDF-1.7\n" + b"rubbish" * 50, "a.pdf", LIMITS)


def test_a_pdf_with_anything_more_is_never_delivered(settings: Settings) -> None:
    """The proof refuses one more object, a text, a second revision, another picture."""
    good = covered(attacks.white_text(), settings)
    with pikepdf.open(io.BytesIO(good)) as pdf:
        picture = hashlib.sha256(pdf.pages[0].obj.Resources.XObject.Im0.read_raw_bytes()).hexdigest()
        prove_pdf(good, [picture])
        pdf.Root.Lang = pikepdf.String("en")
        more = attacks.saved(pdf)
    for bad, pictures in (
        (more, [picture]),
        (good + good[good.rindex(b"startxref") :], [picture]),
        (good, ["0" * 64]),
        (good, []),
    ):
        with pytest.raises(OutputWrong):
            prove_pdf(bad, pictures)
