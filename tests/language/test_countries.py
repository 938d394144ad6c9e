"""Documents of every country by the names that people use for them, in Chinese and in English."""

from __future__ import annotations

import pytest

from f2p.catalogue.regions import regions
from f2p.catalogue.standards import standards
from f2p.language import read

_KINDS = {"passport": ("护照", "passport"), "id": ("身份证", "identity card")}
_COUNTRIES = [
    (region, kind)
    for region in regions().values()
    for kind in _KINDS
    if f"{region.key}_{kind}" in standards() and (region.key, kind) != ("cn", "passport")
]


def _name(sentence: str) -> str | None:
    name: str | None = read(sentence).asked.get("size", {}).get("name")
    return name


@pytest.mark.parametrize(("region", "kind"), _COUNTRIES, ids=lambda one: one if isinstance(one, str) else one.key)
def test_a_countrys_document_is_found_by_its_everyday_names(region: object, kind: str) -> None:
    """Country and kind of document are enough, in either language and in more than one order of words."""
    zh, en = _KINDS[kind]
    wanted = {f"{region.key}_{kind}", f"{region.key}_{kind}_online"}
    sentences = [
        f"{region.name_zh}{zh}照片，白底",
        f"帮我做一张{region.name_zh}{zh}",
        f"{en} photo for {region.name_en}, white background",
        *(f"{word} {en} photo" for word in region.en),
    ]
    assert {sentence for sentence in sentences if _name(sentence) not in wanted} == set()


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("法国护照", "fr_passport"),
        ("French passport photo", "fr_passport"),
        ("韩国签证", "kr_visa"),
        ("抖音头像", "douyin_avatar"),
        ("波兰签证照片", "schengen_visa"),
        ("法国的身份证照片", "fr_id"),
        ("身份证照片", "cn_id_card"),
        ("泰国落地签照片", "th_voa"),
        ("Thailand visa on arrival, 4x6 cm", "th_voa"),
        ("葡萄牙居留证照片", "pt_residence"),
        ("英国驾照照片", "uk_driver"),
        ("微信头像，浅灰背景", "wechat_avatar"),
        ("雅思报名照", "cn_ielts"),
        ("高考报名照片", "cn_gaokao"),
        ("成考报名照片", "cn_adult_gaokao"),
        ("自考报名照片", "cn_self_study"),
        ("执业药师报名照片", "cn_pharmacist"),
        ("教师资格认定照片", "cn_teacher_certificate"),
        ("中小学学籍照片", "cn_student_registry"),
        ("Kenyan e-visa photo", "ke_visa"),
        ("tiktok profile picture", "tiktok_avatar"),
    ],
)
def test_documents_are_found_by_what_people_call_them(sentence: str, name: str) -> None:
    """The words of every day lead to the document, without its id."""
    assert _name(sentence) == name


def test_every_row_belongs_to_a_place() -> None:
    """Each standard's region is a country of the list or none, so that it is listed under its part of the world."""
    places = {*regions(), "-"}
    assert {spec.id for spec in standards().values() if spec.region not in places} == set()
