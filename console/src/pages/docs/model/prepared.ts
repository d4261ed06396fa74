import { accessOf, FORM_TYPE, JSON_TYPE, type Media, type Operation, type Schemas } from "./openapi";
import { fieldsOf, isFile, isJson, isMany, type Field } from "./schema";

/** What a reader has filled in. `media` is empty where an operation takes no body. */
export interface Draft {
  query: Record<string, string>;
  headers: string;
  media: string;
  json: string;
  parts: Record<string, string>;
  files: Record<string, File[]>;
}

export type Body =
  | { kind: "none" }
  | { kind: "json"; text: string }
  | { kind: "form"; parts: [string, string][]; files: [string, string][] };

/** A request as it would be sent, but for its key. */
export interface Prepared {
  method: string;
  url: string;
  headers: [string, string][];
  needsKey: boolean;
  body: Body;
}

/** How a field of a form is asked for. */
export type PartKind = "file" | "files" | "json" | "text";
export interface Part extends Field {
  kind: PartKind;
}

const INDENT = 2;
const SAMPLE_FILE = "manual.pdf";

export const pretty = (value: unknown) => JSON.stringify(value, null, INDENT);

export function partsOf(media: Media | undefined, schemas: Schemas): Part[] {
  return fieldsOf(media?.schema ?? {}, schemas).map((field) => ({ ...field, kind: kindOf(field, schemas) }));
}

function kindOf({ schema }: Field, schemas: Schemas): PartKind {
  if (isFile(schema, schemas)) return isMany(schema, schemas) ? "files" : "file";
  return isJson(schema, schemas) ? "json" : "text";
}

export function draftOf(operation: Operation): Draft {
  const content = operation.requestBody?.content ?? {};
  const example = content[JSON_TYPE]?.example;
  return {
    query: {},
    headers: "",
    media: Object.keys(content)[0] ?? "",
    json: example === undefined || example === null ? "{}" : pretty(example),
    parts: textsOf(content[FORM_TYPE]?.example),
    files: {},
  };
}

function textsOf(example: unknown): Record<string, string> {
  if (typeof example !== "object" || example === null) return {};
  const texts = Object.entries(example).map(([name, value]) => [
    name,
    typeof value === "string" ? value : pretty(value),
  ]);
  return Object.fromEntries(texts) as Record<string, string>;
}

export interface Filled {
  server: string;
  paths: Record<string, string>;
  draft: Draft;
}

/** A variable of the path without a value stands there in capitals. */
export function prepared(operation: Operation, schemas: Schemas, { server, paths, draft }: Filled): Prepared {
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    paths[name] ? encodeURIComponent(paths[name]) : name.toUpperCase(),
  );
  const query = queryOf(draft.query);
  return {
    method: operation.method,
    url: server.replace(/\/+$/, "") + path + (query ? `?${query}` : ""),
    headers: headersIn(draft.headers),
    needsKey: accessOf(operation) === "key",
    body: bodyOf(operation, schemas, draft),
  };
}

/** Of a parameter that may be repeated each line is one value. */
function queryOf(query: Record<string, string>): string {
  const pairs = Object.entries(query).flatMap(([name, text]) =>
    text
      .split("\n")
      .filter((value) => value !== "")
      .map((value): [string, string] => [name, value]),
  );
  return new URLSearchParams(pairs).toString();
}

/** One `Name: value` a line; other lines say nothing. */
export function headersIn(text: string): [string, string][] {
  return text.split("\n").flatMap((line): [string, string][] => {
    const colon = line.indexOf(":");
    return colon > 0 ? [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]] : [];
  });
}

function bodyOf(operation: Operation, schemas: Schemas, draft: Draft): Body {
  if (draft.media === JSON_TYPE) return { kind: "json", text: draft.json };
  if (draft.media !== FORM_TYPE) return { kind: "none" };
  const parts = partsOf(operation.requestBody?.content[FORM_TYPE], schemas);
  const texts = parts.filter(({ name, kind }) => !kind.startsWith("file") && draft.parts[name]);
  const files = parts.filter(({ kind }) => kind.startsWith("file"));
  return {
    kind: "form",
    parts: texts.map(({ name }) => [name, draft.parts[name] ?? ""]),
    files: files.flatMap(({ name }) => namesOf(draft.files[name]).map((file): [string, string] => [name, file])),
  };
}

const namesOf = (files: File[] | undefined) => (files?.length ? files.map((file) => file.name) : [SAMPLE_FILE]);

/** Null where a text is JSON. */
export function faultIn(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
