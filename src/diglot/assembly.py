"""The one place that sees everything: settings to a wired house."""

from dataclasses import dataclass
from types import TracebackType

from diglot.adapters.blobs.local import LocalBlobs
from diglot.adapters.embedders.endpoint import is_loopback
from diglot.adapters.embedders.reach import Reach
from diglot.adapters.embedders.registry import ModelRegistry
from diglot.adapters.embedders.shelf import Shelf
from diglot.adapters.embedders.store import ModelStore
from diglot.adapters.index.embedded import EmbeddedIndex
from diglot.adapters.ocr.choosing import choose
from diglot.adapters.parsers import legacy_office
from diglot.adapters.parsers.sandbox import SandboxedParser
from diglot.adapters.passwords import Argon2
from diglot.adapters.pictures.local import LocalPictures
from diglot.adapters.rerankers.registry import RerankerRegistry
from diglot.adapters.tokenizers.mixed import MixedTokenizer
from diglot.catalog.database import Database, migrate, open_database
from diglot.ingestion.recognising import OcrLimits
from diglot.library.accounts import Accounts
from diglot.library.capacity import Capacity
from diglot.library.children import Children
from diglot.library.chunk_tags import ChunkTags
from diglot.library.chunks import Chunks
from diglot.library.datasets import Datasets
from diglot.library.documents import Documents
from diglot.library.downloads import Downloads
from diglot.library.fields import Fields
from diglot.library.generations import Generations
from diglot.library.jobs import Jobs
from diglot.library.keys import Keys
from diglot.library.members import Members
from diglot.library.metadata import Metadata
from diglot.library.models import Models
from diglot.library.pages import Pages
from diglot.library.passwords import Passwords
from diglot.library.preview import Previews
from diglot.library.querylog import QueryLog
from diglot.library.rulebook import Rulebook
from diglot.library.sessions import Sessions
from diglot.library.standing import Standing
from diglot.library.switches import Switches
from diglot.library.tags import Tags
from diglot.library.uploads import Uploads
from diglot.library.usage import Usage
from diglot.library.watching import Watching
from diglot.ports.blobs import Blobs
from diglot.ports.embedder import Embedders
from diglot.ports.index import Index
from diglot.ports.ocr import Ocr
from diglot.ports.parser import ParseLimits, Parser
from diglot.ports.pictures import Pictures
from diglot.ports.reranker import Rerankers
from diglot.ports.tokenizer import Tokenizer
from diglot.retrieval.explaining import Explainer
from diglot.retrieval.search import Retriever
from diglot.settings import Settings


