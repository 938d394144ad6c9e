"""Generated pages with a true box for every character: contracts, ID cards, bank slips, statements, invoices; nothing real."""

from __future__ import annotations

import io
import subprocess
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from f2p.files.page import decoded

CAPITAL = "零壹贰叁肆伍陆柒捌玖拾佰仟万圆"
"""Numerals of an amount in words: private as the digits are, counted as neither."""
A4_MM = (210.0, 297.0)
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙马朱胡林郭何高罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玲文建国志红"
PLACES = (
    "北京市海淀区中关村大街",
    "上海市浦东新区世纪大道",
    "广东省深圳市南山区科技园路",
    "浙江省杭州市西湖区文三路",
    "四川省成都市武侯区人民南路",
)
FIRST = ("James", "Mary", "Robert", "Linda", "Oliver", "Emma", "Noah", "Sophia", "Daniel", "Grace")
LAST = ("Smith", "Johnson", "Brown", "Taylor", "Wilson", "Clark", "Lewis", "Walker", "Hall", "Young")
CLAUSES = (
    "双方本着平等自愿、诚实信用的原则,经协商一致,签订本合同并共同遵守。",
    "承租方应按时交纳租金,逾期不交的,每逾期一日按月租金的{p}%支付违约金。",
    "本合同未尽事宜,由双方另行协商并签订补充协议,补充协议与本合同具有同等法律效力。",
    "因不可抗力致使合同不能履行的,双方互不承担责任,但应在{n}日内书面通知对方。",
    "租赁期限自{date}起至{date}止,期满后承租方享有优先续租的权利。",
    "押金共计人民币{amount}元,合同终止后{n}日内无息退还。",
    "争议由房屋所在地人民法院管辖,诉讼费用由败诉方承担,案号为({year})京{n}民初{long}号。",
    "本合同一式{n}份,双方各执{n}份,自签字盖章之日起生效。",
)
ENGLISH = (
    "The parties agree that all payments shall be made within {n} days of the invoice date.",
    "Late payment bears interest at {p}% per month until the balance is settled in full.",
    "This agreement is governed by the laws of the place where the property is located.",
    "Any notice shall be sent to the address above or by telephone to {phone_en}.",
    "The deposit of ${amount} will be returned no later than {date_en}.",
)


