"""What the doors need of the house."""

from typing import Protocol

from diglot.catalog.database import Database
from diglot.library.accounts import Accounts
from diglot.library.children import Children
from diglot.library.chunk_tags import ChunkTags
from diglot.library.chunks import Chunks
from diglot.library.datasets import Datasets
from diglot.library.documents import Documents
from diglot.library.downloads import Downloads
from diglot.library.fields import Fields
from diglot.library.jobs import Jobs
from diglot.library.keys import Keys
from diglot.library.members import Members
from diglot.library.metadata import Metadata
from diglot.library.models import Models
from diglot.library.pages import Pages
from diglot.library.preview import Previews
from diglot.library.querylog import QueryLog
from diglot.library.rulebook import Rulebook
from diglot.library.sessions import Sessions
from diglot.library.standing import Standing
from diglot.library.switches import Switches
from diglot.library.tags import Tags
from diglot.library.usage import Usage
from diglot.library.watching import Watching
from diglot.ports.embedder import Embedders
from diglot.ports.index import Index
from diglot.ports.reranker import Rerankers
from diglot.ports.tokenizer import Tokenizer
from diglot.retrieval.explaining import Explainer
from diglot.retrieval.search import Retriever
from diglot.settings import Settings


class House(Protocol):
    @property
    def settings(self) -> Settings: ...

    @property
    def database(self) -> Database: ...

    @property
    def index(self) -> Index: ...

    @property
    def tokenizer(self) -> Tokenizer: ...

    @property
    def embedders(self) -> Embedders: ...

    @property
    def rerankers(self) -> Rerankers: ...

    @property
    def retriever(self) -> Retriever: ...

    @property
    def explainer(self) -> Explainer: ...

    @property
    def datasets(self) -> Datasets: ...

    @property
    def documents(self) -> Documents: ...

    @property
    def downloads(self) -> Downloads: ...

    @property
    def chunks(self) -> Chunks: ...

    @property
    def children(self) -> Children: ...

    @property
    def keys(self) -> Keys: ...

    @property
    def accounts(self) -> Accounts: ...

    @property
    def sessions(self) -> Sessions: ...

    @property
    def members(self) -> Members: ...

    @property
    def switches(self) -> Switches: ...

    @property
    def rulebook(self) -> Rulebook: ...

    @property
    def metadata(self) -> Metadata: ...

    @property
    def fields(self) -> Fields: ...

    @property
    def tags(self) -> Tags: ...

    @property
    def chunk_tags(self) -> ChunkTags: ...

    @property
    def pages(self) -> Pages: ...

    @property
    def previews(self) -> Previews: ...

    @property
    def jobs(self) -> Jobs: ...

    @property
    def watching(self) -> Watching: ...

    @property
    def standing(self) -> Standing: ...

    @property
    def querylog(self) -> QueryLog: ...

    @property
    def usage(self) -> Usage: ...

    @property
    def models(self) -> Models: ...
