"""Datasets: create, change, remove, list."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import Connection

from diglot.catalog import datasets, documents, jobs, workspaces
from diglot.catalog import rules as rules_rows
from diglot.catalog.database import Database
from diglot.domain.api_key import Caller, Scope
from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.document import Phase
from diglot.domain.errors import ChunkFormDiffers, DatasetNotFound, DatasetsMissing, InvalidArgument, NameTaken
from diglot.domain.identity import DatasetId, GenerationId, new_id, now_ms
from diglot.domain.job import JobKind
from diglot.domain.page import Order, Page
from diglot.domain.rules import ChunkForm, ChunkingRules
from diglot.domain.search import RetrievalSettings
from diglot.library import auditing
from diglot.library.access import require, require_reach, require_tags, there
from diglot.library.generations import Builds, Generations
from diglot.library.naming import clean_name, numbered, unnumbered
from diglot.library.rulebook import NextRules

DESCRIPTION_LENGTH = 65535


@dataclass(frozen=True, slots=True)
class DatasetChange:
    """None leaves a field as it is. `rules`, or what `next_rules` makes of those that are there, are for documents to
    come; `next_rules` is for a change of some of their parts, so that it takes back no other. `attributes` are added to
    those that are there. `chunk_form` can only be another while there are no documents.

    `is_case_blind`: a name that differs from another's in case alone counts as taken. `emptied` names fields that
    shall hold nothing: description, avatar.
    """

    name: str | None = None
    description: str | None = None
    permission: str | None = None
    indexing: Indexing | None = None
    embedding_model: str | None = None
    retrieval: RetrievalSettings | None = None
    api_enabled: bool | None = None
    rules: ChunkingRules | None = None
    next_rules: NextRules | None = None
    avatar: str | None = None
    language: str | None = None
    boost: int | None = None
    attributes: Mapping[str, Any] | None = None
    chunk_form: ChunkForm | None = None
    is_case_blind: bool = False
    emptied: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DatasetFilter:
    """What a list of datasets is narrowed to; None: not narrowed. `keyword` occurs in the name, `name` is the name,
    both in either case."""

    keyword: str | None = None
    name: str | None = None
    ids: Collection[DatasetId] | None = None


ALL_DATASETS = DatasetFilter()


class Datasets:
    def __init__(self, database: Database, generations: Generations) -> None:
        self._database = database
        self._generations = generations

    def create(
        self,
        caller: Caller,
        name: str,
        *,
        description: str | None = None,
        permission: str = "only_me",
        indexing: Indexing | None = None,
        embedding_model: str | None = None,
        retrieval: RetrievalSettings | None = None,
        rules: ChunkingRules | None = None,
        avatar: str | None = None,
        language: str | None = None,
        attributes: Mapping[str, Any] | None = None,
        is_numbered: bool = False,
    ) -> Dataset:
        """`NameTaken`, unless `is_numbered`: then a name that is taken, in either case, gets a number. `NameInvalid`,
        `ModelNotFound`. A key restricted to some datasets makes new ones only with the scope admin, and its rules name
        no tag datasets but those it reaches."""
        require(caller, Scope.WRITE)
        if caller.datasets is not None:
            require(caller, Scope.ADMIN)
        now = now_ms()
        dataset = Dataset(
            id=DatasetId(new_id()),
            workspace_id=caller.workspace_id,
            name=clean_name(name),
            description=_description(description),
            permission=permission,
            indexing=indexing,
            chunk_form=_form(rules),
            embedding_model=self._generations.model_for(indexing, embedding_model),
            retrieval=retrieval.to_json() if retrieval else None,
            api_enabled=True,
            generation_id=GenerationId(""),
            document_count=0,
            available_count=0,
            chunk_count=0,
            word_count=0,
            created_by=caller.user_id,
            created_at=now,
            updated_by=caller.user_id,
            updated_at=now,
            avatar=avatar,
            language=language,
            attributes=None if attributes is None else dict(attributes),
        )
        work = partial(self._add, caller=caller, dataset=dataset, chosen=rules, is_numbered=is_numbered)
        return self._database.write(work)

    def get(self, caller: Caller, dataset_id: DatasetId) -> Dataset:
        require(caller, Scope.READ)
        require_reach(caller, dataset_id)
        with self._database.read() as connection:
            return there(datasets.get(connection, caller.workspace_id, dataset_id))

    def builds(self, caller: Caller, dataset_id: DatasetId) -> Builds:
        """`DatasetNotFound`, `IndexMissing`"""
        self.get(caller, dataset_id)
        with self._database.read() as connection:
            return self._generations.builds(connection, dataset_id)

    def by_name(self, caller: Caller, name: str) -> Dataset | None:
        require(caller, Scope.READ)
        with self._database.read() as connection:
            found = datasets.by_name(connection, caller.workspace_id, clean_name(name))
        if found is None or (caller.datasets is not None and found.id not in caller.datasets):
            return None
        return found

    def named(self, caller: Caller, name: str) -> Dataset:
        """`DatasetNotFound` if there is none of that name."""
        found = self.by_name(caller, name)
        if found is None:
            raise DatasetNotFound(f"There is no dataset named {name!r}.")
        return found

    def many(self, caller: Caller, dataset_ids: Iterable[DatasetId]) -> list[Dataset]:
        """In the order given. `DatasetsMissing`, also for those that the key does not reach."""
        require(caller, Scope.READ)
        wanted = list(dict.fromkeys(dataset_ids))
        if not wanted:
            return []
        reached = [one for one in wanted if caller.datasets is None or one in caller.datasets]
        with self._database.read() as connection:
            found = {one.id: one for one in datasets.many(connection, caller.workspace_id, reached)}
        if len(found) < len(wanted):
            raise DatasetsMissing(one for one in wanted if one not in found)
        return [found[one] for one in wanted]

    def list(
        self,
        caller: Caller,
        *,
        offset: int = 0,
        limit: int = 20,
        only: DatasetFilter = ALL_DATASETS,
        order: Order = Order.CREATED,
        is_descending: bool = True,
    ) -> Page[Dataset]:
        """Newest first, if not asked otherwise."""
        require(caller, Scope.READ)
        among = only.ids if caller.datasets is None else caller.datasets
        if only.ids is not None and caller.datasets is not None:
            among = caller.datasets & frozenset(only.ids)
        with self._database.read() as connection:
            return datasets.page(
                connection,
                caller.workspace_id,
                offset,
                limit,
                keyword=only.keyword,
                name=only.name,
                among=among,
                order=order,
                is_descending=is_descending,
            )

    def number(self, caller: Caller, dataset_id: DatasetId) -> int:
        """The whole number that names the dataset as well as its id does."""
        dataset = self.get(caller, dataset_id)
        with self._database.read() as connection:
            return datasets.number(connection, dataset.id)

    def by_number(self, caller: Caller, number: int) -> Dataset:
        """`DatasetNotFound`"""
        require(caller, Scope.READ)
        with self._database.read() as connection:
            found = there(datasets.by_number(connection, caller.workspace_id, number))
        require_reach(caller, found.id)
        return found

    def phases(self, caller: Caller, dataset_ids: Iterable[DatasetId]) -> dict[DatasetId, dict[Phase, int]]:
        """How many documents of each are in which phase. `DatasetsMissing`."""
        ids = [dataset.id for dataset in self.many(caller, dataset_ids)]
        with self._database.read() as connection:
            return documents.phases(connection, ids)

    def every(self, caller: Caller) -> Iterator[Dataset]:
        """All of them, newest first, fetched by the hundred."""
        offset = 0
        while True:
            page = self.list(caller, offset=offset, limit=100)
            yield from page.items
            if not page.has_more or not page.items:
                return
            offset += len(page.items)

    def update(self, caller: Caller, dataset_id: DatasetId, change: DatasetChange) -> Dataset:
        """`NameTaken`, `NameInvalid`, `ModelNotFound`, `ChunkFormDiffers`. Another embedding model, or another way of
        indexing, has a new index built beside the old one, which answers until the new one is complete."""
        require(caller, Scope.WRITE)
        require_reach(caller, dataset_id)
        columns = _columns(change)
        columns.update(updated_by=caller.user_id, updated_at=now_ms())
        work = partial(self._change, caller=caller, dataset_id=dataset_id, change=change, columns=columns)
        return self._database.write(work)

    def remove(self, caller: Caller, dataset_id: DatasetId) -> None:
        """Its documents are found no more from now on; a job clears what they left."""
        require(caller, Scope.WRITE)
        require_reach(caller, dataset_id)
        self._database.write(partial(_remove, caller=caller, dataset_id=dataset_id))

    def remove_many(self, caller: Caller, dataset_ids: Iterable[DatasetId]) -> int:
        """All of them or, if one is not there, none; how many. `DatasetsMissing`."""
        require(caller, Scope.WRITE)
        wanted = list(dict.fromkeys(dataset_ids))

        def work(connection: Connection) -> int:
            reached = [one for one in wanted if caller.datasets is None or one in caller.datasets]
            known = {dataset.id for dataset in datasets.many(connection, caller.workspace_id, reached)}
            if len(known) < len(wanted):
                raise DatasetsMissing(one for one in wanted if one not in known)
            for dataset_id in sorted(wanted):
                _remove(connection, caller, dataset_id)
            return len(wanted)

        return self._database.write(work)

    def _add(
        self,
        connection: Connection,
        caller: Caller,
        dataset: Dataset,
        chosen: ChunkingRules | None,
        is_numbered: bool,
    ) -> Dataset:
        workspaces.lock(connection, dataset.workspace_id)
        if is_numbered:
            dataset = replace(dataset, name=_numbered(connection, dataset))
        elif datasets.by_name(connection, dataset.workspace_id, dataset.name) is not None:
            raise NameTaken(name=dataset.name)
        datasets.add(connection, dataset)
        self._generations.begin(connection, dataset.id, dataset.embedding_model)
        if chosen is not None:
            require_tags(connection, caller, chosen)
            rule_id = rules_rows.add(connection, dataset.id, chosen, dataset.created_by)
            datasets.change(connection, dataset.workspace_id, dataset.id, rule_id=rule_id)
        return there(datasets.get(connection, dataset.workspace_id, dataset.id))

    def _change(
        self,
        connection: Connection,
        caller: Caller,
        dataset_id: DatasetId,
        change: DatasetChange,
        columns: dict[str, Any],
    ) -> Dataset:
        if change.name is not None:
            workspaces.lock(connection, caller.workspace_id)
        # Locked: of two who choose a model at once, the second sees what the first has had begun.
        before = there(datasets.lock(connection, caller.workspace_id, dataset_id))
        if change.name is not None and _is_taken(connection, before, columns["name"], change.is_case_blind):
            raise NameTaken(name=columns["name"])
        rules = _rules(connection, before, change)
        if rules is not None:
            require_tags(connection, caller, rules, before.rule_id)
            columns["rule_id"] = rules_rows.add(connection, dataset_id, rules, caller.user_id)
            columns["chunk_form"] = _form(rules) or before.chunk_form
        if change.chunk_form not in (None, before.chunk_form):
            _require_open(before)
            columns["chunk_form"] = change.chunk_form
        if change.attributes is not None:
            columns["attributes"] = {**(before.attributes or {}), **change.attributes}
        if change.api_enabled is not None:
            verb = "open to API keys" if change.api_enabled else "close to API keys"
            auditing.note(connection, caller, verb, "dataset", before.id, before.name)
        columns = columns | self._indexing(connection, before, change)
        return there(datasets.change(connection, caller.workspace_id, dataset_id, **columns))

    def _indexing(self, connection: Connection, before: Dataset, change: DatasetChange) -> dict[str, Any]:
        if change.indexing is None and change.embedding_model is None:
            return {}
        indexing = change.indexing or before.indexing
        model = self._generations.model_for(indexing, change.embedding_model or before.embedding_model)
        if (indexing, model) == (before.indexing, before.embedding_model):
            return {}
        if before.document_count:
            self._generations.begin_beside(connection, before.id, model)
        else:
            self._generations.begin(connection, before.id, model)
        return {"indexing": indexing, "embedding_model": model}


def _columns(change: DatasetChange) -> dict[str, Any]:
    columns: dict[str, Any] = dict.fromkeys(change.emptied)
    if change.name is not None:
        columns["name"] = clean_name(change.name)
    if change.description is not None:
        columns["description"] = _description(change.description)
    if change.permission is not None:
        columns["permission"] = change.permission
    if change.retrieval is not None:
        columns["retrieval"] = change.retrieval.to_json()
    columns |= {
        name: value
        for name in ("api_enabled", "avatar", "language", "boost")
        if (value := getattr(change, name)) is not None
    }
    return columns


def _rules(connection: Connection, before: Dataset, change: DatasetChange) -> ChunkingRules | None:
    if change.next_rules is None:
        return change.rules
    rule_id = before.rule_id or rules_rows.latest_ids(connection, [before.id]).get(before.id)
    return change.next_rules(None if rule_id is None else rules_rows.many(connection, [rule_id]).get(rule_id))


def _form(rules: ChunkingRules | None) -> ChunkForm | None:
    """The first document settles it where the rules leave it open."""
    is_open = rules is None or rules.method.form is ChunkForm.TEXT
    return None if is_open else ChunkForm.QUESTION_ANSWER


def _require_open(dataset: Dataset) -> None:
    """`ChunkFormDiffers`"""
    if dataset.chunk_form is not None and dataset.document_count:
        raise ChunkFormDiffers


def _numbered(connection: Connection, dataset: Dataset) -> str:
    if not datasets.is_name_taken(connection, dataset.workspace_id, dataset.name):
        return dataset.name
    taken = datasets.folded_names(connection, dataset.workspace_id, unnumbered(dataset.name))
    return numbered(dataset.name, taken)


def _description(text: str | None) -> str | None:
    if text is not None and len(text) > DESCRIPTION_LENGTH:
        raise InvalidArgument(f"The description is longer than {DESCRIPTION_LENGTH} characters.", "description")
    return text


def _is_taken(connection: Connection, before: Dataset, name: str, is_case_blind: bool) -> bool:
    if is_case_blind and name.casefold() != before.name.casefold():
        return datasets.is_name_taken(connection, before.workspace_id, name)
    other = datasets.by_name(connection, before.workspace_id, name)
    return other is not None and other.id != before.id


def _remove(connection: Connection, caller: Caller, dataset_id: DatasetId) -> None:
    now = now_ms()
    gone = there(datasets.change(connection, caller.workspace_id, dataset_id, deleted_at=now, updated_at=now))
    auditing.note(connection, caller, "delete", "dataset", gone.id, gone.name)
    jobs.cancel_dataset(connection, dataset_id)
    jobs.enqueue(connection, JobKind.PURGE, workspace_id=caller.workspace_id, dataset_id=dataset_id)