@dataclass
class Drawn:
    """A page as it grows: its picture, and (char, left, top, right, bottom) of every character drawn."""

    image: Image.Image
    fonts: dict[str, str]
    scale: float
    rng: np.random.Generator
    chars: list[tuple[str, float, float, float, float]] = field(default_factory=list)

    def text(self, at_mm: tuple[float, float], text: str, size_pt: float = 10.5, face: str = "serif") -> float:
        """Draws a line from its left end on; the x in mm where it ends. "face#RRGGBB" is a face in a colour."""
        face, _, colour = face.partition("#")
        ink = f"#{colour or '141418'}"
        font = ImageFont.truetype(self.fonts[face], max(6, round(size_pt / 72 * 25.4 * self.scale)))
        draw = ImageDraw.Draw(self.image)
        x, y = at_mm[0] * self.scale, at_mm[1] * self.scale
        for char in text:
            box = draw.textbbox((x, y), char, font=font, anchor="ls")
            draw.text((x, y), char, font=font, anchor="ls", fill=ink)
            if char.strip():
                self.chars.append((char, *(float(side) for side in box)))
            x += font.getlength(char)
        return x / self.scale

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A rule in mm."""
        points = [v * self.scale for v in (x0, y0, x1, y1)]
        ImageDraw.Draw(self.image).line(points, fill=(60, 60, 60), width=max(1, round(self.scale / 6)))


class Values:
    """Invented values."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def digits(self, count: int) -> str:
        return "".join(str(d) for d in self.rng.integers(0, 10, count))

    def pick(self, options: Any) -> Any:
        return options[int(self.rng.integers(len(options)))]

    def id_number(self) -> str:
        body = self.pick(("110105", "310115", "440305", "330106", "510107")) + f"{self.rng.integers(1950, 2006)}"
        body += f"{self.rng.integers(1, 13):02d}{self.rng.integers(1, 29):02d}{self.digits(3)}"
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, weights, strict=True)) % 11]

    def card(self) -> str:
        body = "62" + self.digits(16)
        total = sum(
            (d * 2 - 9 if d * 2 > 9 else d * 2) if i % 2 == 0 else d for i, d in enumerate(int(c) for c in reversed(body))
        )
        return body + str(-total % 10)

    def phone(self) -> str:
        return "1" + str(self.rng.integers(3, 10)) + self.digits(9)

    def name(self) -> str:
        return self.pick(SURNAMES) + "".join(self.pick(GIVEN) for _ in range(int(self.rng.integers(1, 3))))

    def name_en(self) -> str:
        return f"{self.pick(FIRST)} {self.pick(LAST)}"

    def address(self) -> str:
        return f"{self.pick(PLACES)}{self.rng.integers(1, 400)}号{self.rng.integers(1, 30)}号楼{self.rng.integers(101, 2999)}室"

    def amount(self) -> str:
        return f"{self.rng.integers(100, 99999999) / 100:,.2f}"

    def date(self) -> str:
        return f"{self.rng.integers(2018, 2027)}年{self.rng.integers(1, 13)}月{self.rng.integers(1, 29)}日"

    def date_iso(self) -> str:
        return f"20{self.rng.integers(20, 27)}-{self.rng.integers(1, 13):02d}-{self.rng.integers(1, 29):02d}"

    def phone_en(self) -> str:
        return f"({self.rng.integers(200, 999)}) {self.digits(3)}-{self.digits(4)}"

    def date_en(self) -> str:
        month = self.pick(("January", "March", "May", "July", "October"))
        return f"{month} {self.rng.integers(1, 29)}, {self.rng.integers(2018, 2027)}"

    def fill(self, text: str) -> str:
        return text.format(
            p=self.rng.integers(1, 30) / 10, n=self.rng.integers(1, 31), date=self.date(), amount=self.amount(),
            year=self.rng.integers(2018, 2027), long=self.digits(5), date_en=self.date_en(),
            phone_en=self.phone_en(),
        )  # fmt: skip


def contract(page: Drawn, v: Values) -> None:
    """A Chinese contract of running text."""
    page.text((82, 28), "房屋租赁合同", 18, "bold")
    page.text((140, 36), f"合同编号:HT-{v.digits(8)}", 9)
    rows = [f"出租方(甲方):{v.name()}  身份证号:{v.id_number()}", f"住址:{v.address()}  电话:{v.phone()}"]
    rows += [f"承租方(乙方):{v.name()}  身份证号:{v.id_number()}", f"住址:{v.address()}  电话:{v.phone()}"]
    y = 48.0
    for row in rows:
        page.text((25, y), row)
        y += 7.4
    number = 1
    while y < 240:
        text = f"{number}. {v.fill(v.pick(CLAUSES))}"
        for at in range(0, len(text), 40):
            page.text((25, y), text[at : at + 40])
            y += 7.4
        number += 1
    page.text((25, 256), f"收款账户:{v.card()}  开户名:{v.name()}")
    page.text((25, 266), f"甲方(签字):{v.name()}          乙方(签字):{v.name()}          {v.date()}")
    page.text((100, 288), f"第{v.rng.integers(1, 9)}页 共{v.rng.integers(9, 20)}页", 8)


