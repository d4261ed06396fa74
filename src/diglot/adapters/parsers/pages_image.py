"""A page of a picture file for people: upright, in colour, white where it can be seen through."""

from diglot.adapters.parsers import pages_png
from diglot.adapters.parsers.image import check_size, count_pages, flattened, opened, points_of
from diglot.adapters.parsers.source import Source
from diglot.domain.errors import PageNotFound
from diglot.domain.picture import PageImage


def page_image(source: Source, page: int, most_width: int, most_height: int) -> PageImage:
    """Never larger than the picture itself."""
    with opened(source) as image:
        from PIL import Image, ImageOps

        pages = count_pages(image, source)
        if page > pages:
            raise PageNotFound
        if pages > 1:
            image.seek(page - 1)
        check_size(image, source)
        points, side = points_of(image), max(image.size)
        image.draft("RGB", (most_width, most_height))
        upright = ImageOps.exif_transpose(image)
        fitting = _fitting(upright.size, most_width, most_height)
        shown = flattened(upright, "RGB").resize(fitting, Image.Resampling.BOX)
        png = pages_png.encode(*fitting, shown.tobytes(), 3 * fitting[0])
        return PageImage(png, *fitting, points * side / max(fitting), pages)


def _fitting(size: tuple[int, int], most_width: int, most_height: int) -> tuple[int, int]:
    width, height = size
    scale = min(1.0, most_width / width, most_height / height)
    return max(1, round(width * scale)), max(1, round(height * scale))
