"""A chart's numbers as a table: categories down, series across."""

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.encodings import clean

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
MOST_POINTS = 5000
MOST_SERIES = 200


def chart_rows(root: etree._Element) -> list[list[str]]:
    series = list(root.iter(f"{C}ser"))[:MOST_SERIES]
    if not series:
        return []
    categories = _points(series[0], "cat") or _points(series[0], "xVal")
    values = [_points(one, "val") or _points(one, "yVal") for one in series]
    places = sorted({place for points in (categories, *values) for place in points})
    head = ["", *(_series_name(one) for one in series)]
    return [head, *([categories.get(at, ""), *(points.get(at, "") for points in values)] for at in places)]


def _series_name(series: etree._Element) -> str:
    text = series.find(f"{C}tx")
    return "" if text is None else clean(" ".join(value.text or "" for value in text.iter(f"{C}v"))).strip()


def _points(series: etree._Element, name: str) -> dict[int, str]:
    """Place -> value, as the chart last showed them."""
    found: dict[int, str] = {}
    holder = series.find(f"{C}{name}")
    for point in holder.iter(f"{C}pt") if holder is not None else ():
        place = point.get("idx", "")
        if place.isdigit() and len(place) < 7 and len(found) < MOST_POINTS:
            found[int(place)] = clean(point.findtext(f"{C}v") or "").strip()
    return found