def id_card(page: Drawn, v: Values) -> None:
    """Both sides of an ID card copied to a page."""
    number = v.id_number()
    draw = ImageDraw.Draw(page.image)
    for top in (60.0, 150.0):
        draw.rounded_rectangle(
            [s * page.scale for s in (60, top, 145.6, top + 54)], 3 * page.scale, fill=(226, 236, 240), outline=(120, 130, 140)
        )
    rows = [
        ("姓名", v.name(), 70),
        ("性别", "男    民族  汉", 78),
        ("出生", f"{number[6:10]} 年 {int(number[10:12])} 月 {int(number[12:14])} 日", 86),
    ]
    rows += [("住址", v.address()[:14], 94), ("", v.address()[14:], 100)]
    for label, value, y in rows:
        page.text((65, y), label, 7.5, "sans#285a96")
        page.text((76, y), value, 9, "sans")
    page.text((65, 110), "公民身份号码", 7.5, "sans#285a96")
    page.text((88, 110), number, 10, "sans")
    page.text((88, 170), "中华人民共和国", 12, "bold")
    page.text((88, 180), "居民身份证", 14, "bold")
    page.text((76, 192), f"签发机关  {v.pick(PLACES)[:6]}公安局", 8, "sans")
    day = f"{v.rng.integers(10, 13)}.{v.rng.integers(10, 28)}"
    page.text((76, 199), f"有效期限  20{v.rng.integers(10, 20)}.{day}-20{v.rng.integers(30, 40)}.{day}", 8, "sans")


def slip(page: Drawn, v: Values) -> None:
    """Three bank slips with ruled fields."""
    for block in range(3):
        y = 25 + block * 88.0
        page.text((80, y), "中国某某银行  业务回单", 14, "bold")
        fields = [("付款人户名", v.name(), "付款人账号", v.card()), ("收款人户名", v.name(), "收款人账号", v.card())]
        fields += [("交易金额", f"¥{v.amount()}", "币种", "人民币"), ("交易日期", v.date(), "流水号", v.digits(14))]
        fields += [("用途", "货款结算", "联系电话", f"0{v.rng.integers(10, 30)}-{v.digits(8)}")]
        for a, b, c, d in fields:
            y += 10
            page.line(20, y - 6.5, 190, y - 6.5)
            for x, text in ((22, a), (52, b), (108, c), (136, d)):
                page.text((x, y), text, 9.5, "sans")
        page.line(20, y + 3.5, 190, y + 3.5)
        for x in (20, 50, 106, 134, 190):
            page.line(x, y - 46.5, x, y + 3.5)


def statement(page: Drawn, v: Values) -> None:
    """A table of many small numbers."""
    page.text((78, 25), "账户交易明细清单", 15, "bold")
    page.text(
        (20, 35),
        f"户名:{v.name()}   账号:{v.card()}   查询日期:{v.date_iso()}",
        9,
    )
    heads = ("交易日期", "摘要", "支出", "收入", "余额", "对方账号")
    xs = (20, 45, 72, 97, 122, 150, 192)
    y = 45.0
    for row in range(28):
        cells = heads if row == 0 else (
            v.date_iso(), v.pick(("转账", "消费", "工资", "利息", "退款")),
            v.amount() if v.rng.random() < 0.5 else "", v.amount() if v.rng.random() < 0.5 else "", v.amount(), v.card(),
        )  # fmt: skip
        page.line(20, y - 5, 192, y - 5)
        for x, text in zip(xs, cells, strict=False):
            page.text((x + 1, y), text, 8, "sans")
        y += 8
    page.line(20, y - 5, 192, y - 5)
    for x in xs:
        page.line(x, 40, x, y - 5)


