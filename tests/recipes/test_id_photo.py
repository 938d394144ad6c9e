"""The ID photo from end to end: exact file, untouched face, honest refusal."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from tests.recipes.conftest import WHITE, Run, before_confetti, facts, plan

from f2p.errors import BackdropMissing, BackdropTooSmall, CutOff, FaceTooSmall, KbOutOfReach, NoFace, NoSuchFace, SeveralFaces
from f2p.stages.denoise import noise_of
from f2p.stages.facemesh import five_points, inter_eye_px
from f2p.stages.skin import skin_mask
from f2p.stages.warp import warped
from f2p.values.geometry import Affine
from f2p.values.outcome import Check, Delivery, Report
from f2p.values.pixels import Rgb8
from f2p.values.plan import (
    Backdrop,
    BackdropKind,
    Direction,
    Encoding,
    FileFormat,
    Framing,
    IdPhotoPlan,
    Light,
    Quality,
    Retouch,
)
from f2p.values.spec import Band


def notes(delivery: Delivery) -> set[str]:
    """Codes of the notes in the report."""
    return {note.code for note in delivery.report.notes}


def checks(delivery: Delivery) -> dict[str, Check]:
    """Checks of the report by name."""
    return {check.name: check for check in delivery.report.checks}


def placed(delivery: Delivery, source: Rgb8) -> Rgb8:
    """The source moved by the report's own transform, by nobody's hand but the documented one."""
    place = delivery.report.placement
    spec = delivery.report.plan.spec  # type: ignore[union-attr]
    return warped(source, Affine(*place["matrix"]), spec.width_px, spec.height_px)


def test_the_articles_order_comes_out_exact(run: Run) -> None:
    """295 × 413 px, JPEG, 300 dpi, white corners, no EXIF, and every check of the report holds."""
    delivery = run(plan(retouch=Retouch.LIGHT, sharpen=True, encoding=Encoding(format=FileFormat.JPG, dpi=300)))
    file = facts(delivery)

    assert (file.format, file.width_px, file.height_px, round(file.dpi or 0)) == ("JPEG", 295, 413, 300)
    assert (file.rgb[0, 0] == 255).all() and (file.rgb[0, -1] == 255).all()
    assert file.exif_tags == 0
    assert all(check.ok is not False for check in delivery.report.checks if check.binding)
    assert delivery.files[0].suffix == ".jpg"


def test_same_order_same_bytes(run: Run) -> None:
    """Twice the same order is byte for byte the same file."""
    order = plan(retouch=Retouch.LIGHT, sharpen=True, backdrop=Backdrop(kind=BackdropKind.GRADIENT, color="#F0F0F0"))

    assert run(order).files[0].data == run(order).files[0].data


@pytest.mark.parametrize("standard", ["cn_1inch", "us_visa"])
def test_without_retouch_every_face_pixel_is_the_sources(run: Run, astronaut: Rgb8, standard: str) -> None:
    """Inside the face nothing differs by more than one level from the source moved by the reported transform."""
    delivery = run(plan(standard))
    out, moved = facts(delivery).rgb, placed(delivery, astronaut)
    mesh = _mesh(delivery, astronaut)
    face = cv2.fillConvexPoly(np.zeros(out.shape[:2], np.uint8), cv2.convexHull(np.rint(mesh).astype(np.int32)), 1)
    face = cv2.erode(face, np.ones((9, 9), np.uint8)) > 0  # the mesh reaches a few pixels past the cheek

    assert face.sum() > 5000
    assert np.abs(out[face].astype(int) - moved[face].astype(int)).max() <= 1


def test_light_retouch_keeps_the_person_and_the_pores(run: Run, astronaut: Rgb8) -> None:
    """Identity distance under the measured limit, at least 70 % of the skin's high-frequency energy left, brows untouched."""
    before, after = run(plan()), run(plan(retouch=Retouch.LIGHT))
    mesh = _mesh(before, astronaut)
    alpha = np.ones(facts(before).rgb.shape[:2], np.float32)
    skin = skin_mask(facts(before).rgb, mesh, alpha) > 0.5

    assert skin.sum() > 2000
    assert float(checks(after)["identity_distance"].value) <= 0.01
    assert checks(after)["identity_distance"].ok is True
    assert _fine_energy(facts(after).rgb, skin, inter_eye_px(mesh)) >= 0.7 * _fine_energy(
        facts(before).rgb, skin, inter_eye_px(mesh)
    )
    assert not np.array_equal(facts(after).rgb, facts(before).rgb)


