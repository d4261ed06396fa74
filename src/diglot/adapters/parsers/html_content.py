"""What of a page is its content: the rest is there for moving about, for machines or for nobody to see."""

from lxml import etree  # type: ignore[import-untyped]  # ships no types

HEADINGS = {f"h{level}": level for level in range(1, 7)}
BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset"}
    | {"figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "legend", "li", "main", "ol", "p", "pre"}
    | {"section", "summary", "ul", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "caption", *HEADINGS}
)
DROPPED = frozenset(
    {"script", "style", "noscript", "template", "nav", "svg", "head", "iframe", "object", "embed", "footer", "rt", "rp"}
    | {"audio", "video", "canvas", "map", "button", "select", "datalist", "input", "textarea", "dialog"}
)
_ROLES = frozenset(
    {"navigation", "search", "contentinfo", "complementary", "dialog", "alertdialog", "menu", "menubar", "toolbar"}
)
# Marks beside headings that link to them, and what MediaWiki puts around an article.
_CLASSES = frozenset({"headerlink", "anchorjs-link", "mw-editsection", "mw-jump-link", "navbox", "noprint", "sr-only"})
_MAIN, _MAIN_ROLE = etree.XPath(".//main"), etree.XPath(".//*[@role='main']")
_SMALLEST_SHARE = 4
"""A part marked as the main one is believed if it holds at least one in so many of the page's characters."""


def is_dropped(element: etree._Element, in_main: bool) -> bool:
    """An `aside` is a remark in the main content and a side bar elsewhere."""
    tag = element.tag
    if not isinstance(tag, str) or tag in DROPPED or (tag == "aside" and not in_main):
        return True
    # Most elements have no attributes at all.
    attributes = element.attrib
    return bool(attributes) and _is_unseen(tag, attributes)


def _is_unseen(tag: str, attributes: etree._Attrib) -> bool:
    if "hidden" in attributes or (attributes.get("aria-hidden") == "true" and tag != "img"):
        return True
    if attributes.get("role") in _ROLES:
        return True
    style = attributes.get("style")
    if style and "display:none" in style.replace(" ", "").lower():
        return True
    names = attributes.get("class")
    return bool(names) and not _CLASSES.isdisjoint(names.split())


def main_parts(root: etree._Element) -> tuple[list[etree._Element], bool]:
    """The elements to read, and whether they are marked as the main content. A heading that stands above the main
    content goes with it."""
    main = _marked(root)
    if main is None or _weight(main) * _SMALLEST_SHARE < _weight(root):
        return [root], False
    title = next(root.iter("h1"), None) if next(main.iter("h1"), None) is None else None
    return [main] if title is None else [title, main], True


def _marked(root: etree._Element) -> etree._Element | None:
    for found in (_MAIN(root), _MAIN_ROLE(root)):
        if len(found) == 1:
            return found[0]
    article = next(root.iter("article"), None)
    # Several articles are a list of them, and all of it is the content; comments are articles in an article.
    if article is not None and _count(root, "article") == _count(article, "article"):
        return article
    return None


def _count(parent: etree._Element, tag: str) -> int:
    return sum(1 for _ in parent.iter(tag))


def _weight(parent: etree._Element) -> int:
    return sum(len(words) for words in parent.itertext() if not words.isspace())
