# ruff: noqa: E501 - the texts keep their own line lengths
"""Writes the sample documents of `samples/`. Texts are ours, places and people invented.

.venv/bin/python tools/make_samples.py
"""

import textwrap
from datetime import datetime
from pathlib import Path

import docx
import xlsxwriter

HERE = Path(__file__).parents[1] / "samples"
MOMENT = datetime(2026, 1, 15, 9, 0)

# ---------------------------------------------------------------- PDF

HANDBOOK_TITLE = "Halvern Rack Railway: Operating Handbook"
HANDBOOK: list[tuple[str, list[str]]] = [
    (
        "1 The line",
        [
            "The Halvern Rack Railway climbs from Halvern Lake station, 412 metres above the sea, to the summit station "
            "Orsa Saddle at 1,968 metres. The line is 9.4 kilometres long, has a gauge of 800 millimetres and uses the "
            "Abt rack with two lamellae. The steepest stretch, between Larch Bridge and Grey Gallery, rises 25 percent.",
            "Construction began in April 1889 under the engineer Matilde Brunnhof and took three summers; the first "
            "train with passengers ran on 14 August 1892. Electric traction at 1,500 volts direct current replaced "
            "steam in 1937. The original locomotive number 2, built in Winterthur, still heads the heritage train on "
            "the first Sunday of each month from June to September.",
            "Intermediate stations are Mill Meadow (kilometre 2.1), Larch Bridge (kilometre 4.6) and Grey Gallery "
            "(kilometre 7.3). Trains cross only at Larch Bridge, where the loop holds two units of 32 metres.",
        ],
    ),
    (
        "2 Speeds and braking",
        [
            "Uphill trains run at no more than 18 kilometres an hour. Downhill the limit is 14 kilometres an hour, and "
            "10 kilometres an hour between Grey Gallery and Larch Bridge. The limit downhill is lower because the "
            "braking distance on 25 percent must stay under 35 metres.",
            "Each unit has three brakes that do not depend on one another: the electric brake, the band brake on the "
            "drive shafts, and the ratchet brake on the rack wheels. The driver tests all three at Orsa Saddle before "
            "every descent and signs the brake sheet. A unit with one brake out of order is taken down empty, at "
            "walking pace, with a second driver on the rear platform.",
            "If the overhead line loses its voltage, trains stop at once and stay held by the band brake. After ten "
            "minutes without voltage the control room sends the diesel car from the depot at Mill Meadow.",
        ],
    ),
    (
        "3 Winter service",
        [
            "From the second Monday of November to the last Friday of March trains run only as far as Grey Gallery. "
            "The stretch above lies in the path of the Saddle avalanche and is closed whatever the weather.",
            "The snow plough runs before the first train when more than 15 centimetres have fallen since the last one. "
            "Service stops when the anemometer at Grey Gallery shows gusts above 90 kilometres an hour, and may begin "
            "again after 30 minutes below 70. Points at Larch Bridge are heated from minus 2 degrees Celsius.",
            "Drivers carry a shovel, two blankets and six litres of drinking water from December to February. "
            "Passengers who wait in a stopped train for more than 40 minutes get hot drinks from the rescue sledge.",
        ],
    ),
    (
        "4 Passengers and luggage",
        [
            "A unit has 64 seats and takes 80 passengers; nobody stands on the platforms during a descent. Bicycles "
            "travel uphill only and cost 6 crowns each. Dogs ride free on a lead. Wheelchairs are welcome on every "
            "train: ring the summit office the day before on 0555 410 so that the ramp is ready at Orsa Saddle.",
            "Lost things are kept for 90 days at Halvern Lake station. Tickets that were not used because the service "
            "stopped are paid back in full at any counter within a year.",
        ],
    ),
]
FARES = [
    ("From Halvern Lake to", "Adult", "Child (6-15)", "Group, each"),
    ("Mill Meadow", "5.00", "2.50", "4.00"),
    ("Larch Bridge", "11.00", "5.50", "9.00"),
    ("Grey Gallery", "18.00", "9.00", "14.50"),
    ("Orsa Saddle", "26.00", "13.00", "21.00"),
]


