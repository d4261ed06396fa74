/**
 * Files on their way to the server. The list lives beside the pages, so that an upload goes on while another page is
 * looked at. Requests are made by XMLHttpRequest: it alone tells how much of a body has been sent.
 */

import { useSyncExternalStore } from "react";

import { ApiError, forgetToken, request, token } from "./client";
import { plainId, type DocForm, type Indexing } from "./datasets";
import { parseDocuments } from "./documents";

const AT_ONCE = 3;
const MOST_WAITS = 6;
const WAIT_MS = 2000;

export interface Segmentation {
  separator: string;
  max_tokens: number;
  chunk_overlap?: number;
}

export interface ProcessRule {
  mode: "automatic" | "custom" | "hierarchical";
  rules?: {
    pre_processing_rules: { id: string; enabled: boolean }[];
    segmentation: Segmentation;
    parent_mode?: "paragraph" | "full-doc";
    subchunk_segmentation?: Segmentation;
  };
}

/** How a file becomes chunks: as its dataset says, by Dify's rules or by one of RAGFlow's methods. */
export type UploadRules =
  | { kind: "dataset" }
  | { kind: "process_rule"; process_rule: ProcessRule; doc_form: DocForm }
  | { kind: "method"; chunk_method: string; parser_config: Record<string, unknown> };

export type UploadState = "waiting" | "sending" | "stored" | "failed";

export interface Upload {
  id: number;
  datasetId: string;
  file: File;
  rules: UploadRules;
  indexing: Indexing;
  state: UploadState;
  sent: number;
  error: string | null;
}

let uploads: readonly Upload[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

export function useUploads(datasetId: string): Upload[] {
  const all = useSyncExternalStore(listen, () => uploads);
  return all.filter((one) => one.datasetId === datasetId);
}

function listen(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

function keep(changed: readonly Upload[]): void {
  uploads = changed;
  listeners.forEach((tell) => tell());
}

function note(id: number, change: Partial<Upload>): void {
  keep(uploads.map((one) => (one.id === id ? { ...one, ...change } : one)));
}

export function addUploads(datasetId: string, files: File[], rules: UploadRules, indexing: Indexing): void {
  const added = files.map((file): Upload => ({
    id: nextId++,
    datasetId,
    file,
    rules,
    indexing,
    state: "waiting",
    sent: 0,
    error: null,
  }));
  keep([...uploads, ...added]);
  goOn();
}

export function retryUpload(id: number): void {
  note(id, { state: "waiting", sent: 0, error: null });
  goOn();
}

/** Whatever is being sent is sent to its end. */
export function forgetUploads(ids: number[]): void {
  keep(uploads.filter((one) => !ids.includes(one.id) || one.state === "sending"));
}

function goOn(): void {
  const free = AT_ONCE - uploads.filter((one) => one.state === "sending").length;
  const next = uploads.filter((one) => one.state === "waiting").slice(0, Math.max(0, free));
  for (const one of next) {
    note(one.id, { state: "sending" });
    void send(one).finally(goOn);
  }
}

async function send(upload: Upload): Promise<void> {
  try {
    await patiently(() => (upload.rules.kind === "method" ? sendByMethod(upload) : sendByRule(upload)));
    note(upload.id, { state: "stored", sent: 1 });
  } catch (error) {
    note(upload.id, { state: "failed", error: error instanceof Error ? error.message : String(error) });
  }
}

/** A server that is full says when to come again. */
async function patiently(work: () => Promise<void>): Promise<void> {
  for (let waits = 0; ; waits++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 429) || waits === MOST_WAITS) throw error;
      await pause((error.retryAfter ?? 0) * 1000 || WAIT_MS);
    }
  }
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

async function sendByRule(upload: Upload): Promise<void> {
  const { rules, indexing } = upload;
  const data: Record<string, unknown> = { indexing_technique: indexing };
  if (rules.kind === "process_rule")
    Object.assign(data, { process_rule: rules.process_rule, doc_form: rules.doc_form });
  await post(`/v1/datasets/${upload.datasetId}/document/create-by-file`, upload, { data: JSON.stringify(data) });
}

interface Stored {
  data: { id: string; chunk_method: string }[];
}

async function sendByMethod(upload: Upload): Promise<void> {
  const { rules, datasetId } = upload;
  if (rules.kind !== "method") return;
  const answer = (await post(`/api/v1/datasets/${plainId(datasetId)}/documents`, upload, {})) as Stored;
  const stored = answer.data[0];
  if (!stored) throw new Error(upload.file.name);
  await request(`/api/v1/datasets/${plainId(datasetId)}/documents/${stored.id}`, {
    method: "PUT",
    json: { chunk_method: rules.chunk_method, parser_config: rules.parser_config },
  }).catch(keepOwnMethod);
  await parseDocuments(datasetId, [stored.id]);
}

/** Slides, pictures and mails have a method of their own, which stays. */
function keepOwnMethod(error: unknown): void {
  if (!(error instanceof ApiError && error.code === "102")) throw error;
}

async function post(path: string, upload: Upload, fields: Record<string, string>): Promise<unknown> {
  try {
    return await posted(path, upload, fields);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401)) throw error;
    forgetToken();
    return posted(path, upload, fields);
  }
}

async function posted(path: string, upload: Upload, fields: Record<string, string>): Promise<unknown> {
  const bearer = await token();
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", upload.file, upload.file.name);
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest();
    sending.open("POST", path);
    sending.setRequestHeader("Authorization", `Bearer ${bearer}`);
    sending.responseType = "text";
    sending.upload.onprogress = ({ loaded, total }) => note(upload.id, { sent: total ? loaded / total : 0 });
    sending.onerror = () => reject(new ApiError(0, "unreachable", ""));
    sending.onload = () => {
      const said = saidBy(sending.responseText);
      const refused = refusal(sending, said);
      if (refused) reject(refused);
      else resolve(said);
    };
    sending.send(form);
  });
}

interface Said {
  code?: string | number;
  message?: string;
}

function saidBy(text: string): Said {
  try {
    return (JSON.parse(text) ?? {}) as Said;
  } catch {
    return {};
  }
}

function refusal(sending: XMLHttpRequest, { code, message }: Said): ApiError | null {
  const isFine = sending.status < 300 && (typeof code !== "number" || code === 0);
  if (isFine) return null;
  const wait = Number(sending.getResponseHeader("retry-after")) || undefined;
  return new ApiError(sending.status, String(code ?? sending.status), message ?? sending.statusText, undefined, wait);
}
