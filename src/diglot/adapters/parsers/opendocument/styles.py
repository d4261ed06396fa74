"""What paragraphs inherit from the styles of the document."""

from dataclasses import dataclass

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.opendocument.package import STYLE

_LONGEST_LINE = 20


@dataclass(frozen=True, slots=True)
class Styles:
    parents: dict[str, str]

    @staticmethod
    def of(*roots: etree._Element | None) -> "Styles":
        return Styles(
            {
                style.get(f"{STYLE}name", ""): style.get(f"{STYLE}parent-style-name", "")
                for root in roots
                if root is not None
                for style in root.iter(f"{STYLE}style")
                if style.get(f"{STYLE}family") == "paragraph"
            }
        )

    def is_title(self, name: str) -> bool:
        for _ in range(_LONGEST_LINE):
            if not name or name == "Title":
                break
            name = self.parents.get(name, "")
        return name == "Title"
