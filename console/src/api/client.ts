/**
 * Every call goes to a public door with a bearer token. The session's cookie mints tokens and does nothing else; the
 * token lives in this module's memory and is gone with the page.
 */

interface Token {
  token: string;
  expires_at: number;
}

/** What a door said in place of what was asked for. `argument` names the field at fault where it is known. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly argument?: string,
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

const MARGIN_MS = 30_000;
export const SESSION = { "X-Diglot-Session": "1" };

let current: Token | null = null;
let minting: Promise<Token> | null = null;

/** A token that is good for some time still; `ApiError` 401 without a session. */
export async function token(): Promise<string> {
  if (current && current.expires_at - Date.now() > MARGIN_MS) return current.token;
  // Whoever asks meanwhile waits for the same token.
  minting ??= mint().finally(() => {
    minting = null;
  });
  current = await minting;
  return current.token;
}

async function mint(): Promise<Token> {
  const answer = await fetch("/diglot/v1/session/token", {
    method: "POST",
    headers: SESSION,
    credentials: "same-origin",
  });
  return answered<Token>(answer);
}

export function forgetToken(): void {
  current = null;
}

export interface Options {
  method?: string;
  query?: Record<string, string | number | boolean | string[] | undefined | null>;
  json?: unknown;
  form?: FormData;
  signal?: AbortSignal;
}

/** The answer as it came, whatever its status. A token that was refused is minted anew, once. */
export async function call(path: string, options: Options = {}): Promise<Response> {
  const answer = await sent(path, options);
  if (answer.status !== 401 || current === null) return answer;
  forgetToken();
  return sent(path, options);
}

async function sent(path: string, { method, query, json, form, signal }: Options): Promise<Response> {
  const headers: Record<string, string> = { Authorization: `Bearer ${await token()}` };
  if (json !== undefined) headers["Content-Type"] = "application/json";
  const body = form ?? (json === undefined ? undefined : JSON.stringify(json));
  return fetch(withQuery(path, query), {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers,
    ...(body === undefined ? {} : { body }),
    ...(signal ? { signal } : {}),
    credentials: "omit",
  });
}

/** The JSON of the answer; `ApiError` if the door refused. */
export async function request<T>(path: string, options: Options = {}): Promise<T> {
  return answered<T>(await call(path, options));
}

/** For the doors that are open without a token: setup, login. */
export async function open<T>(path: string, method = "GET", json?: unknown): Promise<T> {
  const headers = json === undefined ? SESSION : { ...SESSION, "Content-Type": "application/json" };
  const body = json === undefined ? {} : { body: JSON.stringify(json) };
  return answered<T>(await fetch(path, { method, headers, ...body, credentials: "same-origin" }));
}

async function answered<T>(answer: Response): Promise<T> {
  const text = await answer.text();
  const said: unknown = text ? safely(text) : undefined;
  if (!answer.ok) throw refusal(answer, said);
  // RAGFlow says under 200 what it refuses.
  if (isRecord(said) && typeof said.code === "number" && said.code !== 0) throw refusal(answer, said);
  return said as T;
}

function refusal(answer: Response, said: unknown): ApiError {
  const inner = isRecord(said) && isRecord(said.error) ? said.error : isRecord(said) ? said : {};
  const message = typeof inner.message === "string" ? inner.message : answer.statusText;
  const argument = typeof inner.argument === "string" ? inner.argument : undefined;
  const wait = Number(answer.headers.get("retry-after")) || undefined;
  return new ApiError(answer.status, String(inner.code ?? answer.status), message, argument, wait);
}

function safely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function withQuery(path: string, query: Options["query"] = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value)) value.forEach((one) => parameters.append(name, one));
    else if (value !== undefined && value !== null && value !== "") parameters.append(name, String(value));
  }
  const text = parameters.toString();
  return text ? `${path}?${text}` : path;
}