def test_transparent_png_keeps_its_alpha_and_clean_colours(run: Run) -> None:
    """Corners fully transparent, face fully solid, and under half-transparent hair no old backdrop."""
    file = facts(run(plan(backdrop=Backdrop(kind=BackdropKind.TRANSPARENT))))

    assert file.alpha is not None
    assert file.alpha[0, 0] == 0.0
    assert file.alpha[200, 147] == 1.0
    assert ((file.alpha > 0.1) & (file.alpha < 0.9)).sum() > 200
    assert (file.rgb[file.alpha == 0.0] == 255).all()


@pytest.mark.parametrize("colour", ["#438EDB", "#FF0000"])
def test_coloured_backdrops_are_exact_and_no_old_light_shines_through(run: Run, colour: str) -> None:
    """The corner is the colour asked; at the hair's edge no pixel is brighter than both hair and backdrop."""
    file = facts(run(plan(backdrop=Backdrop(kind=BackdropKind.SOLID, color=colour))))
    wanted = tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))

    assert tuple(file.rgb[0, 0]) == wanted
    rim = file.rgb[30:60, 80:200].astype(int)
    assert (rim.min(axis=2) > 170).mean() < 0.002


def test_gradient_runs_down_the_backdrop(run: Run) -> None:
    """A vertical gradient begins with the first colour at the top."""
    backdrop = Backdrop(kind=BackdropKind.GRADIENT, color="#D0D0D0", color_to="#FFFFFF", direction=Direction.VERTICAL)
    rgb = facts(run(plan(backdrop=backdrop))).rgb

    assert abs(int(rgb[0, 0, 0]) - 0xD0) <= 1
    assert int(rgb[150, 0, 0]) > int(rgb[0, 0, 0]) + 10


def test_studio_light_stands_behind_the_head_and_the_person_is_untouched(run: Run, astronaut: Rgb8) -> None:
    """Beside the head the paper is brighter than in the lower corner, and the face is the one on white."""
    studio_light = facts(run(plan(backdrop=Backdrop(kind=BackdropKind.STUDIO, color="#A09E9B")))).rgb
    white = facts(run(plan())).rgb

    assert np.array_equal(studio_light[170:230, 120:180], white[170:230, 120:180])
    assert int(studio_light[120, 10, 0]) > int(studio_light[0, 0, 0])


def test_a_picture_that_is_handed_in_stands_behind_the_person(run: Run, astronaut: Rgb8) -> None:
    """Its own pixels are in the upper corners, the face is the one on white, and without a picture that is an error."""
    picture = np.zeros((300, 200, 3), np.uint8)
    picture[:, :100], picture[:, 100:] = (10, 120, 60), (200, 180, 20)
    wish = plan(backdrop=Backdrop(kind=BackdropKind.IMAGE))
    rgb = facts(run(wish, backdrop=picture)).rgb

    assert tuple(rgb[0, 0]) == (10, 120, 60) and tuple(rgb[0, -1]) == (200, 180, 20)
    assert np.array_equal(rgb[170:230, 120:180], facts(run(plan())).rgb[170:230, 120:180])
    with pytest.raises(BackdropMissing):
        run(wish)


