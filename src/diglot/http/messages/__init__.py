"""What the OpenAPI documents say, in another language than English. English stands in the code and is the key; a folder
beside this file holds a language, one file a dialect, and `common.json` for what several of them say."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson

ENGLISH = "en"
LANGUAGES = (ENGLISH, "zh")
FOLDER = Path(__file__).parent
TEXTS = frozenset({"summary", "description", "x-displayName"})
# Below these the keys are names that an API chose, not OpenAPI's own words: a field may be called `description`.
NAMED = frozenset(
    {"paths", "responses", "content", "encoding", "schemas", "securitySchemes", "properties", "$defs", "headers"}
)
# What is sent is the same in every language.
SENT = frozenset({"example", "default", "enum", "const"})

Say = Callable[[str], str]


def language_of(wanted: str, accepted: str) -> str:
    """`wanted`: what the address asks for; `accepted`: the header Accept-Language. English where neither names ours."""
    return next((one for one in (_ours(wanted), *map(_ours, _by_preference(accepted))) if one), ENGLISH)


def translated(document: Mapping[str, Any], language: str) -> dict[str, Any]:
    """An OpenAPI document for those who read this language; what its catalog lacks stays English."""
    messages = catalog(language)
    return rephrased(document, lambda text: messages.get(text, text))


def rephrased(document: Mapping[str, Any], say: Say) -> dict[str, Any]:
    """An OpenAPI document with every text for readers said by `say`. What clients and server send stays as it is."""
    said: dict[str, Any] = _rephrased(document, say)
    return said | {"info": said["info"] | {"title": say(document["info"]["title"])}}


@cache
def catalog(language: str) -> Mapping[str, str]:
    """English to this language; nothing for English itself."""
    return {english: text for file in files(language) for english, text in orjson.loads(file.read_bytes()).items()}


def files(language: str) -> list[Path]:
    return sorted((FOLDER / language).glob("*.json"))


def _rephrased(part: Any, say: Say) -> Any:
    if isinstance(part, list):
        return [_rephrased(one, say) for one in part]
    if not isinstance(part, dict):
        return part
    return {key: _of_key(key, value, say) for key, value in part.items()}


def _of_key(key: str, value: Any, say: Say) -> Any:
    if key in SENT:
        return value
    if key == "examples":
        return _examples(value, say)
    if key in TEXTS and isinstance(value, str):
        return say(value)
    if key in NAMED and isinstance(value, dict):
        return {name: _rephrased(one, say) for name, one in value.items()}
    return _rephrased(value, say)


def _examples(examples: Any, say: Say) -> Any:
    """A schema's are values. An answer's have names, and a summary that is an error's code."""
    if not isinstance(examples, dict):
        return examples
    return {
        name: one | {"description": say(one["description"])} if "description" in one else one
        for name, one in examples.items()
    }


def _ours(tag: str) -> str | None:
    language = tag.strip().lower().replace("_", "-").partition("-")[0]
    return language if language in LANGUAGES else None


def _by_preference(accepted: str) -> list[str]:
    """The language tags of an Accept-Language header, those that are wanted most first."""
    weighed = [(_weight(rest), tag) for tag, _, rest in (one.partition(";") for one in accepted.split(","))]
    return [tag for weight, tag in sorted(weighed, key=lambda one: -one[0]) if weight > 0]


def _weight(parameter: str) -> float:
    try:
        return float(parameter.strip().removeprefix("q=")) if parameter.strip() else 1.0
    except ValueError:
        return 0.0