class Pdf:
    """Just enough of PDF 1.4: text in standard fonts, lines, an outline."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.pages: list[list[str]] = []
        self.outline: list[tuple[str, int, float]] = []
        self.height = 0.0

    def new_page(self) -> None:
        self.pages.append([])
        self.text(72, 800, "F1", 8, self.title)
        self.height = 760

    def text(self, left: float, bottom: float, font: str, size: float, words: str) -> None:
        escaped = words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        self.pages[-1].append(f"BT /{font} {size} Tf {left} {bottom:.1f} Td ({escaped}) Tj ET")

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.pages[-1].append(f"0.6 w {x0} {y0:.1f} m {x1} {y1:.1f} l S")

    def heading(self, words: str, size: float = 14) -> None:
        if self.height < 150:
            self.new_page()
        self.height -= size
        self.text(72, self.height, "F2", size, words)
        self.outline.append((words, len(self.pages) - 1, self.height + size))
        self.height -= 14

    def paragraph(self, words: str) -> None:
        lines = textwrap.wrap(words, 88)
        if self.height - 14 * len(lines) < 80:
            self.new_page()
        for line in lines:
            self.height -= 14
            self.text(72, self.height, "F1", 10.5, line)
        self.height -= 10

    def table(self, rows: list[tuple[str, ...]], lefts: list[float]) -> None:
        top = self.height
        for number, row in enumerate(rows):
            for left, cell in zip(lefts, row, strict=False):
                self.text(left + 5, top - 15 - 20 * number, "F1" if number else "F2", 10, cell)
        for number in range(len(rows) + 1):
            self.rule(lefts[0], top - 20 * number, lefts[-1], top - 20 * number)
        for left in lefts:
            self.rule(left, top, left, top - 20 * len(rows))
        self.height = top - 20 * len(rows) - 20

    def save(self, path: Path) -> None:
        for number, page in enumerate(self.pages, 1):
            self.pages[number - 1] = [*page, f"BT /F1 8 Tf 270 40 Td (Page {number} of {len(self.pages)}) Tj ET"]
        path.write_bytes(_file(self._objects()))

    def _objects(self) -> list[str]:
        count = len(self.pages)
        first_page, first_item = 6, 6 + 2 * count
        kids = " ".join(f"{first_page + 2 * number} 0 R" for number in range(count))
        objects = [
            "<< /Type /Catalog /Pages 2 0 R /Outlines 5 0 R >>",
            f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
            f"<< /Type /Outlines /First {first_item} 0 R /Last {first_item + len(self.outline) - 1} 0 R "
            f"/Count {len(self.outline)} >>",
        ]
        for number, page in enumerate(self.pages):
            content = "\n".join(page)
            objects.append(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> "
                f"/Contents {first_page + 2 * number + 1} 0 R >>"
            )
            objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
        for number, (words, page_number, top) in enumerate(self.outline):
            beside = f"/Next {first_item + number + 1} 0 R " if number + 1 < len(self.outline) else ""
            beside += f"/Prev {first_item + number - 1} 0 R " if number else ""
            place = f"[{first_page + 2 * page_number} 0 R /XYZ 72 {top:.0f} 0]"
            objects.append(f"<< /Title ({words}) /Parent 5 0 R {beside}/Dest {place} >>")
        objects.append(f"<< /Title ({self.title}) /Author (Halvern Rack Railway) >>")
        return objects


def _file(objects: list[str]) -> bytes:
    """The last object is the document's information."""
    content = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    trailer = f"<< /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>"
    start = len(content)
    return content + (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n"
    ).encode("ascii")


def handbook() -> None:
    pdf = Pdf(HANDBOOK_TITLE)
    pdf.new_page()
    pdf.heading(HANDBOOK_TITLE, 20)
    for title, paragraphs in HANDBOOK:
        pdf.heading(title)
        for paragraph in paragraphs:
            pdf.paragraph(paragraph)
        if title.startswith(("1", "3")):
            pdf.new_page()
    pdf.heading("5 Fares")
    pdf.paragraph("Single fares in crowns, valid from 1 May 2026. A return ticket costs one and a half single fares.")
    pdf.table(FARES, [72, 230, 310, 400, 500])
    pdf.save(HERE / "halvern-railway-handbook.pdf")


# ---------------------------------------------------------------- Word

