/*
 * The life of a dataset as a program writes it with the published `dify-client` of npm. It has methods for apps alone, but its
 * `sendRequest` reaches every route. Arguments: FOLDER (where the client is installed), URL, KEY.
 */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [folder, url, key] = process.argv.slice(2);
const installed = createRequire(path.join(folder, "here.js")).resolve("dify-client");
const { DifyClient } = await import(pathToFileURL(installed));

const TEXT = "The battery lasts ten hours.\n电池可以使用十小时。";
const BY_LINES = {
  mode: "custom",
  rules: { pre_processing_rules: [], segmentation: { separator: "\n", max_tokens: 500 } },
};
const BY_PARENTS = {
  mode: "hierarchical",
  rules: {
    pre_processing_rules: [],
    parent_mode: "paragraph",
    segmentation: { separator: "\n\n", max_tokens: 500 },
    subchunk_segmentation: { separator: "\n", max_tokens: 200 },
  },
};
const client = new DifyClient(key, `${url}/v1`);

async function sent(method, route, data = null, params = null) {
  const answer = await client.sendRequest(method, route, data, params);
  return answer.data;
}

async function status(method, route, data = null) {
  return (await client.sendRequest(method, route, data)).status;
}

async function withFile(method, route, data) {
  const form = new FormData();
  form.append("data", JSON.stringify(data));
  form.append("file", new Blob([TEXT]), "说明.txt");
  const answer = await client.sendRequest(method, route, form, null, false, { "Content-Type": "multipart/form-data" });
  return answer.data;
}

/** The status and code that a call is refused with. */
async function refused(promise) {
  const error = await promise.then(
    () => assert.fail("was not refused"),
    (raised) => raised,
  );
  assert.ok(error.response, String(error));
  return [error.response.status, error.response.data.code];
}

async function completed(dataset, batch) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const { data } = await sent("GET", `${dataset}/documents/${batch}/indexing-status`);
    if (data[0].indexing_status === "completed") return data[0];
    assert.ok(Date.now() < deadline, JSON.stringify(data));
    await new Promise((resume) => setTimeout(resume, 50));
  }
}

async function datasets() {
  const made = await sent("POST", "/datasets", { name: "by node", description: "d", indexing_technique: "high_quality" });
  assert.deepEqual([made.name, made.permission], ["by node", "only_me"]);
  assert.deepEqual(await refused(sent("POST", "/datasets", { name: "by node" })), [409, "dataset_name_duplicate"]);
  const dataset = `/datasets/${made.id}`;
  assert.equal((await sent("GET", dataset)).id, made.id);
  assert.equal((await sent("PATCH", dataset, { description: "changed" })).description, "changed");
  const page = await sent("GET", "/datasets", null, { keyword: "by node", page: 1, limit: 5 });
  assert.deepEqual(
    page.data.map((one) => one.id),
    [made.id],
  );
  return made.id;
}

async function documents(dataset) {
  const first = await sent("POST", `${dataset}/document/create-by-text`, {
    name: "notes",
    text: "Cats sleep all day.",
    indexing_technique: "high_quality",
    process_rule: { mode: "automatic" },
  });
  assert.deepEqual([first.document.name, first.document.indexing_status], ["notes", "waiting"]);
  const seed = await sent("POST", `${dataset}/document/create_by_text`, { name: "seed", text: "Dogs bark." });
  assert.equal(seed.document.name, "seed.txt");
  const byFile = await withFile("POST", `${dataset}/document/create-by-file`, { process_rule: BY_LINES });
  assert.equal(byFile.document.name, "说明.txt");
  const bySeed = await withFile("POST", `${dataset}/document/create_by_file`, { process_rule: BY_LINES });
  assert.equal((await completed(dataset, first.batch)).id, first.document.id);
  assert.equal((await completed(dataset, seed.batch)).total_segments, 1);
  for (const one of [byFile, bySeed]) assert.equal((await completed(dataset, one.batch)).completed_segments, 2);
  const named = await sent("GET", `${dataset}/documents`, null, { keyword: "说明", limit: 1 });
  assert.deepEqual([named.total, named.data.length, named.has_more], [2, 1, true]);
  assert.equal(await status("DELETE", `${dataset}/documents/${bySeed.document.id}`), 200);
  assert.equal(await status("DELETE", `${dataset}/documents/${seed.document.id}`), 200);
  return { notes: first.document.id, file: byFile.document.id };
}

