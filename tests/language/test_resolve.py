"""From sentences to complete plans: defaults taken and told, wishes left out and told, questions asked."""

from __future__ import annotations

import pytest

from f2p.errors import F2PError, Question, Refused, UnsupportedWish
from f2p.language import before_picture, plan_from_json, plan_to_json, read, resolve
from f2p.values.plan import (
    Amount,
    Backdrop,
    BackdropKind,
    Beauty,
    Direction,
    FileFormat,
    IdPhotoPlan,
    Light,
    MattePlan,
    Repairs,
    Retouch,
)
from f2p.values.spec import Band


def _plan(sentence: str) -> IdPhotoPlan:
    return resolve(read(sentence))[0]


def _assumed(sentence: str) -> dict[str, tuple[str, str]]:
    return {one.key: (one.value, one.why) for one in resolve(read(sentence))[1].assumed}


def test_the_article_s_sentence_becomes_its_photo() -> None:
    """The first sentence of the article must give 295 x 413 px, 300 dpi, white, light retouch, sharpened JPEG."""
    plan = _plan("纯白背景，1寸标准证件照尺寸，轻微磨皮，保留发丝细节，高清锐利")
    assert (plan.spec.id, plan.spec.width_px, plan.spec.height_px) == ("cn_1inch", 295, 413)
    assert plan.backdrop == Backdrop(kind=BackdropKind.SOLID, color="#FFFFFF")
    assert (plan.retouch, plan.sharpen, plan.unsupported) == (Retouch.LIGHT, True, ())
    assert (plan.encoding.format, plan.encoding.dpi) == (FileFormat.JPG, 300)


def test_nothing_said_is_assumed_and_told() -> None:
    """What the sentence does not say must stand under `assumed` with its reason."""
    assumed = _assumed("帮我做证件照")
    assert assumed["size"] == ("cn_1inch", "not_said")
    assert assumed["background"] == ("white", "standard")
    assert assumed["retouch"] == ("none", "not_said")


@pytest.mark.parametrize(
    ("sentence", "size", "dpi"),
    [
        ("25x35mm", (295, 413), 300),
        ("35x45mm 600dpi", (827, 1063), 600),
        ("35x45mm 600dpi 413x531像素", (413, 531), 600),
        ("35x45mm 413x531像素", (413, 531), 300),
        ("一寸 600dpi", (591, 827), 600),
        ("2x2 inch", (600, 600), 300),
        ("51毫米见方", (602, 602), 300),
        ("身份证 350dpi", (358, 441), 350),
        ("US visa 600x600 px", (600, 600), 300),
    ],
)
def test_pixels_follow_from_mm_and_dpi_unless_they_are_said(sentence: str, size: tuple[int, int], dpi: int) -> None:
    """Millimetres must become pixels by rounding at the dpi asked; pixels that were said must stay."""
    spec = _plan(sentence).spec
    assert ((spec.width_px, spec.height_px), spec.dpi) == (size, dpi)


def test_gradient_gets_its_missing_end() -> None:
    """A gradient from light grey alone must run to white from the top, and say that this was assumed."""
    plan = _plan("把白墙换成浅灰渐变，保留所有面部细节")
    assert (plan.backdrop.kind, plan.backdrop.color_to) == (BackdropKind.GRADIENT, "#FFFFFF")
    assert plan.retouch is Retouch.NONE
    assert _assumed("浅灰渐变背景")["background.to"] == ("white", "gradient_end")


def test_radial_gradient_runs_from_the_corners() -> None:
    """A plan's radial gradient starts in the corners: navy there, sky blue in the middle."""
    backdrop = _plan("radial gradient, navy in the corners fading to sky blue in the middle").backdrop
    corners = int(backdrop.color[1:3], 16)
    assert backdrop.direction is Direction.RADIAL
    assert corners < int(backdrop.color_to[1:3], 16) or backdrop.color < backdrop.color_to


def test_transparent_becomes_png_and_asks_about_jpg() -> None:
    """Transparent alone must be delivered as PNG and told; a transparent JPG must be a question."""
    assert _plan("透明背景一寸").encoding.format is FileFormat.PNG
    assert _assumed("透明背景一寸")["format"] == ("png", "transparent_needs_png")
    with pytest.raises(Question) as caught:
        _plan("透明背景，jpg")
    assert caught.value.params == {"ask": "contradiction", "conflicts": "background,format"}


def test_colour_outside_the_standard_is_made_and_told() -> None:
    """An ID card's photo on blue must be blue where no rule forbids another backdrop, with a word about the standard."""
    assert _assumed("身份证照片，蓝底")["background"] == ("blue", "background_not_in_standard")


@pytest.mark.parametrize(
    ("sentence", "band"),
    [
        ("20-50K", Band(20, 50)),
        ("不超过100K", Band(None, 100)),
        ("刚好50kb", Band(50, 50)),
        ("100KB左右", Band(90, 110)),
        ("社保卡照片", Band(9, 20)),
    ],
)
def test_kilobytes_become_a_band(sentence: str, band: Band) -> None:
    """Limits, ranges, exact and approximate sizes must become the band of the file; the standard's own where none is said."""
    found = _plan(sentence).encoding.kb
    assert (found.low, found.high) == pytest.approx((band.low, band.high))


