"""Drawing what people hand in: chats, slips, parcels, goods and promises, each marked as fictitious."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from pylopdf_fonts_zh_cn import sans_path

WIDTH = 540
MARGIN = 24
MARK = "演示 · 虚构"
INK, QUIET, LINE, PAPER = "#1f2328", "#7a828c", "#dfe2e6", "#ffffff"
AVATARS = ("#5b8def", "#e58a4e", "#57a773", "#b078d6")
Drawing = Mapping[str, Any]


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Return the Chinese typeface in this size (pixels)."""
    return ImageFont.truetype(str(sans_path()), size)


class Sheet:
    """A picture that grows downwards; `y` is where the next thing goes."""

    def __init__(self, height: int, ground: str) -> None:
        self.image = Image.new("RGB", (WIDTH, height), ground)
        self.draw = ImageDraw.Draw(self.image)
        self.y = 0

    def text(self, x: float, y: float, words: str, size: int, colour: str = INK, anchor: str = "la") -> None:
        """Write one line."""
        self.draw.text((x, y), words, font=font(size), fill=colour, anchor=anchor)

    def finished(self) -> Image.Image:
        """Return the picture, cut where it ends, with the mark across its foot."""
        height = self.y + 52
        image = self.image.crop((0, 0, WIDTH, height))
        draw = ImageDraw.Draw(image)
        draw.rectangle((0, height - 40, WIDTH, height), fill="#b42318")
        draw.text((WIDTH / 2, height - 20), MARK, font=font(20), fill=PAPER, anchor="mm")
        return image


def wrapped(words: str, size: int, width: int) -> list[str]:
    """Return the words in lines that are no wider than this."""
    lines = [""]
    for char in words:
        if char == "\n" or font(size).getlength(lines[-1] + char) > width:
            lines.append("")
        lines[-1] += char.strip("\n")
    return lines


def _bar(sheet: Sheet, title: str) -> None:
    sheet.draw.rectangle((0, 0, WIDTH, 92), fill="#ededed")
    sheet.text(MARGIN, 10, "9:41", 18)
    sheet.draw.rounded_rectangle((WIDTH - 62, 14, WIDTH - 26, 30), 4, outline=INK, width=2)
    sheet.draw.rectangle((WIDTH - 58, 18, WIDTH - 38, 26), fill=INK)
    sheet.text(MARGIN, 50, "‹", 34)
    sheet.text(WIDTH / 2, 64, title, 24, anchor="mm")
    sheet.y = 92


def _avatar(sheet: Sheet, x: int, y: int, name: str, colour: str) -> None:
    sheet.draw.ellipse((x, y, x + 52, y + 52), fill=colour)
    sheet.text(x + 26, y + 26, name, 24, PAPER, "mm")


def chat(drawing: Drawing) -> Image.Image:
    """Draw a conversation: times, bubbles of both, red packets, transfers, and the message that was refused."""
    sheet = Sheet(1400, "#f3f3f3")
    _bar(sheet, drawing["title"])
    sheet.y += 14
    for kind, words in drawing["lines"]:
        _LINES[kind](sheet, words)
    return sheet.finished()


def _time(sheet: Sheet, words: str) -> None:
    sheet.text(WIDTH / 2, sheet.y + 16, words, 17, QUIET, "mm")
    sheet.y += 40


def _bubble(sheet: Sheet, words: str, *, mine: bool) -> None:
    lines = wrapped(words, 24, 316)
    width = int(max(font(24).getlength(line) for line in lines)) + 32
    height = len(lines) * 34 + 22
    left = WIDTH - MARGIN - 64 - width if mine else MARGIN + 64
    ground = "#95ec69" if mine else PAPER
    sheet.draw.rounded_rectangle((left, sheet.y, left + width, sheet.y + height), 10, fill=ground)
    tip = left + width if mine else left
    point = tip + (9 if mine else -9)
    sheet.draw.polygon(((tip, sheet.y + 18), (point, sheet.y + 26), (tip, sheet.y + 34)), fill=ground)
    for number, line in enumerate(lines):
        sheet.text(left + 16, sheet.y + 10 + number * 34, line, 24)
    _side(sheet, mine=mine)
    sheet.y += max(height, 52) + 18


