"""What a document's authority forbids is taken out of the plan whatever the sentence says; who allows it gets it; both told."""

from __future__ import annotations

import pytest

from f2p.catalogue.standards import standards
from f2p.language import plan_from_json, plan_to_json, read, resolve
from f2p.values.plan import MARK, BackdropKind, IdPhotoPlan, Retouch, against_rule, edits_of, name_of
from f2p.values.spec import EDITS

EVERY_EDIT = "白底,磨皮,祛痘,美白,亮一点,去红眼,去掉眼镜反光,锐利,降噪,左右翻转"
RULED = [spec.id for spec in standards().values() if spec.forbidden_edits and spec.category != "sheet"]


def _plan(sentence: str, *allow: str) -> IdPhotoPlan:
    return resolve(read(sentence), allow)[0]


def _whys(sentence: str) -> dict[str, str]:
    return {one.key: one.why for one in resolve(read(sentence))[1].assumed}


def test_the_catalogue_has_rules_to_keep() -> None:
    """Documents that people ask for most in China and abroad carry their authority's rule."""
    assert {"cn_passport", "cn_kaoyan", "cn_teacher_ntce", "us_passport", "us_visa", "uk_passport", "ca_passport"} <= set(RULED)


@pytest.mark.parametrize("standard", RULED)
def test_no_forbidden_edit_is_planned_though_all_are_asked_for(standard: str) -> None:
    """Of a sentence that wants every edit, the plan makes none that this document's authority forbids, and each is told."""
    plan, reading = resolve(read(f"{standard},{EVERY_EDIT}"))
    forbidden = set(standards()[standard].forbidden_edits)

    assert plan.spec.id == standard
    assert against_rule(plan) == ()
    assert not set(edits_of(plan)) & forbidden
    told = {one.key.partition(".")[0] for one in reading.assumed if one.why == "rule_forbids"}
    keys = {"background": "background", "light": "light", "retouch": "retouch", "repair": "fix", "sharpen": "sharpen"}
    assert {key for edit, key in keys.items() if edit in forbidden} <= told
    assert MARK not in name_of(plan)


@pytest.mark.parametrize("standard", RULED)
def test_what_is_not_forbidden_is_still_done(standard: str) -> None:
    """A rule against one kind of edit takes nothing else away."""
    plan = _plan(f"{standard},{EVERY_EDIT}")
    wanted = set(EDITS) - {"upscale", "straighten", "crop"}
    assert wanted - set(plan.spec.forbidden_edits) <= set(edits_of(plan))


@pytest.mark.parametrize("standard", RULED)
def test_who_allows_the_edits_gets_them_with_a_marked_name(standard: str) -> None:
    """With every edit allowed the plan does what was asked, keeps that it was allowed, and its file's name says so."""
    plan = _plan(f"{standard},{EVERY_EDIT}", *EDITS)
    forbidden = plan.spec.forbidden_edits

    assert set(plan.allowed_edits) == set(forbidden)
    assert set(forbidden) - {"upscale", "crop"} <= set(against_rule(plan))
    assert name_of(plan).endswith(MARK)
    assert plan_from_json(plan_to_json(plan)) == plan


@pytest.mark.parametrize("standard", ["cn_chsi_graduate", "cn_gaokao", "cn_adult_gaokao_henan", "it_id"])
def test_a_rule_that_names_rotation_is_kept(standard: str) -> None:
    """Where the rule forbids rotating the picture a tilted head is not straightened, and that is told; it can be allowed."""
    plan, reading = resolve(read(standard))
    assert not plan.framing.straighten
    assert ("geometry.straighten", "rule_forbids") in {(one.key, one.why) for one in reading.assumed}
    allowed = _plan(standard, "straighten")
    assert allowed.framing.straighten and "straighten" in against_rule(allowed)


@pytest.mark.parametrize("standard", ["cn_teacher_certificate", "jp_residence_card"])
def test_only_cropping_and_no_processing_mean_no_edit_at_all(standard: str) -> None:
    """只可裁剪压缩 and "no processing" leave the crop alone."""
    assert edits_of(_plan(f"{standard},{EVERY_EDIT}")) == ("crop",)


def test_one_kind_can_be_allowed_alone() -> None:
    """Another backdrop for a visa, and still no retouching."""
    plan = _plan("美国签证,白底,磨皮", "background")
    assert plan.backdrop.kind is BackdropKind.SOLID
    assert plan.retouch is Retouch.NONE
    assert against_rule(plan) == ("background",)


def test_allowing_means_nothing_where_nothing_is_forbidden() -> None:
    """一寸 with everything allowed is the same plan and the same name as without."""
    assert _plan("白底一寸,轻微磨皮", *EDITS) == _plan("白底一寸,轻微磨皮")
    assert name_of(_plan("白底一寸,轻微磨皮")) == "cn_1inch"


def test_a_rule_about_nothing_that_was_asked_changes_nothing() -> None:
    """The teachers' exam forbids beauty only: its backdrop and format are as they always were."""
    plan = _plan("教师资格证照片,白底")
    assert (plan.backdrop.kind, plan.retouch) == (BackdropKind.SOLID, Retouch.NONE)
    assert _whys("教师资格证照片,白底,磨皮")["retouch"] == "rule_forbids"


@pytest.mark.parametrize("sentence", ["一寸,不要修图", "一寸,原图直出", "1 inch photo, no edits", "申根签证,一个像素都别改"])
def test_no_editing_means_format_only_for_any_document(sentence: str) -> None:
    """A sentence that wants no editing gets crop and format alone, the picture's own backdrop, and is told so."""
    plan = _plan(sentence)
    assert edits_of(plan) == ("crop",)
    assert _whys(sentence)["background"] == "no_edit_asked"


def test_a_backdrop_named_beside_no_editing_is_made_and_told() -> None:
    """白底一寸,不要修图: the backdrop is the more exact wish, nothing else is touched; where a rule forbids it, it stays."""
    plan = _plan("白底一寸,不要修图,亮一点,锐利")
    assert edits_of(plan) == ("background", "crop")
    assert _whys("白底一寸,不要修图")["policy"] == "named_although_no_edit"
    assert edits_of(_plan("中国护照,白底,不要修图")) == ("crop",)


def test_an_office_that_crops_itself_gets_the_whole_picture() -> None:
    """The UK's portal crops itself: the plan neither cuts nor turns, unless that is allowed."""
    assert edits_of(_plan("uk_passport_online")) == ()
    assert "crop" in edits_of(_plan("uk_passport_online", "crop"))