def test_a_noisy_picture_is_cleaned_and_told_a_clean_one_only_told(run: Run, astronaut: Rgb8) -> None:
    """With noise 8 the face comes out nearer to the clean one and is the same person; without, not one value changes."""
    grain = np.random.default_rng(4).normal(0, 8, astronaut.shape)
    noisy = np.clip(np.rint(astronaut + grain), 0, 255).astype(np.uint8)
    clean, dirty = facts(run(plan())).rgb.astype(float), facts(run(plan(), noisy)).rgb.astype(float)
    cleaned, left = run(plan(denoise=True), noisy), run(plan(denoise=True))
    face = (slice(130, 280), slice(90, 200))

    assert np.abs(facts(cleaned).rgb[face] - clean[face]).mean() < 0.8 * np.abs(dirty[face] - clean[face]).mean()
    assert "denoised" in notes(cleaned) and checks(cleaned)["identity_distance"].ok is True
    assert np.array_equal(facts(left).rgb, clean) and "denoise_clean" in notes(left)


def test_more_pixels_are_the_same_print_and_say_that_they_hold_no_new_detail(run: Run, astronaut: Rgb8) -> None:
    """Twice the pixels at twice the dpi; brought back to the usual size it is the usual photo; the note gives the factor."""
    usual, finer = run(plan()), run(plan(upscale=2))
    file = facts(finer)
    back = cv2.resize(file.rgb, (295, 413), interpolation=cv2.INTER_AREA).astype(float)

    assert (file.width_px, file.height_px, round(file.dpi or 0)) == (590, 826, 600)
    assert "upscaled" in notes(finer) and all(check.ok is not False for check in finer.report.checks if check.binding)
    assert np.abs(back - facts(usual).rgb).mean() < 2.0


def test_a_rim_goes_around_the_photo_and_changes_nothing_in_it(run: Run) -> None:
    """3 mm of white at 300 dpi on every side; inside, the very pixels of the photo without a rim; the checks still hold."""
    blue = Backdrop(kind=BackdropKind.SOLID, color="#438EDB")
    bare, rimmed = facts(run(plan(backdrop=blue))), run(plan(backdrop=blue, border_mm=3.0))
    file = facts(rimmed)

    assert (file.width_px, file.height_px) == (295 + 70, 413 + 70)
    assert np.array_equal(file.rgb[35:-35, 35:-35], bare.rgb)
    assert (file.rgb[:35] == 255).all() and (file.rgb[:, -35:] == 255).all()
    assert checks(rimmed)["background"].ok is True and checks(rimmed)["width_px"].ok is True


def test_a_tilted_head_comes_out_straight(run: Run, astronaut: Rgb8) -> None:
    """A picture turned by 17 degrees is straightened, told, and measured straight on the file."""
    delivery = run(plan(), _turned(astronaut, 17.0))

    assert abs(float(checks(delivery)["roll_deg"].value)) <= 1.5
    assert "tilted" in notes(delivery)


def test_not_straightened_when_not_wanted(run: Run, astronaut: Rgb8) -> None:
    """The tilt stays when the person says so."""
    delivery = run(plan(framing=Framing(straighten=False)), _turned(astronaut, 12.0))

    assert abs(float(checks(delivery)["roll_deg"].value)) >= 8.0


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_picture_on_its_side_is_set_upright_and_told(run: Run, astronaut: Rgb8, turns: int) -> None:
    """Without EXIF the face itself says which way is up."""
    upright, turned = run(plan()), run(plan(), np.ascontiguousarray(np.rot90(astronaut, turns)))

    assert "turned" in notes(turned)
    assert np.abs(facts(upright).rgb.astype(int) - facts(turned).rgb.astype(int)).mean() < 4.0


def test_head_wishes_are_met_in_mm(run: Run) -> None:
    """A head height asked in mm is what is measured on the file, within half a millimetre."""
    delivery = run(plan("us_visa", framing=Framing(head_mm=Band(28, 30))))

    assert 27.5 <= float(checks(delivery)["head_height_mm"].value) <= 30.5