def _side(sheet: Sheet, *, mine: bool) -> None:
    if mine:
        _avatar(sheet, WIDTH - MARGIN - 52, sheet.y, "我", AVATARS[0])
    else:
        _avatar(sheet, MARGIN, sheet.y, "卖", AVATARS[1])


def _mine(sheet: Sheet, words: str) -> None:
    _bubble(sheet, words, mine=True)


def _theirs(sheet: Sheet, words: str) -> None:
    _bubble(sheet, words, mine=False)


def _paper_money(sheet: Sheet, amount: str, label: str, ground: str) -> None:
    left, right = WIDTH - MARGIN - 64 - 300, WIDTH - MARGIN - 64
    sheet.draw.rounded_rectangle((left, sheet.y, right, sheet.y + 104), 10, fill=ground)
    sheet.draw.ellipse((left + 18, sheet.y + 16, left + 62, sheet.y + 60), fill="#ffe2b8")
    sheet.text(left + 40, sheet.y + 38, "¥", 26, ground, "mm")
    sheet.text(left + 78, sheet.y + 22, f"¥{amount}", 26, PAPER)
    sheet.draw.line((left + 16, sheet.y + 74, right - 16, sheet.y + 74), fill="#ffffff", width=1)
    sheet.text(left + 18, sheet.y + 80, label, 15, PAPER)
    _side(sheet, mine=True)
    sheet.y += 122


def _packet(sheet: Sheet, amount: str) -> None:
    _paper_money(sheet, amount, "红包 · 已被领取", "#e1553c")


def _transfer(sheet: Sheet, amount: str) -> None:
    _paper_money(sheet, amount, "转账 · 已收款", "#f0983a")


def _refused(sheet: Sheet, words: str) -> None:
    sheet.draw.ellipse((MARGIN + 76, sheet.y, MARGIN + 104, sheet.y + 28), fill="#e5484d")
    sheet.text(MARGIN + 90, sheet.y + 14, "!", 20, PAPER, "mm")
    sheet.text(MARGIN + 116, sheet.y + 2, words, 18, QUIET)
    sheet.y += 48


_LINES: dict[str, Callable[[Sheet, str], None]] = {
    "time": _time,
    "me": _mine,
    "them": _theirs,
    "packet": _packet,
    "transfer": _transfer,
    "refused": _refused,
}


def slip(drawing: Drawing) -> Image.Image:
    """Draw a slip of a transfer: to whom, how much, and its rows."""
    sheet = Sheet(1100, PAPER)
    _bar(sheet, "账单详情")
    sheet.draw.ellipse((WIDTH / 2 - 38, 122, WIDTH / 2 + 38, 198), fill="#57a773")
    sheet.draw.line(((252, 160), (265, 174), (290, 146)), fill=PAPER, width=7)
    sheet.text(WIDTH / 2, 232, drawing["title"], 22, anchor="mm")
    sheet.y = 274
    if drawing["amount"]:
        sheet.text(WIDTH / 2, 286, f"-{drawing['amount']}", 48, anchor="mm")
        sheet.y = 340
    sheet.draw.line((MARGIN, sheet.y, WIDTH - MARGIN, sheet.y), fill=LINE, width=2)
    sheet.y += 20
    for label, words in drawing["rows"]:
        sheet.text(MARGIN, sheet.y, label, 20, QUIET)
        sheet.text(WIDTH - MARGIN, sheet.y, words, 20, anchor="ra")
        sheet.y += 46
    return sheet.finished()