def invoice(page: Drawn, v: Values) -> None:
    """An English invoice and letter."""
    page.text((20, 28), "INVOICE", 22, "latin_bold")
    page.text((130, 28), f"No. INV-{v.digits(6)}", 11, "latin")
    rows = [f"Bill To: {v.name_en()}", f"{v.rng.integers(10, 999)} Maple Street, Springfield, IL {v.digits(5)}"]
    rows += [f"Phone: {v.phone_en()}   Email: {v.pick(LAST).lower()}{v.digits(2)}@example.com"]
    rows += [f"Date: {v.date_en()}   Tax ID: {v.digits(2)}-{v.digits(7)}"]
    y = 42.0
    for row in rows:
        page.text((20, y), row, 10.5, "latin")
        y += 7
    y += 6
    for _ in range(9):
        page.line(20, y - 5, 190, y - 5)
        amount = v.amount()
        for x, text in (
            (22, v.pick(("Consulting service", "Paper and toner", "Hosting, annual", "Travel expenses"))),
            (95, str(v.rng.integers(1, 40))),
            (120, f"${amount}"),
            (155, f"${v.amount()}"),
        ):
            page.text((x, y), text, 10, "latin")
        y += 8
    page.text((120, y + 4), f"Total: ${v.amount()}", 12, "latin_bold")
    y += 18
    while y < 255:
        page.text((20, y), v.fill(v.pick(ENGLISH)), 10.5, "latin")
        y += 8
    page.text(
        (20, 265),
        f"Account number: {v.digits(10)}   IBAN: GB{v.digits(2)} WEST {v.digits(4)} {v.digits(4)} {v.digits(4)} {v.digits(2)}",
        10,
        "latin",
    )
    page.text((95, 285), f"Page {v.rng.integers(1, 4)} of {v.rng.integers(4, 9)}", 8, "latin")


def invoice_zh(page: Drawn, v: Values) -> None:
    """A Chinese VAT invoice."""
    page.text((72, 28), "增值税电子普通发票", 16, "bold#96281e")
    page.text((140, 38), f"发票代码:{v.digits(12)}", 9, "sans")
    page.text((140, 44), f"发票号码:{v.digits(8)}", 9, "sans")
    page.text((140, 50), f"开票日期:{v.date()}", 9, "sans")
    y = 62.0
    code = "91" + v.digits(6) + "MA" + v.digits(7) + v.pick("ABCDEFGH")
    for row in (
        f"名称:{v.pick(PLACES)[:2]}某某科技有限公司",
        f"纳税人识别号:{code}",
        f"地址、电话:{v.address()} 010-{v.digits(8)}",
        f"开户行及账号:某某银行 {v.card()}",
    ):
        page.text((22, y), row, 9.5, "sans")
        y += 7
    y += 6
    for name in ("办公用品", "技术服务费", "软件使用费", "餐饮服务", "会议费"):
        page.line(20, y - 5, 190, y - 5)
        for x, text in (
            (22, f"*{name}*"),
            (70, f"{v.rng.integers(1, 99)}"),
            (95, v.amount()),
            (130, v.amount()),
            (160, f"{v.pick((3, 6, 9, 13))}%"),
            (172, v.amount()),
        ):
            page.text((x, y), text, 9, "sans")
        y += 9
    page.line(20, y - 5, 190, y - 5)
    page.text((22, y + 3), f"价税合计(大写) 壹万贰仟叁佰肆拾伍圆整   (小写) ¥{v.amount()}", 10, "sans")
    page.text((22, y + 16), f"收款人:{v.name()}    复核:{v.name()}    开票人:{v.name()}", 9.5, "sans")
    for i in range(6):
        page.text((22, y + 32 + 9 * i), v.fill(v.pick(CLAUSES))[:44], 9.5)


KINDS = (contract, id_card, slip, statement, invoice, invoice_zh)


def fonts() -> dict[str, str]:
    """The faces that the pages are set in, from what is installed."""
    listed = subprocess.run(["fc-list", ":", "file"], capture_output=True, text=True, check=True).stdout
    files = sorted(line.split(":")[0] for line in listed.splitlines())

    def first(*names: str) -> str:
        return next(path for name in names for path in files if name in path)

    return {
        "serif": first("NotoSerifCJK-Regular", "wqy-zenhei"), "sans": first("NotoSansCJK-Regular", "wqy-zenhei"),
        "bold": first("NotoSansCJK-Bold", "wqy-zenhei"), "latin": first("DejaVuSerif.ttf", "DejaVuSans.ttf"),
        "latin_bold": first("DejaVuSans-Bold.ttf"), "wqy": first("wqy-zenhei", "NotoSansCJK-Regular"),
    }  # fmt: skip


