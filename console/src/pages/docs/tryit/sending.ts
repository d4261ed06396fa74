import type { Prepared } from "../model/prepared";

/** Why nothing was sent, or nothing came back: each is a text of its own. */
export type Fault = "address" | "key" | "header" | "offline" | "insecure" | "foreign" | "unreachable";

export class NotSent extends Error {
  constructor(readonly fault: Fault) {
    super(fault);
  }
}

export type Content =
  | { kind: "none" }
  | { kind: "text"; text: string; isCut: boolean; isOpen: boolean }
  | { kind: "file"; blob: Blob; type: string };

export interface Received {
  status: number;
  statusText: string;
  ms: number;
  headers: [string, string][];
  content: Content;
}

const MOST_CHARACTERS = 200_000;
const STREAM = "text/event-stream";
const KEY_CHARACTERS = /^[\x21-\x7e]+$/;

/** `tell` hears of the answer each time there is more of it. Ends with the answer, or when `signal` says so. */
export async function send(
  request: Prepared,
  key: string,
  files: Record<string, File[]>,
  signal: AbortSignal,
  tell: (received: Received) => void,
): Promise<void> {
  const options = { ...optionsOf(request, key, files), signal, credentials: "omit" as const };
  const began = performance.now();
  const answer = await fetched(request.url, options, signal);
  const told = (content: Content) => tell({ ...headOf(answer, performance.now() - began), content });
  const type = answer.headers.get("content-type") ?? "";
  if (type.startsWith(STREAM)) return readStream(answer, signal, told);
  const blob = await answer.blob();
  told(
    blob.size === 0 ? { kind: "none" } : isText(type) ? cut(await blob.text(), false) : { kind: "file", blob, type },
  );
}

function optionsOf(request: Prepared, key: string, files: Record<string, File[]>): RequestInit {
  requireAddress(request.url);
  if (request.needsKey && key && !KEY_CHARACTERS.test(key)) throw new NotSent("key");
  const headers = headersOf(request);
  if (request.needsKey && key) headers.set("Authorization", `Bearer ${key}`);
  if (request.body.kind === "json") headers.set("Content-Type", "application/json");
  const { method, body } = request;
  if (body.kind === "none") return { method, headers };
  return { method, headers, body: body.kind === "json" ? body.text : formOf(body.parts, files) };
}

function requireAddress(url: string): void {
  if (!URL.canParse(url) || !/^https?:/.test(url)) throw new NotSent("address");
  if (location.protocol === "https:" && url.startsWith("http:")) throw new NotSent("insecure");
}

function headersOf(request: Prepared): Headers {
  try {
    return new Headers(request.headers);
  } catch {
    throw new NotSent("header");
  }
}

function formOf(parts: [string, string][], files: Record<string, File[]>): FormData {
  const form = new FormData();
  for (const [name, some] of Object.entries(files)) some.forEach((file) => form.append(name, file, file.name));
  for (const [name, value] of parts) form.append(name, value);
  return form;
}

/** A browser tells a page nothing of why a request failed, so what is known beside it has to do. */
async function fetched(url: string, options: RequestInit, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, options);
  } catch (error) {
    if (signal.aborted) throw error;
    const isForeign = new URL(url).origin !== location.origin;
    if (!navigator.onLine) throw new NotSent("offline");
    throw new NotSent(isForeign ? "foreign" : "unreachable");
  }
}

function headOf(answer: Response, ms: number): Omit<Received, "content"> {
  return { status: answer.status, statusText: answer.statusText, ms, headers: [...answer.headers.entries()] };
}

const isText = (type: string) => type === "" || /^(text\/|application\/(.*\+)?(json|xml|yaml|javascript))/.test(type);

function cut(text: string, isOpen: boolean): Content {
  return { kind: "text", text: text.slice(0, MOST_CHARACTERS), isCut: text.length > MOST_CHARACTERS, isOpen };
}

async function readStream(answer: Response, signal: AbortSignal, told: (content: Content) => void): Promise<void> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  told(cut(text, true));
  while (reader) {
    const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
    if (done || signal.aborted || text.length > MOST_CHARACTERS) break;
    text += value ?? "";
    told(cut(text, true));
  }
  await reader?.cancel().catch(() => undefined);
  told(cut(text, false));
}

/** JSON with indents; anything else as it is. */
export function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
