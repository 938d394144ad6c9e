"""The catalogue of standards: every row sane, the well-known rows right, nothing hidden."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import FrozenInstanceError, fields

import pytest

from f2p.catalogue.colours import colours
from f2p.catalogue.messages import LANGUAGES, Messages
from f2p.catalogue.standards import PLAIN_LIGHT, conventions, near, standards
from f2p.values.spec import EDITS, Band, HeadRules, PhotoSpec


@pytest.mark.parametrize("spec", standards().values(), ids=lambda spec: spec.id)
def test_px_follow_from_mm_or_are_the_offices(spec: PhotoSpec) -> None:
    """Pixels are mm x dpi / 25.4, rounded, or whole quarter inches x dpi; any other pixels are marked as the office's own."""
    if spec.px_from == "authority":
        return
    assert spec.width_mm is not None and spec.height_mm is not None
    sides = (spec.width_mm, spec.height_mm)
    if spec.px_from == "inch":
        inches = [round(side / 25.4 * 4) / 4 for side in sides]
        assert [round(inch * 25.4) for inch in inches] == [round(side) for side in sides]
        sides = (inches[0] * 25.4, inches[1] * 25.4)
    assert [round(side * spec.dpi / 25.4) for side in sides] == [spec.width_px, spec.height_px]


@pytest.mark.parametrize("spec", standards().values(), ids=lambda spec: spec.id)
def test_codes_have_words_and_rules_have_edits(spec: PhotoSpec) -> None:
    """Every code of a row is one that a person can read, and no edit is forbidden without the authority's words for it."""
    for language in LANGUAGES:
        text = Messages(language)
        codes = {"glasses": spec.glasses, "expression": spec.expression, "head_cover": spec.head_cover, "px_from": spec.px_from}
        assert all(text.has(f"{table}.{code}") for table, code in codes.items() if code)
        assert all(text.has(f"edit.{edit}") for edit in spec.forbidden_edits)
    assert set(spec.forbidden_edits) <= set(EDITS)
    assert list(spec.forbidden_edits) == sorted(spec.forbidden_edits, key=EDITS.index)
    assert spec.editing_rule or not spec.forbidden_edits
    assert len(spec.conflicts) == len(spec.conflicts_zh)


def test_forbidden_edits_are_the_authoritys_words() -> None:
    """A beauty ban leaves the backdrop free, a ban of all alteration leaves only the format; no rule forbids nothing."""
    pixels = ("background", "light", "retouch", "repair", "sharpen", "denoise", "mirror")
    assert standards()["cn_ncre"].forbidden_edits == ("retouch",)
    assert standards()["us_passport"].forbidden_edits == standards()["cn_passport"].forbidden_edits == pixels
    assert standards()["uk_passport_online"].forbidden_edits == (*pixels, "crop")
    assert standards()["cn_accounting_junior"].forbidden_edits == ("upscale",)
    assert standards()["cn_1inch"].forbidden_edits == ()


@pytest.mark.parametrize("spec", standards().values(), ids=lambda spec: spec.id)
def test_every_row_is_sane(spec: PhotoSpec) -> None:
    """A row is named in two languages, sourced, dated, rated, inside its own limits, and its backgrounds are known."""
    assert spec.name_zh and spec.name_en and spec.region and spec.category
    assert spec.source and spec.source_kind and spec.checked >= "2026-11-22"
    assert spec.confidence in {"high", "medium", "low", "unconfirmed"}
    assert spec.format in {"jpg", "png"}
    for background in spec.backgrounds:
        assert background == PLAIN_LIGHT or background in colours()
    assert len(spec.background_hex) <= len(spec.backgrounds)
    assert spec.min_px is None or (spec.min_px[0] <= spec.width_px and spec.min_px[1] <= spec.height_px)
    assert spec.max_px is None or (spec.max_px[0] >= spec.width_px and spec.max_px[1] >= spec.height_px)