MAINTENANCE: list[tuple[str, list[str]]] = [
    (
        "Purpose",
        [
            "This plan says what is looked after on the Halvern Rack Railway, how often, and by whom. It replaces the "
            "plan of 2019 and is reviewed every three years by the chief engineer, at present Ilse Tarnow.",
        ],
    ),
    (
        "Rack and rail",
        [
            "The rack is walked once a week from Orsa Saddle down to Halvern Lake. The walker measures the wear of the "
            "teeth at twelve marked places; a bar whose teeth have lost more than 6 millimetres is replaced within a "
            "fortnight. Rack bars are greased every 400 kilometres run by a unit, with a grease based on rapeseed oil "
            "because the line crosses a drinking water zone.",
            "Sleepers of larch last about 28 years. Some 300 of the 14,600 sleepers are renewed each spring.",
        ],
    ),
    (
        "Vehicles",
        [
            "A unit goes to the workshop at Mill Meadow after every 2,000 kilometres for a small inspection of one "
            "day, and after every 60,000 kilometres for a large one that takes five weeks.",
        ],
    ),
]
INSPECTIONS = [
    ("Part", "Interval", "Who", "Time needed"),
    ("Rack teeth", "weekly", "track walker", "6 hours"),
    ("Overhead line", "monthly", "two electricians", "1 day"),
    ("Band brakes", "every 2,000 km", "workshop", "3 hours"),
    ("Larch Bridge bearings", "twice a year", "outside firm", "2 days"),
    ("Avalanche fences", "each October", "forest service", "1 week"),
]
STATUTES: list[tuple[str, list[str]]] = [
    (
        "第一章 总则",
        [
            "第一条 云岭高山茶叶合作社（以下简称合作社）由云岭乡七个村的茶农于二〇一一年三月十八日共同设立，现有社员二百四十六户。",
            "第二条 合作社的宗旨是统一技术、统一加工、统一销售，提高茶叶品质，增加社员收入，保护古茶树和水源。",
        ],
    ),
    (
        "第二章 社员",
        [
            "第三条 凡在云岭乡承包茶园三亩以上、承认并遵守本章程的农户，经理事会审查、社员大会通过，均可入社。入社须缴纳股金八百元。",
            "第四条 社员享有一人一票的表决权。出资最多的社员另享有附加表决权，但附加票数不得超过总票数的百分之二十。",
            "第五条 社员退社须在会计年度结束三个月前书面提出，股金在年度决算后六十日内退还。",
        ],
    ),
    (
        "第三章 收购与分配",
        [
            "第六条 鲜叶由合作社收购站当日收购、当日付款七成，余款在每季结束后十五日内付清。农药残留不合格的鲜叶一律拒收，并暂停该户交售资格三十天。",
            "第七条 年度盈余按下列顺序分配：提取公积金百分之十五，公益金百分之五，其余的百分之六十按交售量返还，百分之四十按股金分红。",
        ],
    ),
]
GRADES = [
    ("等级", "采摘标准", "收购价（元/公斤）"),
    ("特级", "单芽，清明前", "320"),
    ("一级", "一芽一叶，谷雨前", "180"),
    ("二级", "一芽二叶", "96"),
    ("三级", "一芽三叶及同等嫩度对夹叶", "42"),
]


def word(
    name: str,
    title: str,
    sections: list[tuple[str, list[str]]],
    caption: str,
    rows: list[tuple[str, ...]],
    closing: list[str],
) -> None:
    document = docx.Document()
    document.core_properties.title = title
    document.core_properties.author = "Diglot samples"
    document.core_properties.created = document.core_properties.modified = MOMENT
    document.add_heading(title, 0)
    for heading, paragraphs in sections:
        document.add_heading(heading, 1)
        for paragraph in paragraphs:
            document.add_paragraph(paragraph)
    document.add_heading(caption, 1)
    table = document.add_table(rows=0, cols=len(rows[0]))
    table.style = "Table Grid"
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    for point in closing:
        document.add_paragraph(point, style="List Bullet")
    document.save(str(HERE / name))


# ---------------------------------------------------------------- Excel