def drawn(number: int, seed: int, *, hard: bool) -> tuple[np.ndarray, list[tuple[str, np.ndarray]], int, str]:
    """A page: (H, W, 3) uint8, each character with its corners (4, 2), the dpi, and its kind."""
    rng = np.random.default_rng([seed, number])
    kind = KINDS[number % len(KINDS)]
    dpi = int(rng.choice((150, 200, 300) if hard else (200, 200, 300)))
    scale = dpi / 25.4
    faces = fonts()
    if rng.random() < 0.3:
        faces |= {"serif": faces["wqy"], "sans": faces["wqy"]}
    tint = tuple(int(c) for c in rng.integers(244, 256, 3))
    page = Drawn(Image.new("RGB", tuple(round(side * scale) for side in A4_MM), tint), faces, scale, rng)
    kind(page, Values(rng))
    if hard and rng.random() < 0.6:
        stamp(page, rng)
    rgb = np.asarray(page.image)
    corners = [np.array([[l, t], [r, t], [r, b], [l, b]], np.float32) for _, l, t, r, b in page.chars]
    rgb, corners = degraded(rgb, corners, rng, hard=hard)
    return rgb, [(char, box) for (char, *_), box in zip(page.chars, corners, strict=True)], dpi, kind.__name__


def stamp(page: Drawn, rng: np.random.Generator) -> None:
    """A round red seal over some of the text."""
    layer = Image.new("RGBA", page.image.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    x, y, r = rng.uniform(50, 160) * page.scale, rng.uniform(60, 250) * page.scale, 20 * page.scale
    ink = (205, 30, 35, int(rng.integers(120, 200)))
    draw.ellipse([x - r, y - r, x + r, y + r], outline=ink, width=round(1.2 * page.scale))
    font = ImageFont.truetype(page.fonts["bold"], round(5 * page.scale))
    draw.text((x - 0.75 * r, y - 0.2 * r), "合同专用章", font=font, fill=ink)
    page.image.paste(Image.alpha_composite(page.image.convert("RGBA"), layer).convert("RGB"))


def degraded(
    rgb: np.ndarray, corners: list[np.ndarray], rng: np.random.Generator, *, hard: bool
) -> tuple[np.ndarray, list[np.ndarray]]:
    """What a scanner or a phone does to a page."""
    height, width = rgb.shape[:2]
    angle = rng.uniform(-2.5, 2.5) if hard else rng.uniform(-0.7, 0.7)
    matrix = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0), [0, 0, 1]])
    if hard and rng.random() < 0.4:
        source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        shift = rng.uniform(-0.025, 0.025, (4, 2)).astype(np.float32) * np.array([width, height], np.float32)
        matrix = cv2.getPerspectiveTransform(source, source + shift) @ matrix
    rgb = cv2.warpPerspective(rgb, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    corners = [cv2.perspectiveTransform(box[None].astype(np.float64), matrix)[0].astype(np.float32) for box in corners]
    work = rgb.astype(np.float32)
    if hard:
        work = cv2.GaussianBlur(work, (0, 0), rng.uniform(0.4, 1.3))
        ramp = np.linspace(1.0, rng.uniform(0.6, 1.0), width, dtype=np.float32)[None, :, None]
        work = work * (ramp if rng.random() < 0.5 else ramp[:, ::-1])
    else:
        work = cv2.GaussianBlur(work, (0, 0), 0.45)
    work += rng.normal(0, rng.uniform(3, 9) if hard else 2.0, work.shape[:2])[..., None].astype(np.float32)
    rgb = np.clip(work, 0, 255).astype(np.uint8)
    quality = int(rng.integers(35, 80)) if hard else int(rng.integers(80, 95))
    stream = io.BytesIO()
    Image.fromarray(rgb).save(stream, "JPEG", quality=quality)
    return decoded(stream.getvalue()), corners