def test_a_kept_backdrop_moves_the_frame_into_the_picture(run: Run, astronaut: Rgb8) -> None:
    """Little room above the head: the top margin gives way before the picture's edge is passed."""
    keep = Backdrop(kind=BackdropKind.KEEP)
    delivery = run(plan(backdrop=keep), np.ascontiguousarray(astronaut[4:]))

    assert float(checks(delivery)["eye_line_mm"].value) > 15
    assert "extended_backdrop" not in notes(delivery)


def test_checks_hold_the_file_against_the_bands_that_were_used(run: Run) -> None:
    """A wish is what is checked, a skull-measured standard is measured from the skull, a convention is not judged."""
    asked = checks(run(plan("cn_1inch", framing=Framing(head_ratio=Band(0.7, 0.7)))))
    skull = checks(run(plan("schengen_visa")))
    free = checks(run(plan("cn_1inch")))

    assert asked["head_height_mm"].ok is True and asked["head_height_mm"].wanted == "24.5..24.5"
    assert skull["head_height_mm"].ok is True and skull["head_height_mm"].wanted == "32..36"
    assert free["head_height_mm"].ok is None and free["head_height_mm"].wanted == ""


def test_identity_measures_the_retouch_not_the_backdrop(run: Run) -> None:
    """The same light retouch on white and on red is the same small distance."""
    red = Backdrop(kind=BackdropKind.SOLID, color="#FF0000")
    distances = [
        float(checks(run(plan(retouch=Retouch.LIGHT, backdrop=backdrop)))["identity_distance"].value) for backdrop in (WHITE, red)
    ]

    assert max(distances) < 0.006


def test_backdrop_beyond_the_picture_is_told(run: Run, astronaut: Rgb8) -> None:
    """Where the frame reaches past the picture the backdrop goes on, and the report says so."""
    assert "extended_backdrop" in notes(run(plan(), np.ascontiguousarray(astronaut[5:, 60:400])))


def test_kept_backdrop_is_the_sources_own(run: Run, astronaut: Rgb8) -> None:
    """Crop only: every pixel is the source's, moved."""
    keep = Backdrop(kind=BackdropKind.KEEP)
    delivery = run(
        plan(backdrop=keep, framing=Framing(straighten=False, head_ratio=Band(0.72, 0.76), top_ratio=Band(0.02, 0.04)))
    )

    assert np.abs(facts(delivery).rgb.astype(int) - placed(delivery, astronaut).astype(int)).max() <= 1


def test_light_changes_lift_the_face_and_leave_the_backdrop(run: Run) -> None:
    """Brighter by a step: the face's mean rises, the white stays white."""
    plain, lit = facts(run(plan())), facts(run(plan(light=Light(brightness=1))))

    assert lit.rgb[150:250, 100:200].mean() > plain.rgb[150:250, 100:200].mean() + 3
    assert (lit.rgb[0, 0] == 255).all()


def test_light_leaves_a_kept_backdrop_alone(run: Run) -> None:
    """Before the picture's own backdrop every light at once changes the face and not one value of the backdrop beside it."""
    free = Framing(straighten=False, head_ratio=Band(0.72, 0.76), top_ratio=Band(0.02, 0.04))
    keep = plan(backdrop=Backdrop(kind=BackdropKind.KEEP), framing=free)
    light = Light(brightness=1, white_balance=True, even=True, face_shadow=True, backlight=True, exposure=True)
    plain, lit = (facts(run(wish)).rgb for wish in (keep, replace(keep, light=light)))

    assert np.array_equal(plain[:90, :12], lit[:90, :12])
    assert not np.array_equal(plain[150:250, 100:200], lit[150:250, 100:200])


@pytest.mark.parametrize("side", ["top", "bottom"])
def test_a_cut_person_is_a_retake_not_an_invention(run: Run, astronaut: Rgb8, side: str) -> None:
    """A crown or chin beyond the picture's edge is an error that names the side."""
    cut = astronaut[40:] if side == "top" else astronaut[:195]
    with pytest.raises(CutOff) as caught:
        run(plan(), np.ascontiguousarray(cut))

    assert caught.value.params["side"] == side


