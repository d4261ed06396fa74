"""`diglot demo`: from nothing to answers with scores and page numbers, through both dialects."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import httpx
import typer

from diglot.adapters.embedders.adding import add_model
from diglot.adapters.embedders.store import ModelStore
from diglot.cli.passages import passage
from diglot.cli.places import place
from diglot.cli.processes import RunningServer
from diglot.cli.screen import answers, errors, progress_bar
from diglot.domain.errors import DiglotError
from diglot.domain.parsed import Anchor

INGEST_SECONDS = 180.0
AUTOMATIC = {"indexing_technique": "high_quality", "process_rule": {"mode": "automatic"}}


def demo(
    exit_when_done: Annotated[
        bool, typer.Option("--exit", help="Stop after the answers instead of serving on.")
    ] = False,
) -> None:
    """Serve sample documents in English and Chinese from a throw-away folder, ask questions, print the hits."""
    with TemporaryDirectory(prefix="diglot-demo-") as folder, _samples() as samples:
        _add_model(Path(folder))
        with RunningServer(Path(folder)) as server, _client(server) as client:
            dataset = client.post("/v1/datasets", json={"name": "Samples"}).json()["id"]
            _upload(client, dataset, samples)
            _ask_all(client, dataset, json.loads((samples / "questions.json").read_text("utf-8")))
            _say_where(server)
            if not exit_when_done:
                _serve_on(server)


@contextmanager
def _samples() -> Iterator[Path]:
    """The samples inside the package, or beside it in a source checkout."""
    packaged = files("diglot") / "samples"
    if packaged.is_dir():
        with as_file(packaged) as folder:
            yield folder
        return
    yield Path(__file__).parents[3] / "samples"


def _add_model(data: Path) -> None:
    try:
        with errors.status("Adding the embedding model minilm"):
            add_model(ModelStore(data / "models"), "minilm")
    except DiglotError as error:
        errors.print(f"[yellow]minilm cannot be had ({error.message}); going on with the built-in embedder.[/yellow]")


def _client(server: RunningServer) -> httpx.Client:
    def check(response: httpx.Response) -> None:
        if response.is_error:
            response.read()
            raise DiglotError(f"{response.request.url.path} answered {response.status_code}: {response.text}")

    headers = {"Authorization": f"Bearer {server.key}"}
    hooks: dict[str, list[Any]] = {"response": [check]}
    return httpx.Client(base_url=server.url, headers=headers, timeout=60, event_hooks=hooks)


def _upload(client: httpx.Client, dataset: str, samples: Path) -> None:
    wanted = sorted(path for path in samples.iterdir() if path.suffix != ".json")
    with progress_bar() as bar:
        task = bar.add_task("Loading sample documents", total=len(wanted))
        batches = [_upload_one(client, dataset, path) for path in wanted]
        deadline = time.monotonic() + INGEST_SECONDS
        for path, batch in zip(wanted, batches, strict=True):
            _wait_for(client, dataset, batch, path.name, deadline)
            bar.update(task, advance=1, description=path.name)


def _upload_one(client: httpx.Client, dataset: str, path: Path) -> str:
    answer = client.post(
        f"/v1/datasets/{dataset}/document/create-by-file",
        data={"data": json.dumps(AUTOMATIC)},
        files={"file": (path.name, path.read_bytes())},
    )
    batch: str = answer.json()["batch"]
    return batch


def _wait_for(client: httpx.Client, dataset: str, batch: str, name: str, deadline: float) -> None:
    while True:
        state = client.get(f"/v1/datasets/{dataset}/documents/{batch}/indexing-status").json()["data"][0]
        if state["indexing_status"] == "completed":
            return
        if state["indexing_status"] == "error" or time.monotonic() > deadline:
            raise DiglotError(f"{name}: {state['error'] or 'not ready in time'}")
        time.sleep(0.1)


def _ask_all(client: httpx.Client, dataset: str, questions: list[dict[str, str]]) -> None:
    retrieval = {
        "search_method": "hybrid_search",
        "reranking_enable": False,
        "top_k": 3,
        "score_threshold_enabled": False,
    }
    for question in questions:
        answer = client.post(
            f"/v1/datasets/{dataset}/retrieve", json={"query": question["question"], "retrieval_model": retrieval}
        )
        answers.print(f"\n{question['question']}", style="bold", markup=False)
        for number, record in enumerate(answer.json()["records"], 1):
            _show(number, record, question["question"])
        _ask_ragflow(client, dataset, question["question"])


def _ask_ragflow(client: httpx.Client, dataset: str, question: str) -> None:
    """The best hit again, as a RAGFlow client is told of it: the same data in the other dialect."""
    asked = {"question": question, "dataset_ids": [dataset], "page_size": 1}
    answer = client.post("/api/v1/retrieval", json=asked).json()
    if answer["code"] != 0 or not answer["data"]["chunks"]:
        raise DiglotError(f"/api/v1/retrieval found nothing: {answer['message']}")
    [best] = answer["data"]["chunks"]
    said = "  ".join(f"{name} {best[name]:.3f}" for name in ("similarity", "term_similarity", "vector_similarity"))
    answers.print(f"  RAGFlow: {best['document_keyword']}", markup=False)
    answers.print(f"     {said}", style="cyan", markup=False)


def _show(number: int, record: dict[str, Any], question: str) -> None:
    segment, scores = record["segment"], record["scores"]
    where = place([Anchor.from_json(anchor) for anchor in record["anchors"]])
    found = {"score": record["score"], "bm25": scores["bm25"], "cosine": scores["cosine"], "rerank": scores["rerank"]}
    said = "  ".join(f"{name} {score:.3f}" for name, score in found.items() if score is not None)
    answers.print(f"  {number}. {segment['document']['name']}  ({where or 'whole document'})", markup=False)
    answers.print(f"     {said}", style="cyan", markup=False)
    answers.print(f"     {passage(segment['content'], question)}", markup=False)


def _say_where(server: RunningServer) -> None:
    answers.print(f"\nDify Knowledge API:  {server.url}/v1")
    answers.print(f"RAGFlow API:         {server.url} (its clients add /api/v1)")
    answers.print(f"Key:                 {server.key}")
    answers.print(f"API descriptions:    {server.url}/openapi/dify.json, {server.url}/openapi/ragflow.json")


def _serve_on(server: RunningServer) -> None:
    answers.print("Serving until Ctrl-C.")
    try:
        server.wait()
    except KeyboardInterrupt:
        errors.print("Stopping.")