async function updates(dataset, document) {
  const at = `${dataset}/documents/${document}`;
  for (const form of ["update-by-text", "update_by_text"]) {
    const updated = await sent("POST", `${at}/${form}`, { name: form, text: "Horses run." });
    assert.equal(updated.document.id, document);
    await completed(dataset, updated.batch);
  }
  for (const [method, form] of [
    ["POST", "/update-by-file"],
    ["POST", "/update_by_file"],
    ["PATCH", ""],
  ]) {
    const name = `${method} ${form.slice(1) || "alone"}`;
    const updated = await withFile(method, `${at}${form}`, { name, process_rule: BY_LINES });
    assert.deepEqual([updated.document.id, updated.document.name], [document, name]);
    assert.equal((await completed(dataset, updated.batch)).total_segments, 2);
  }
  const shown = await sent("GET", at, null, { metadata: "without" });
  assert.deepEqual([shown.indexing_status, shown.segment_count, "doc_metadata" in shown], ["completed", 2, false]);
  for (const [action, then] of [
    ["disable", "disabled"],
    ["enable", "available"],
    ["archive", "archived"],
    ["un_archive", "available"],
  ]) {
    const done = await sent("PATCH", `${dataset}/documents/status/${action}`, { document_ids: [document] });
    assert.deepEqual([done, (await sent("GET", at)).display_status], [{ result: "success" }, then]);
  }
  const unknown = sent("PATCH", `${dataset}/documents/status/forget`, { document_ids: [document] });
  assert.deepEqual(await refused(unknown), [400, "invalid_action"]);
}

async function files(dataset, document) {
  const at = `${dataset}/documents/${document}`;
  const info = await sent("GET", `${at}/upload-file`);
  assert.deepEqual([info.name, info.size], ["说明.txt", Buffer.byteLength(TEXT)]);
  for (const link of [info.download_url, (await sent("GET", `${at}/download`)).url]) {
    assert.equal(await (await fetch(link)).text(), TEXT);
  }
  const zip = await client.sendRequest("POST", `${dataset}/documents/download-zip`, { document_ids: [document] }, null, true);
  const pieces = await zip.data.toArray();
  assert.equal(zip.headers["content-type"], "application/zip");
  assert.ok(Buffer.concat(pieces).includes("说明.txt"));
}

async function segments(dataset, document) {
  const at = `${dataset}/documents/${document}/segments`;
  const added = await sent("POST", at, { segments: [{ content: "Zebras graze.", keywords: ["zebra"] }] });
  const [{ id }] = added.data;
  assert.deepEqual((await sent("GET", `${at}/${id}`)).data.keywords, ["zebra"]);
  const edited = await sent("POST", `${at}/${id}`, { segment: { content: "Okapis graze.", enabled: true } });
  assert.equal(edited.data.content, "Okapis graze.");
  const page = await sent("GET", at, null, { keyword: "okapi", status: "completed", page: 1, limit: 5 });
  assert.deepEqual(
    page.data.map((one) => one.id),
    [id],
  );
  assert.deepEqual(await sent("DELETE", `${at}/${id}`), { result: "success" });
  assert.deepEqual(await refused(sent("GET", `${at}/${id}`)), [404, "not_found"]);
}

async function children() {
  const { id } = await sent("POST", "/datasets", { name: "of parents and children" });
  const parted = `/datasets/${id}`;
  const made = await sent("POST", `${parted}/document/create-by-text`, {
    name: "parents",
    text: "Cats sleep.\nCats purr.\n\nDogs bark.",
    indexing_technique: "high_quality",
    doc_form: "hierarchical_model",
    process_rule: BY_PARENTS,
  });
  await completed(parted, made.batch);
  const at = `${parted}/documents/${made.document.id}/segments`;
  const [parent] = (await sent("GET", at)).data;
  const contents = async (params = null) =>
    (await sent("GET", `${at}/${parent.id}/child_chunks`, null, params)).data.map((one) => one.content);
  assert.deepEqual(await contents(), ["Cats sleep.", "Cats purr."]);
  const added = await sent("POST", `${at}/${parent.id}/child_chunks`, { content: "Cats climb." });
  const child = `${at}/${parent.id}/child_chunks/${added.data.id}`;
  assert.equal((await sent("PATCH", child, { content: "Cats jump." })).data.content, "Cats jump.");
  assert.deepEqual(await contents({ keyword: "JUMP", page: 1, limit: 5 }), ["Cats jump."]);
  const [found] = (await sent("POST", `${parted}/retrieve`, { query: "who can purr" })).records;
  assert.deepEqual([found.segment.id, found.child_chunks[0].content], [parent.id, "Cats purr."]);
  assert.equal(await status("DELETE", child), 200);
  assert.deepEqual(await refused(sent("DELETE", child)), [404, "not_found"]);
  assert.equal(await status("DELETE", parted), 204);
}