def test_too_small_a_face_is_refused(run: Run, astronaut: Rgb8) -> None:
    """Enlarging more than three times would be inventing; the error says how many pixels there are."""
    with pytest.raises(FaceTooSmall) as caught:
        run(plan("us_visa"), cv2.resize(astronaut, (200, 200), interpolation=cv2.INTER_AREA))

    assert int(caught.value.params["have_px"]) < int(caught.value.params["need_px"])


def test_several_equal_faces_are_a_question_and_face_picks(run: Run, astronaut: Rgb8) -> None:
    """Five people of one size: asked, not guessed; `face` takes the one meant; a sixth does not exist."""
    head = astronaut[0:300, 110:360]
    five = np.ascontiguousarray(np.hstack([head] * 5))
    with pytest.raises(SeveralFaces) as caught:
        run(plan(), five)

    assert caught.value.params["count"] == 5
    assert run(plan(face=2), five).report.placement["matrix"][2] < 0
    with pytest.raises(NoSuchFace):
        run(plan(face=6), five)


def test_of_several_faces_the_clearly_largest_is_taken_and_told(run: Run, astronaut: Rgb8) -> None:
    """A small bystander changes nothing but a note."""
    scene = astronaut.copy()
    scene[300:450, 380:505] = cv2.resize(astronaut[0:300, 110:360], (125, 150), interpolation=cv2.INTER_AREA)

    assert "several_faces" in notes(run(plan(), scene))


def test_no_face_is_said(run: Run, cat_path) -> None:
    """A cat and a blank wall have no face that could be a person's."""
    cat = cv2.cvtColor(cv2.imread(str(cat_path)), cv2.COLOR_BGR2RGB)
    for picture in (cat, np.full((600, 400, 3), 200, np.uint8)):
        with pytest.raises(NoFace):
            run(plan(), picture)


def test_what_was_not_carried_out_is_told(run: Run) -> None:
    """Unsupported wishes and rules against editing stand in the report."""
    delivery = run(plan("cn_passport", retouch=Retouch.LIGHT, unsupported=("change_clothes",)))

    assert {"unsupported", "against_rule"} <= notes(delivery)
    (told,) = [note for note in delivery.report.notes if note.code == "against_rule"]
    assert told.params["edits"] == "background,retouch"
    assert delivery.files[0].name == "cn_passport_edited-against-rule"


def _mesh(delivery: Delivery, source: Rgb8) -> np.ndarray:
    """The face's mesh in finished px, measured on the source and moved by the reported transform."""
    from f2p import studio
    from f2p.settings import load_settings

    engines = studio.engines(load_settings())
    (box,) = engines.detector.find(source)
    return Affine(*delivery.report.placement["matrix"]).apply(engines.mesher.measure(source, box).mesh)


def _fine_energy(rgb: Rgb8, where: np.ndarray, iod_px: float) -> float:
    """Energy of what is finer than 0.01 of the inter-eye distance, at least one pixel."""
    image = rgb.astype(np.float32)
    fine = image - cv2.GaussianBlur(image, (0, 0), max(1.0, 0.01 * iod_px))
    return float((fine[where] ** 2).mean())