@pytest.mark.parametrize("head", [conventions(), *(spec.head for spec in standards().values())])
def test_bands_run_upwards_and_shares_are_shares(head: HeadRules) -> None:
    """No band is upside down, and every share of the picture lies between 0 and 1."""
    assert head.reference in {"hair", "skull"}
    for field in fields(head):
        band = getattr(head, field.name)
        if isinstance(band, Band):
            assert band != Band()
            if band.low is not None and band.high is not None:
                assert band.low <= band.high
            if field.name.endswith("_ratio"):
                assert 0 < (band.low or 0.01) <= 1 and 0 < (band.high or 1) <= 1


def test_head_millimetres_fit_their_print() -> None:
    """Head, margin above and margin below of a print fit into its height."""
    for spec in standards().values():
        if spec.height_mm is None or spec.head.head_mm is None:
            continue
        top = spec.head.top_mm.low or 0 if spec.head.top_mm else 0
        bottom = spec.head.bottom_mm.low or 0 if spec.head.bottom_mm else 0
        assert (spec.head.head_mm.low or 0) + top + bottom <= spec.height_mm, spec.id


def test_all_rows_are_there_under_their_ids() -> None:
    """The catalogue has documents of more than 60 countries, each under its own id, with the ids of the schema."""
    assert len(standards()) > 250
    countries = {spec.region for spec in standards().values() if spec.category in {"passport", "visa", "id"}}
    assert len(countries - {"-", "EU"}) > 90
    assert sum(spec.region == "CN" for spec in standards().values()) > 60
    assert all(name == spec.id for name, spec in standards().items())
    schema = {"cn_1inch", "cn_2inch", "cn_small_2inch", "cn_large_1inch", "cn_id_card", "cn_social_security", "cn_kaoyan"}
    assert schema | {"cn_passport", "us_visa", "ca_passport", "schengen_visa", "cn_large_2inch"} <= set(standards())


@pytest.mark.parametrize(
    ("name", "mm", "px", "dpi"),
    [
        ("cn_1inch", (25, 35), (295, 413), 300),
        ("cn_2inch", (35, 49), (413, 579), 300),
        ("cn_large_2inch", (35, 53), (413, 626), 300),
        ("cn_small_2inch", (35, 45), (413, 531), 300),
        ("cn_large_1inch", (33, 48), (390, 567), 300),
        ("cn_id_card", (26, 32), (358, 441), 350),
        ("cn_social_security", (26, 32), (358, 441), 350),
        ("cn_passport", (33, 48), (390, 567), 300),
        ("us_visa", (51, 51), (600, 600), 300),
        ("cn_law", (None, None), (413, 626), 300),
        ("fi_passport", (36, 47), (425, 555), 300),
        ("nz_visa", (None, None), (900, 1200), 300),
        ("linkedin_avatar", (None, None), (400, 400), 300),
        ("ca_passport", (50, 70), (591, 827), 300),
        ("schengen_visa", (35, 45), (413, 531), 300),
        ("cn_kaoyan", (None, None), (480, 640), 300),
    ],
)
def test_known_sizes(name: str, mm: tuple[float, float], px: tuple[int, int], dpi: int) -> None:
    """The sizes that people ask for most are the published ones."""
    spec = standards()[name]
    assert (spec.width_mm, spec.height_mm) == mm
    assert (spec.width_px, spec.height_px) == px
    assert spec.dpi == dpi


def test_head_reference_follows_the_issuing_office() -> None:
    """ICAO followers measure to the skull under the hair; China and the United States to the top of the hair."""
    for name in ("icao_generic", "de_passport", "fr_passport", "au_passport", "kr_passport", "uk_passport", "schengen_visa"):
        assert standards()[name].head.reference == "skull", name
    for name in ("cn_passport", "cn_id_card", "us_passport", "us_visa"):
        assert standards()[name].head.reference == "hair", name
    assert standards()["kr_passport"].head.reference_wording == "crown without hair to chin"