@pytest.mark.parametrize(
    ("sentence", "least"),
    [
        ("35x45mm 蓝底", (207, 266)),
        ("35x45mm 300dpi", None),
        ("35x45mm 413x531像素", None),
        ("413x531像素", None),
        ("教师资格证照片", (150, 200)),
        ("教师资格证照片 300x400像素", None),
        ("一寸", None),
    ],
)
def test_pixels_are_open_where_nobody_fixed_them(sentence: str, least: tuple[int, int] | None) -> None:
    """A size in mm alone may be as coarse as 150 dpi, an office's as its rule says; pixels and dpi that were said are fixed."""
    assert _plan(sentence).spec.min_px == least


def test_what_cannot_be_done_is_told_beside_what_can() -> None:
    """A suit must be left out and told, and the photo still made."""
    plan = _plan("白底一寸，换成西装，去掉眼镜反光，牙齿白一点")
    assert plan.spec.id == "cn_1inch"
    assert plan.unsupported == ("change_clothes",)
    assert plan.repairs == Repairs(glasses_glare=True)
    assert plan.beauty == Beauty(teeth_whiten=Amount.LIGHT)


def test_levels_of_beauty_are_taken_as_said() -> None:
    """A level that is named must be that level, no level the light one, and a wish that is denied none."""
    assert _plan("白底一寸，重度美白，去黑眼圈").beauty == Beauty(whiten=Amount.STRONG, dark_circles=Amount.LIGHT)
    assert _plan("白底一寸，中度祛痘，不要美白").beauty == Beauty(blemish=Amount.MEDIUM)
    assert _plan("1 inch, white background, whiten skin slightly").beauty == Beauty(whiten=Amount.LIGHT)


def test_what_is_to_be_kept_goes_first() -> None:
    """Named marks must be spared; a skin tone that is to stay must not be whitened, and the sentence be told so."""
    assert _plan("祛痘，保留痣和疤痕").beauty == Beauty(blemish=Amount.LIGHT, spare=("moles", "scars"))
    assert _plan("一寸，美白，保留原来的肤色").beauty == Beauty()
    assert _assumed("一寸，美白，保留原来的肤色")["beauty.whiten"] == ("none", "keep_first")
    assert _plan("一寸白底，保留痣").beauty == Beauty()


@pytest.mark.parametrize(
    ("sentence", "repairs"),
    [
        ("红眼修一下", Repairs(red_eye=True)),
        ("一寸，整理一下碎发", Repairs(stray_hair=True)),
        ("去掉眼镜反光，蓝底", Repairs(glasses_glare=True)),
    ],
)
def test_repairs_reach_the_plan(sentence: str, repairs: Repairs) -> None:
    """Each fault that is named must be mended, and nothing left out."""
    plan = _plan(sentence)
    assert (plan.repairs, plan.unsupported) == (repairs, ())


def test_strands_are_thinned_before_a_new_backdrop_only() -> None:
    """On the photo's own backdrop a strand cannot be taken away: left out and told."""
    plan = _plan("背景不变，整理碎发")
    assert (plan.repairs, plan.unsupported) == (Repairs(), ("stray_hair",))


def test_a_replaced_backdrop_has_no_shadow() -> None:
    """A shadow on the wall needs no repair where the wall goes, and is left out where it stays."""
    assert _plan("白底，去掉墙上的影子").unsupported == ()
    assert _plan("背景不变，去掉墙上的影子").unsupported == ("background_shadow",)


@pytest.mark.parametrize(
    ("sentence", "error"),
    [
        ("做一张假身份证", Refused),
        ("白底，背景要蓝色的", Question),
        ("弄好看点", Question),
        ("", Question),
        ("换个底色", Question),
        ("换成西装", UnsupportedWish),
        ("遮住手机号", UnsupportedWish),
        ("画一个握手的图标，透明背景PNG", UnsupportedWish),
        ("撤销上一步", UnsupportedWish),
        ("去掉日期水印", UnsupportedWish),
        ("托福报名用 toefl photo", Question),
        ("专升本报名照片", Question),
    ],
)
def test_a_sentence_without_a_photo_stops_with_its_own_error(sentence: str, error: type[F2PError]) -> None:
    """Forgery, contradiction, vagueness, wishes beyond this engine and unknown documents must each raise their own error."""
    with pytest.raises(error):
        _plan(sentence)


def test_a_passport_without_a_country_depends_on_the_language() -> None:
    """护照 means the Chinese passport; "passport photo" takes the ICAO size and says so."""
    assert _plan("护照照片").spec.id == "cn_passport"
    assert _plan("passport photo").spec.id == "icao_generic"
    assert _assumed("passport photo")["size"] == ("icao_generic", "ambiguous_passport")