def profile(drawing: Drawing) -> Image.Image:
    """Draw the profile of an account: its name, and rows such as its signature."""
    sheet = Sheet(700, PAPER)
    _bar(sheet, "个人信息")
    _avatar(sheet, MARGIN, 122, "卖", AVATARS[3])
    sheet.text(MARGIN + 76, 134, drawing["title"], 26)
    sheet.y = 206
    for label, words in drawing["rows"]:
        sheet.draw.line((MARGIN, sheet.y, WIDTH - MARGIN, sheet.y), fill=LINE, width=2)
        sheet.text(MARGIN, sheet.y + 18, label, 20, QUIET)
        sheet.text(WIDTH - MARGIN, sheet.y + 18, words, 20, anchor="ra")
        sheet.y += 58
    return sheet.finished()


def parcel(drawing: Drawing) -> Image.Image:
    """Draw the label of a parcel, lying on cardboard."""
    sheet = Sheet(900, "#c79a63")
    sheet.draw.rectangle((0, 300, WIDTH, 330), fill="#d8b98f")
    sheet.draw.rounded_rectangle((30, 30, WIDTH - 30, 560), 6, fill=PAPER, outline="#8a6a3f", width=2)
    sheet.text(52, 52, drawing["title"], 34)
    for number in range(46):  # bars of uneven width: nothing is encoded in them
        x = 60 + number * 9
        sheet.draw.rectangle((x, 112, x + 2 + number * 7 % 5, 182), fill=INK)
    sheet.text(WIDTH / 2, 204, "DEMO 0000 0000 0000", 18, anchor="mm")
    sheet.y = 236
    for label, words in drawing["rows"]:
        if label:
            sheet.draw.line((46, sheet.y, WIDTH - 46, sheet.y), fill=LINE, width=2)
            sheet.text(56, sheet.y + 16, label, 22, QUIET)
        sheet.text(120, sheet.y + 16, words, 22)
        sheet.y += 54
    sheet.y = 580
    return sheet.finished()


def post(drawing: Drawing) -> Image.Image:
    """Draw a post with a promise and a picture of the goods."""
    sheet = Sheet(1200, PAPER)
    _bar(sheet, "朋友圈")
    sheet.y += 24
    _avatar(sheet, MARGIN, sheet.y, "卖", AVATARS[3])
    left = MARGIN + 70
    sheet.text(left, sheet.y, drawing["title"], 24, "#4a5f8f")
    sheet.y += 42
    for line in wrapped(drawing["text"], 24, WIDTH - left - MARGIN):
        sheet.text(left, sheet.y, line, 24)
        sheet.y += 36
    sheet.image.paste(GOODS[drawing["goods"]]().resize((300, 240)), (left, sheet.y + 12))
    sheet.text(left, sheet.y + 270, "3天前", 18, QUIET)
    sheet.y += 310
    return sheet.finished()


def goods(drawing: Drawing) -> Image.Image:
    """Draw a photograph of goods with the words of whoever took it."""
    sheet = Sheet(700, "#2b2b2b")
    sheet.image.paste(GOODS[drawing["goods"]](), (0, 0))
    sheet.y = 432
    sheet.text(WIDTH / 2, sheet.y + 26, drawing["title"], 24, PAPER, "mm")
    sheet.y += 60
    return sheet.finished()


def strawberries() -> Image.Image:
    """Draw a box of strawberries, the lower ones grey with mould."""
    image = Image.new("RGB", (WIDTH, 432), "#efe6d8")
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((36, 40, WIDTH - 36, 400), 24, fill="#f7f7f2", outline="#cfcabd", width=4)
    for number in range(20):
        row, column = divmod(number, 5)
        x, y = 64 + column * 84 + row % 2 * 14, 60 + row * 80
        bad = (number * 7) % 20 < 8 or row == 3
        _strawberry(draw, x, y, bad=bad, turn=number)
    return image


