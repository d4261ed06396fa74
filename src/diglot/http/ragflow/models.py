"""Models as RAGFlow's clients name them: `name@provider`."""

from diglot.domain.errors import ModelNotFound
from diglot.http.house import House
from diglot.http.ragflow.errors import Refused, data_error, field_error

NO_PROVIDER = "embedding model identifier must follow <model_name>@<provider> format"
EMPTY_PART = "both model_name and provider must be non-empty strings"
# Default values of ragflow-sdk 0.16 to 0.18 and of 0.19.
CLIENTS_DEFAULTS = frozenset({"BAAI/bge-large-zh-v1.5", "BAAI/bge-large-zh-v1.5@BAAI"})


def shown(house: House, name: str | None) -> str:
    """`name@provider`; the name alone where the server has the model no more, empty where there is none."""
    if name is None:
        return ""
    try:
        model = house.embedders.describe(name)
    except ModelNotFound:
        return name
    return f"{model.name}@{model.provider}"


def chosen(house: House, sent: str | None) -> str | None:
    """Our name of the model, None where none was sent. `Refused` in RAGFlow's words."""
    return None if sent is None else named(house, sent)


def named(house: House, sent: str, field: str = "embedding_model") -> str:
    """Our name of the model. `Refused` in RAGFlow's words, which name the field."""
    known = _known(house, sent)
    if known is None:
        raise _refusal(house, sent, field)
    return known


def chosen_first(house: House, sent: str | None) -> str | None:
    """For a new dataset: a name that an old client sends unasked and that is unknown here means the default one."""
    if sent is not None and sent in CLIENTS_DEFAULTS and _known(house, sent) is None:
        return None
    return chosen(house, sent)


def _known(house: House, sent: str) -> str | None:
    """By a name or alias of ours, whatever stands in it, or by name and provider."""
    found = house.embedders.resolve(sent)
    if found is not None:
        return found
    name, _, provider = sent.rpartition("@")
    found = house.embedders.resolve(name) if name else None
    if found is None or house.embedders.describe(found).provider.lower() != provider.lower():
        return None
    return found


def _refusal(house: House, sent: str, field: str) -> Refused:
    name, at, provider = sent.partition("@")
    if not at and len(sent) != 32:
        return field_error(field, NO_PROVIDER, sent)
    if at and not (name.strip() and provider.strip()):
        return field_error(field, EMPTY_PART, sent)
    asked = provider.rpartition("@")[2]
    known = {house.embedders.describe(one).provider.lower() for one in house.embedders.names()}
    if at and asked.lower() not in known:
        return data_error(f"Provider {asked} not found for model {sent}.")
    return data_error(f"Model {sent} not found for model embedding")