def test_light_and_framing_reach_the_plan() -> None:
    """Steps of light, turns, zoom and head bands must arrive as numbers."""
    plan = _plan("一寸，提亮一点，对比度-20，头高28到33毫米，左右翻转，顺时针转90度")
    assert (plan.light.brightness, plan.light.contrast) == (1, -2)
    assert plan.framing.mirror
    assert plan.framing.rotate_deg == 90
    assert plan.framing.head_mm == Band(28, 33)


def test_keeping_the_skin_softens_a_strong_retouch() -> None:
    """Strong smoothing that must keep the pores becomes medium, and says so."""
    assert _plan("重度磨皮，保留毛孔").retouch is Retouch.MEDIUM
    assert _assumed("重度磨皮，保留毛孔")["retouch"] == ("medium", "keep_skin")


@pytest.mark.parametrize("sentence", ["白底一寸 20-50K", "gradient navy to white, 35x45 mm, 600 dpi", "美国签证，头占60%-65%"])
def test_plans_survive_json(sentence: str) -> None:
    """A plan written as JSON and read back must be the same plan."""
    plan = _plan(sentence)
    assert plan_from_json(plan_to_json(plan)) == plan
    assert plan_to_json(plan_from_json(plan_to_json(plan))) == plan_to_json(plan)
    assert plan_from_json(plan_to_json(MattePlan(face=2))) == MattePlan(face=2)


_NO_PLANS = ("{}", "[]", '{"plan": "id_photo", "version": 99}', '{"plan": "id_photo", "version": 1}', "no json")


@pytest.mark.parametrize("text", _NO_PLANS)
def test_other_json_is_no_plan(text: str) -> None:
    """JSON that is no plan of this version must be a ValueError."""
    with pytest.raises(ValueError):  # noqa: PT011  the message belongs to msgspec
        plan_from_json(text)


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("一寸，美式灰背景", BackdropKind.STUDIO),
        ("2 inch, studio background", BackdropKind.STUDIO),
        ("二寸，蓝色影棚背景", BackdropKind.STUDIO),
        ("一寸，图片做背景", BackdropKind.IMAGE),
        ("35x45 mm, this picture as background", BackdropKind.IMAGE),
        ("一寸，45度蓝到白渐变背景", BackdropKind.GRADIENT),
    ],
)
def test_prints_may_stand_before_anything(sentence: str, kind: BackdropKind) -> None:
    """No office rules a print or a size of one's own: studio light, gradient and picture are planned as said."""
    plan, reading = resolve(read(sentence))
    assert plan.backdrop.kind is kind
    assert "plain_demanded" not in {one.why for one in reading.assumed}


@pytest.mark.parametrize(
    "sentence",
    ["身份证，美式灰背景", "Schengen visa, blue to white gradient background", "申根签证，影棚背景", "身份证，图片做背景"],
)
def test_an_offices_photo_is_plain_and_that_is_told(sentence: str) -> None:
    """Where an office takes the photo, gradient, studio light and picture become the standard's plain colour, with the reason."""
    plan, reading = resolve(read(sentence))
    assert plan.backdrop.kind is BackdropKind.SOLID
    assert "plain_demanded" in {one.why for one in reading.assumed}


def test_a_picture_handed_in_goes_behind_a_print_and_is_told_for_an_office() -> None:
    """`before_picture` takes it for a print, softened where "blurred" was said; an office's photo keeps its plain colour."""
    printed, blurred, visa = (resolve(read(text))[0] for text in ("一寸白底", "一寸，背景虚化", "美国签证"))
    assert before_picture(printed).backdrop == Backdrop(kind=BackdropKind.IMAGE)
    assert before_picture(blurred).backdrop == Backdrop(kind=BackdropKind.IMAGE, soften=True)
    assert before_picture(visa).backdrop == visa.backdrop
    assert before_picture(visa).unsupported == ("background_image",)


@pytest.mark.parametrize(
    ("sentence", "light"),
    [
        ("一寸，脸上的阴影去掉", Light(face_shadow=True)),
        ("一寸，逆光修复", Light(backlight=True)),
        ("一寸，阴阳脸，修成均匀光", Light(even=True, face_shadow=True)),
        ("1 inch, underexposed", Light(exposure=True)),
    ],
)
def test_each_correction_of_light_is_its_own(sentence: str, light: Light) -> None:
    """A shadow on the face, backlight, uneven light and exposure do not stand for each other."""
    assert resolve(read(sentence))[0].light == light


def test_more_pixels_and_a_rim_where_no_office_fixes_the_size() -> None:
    """Prints and sizes of one's own are enlarged and rimmed as asked; an office's photo is not, and that is told."""
    printed, own, visa = (_plan(f"{size}，放大2倍，白边3毫米") for size in ("一寸白底", "35×45毫米", "美国签证"))
    assert (printed.upscale, printed.border_mm, printed.spec.width_px) == (2, 3.0, 295)
    assert (own.upscale, own.border_mm) == (2, 3.0)
    assert (visa.upscale, visa.border_mm) == (1, 0.0)
    assert {"upscale", "border_mm"} <= set(visa.unsupported)