def _strawberry(draw: ImageDraw.ImageDraw, x: int, y: int, *, bad: bool, turn: int) -> None:
    red = "#8e2f35" if bad else "#d8342f"
    draw.ellipse((x, y + 8, x + 68, y + 56), fill=red)
    draw.polygon(((x + 3, y + 38), (x + 65, y + 38), (x + 34, y + 78)), fill=red)
    for seed in range(7):
        sx, sy = x + 14 + seed * 17 % 46, y + 22 + seed * 11 % 34
        draw.ellipse((sx, sy, sx + 3, sy + 5), fill="#f3cf7a")
    for leaf in range(5):
        lx = x + 10 + leaf * 10
        draw.polygon(((lx, y + 12), (lx + 14, y + 12), (lx + 7, y - 4)), fill="#4c8f3c")
    if bad:
        for spot in range(34):
            sx = x + 8 + (spot * 13 + turn * 5) % 46
            sy = y + 22 + (spot * 7 + turn * 3) % 36
            size = 4 + spot % 7
            draw.ellipse((sx, sy, sx + size, sy + size), fill=("#e7e9e4", "#cfd6cf", "#b9c3bb")[spot % 3])


def mask() -> Image.Image:
    """Draw a box of face masks and one sachet, without a date."""
    image = Image.new("RGB", (WIDTH, 432), "#d9e4ea")
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((60, 60, 300, 380), 10, fill="#f7b9c6", outline="#d98fa0", width=3)
    draw.text((180, 120), "水润面膜", font=font(40), fill="#8a2946", anchor="mm")
    draw.text((180, 170), "DEMO BEAUTY", font=font(22), fill="#8a2946", anchor="mm")
    draw.rounded_rectangle((90, 290, 270, 350), 6, fill=PAPER)
    draw.text((180, 320), "生产日期：", font=font(22), fill=QUIET, anchor="mm")
    draw.rounded_rectangle((330, 110, 490, 350), 10, fill="#fdeef1", outline="#d98fa0", width=3)
    draw.ellipse((356, 140, 464, 300), fill=PAPER, outline="#d9b3bd", width=3)
    for x in (384, 420):
        draw.ellipse((x, 190, x + 18, 200), fill="#d9e4ea")
    draw.arc((392, 240, 428, 262), 0, 180, fill="#d98fa0", width=4)
    return image


def capsules() -> Image.Image:
    """Draw capsules in a clear bag."""
    image = Image.new("RGB", (WIDTH, 432), "#e9e3d3")
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((90, 40, 450, 400), 18, fill="#f5f7f6", outline="#b8c2c0", width=4)
    draw.rectangle((90, 64, 450, 78), fill="#c9d6d3")
    for number in range(28):
        row, column = divmod(number, 7)
        x, y = 116 + column * 46 + row % 2 * 10, 150 + row * 56 + number * 5 % 12
        draw.rounded_rectangle((x, y, x + 40, y + 18), 9, fill="#f4f1e4", outline="#c4bda6")
        draw.rounded_rectangle((x, y, x + 21, y + 18), 9, fill="#4f8f6a")
    return image


def shoes() -> Image.Image:
    """Draw a pair of children's shoes with its tag."""
    image = Image.new("RGB", (WIDTH, 432), "#dfe9f2")
    draw = ImageDraw.Draw(image)
    for x, y in ((70, 90), (230, 190)):
        draw.rounded_rectangle((x, y + 90, x + 240, y + 130), 18, fill=PAPER)
        draw.pieslice((x + 90, y + 20, x + 240, y + 170), 180, 360, fill="#3f7fd0")
        draw.rounded_rectangle((x + 6, y, x + 130, y + 96), 16, fill="#3f7fd0")
        for lace in range(3):
            draw.line((x + 84 + lace * 22, y + 18 + lace * 16, x + 116 + lace * 22, y + 6 + lace * 16), PAPER, 6)
    draw.rectangle((396, 60, 500, 130), fill="#f6d04d")
    draw.text((448, 95), "特价89", font=font(28), fill="#8a2414", anchor="mm")
    return image


GOODS: dict[str, Callable[[], Image.Image]] = {
    "strawberries": strawberries,
    "mask": mask,
    "capsules": capsules,
    "shoes": shoes,
}
DRAWINGS: dict[str, Callable[[Drawing], Image.Image]] = {
    "chat": chat,
    "slip": slip,
    "profile": profile,
    "parcel": parcel,
    "post": post,
    "goods": goods,
}