def test_pixel_rules_become_shares_of_the_picture() -> None:
    """GA 461 says 7..21 px above the head and eyes at least 207 px from the bottom of 358 x 441 px: shares of 441."""
    head = standards()["cn_id_card"].head
    assert head.top_ratio == Band(7 / 441, 21 / 441)
    assert head.eyes_from_top_ratio == Band(None, 1 - 207 / 441)
    assert head.face_width_ratio == Band(193 / 358, 221 / 358)
    assert standards()["cn_chsi_graduate"].head.eyes_from_top_ratio == Band(200 / 640, 300 / 640)


def test_limits_and_rules_of_single_rows() -> None:
    """KB bands, millimetres of the head and editing rules arrive as the sources state them."""
    assert standards()["us_visa"].kb == Band(None, 240)
    assert standards()["cn_id_card"].kb == Band(14, 20)
    passport = standards()["cn_passport"]
    assert passport.kb == Band(30, 80) and passport.head.head_mm == Band(28, 33)
    assert passport.head.top_mm == Band(3, 5) and passport.head.bottom_mm == Band(7, None)
    assert "no editing" in passport.editing_rule
    assert standards()["us_visa"].head.eyes_from_bottom_mm == Band(28, 35)
    assert standards()["us_visa"].max_px == (1200, 1200)
    assert standards()["cn_1inch"].head == HeadRules(), "no office rules the head of a 1-inch print"


def test_conflicts_stay_visible() -> None:
    """Where sources disagree, the row says who says what, in both languages."""
    for name, said in {
        "cn_2inch": "35x53",
        "jp_visa": "45x45",
        "br_passport": "35x45",
        "cn_passport": "21-24",
        "cn_cpa": "358x441",
    }.items():
        assert any(said in sentence for sentence in standards()[name].conflicts), name
        assert any(said in sentence for sentence in standards()[name].conflicts_zh), name
    assert "city" in standards()["cn_social_security"].conflicts[0]


def test_conventions_are_told_apart_from_rules() -> None:
    """The head of a print without rules follows the trade, and says that it is no office's rule."""
    assert conventions().head_ratio == Band(0.60, 0.68)
    assert conventions().top_ratio == Band(0.06, 0.12)
    assert "convention" in conventions().reference_wording


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("cn_1inh", "cn_1inch"), ("US-visa", "us_visa"), ("shengen_visa", "schengen_visa"), ("cn_pasport", "cn_passport")],
)
def test_near_ids_of_a_slip_of_the_pen(typed: str, meant: str) -> None:
    """A mistyped id brings the meant one first."""
    assert near(typed)[0] == meant


def test_nothing_is_near_nonsense() -> None:
    """A word that is like no id brings nothing."""
    assert near("qqqqqqqq") == ()


def test_nobody_can_write_into_the_catalogue() -> None:
    """The mapping and its values are read-only, and one object serves everybody."""
    assert standards() is standards()
    with pytest.raises(TypeError):
        standards()["cn_1inch"] = standards()["cn_2inch"]  # type: ignore[index]
    with pytest.raises(FrozenInstanceError):
        standards()["cn_1inch"].dpi = 72  # type: ignore[misc]


def test_reading_the_catalogue_is_cheap() -> None:
    """Both tables load in well under a blink, and without any picture library."""
    code = (
        "import sys, time; from f2p.catalogue.standards import standards; from f2p.catalogue.colours import colours;"
        "t = time.process_time(); standards(); colours(); print(time.process_time() - t);"
        "assert not {'numpy', 'PIL', 'cv2'} & set(sys.modules)"
    )
    started = time.perf_counter()
    seconds = float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)
    assert seconds < 0.1
    assert time.perf_counter() - started < 20


def test_every_editing_rule_is_said_in_both_languages() -> None:
    """What an authority says about editing is shown to a person in their language."""
    ruled = [spec for spec in standards().values() if spec.editing_rule]

    assert len(ruled) > 15
    assert all(spec.editing_rule_zh for spec in ruled)