TIMETABLE = [
    ("Train", "Halvern Lake", "Mill Meadow", "Larch Bridge", "Grey Gallery", "Orsa Saddle", "Runs"),
    ("R1", "06:40", "06:50", "07:02", "07:16", "-", "daily"),
    ("R3", "08:10", "08:20", "08:32", "08:46", "08:58", "daily, April to early November"),
    ("R5", "09:40", "09:50", "10:02", "10:16", "10:28", "daily, April to early November"),
    ("R7", "11:10", "11:20", "11:32", "11:46", "11:58", "daily, April to early November"),
    ("H9", "12:30", "12:45", "13:05", "13:30", "13:50", "heritage train, first Sunday, June to September"),
    ("R11", "14:10", "14:20", "14:32", "14:46", "14:58", "daily, April to early November"),
    ("R13", "16:40", "16:50", "17:02", "17:16", "-", "daily"),
    ("S15", "20:30", "20:40", "20:52", "21:06", "21:18", "star train, Fridays in July and August"),
]
FLEET = [
    ("Unit", "Name", "Built", "Seats", "Power (kW)", "Kilometres run"),
    (2, "Matilde", 1891, 48, 220, 412_300),
    (21, "Larch", 1974, 64, 480, 1_286_540),
    (22, "Gentian", 1974, 64, 480, 1_301_220),
    (31, "Orsa", 2009, 64, 620, 498_760),
    (32, "Chough", 2011, 64, 620, 455_110),
]
HARVEST = [
    ("村名", "茶园面积（亩）", "春茶（公斤）", "夏茶（公斤）", "秋茶（公斤）", "全年合计（公斤）"),
    ("上云村", 412, 9_860, 4_120, 6_035, 20_015),
    ("下云村", 388, 8_940, 3_870, 5_410, 18_220),
    ("竹坪村", 295, 7_120, 2_940, 4_260, 14_320),
    ("石桥村", 341, 7_905, 3_310, 4_880, 16_095),
    ("古树村", 176, 5_230, 0, 2_115, 7_345),
    ("雾谷村", 264, 6_480, 2_705, 3_990, 13_175),
    ("茶马村", 318, 7_350, 3_060, 4_470, 14_880),
]
PRICES = [
    ("品名", "规格", "零售价（元）", "保质期（月）"),
    ("云岭白毫", "50 克罐装", 168, 24),
    ("云岭绿雪", "100 克袋装", 96, 18),
    ("古树红", "75 克礼盒", 218, 36),
    ("雾谷乌龙", "125 克袋装", 132, 24),
]


def excel(name: str, sheets: dict[str, list[tuple[object, ...]]]) -> None:
    workbook = xlsxwriter.Workbook(str(HERE / name))
    workbook.set_properties({"author": "Diglot samples", "created": MOMENT})
    bold = workbook.add_format({"bold": True})
    for title, rows in sheets.items():
        sheet = workbook.add_worksheet(title)
        sheet.set_column(0, len(rows[0]), 18)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row, bold if number == 0 else None)
    workbook.close()


# ---------------------------------------------------------------- texts

VISITOR_GUIDE = """\
# Mount Orsa Observatory: visitor guide

The observatory stands at 2,140 metres on the shoulder of Mount Orsa, twenty-five minutes on foot from Orsa Saddle \
station. It was founded in 1926 by the clockmaker Henrik Vall, who left his savings to "whoever will keep the dome open \
to the valley".

## Opening hours

- **Exhibition:** Tuesday to Sunday, 10:00 to 17:00.
- **Star evenings:** Fridays in July and August, 21:30 to midnight, weather permitting.
- **Closed** from the second Monday of November until Easter.

On star evenings the railway runs an extra train (S15), and the last descent leaves Orsa Saddle at 00:20.

## The telescopes

### The Vall refractor

The old telescope has a lens of 38 centimetres and a focal length of 5.7 metres. It was ground in Jena and carried up in \
1928 on a sledge drawn by eleven men and two mules. Visitors may look through it on star evenings.

### The Lantern

The working instrument is a reflector with a mirror of 1.2 metres, called the Lantern. Since 2014 it has searched the \
sky for near-Earth asteroids and has found 173 of them; the largest, 2016 HV4, is about 900 metres across.

## Rules of the dark

1. Only red torches after sunset. The office lends them against a deposit of 5 crowns.
2. No flash and no screens on the terrace.
3. Drones are forbidden within two kilometres: the dome's motors hear them as an alarm.

## Groups and schools

Groups of more than 12 must book at least ten days ahead. School classes pay nothing on weekday mornings. A talk takes \
50 minutes and is held in English, German or Chinese.
"""

NIGHT_LOG = """\
MOUNT ORSA OBSERVATORY - NIGHT LOG, WEEK 3 OF 2026
Observer: Petra Lindqvist. Instrument: the Lantern, 1.2 m. Times in UTC.

12 January
Dome opened 17:05. Seeing 1.1 arcseconds, humidity 46 percent. Surveyed fields 118 to 131. One new moving object, later
confirmed as 2026 AK2, magnitude 20.4. Closed 05:40 because of rising humidity.

13 January
No observations. Wind from the north-west at 88 km/h, gusts to 104. The railway above Grey Gallery is closed for the
winter, so the relief observer came up on skis with the forest service.

14 January
Dome opened 18:30 after the ice on the shutter had been melted with warm air, which took 70 minutes. Seeing 0.7
arcseconds, the best of the season. Surveyed fields 131 to 160. The camera's cooler held minus 85 degrees all night.

15 January
Power failed at 22:14. The batteries carried camera and dome for 3 hours 20 minutes; the generator was started at 01:30
and voltage returned at 02:05. No data lost. To do: replace battery string B, which dropped below 44 volts.

16 January
Full cloud. Mirror washed with carbon dioxide snow. Reflectivity rose from 86 to 91 percent at 550 nanometres.
"""