async function retrieval(dataset, document) {
  const question = {
    query: "how long does the battery last",
    retrieval_model: { search_method: "hybrid_search", reranking_enable: false, top_k: 2, score_threshold_enabled: false },
  };
  for (const route of ["retrieve", "hit-testing"]) {
    const { query, records } = await sent("POST", `${dataset}/${route}`, question);
    assert.equal(query.content, question.query);
    assert.equal(records[0].segment.content, "The battery lasts ten hours.");
  }
  const { records } = await sent("POST", "/dify/retrieval", {
    knowledge_id: path.basename(dataset),
    query: "电池",
    retrieval_setting: { top_k: 1, score_threshold: 0.0 },
  });
  assert.equal(records[0].content, "电池可以使用十小时。");
  const only = { logical_operator: "and", conditions: [{ name: "year", comparison_operator: ">", value: 2021 }] };
  const filtered = { ...question.retrieval_model, metadata_filtering_conditions: only };
  const found = await sent("POST", `${dataset}/retrieve`, { ...question, retrieval_model: filtered });
  assert.deepEqual([...new Set(found.records.map((one) => one.segment.document.id))], [document]);
}

async function metadata(dataset, document) {
  const field = await sent("POST", `${dataset}/metadata`, { type: "number", name: "jahr" });
  assert.equal((await sent("PATCH", `${dataset}/metadata/${field.id}`, { name: "year" })).name, "year");
  const spare = await sent("POST", `${dataset}/metadata`, { type: "string", name: "spare" });
  assert.equal(await status("DELETE", `${dataset}/metadata/${spare.id}`), 204);
  const values = [{ id: field.id, name: "year", value: 2022 }];
  const change = { operation_data: [{ document_id: document, metadata_list: values }] };
  assert.deepEqual(await sent("POST", `${dataset}/documents/metadata`, change), { result: "success" });
  const fields = await sent("GET", `${dataset}/metadata`);
  assert.deepEqual(fields, {
    doc_metadata: [{ id: field.id, name: "year", type: "number", count: 1 }],
    built_in_field_enabled: false,
  });
  for (const action of ["enable", "disable"]) {
    assert.deepEqual(await sent("POST", `${dataset}/metadata/built-in/${action}`), { result: "success" });
    assert.equal((await sent("GET", dataset)).built_in_field_enabled, action === "enable");
  }
  for (const route of [`${dataset}/metadata/built-in`, "/datasets/metadata/built-in"]) {
    const { fields: builtIn } = await sent("GET", route);
    assert.deepEqual(
      builtIn.map((one) => one.name),
      ["document_name", "uploader", "upload_date", "last_update_date", "source"],
    );
  }
}

async function tags(dataset, id) {
  const tag = await sent("POST", "/datasets/tags", { name: "manuals" });
  assert.equal((await sent("PATCH", "/datasets/tags", { tag_id: tag.id, name: "guides" })).name, "guides");
  assert.equal(await status("POST", "/datasets/tags/binding", { tag_ids: [tag.id], target_id: id }), 204);
  for (const method of ["GET", "POST"]) {
    assert.deepEqual(await sent(method, `${dataset}/tags`), { data: [{ id: tag.id, name: "guides" }], total: 1 });
  }
  const tagged = await sent("GET", "/datasets", null, new URLSearchParams([["tag_ids", tag.id]]));
  assert.deepEqual(
    tagged.data.map((one) => one.id),
    [id],
  );
  assert.equal(await status("POST", "/datasets/tags/unbinding", { tag_id: tag.id, target_id: id }), 204);
  assert.equal(await status("DELETE", "/datasets/tags", { tag_id: tag.id }), 204);
  assert.deepEqual(
    (await sent("GET", "/datasets/tags")).filter((one) => one.id === tag.id),
    [],
  );
}

async function models() {
  const { data } = await sent("GET", "/workspaces/current/models/model-types/text-embedding");
  assert.ok(data.every((provider) => provider.models.every((one) => one.model_type === "text-embedding")));
  assert.ok(data.length > 0);
}

const id = await datasets();
const dataset = `/datasets/${id}`;
const { notes, file } = await documents(dataset);
await files(dataset, file);
await updates(dataset, notes);
await segments(dataset, notes);
await children();
await metadata(dataset, file);
await retrieval(dataset, file);
await tags(dataset, id);
await models();
client.updateApiKey("dataset-wrong");
assert.deepEqual(await refused(sent("GET", "/datasets")), [401, "unauthorized"]);
client.updateApiKey(key);
assert.equal(await status("DELETE", dataset), 204);
assert.deepEqual(await refused(sent("GET", dataset)), [404, "not_found"]);
console.log("ok");