def _turned(rgb: Rgb8, degrees: float) -> Rgb8:
    """The picture turned counter-clockwise about its middle, its edges repeated."""
    matrix = cv2.getRotationMatrix2D((256, 200), degrees, 1.0)
    return cv2.warpAffine(rgb, matrix, (512, 512), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def test_five_points_are_where_recognition_expects_them(astronaut: Rgb8, run: Run) -> None:
    """Right eye left of the left eye, nose between, mouth below."""
    right, left, nose, mouth_right, mouth_left = five_points(_mesh(run(plan()), astronaut))

    assert right[0] < nose[0] < left[0]
    assert nose[1] < mouth_right[1] and mouth_right[0] < mouth_left[0]
    assert isinstance(plan(), IdPhotoPlan)


def test_a_kept_backdrop_that_does_not_reach_has_its_own_error(run: Run, astronaut: Rgb8) -> None:
    """Where the frame cannot stay inside the picture, its own backdrop cannot be kept, and stepping back is not the cure."""
    with pytest.raises(BackdropTooSmall):
        run(plan(backdrop=Backdrop(kind=BackdropKind.KEEP)), np.ascontiguousarray(astronaut[5:400, 160:310]))


def test_exif_that_could_not_be_kept_is_told(run: Run) -> None:
    """A wish to keep EXIF that a photo has none of is answered in the report."""
    delivery = run(plan(encoding=Encoding(format=FileFormat.PNG, keep_exif=True)))

    assert "exif_none" in notes(delivery)
    assert facts(delivery).exif_tags == 0


@pytest.mark.slow
def test_a_noisy_photo_is_cut_out_whole(run: Run, astronaut: Rgb8) -> None:
    """Sensor noise must not break hair or cheeks out of the person, and what is delivered keeps its grain unless asked."""
    noise = np.random.default_rng(7).normal(0.0, 12.0, astronaut.shape)
    noisy = np.clip(astronaut + noise, 0, 255).astype(np.uint8)
    transparent = plan(backdrop=Backdrop(kind=BackdropKind.TRANSPARENT))

    clean, grainy = facts(run(transparent)), facts(run(transparent, noisy))

    assert clean.alpha is not None
    assert grainy.alpha is not None
    lost = (clean.alpha > 0.95) & (grainy.alpha < 0.5)
    assert lost.mean() < 0.005
    assert noise_of(grainy.rgb) > 3.0


def test_edges_in_doubt_are_looked_at_again_and_told(run: Run, astronaut: Rgb8) -> None:
    """Before confetti of hair colours the finished photo says where its edges are guessed; a kept backdrop shows no edge."""
    fast, best = (run(plan(quality=quality), before_confetti(astronaut)).report for quality in (Quality.FAST, Quality.BEST))
    kept = run(plan(backdrop=Backdrop(kind=BackdropKind.KEEP)), astronaut).report

    for report in (fast, best):
        assert [note.params["place"] for note in report.notes if note.code == "edges_doubtful"]
    assert edge_doubt(fast) != edge_doubt(best)
    assert edge_doubt(kept) == []


def edge_doubt(report: Report) -> list[object]:
    """What the report says about the edges."""
    return [check.value for check in report.checks if check.name == "edge_doubt"]


def test_pixels_move_last_where_the_rule_leaves_them_open(run: Run) -> None:
    """Too few KB for 300 x 400 px: the teacher exam takes smaller uploads, so a smaller photo is made, checked and told."""
    open_px = plan("cn_teacher_ntce", encoding=Encoding(kb=Band(None, 5)))
    delivery = run(open_px)
    file = facts(delivery)

    assert file.kb <= 5 and 150 <= file.width_px < 300 and abs(file.width_px / file.height_px - 0.75) < 0.01
    assert "made_smaller" in notes(delivery) and checks(delivery)["width_px"].ok
    assert abs(file.width_px - round(file.height_px * 0.75)) <= 1


def test_fixed_pixels_never_move(run: Run) -> None:
    """The same wish for a size that is fixed ends in an error that names the size and the KB which would do."""
    with pytest.raises(KbOutOfReach) as caught:
        run(plan(encoding=Encoding(kb=Band(None, 5))))
    said = caught.value.params
    assert (said["width"], said["height"], said["way"]) == (295, 413, "kb_smaller") and 0 < int(said["fit_width"]) < 295


def test_the_fewest_pixels_allowed_are_the_last_word(run: Run) -> None:
    """Where even the smallest upload allowed is too large, the error is about that one."""
    with pytest.raises(KbOutOfReach) as caught:
        run(plan("cn_teacher_ntce", encoding=Encoding(kb=Band(None, 2))))
    said = caught.value.params
    assert (said["width"], said["height"], said["way"]) == (150, 200, "kb_fewest")