OBSERVATORY_FAQ = """\
<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Tickets and travel: questions and answers</title>
<style>body { font-family: serif }</style></head>
<body>
<nav><a href="/">Home</a> <a href="/tickets">Tickets</a> <a href="/contact">Contact</a></nav>
<h1>Tickets and travel: questions and answers</h1>
<h2>What does a visit cost?</h2>
<table>
<tr><th>Ticket</th><th>Exhibition</th><th>Star evening</th></tr>
<tr><td>Adult</td><td>9 crowns</td><td>24 crowns</td></tr>
<tr><td>Student, senior</td><td>6 crowns</td><td>16 crowns</td></tr>
<tr><td>Child under 12</td><td>free</td><td>8 crowns</td></tr>
</table>
<h2>Can I take back a star evening ticket if clouds come?</h2>
<p>Yes. If the dome stays closed we decide by 18:00 and write to you. You may come on another Friday or get your money
back; the fee of the payment service, 0.80 crowns, is lost.</p>
<h2>How do I get there without walking far?</h2>
<p>From Orsa Saddle station a level gravel path of 1.6 kilometres leads to the dome. The electric cart takes four people
and must be booked by noon; it costs 10 crowns a ride and nothing for holders of a disability card.</p>
<h2>Is there anything to eat?</h2>
<p>The hut beside the dome sells soup, bread and Yunling tea, which a cooperative in China has sent us each spring since
the two valleys became partners in 2017.</p>
<h2>Can I bring my own telescope?</h2>
<p>On star evenings there are fourteen numbered pads with power on the terrace. Ask for one when you buy your ticket.</p>
<footer>Mount Orsa Observatory Foundation</footer>
</body>
</html>
"""

TEA_CRAFT = """\
# 云岭高山茶制作工艺

云岭茶园分布在海拔一千一百米至一千六百五十米之间，终年多雾，土壤为微酸性黄壤。本文记录合作社加工厂通行的做法，供新社员学习。

## 一、采摘

清明前采单芽，谷雨前采一芽一叶。上午露水干后开始采，下午四时前送到收购站。鲜叶用竹篓盛装，每篓不超过五公斤，不得挤压。

## 二、摊青

鲜叶薄摊在竹匾上，厚度约两厘米，室温保持在十八至二十二摄氏度，时间六至八小时。叶色由鲜绿转为暗绿、青草气消退即可。

## 三、杀青

绿茶用滚筒杀青，筒壁温度二百四十摄氏度，投叶九十秒后出锅。杀青不足会使茶汤发红，过度则有焦味。

## 四、揉捻与做形

- 云岭绿雪：轻揉十五分钟，不加压。
- 云岭白毫：不揉捻，直接进入萎凋架，三十六小时自然萎凋。
- 雾谷乌龙：摇青四次，每次间隔一小时二十分钟，然后包揉。

## 五、干燥与贮藏

先用一百一十摄氏度烘二十分钟，摊凉一小时，再用八十摄氏度复烘四十分钟，使含水量降到百分之五以下。成品装入铝箔袋，存放在五摄氏度以下的冷库。

## 六、古树红茶的特别之处

古树村的茶树树龄多在一百五十年以上，每年只采春秋两季，夏季封园养树。发酵在二十六摄氏度、湿度百分之九十的房间里进行，约四个半小时。
"""

HOSTEL_NOTICE = """\
茶马古道驿站游客须知

一、入住时间为下午两点以后，退房时间为次日上午十一点以前。提前到达的客人可以把行李寄存在前台，不收费用。

二、驿站共有客房二十二间，其中四间为无障碍客房。每间客房备有热水袋和手电筒，因为山区夜间常会停电，停电时请不要使用明火。

三、从驿站到古树村步行约两小时，途中要经过三座石桥。雨季（六月至九月）石桥可能被洪水淹没，请务必先向前台打听路况，不要独自出行。

四、采茶体验每天上午八点和下午两点各一场，每场限十五人，每人收费六十元，包括斗笠、竹篓和两个小时的讲解。采下的茶叶可以请加工厂代为炒制，三天后邮寄。

五、驿站餐厅供应早餐（七点到九点半）和晚餐（五点半到八点）。素食请提前半天告知。招牌菜是竹筒饭和茶香腊肉。

六、如需急救，请拨打驿站值班电话 0999-5120，最近的卫生院在石桥村，车程二十五分钟。
"""