@dataclass(frozen=True, slots=True)
class Diglot:
    """The house. Opening it costs connections and open files, no model and no parser until they are first used."""

    settings: Settings
    database: Database
    blobs: Blobs
    index: Index
    parser: Parser
    pictures: Pictures
    tokenizer: Tokenizer
    embedders: Embedders
    rerankers: Rerankers
    ocr: Ocr
    retriever: Retriever
    explainer: Explainer
    datasets: Datasets
    documents: Documents
    downloads: Downloads
    chunks: Chunks
    children: Children
    keys: Keys
    accounts: Accounts
    sessions: Sessions
    members: Members
    switches: Switches
    rulebook: Rulebook
    metadata: Metadata
    fields: Fields
    tags: Tags
    chunk_tags: ChunkTags
    pages: Pages
    previews: Previews
    jobs: Jobs
    watching: Watching
    standing: Standing
    querylog: QueryLog
    usage: Usage
    models: Models

    def close(self) -> None:
        self.watching.close()
        self.querylog.close()
        self.parser.close()
        self.ocr.close()
        self.embedders.close()
        self.rerankers.close()
        self.index.close()
        self.database.close()

    def __enter__(self) -> "Diglot":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def build(settings: Settings, *, model_threads: int | None = None) -> Diglot:
    """Wires the house over a catalog that is up to date; see `open_house` for one that may not be. `model_threads` that
    a local model may use in this process; None: one a core."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = open_database(settings.catalog_url)
    blobs = LocalBlobs(settings.blobs_folder)
    index = EmbeddedIndex(settings.index_folder)
    parser = SandboxedParser(unpacks=settings.zip == "on")
    pictures = LocalPictures(settings.pictures_folder)
    ocr = recogniser(settings)
    limits = parse_limits(settings)
    tokenizer = MixedTokenizer()
    embedders, rerankers = _models(settings, tokenizer, model_threads)
    generations = Generations(embedders, tokenizer)
    uploads = Uploads(blobs, parser, file_bytes=settings.file_bytes)
    capacity = Capacity(
        database,
        settings.data,
        disk_reserve_bytes=settings.disk_reserve_bytes,
        queue_limit=settings.queue_limit,
    )
    keys = Keys(database)
    if settings.bootstrap_key is not None:
        keys.bootstrap(settings.bootstrap_key.get_secret_value())
    switches = Switches(database, is_api_allowed=settings.api_enabled)
    sessions, passwords = Sessions(database), Passwords(Argon2())

    def forget() -> None:
        keys.forget()
        sessions.forget()

    retriever = Retriever(database, index, tokenizer, embedders, rerankers)
    return Diglot(
        settings=settings,
        database=database,
        blobs=blobs,
        index=index,
        parser=parser,
        pictures=pictures,
        tokenizer=tokenizer,
        embedders=embedders,
        rerankers=rerankers,
        ocr=ocr,
        retriever=retriever,
        explainer=Explainer(database, index, tokenizer, embedders, retriever),
        datasets=Datasets(database, generations),
        documents=Documents(database, uploads, capacity, generations),
        downloads=Downloads(database, blobs, link_seconds=settings.link_seconds),
        chunks=Chunks(database, embedders, tokenizer),
        children=Children(database, embedders),
        keys=keys,
        accounts=Accounts(database, passwords, sessions),
        sessions=sessions,
        members=Members(database, passwords, forget),
        switches=switches,
        rulebook=Rulebook(database),
        metadata=Metadata(database),
        fields=Fields(database),
        tags=Tags(database),
        chunk_tags=ChunkTags(database),
        pages=Pages(database, blobs, parser, pictures, limits),
        previews=Previews(database, blobs, parser, ocr, limits, ocr_limits(settings)),
        jobs=Jobs(database, capacity),
        watching=Watching(database),
        standing=Standing(database, settings.data, ocr, reads_legacy=legacy_office.is_installed),
        querylog=QueryLog(database, switches),
        usage=Usage(database),
        models=Models(database, embedders, Shelf(ModelStore(settings.models_folder), tokenizer, _reach(settings))),
    )


def open_house(settings: Settings) -> Diglot:
    """Brings the catalog up to date first: for commands and tests, which no supervisor prepares for."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    migrate(settings.catalog_url)
    return build(settings)


def parse_limits(settings: Settings) -> ParseLimits:
    return ParseLimits(
        wall_seconds=settings.parse_seconds,
        cpu_seconds=max(1, round(settings.parse_seconds * 0.8)),
        memory_bytes=settings.parse_memory_bytes,
    )


def ocr_limits(settings: Settings) -> OcrLimits:
    return OcrLimits(settings.ocr_pages, settings.ocr_page_seconds)


def recogniser(settings: Settings) -> Ocr:
    """The configured text recognition alone."""
    return choose(settings.ocr, settings.ocr_languages, settings.ocr_memory_bytes)


def models(settings: Settings) -> tuple[Embedders, Rerankers]:
    """The configured models alone."""
    return _models(settings, MixedTokenizer(), None)


def _models(settings: Settings, tokenizer: Tokenizer, threads: int | None) -> tuple[ModelRegistry, RerankerRegistry]:
    store, reach = ModelStore(settings.models_folder), _reach(settings)
    embedders = ModelRegistry(store, tokenizer, settings.embedding_model, threads, reach)
    return embedders, RerankerRegistry(store, threads, reach)


def _reach(settings: Settings) -> Reach:
    """A server that only this machine can ask may ask this machine."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return Reach.of(settings.model_hosts, allows_loopback=is_loopback(f"http://{host}"))
