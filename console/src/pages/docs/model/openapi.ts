/** An OpenAPI document as our server writes it: not all that OpenAPI allows. */

export const APIS = ["dify", "ragflow", "ragflow-2024", "data", "diglot"] as const;
export type ApiName = (typeof APIS)[number];

export interface Schema {
  $ref?: string;
  type?: string;
  title?: string;
  description?: string;
  format?: string;
  pattern?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  prefixItems?: Schema[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  required?: string[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  deprecated?: boolean;
}
export type Schemas = Record<string, Schema>;

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required?: boolean;
  description?: string;
  schema: Schema;
}

export interface Example {
  summary?: string;
  description?: string;
  value: unknown;
}

export interface Media {
  schema?: Schema;
  example?: unknown;
  examples?: Record<string, Example>;
}

export interface Answer {
  description: string;
  content?: Record<string, Media>;
}

interface Described {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  parameters: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, Media> };
  responses: Record<string, Answer>;
  deprecated?: boolean;
  security?: Record<string, unknown>[];
  "x-source"?: string;
}

export interface Operation extends Described {
  method: string;
  path: string;
}

export interface Tag {
  name: string;
  "x-displayName"?: string;
}

export interface Document {
  info: { title: string; description: string; version: string };
  servers: { url: string }[];
  tags: Tag[];
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Schemas };
}

export const JSON_TYPE = "application/json";
export const FORM_TYPE = "multipart/form-data";

export const isApi = (name: string | undefined): name is ApiName => APIS.includes(name as ApiName);

export const addressOf = (api: ApiName, language: string) => `/openapi/${api}.json?lang=${language}`;

export async function fetchDocument(api: ApiName, language: string): Promise<Document> {
  const answer = await fetch(addressOf(api, language), { credentials: "omit" });
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  return (await answer.json()) as Document;
}

/** By tag, each tag's in the document's order. */
export function operationsOf(document: Document): Operation[] {
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({ ...described, method: method.toUpperCase(), path })),
  );
  const rank = new Map(document.tags.map((tag, index) => [tag.name, index]));
  const rankOf = (operation: Operation) => rank.get(operation.tags[0] ?? "") ?? rank.size;
  return all.sort((one, other) => rankOf(one) - rankOf(other));
}

/** Those in which every word stands: in method, path, summary or id. */
export function matching(operations: Operation[], search: string): Operation[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return operations.filter((operation) => {
    const text = [operation.method, operation.path, operation.summary, operation.operationId].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The base URL on the host that this page came from, whatever host the document names. */
export function serverOf(document: Document): string {
  const url = document.servers[0]?.url ?? "/";
  return location.origin + new URL(url, location.origin).pathname.replace(/\/$/, "");
}

/** What a caller shows: a key unless the operation says otherwise, the console's session, or nothing. */
export type Access = "key" | "session" | "open";

export function accessOf({ security }: Operation): Access {
  if (!security) return "key";
  return security.some((scheme) => "Session" in scheme) ? "session" : "open";
}