COOPERATIVE_FAQ = """\
<!DOCTYPE html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>合作社常见问题</title><script>var unused = 1;</script></head>
<body>
<nav><a href="/">首页</a> <a href="/shop">商店</a></nav>
<h1>云岭高山茶叶合作社常见问题</h1>
<h2>怎样辨别是不是真正的云岭茶？</h2>
<p>每个包装背面都有一枚圆形的追溯码。扫码可以看到采摘日期、村名和制茶师傅的姓名。没有追溯码的都不是本社产品。</p>
<h2>网上订购多久能收到？</h2>
<p>每天下午三点以前的订单当天发货。省内两天到达，省外三到五天。满二百元免运费，不满二百元收运费十二元。</p>
<h2>茶叶可以退货吗？</h2>
<p>未拆封的茶叶在收到后十五天内可以退货，退货运费由买家承担；如果是质量问题，运费由合作社承担，并赔偿一罐同等价格的茶。</p>
<h2>合作社为什么和国外的天文台有来往？</h2>
<p>二〇一七年，云岭乡与哈尔文山谷结为友好乡谷。每年春天合作社送去新茶，奥尔萨山天文台则为云岭的孩子们举办线上观星课，每学期四次。</p>
<h2>可以参观加工厂吗？</h2>
<p>可以。加工厂每周三、周六下午开放，请提前两天电话预约。春茶季节（三月二十日至四月二十日）因生产繁忙暂停参观。</p>
</body>
</html>
"""

STAR_CAMP = """\
云岭观星营地手册

【时间与地点】营地设在竹坪村后山的草坪上，海拔一千五百八十米。每年举办两次：英仙座流星雨期间（八月十一日至十四日）和双子座流星雨期间（十二月十二日至十五日）。

【装备】营地提供八台口径二百毫米的道布森望远镜，每台供四人使用。请自备羽绒服，十二月夜间气温可低至零下十二摄氏度。

【光线】日落以后只准使用红光手电。车辆必须在晚上七点以前停入村口停车场，以免车灯影响观测。

【课程】第一晚学习认星和使用星图，第二晚学习拍摄星轨，第三晚由奥尔萨山天文台的研究员通过网络讲解近地小行星。

【费用】成人每人四百八十元，学生每人二百六十元，包括三晚帐篷住宿和六餐。云岭乡的学生免费。

【天气】如果连续两晚阴雨，营地退还一半费用，或者保留名额到下一次。
"""


def main() -> None:
    handbook()
    word(
        "railway-maintenance-plan.docx",
        "Maintenance plan 2026 to 2028",
        MAINTENANCE,
        "Inspections",
        INSPECTIONS,
        [
            "Faults that touch safety are reported to the control room at once and to the chief engineer the same day.",
            "Records are kept for thirty years in the archive at Halvern Lake.",
        ],
    )
    word(
        "云岭茶叶合作社章程.docx",
        "云岭高山茶叶合作社章程",
        STATUTES,
        "附件 鲜叶等级与收购价",
        GRADES,
        ["本章程自二〇一一年三月十八日起施行，二〇二四年一月六日第三次修订。"],
    )
    excel("railway-timetable.xlsx", {"Uphill trains": list(TIMETABLE), "Fleet": list(FLEET)})
    excel("茶园产量与价格.xlsx", {"2025年产量": list(HARVEST), "零售价格": list(PRICES)})
    (HERE / "observatory-visitor-guide.md").write_text(VISITOR_GUIDE, "utf-8", newline="\n")
    (HERE / "observatory-night-log.txt").write_text(NIGHT_LOG, "utf-8", newline="\n")
    (HERE / "observatory-questions.html").write_text(OBSERVATORY_FAQ, "utf-8", newline="\n")
    (HERE / "高山茶制作工艺.md").write_text(TEA_CRAFT, "utf-8", newline="\n")
    (HERE / "古道驿站游客须知.txt").write_text(HOSTEL_NOTICE, "gb18030", newline="\r\n")
    (HERE / "合作社常见问题.html").write_text(COOPERATIVE_FAQ, "utf-8", newline="\n")
    (HERE / "观星营地手册.txt").write_text(STAR_CAMP, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
