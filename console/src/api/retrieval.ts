/** A search as the lab asks it, in the words of each dialect. Pure functions. */

import { plainId } from "./datasets";

export const METHODS = ["hybrid", "semantic", "full_text", "keyword"] as const;
export type Method = (typeof METHODS)[number];

export const OPERATORS = [
  "is",
  "is_not",
  "contains",
  "not_contains",
  "starts_with",
  "ends_with",
  "in",
  "not_in",
  "greater",
  "less",
  "at_least",
  "at_most",
  "lacking",
  "empty",
  "not_empty",
] as const;
export type Operator = (typeof OPERATORS)[number];

export const ATTRIBUTES = ["name", "uploader", "created", "updated"] as const;
export type Attribute = (typeof ATTRIBUTES)[number];

export interface Filter {
  name: string;
  operator: Operator;
  values: (string | number)[];
  attribute?: Attribute;
}

export interface Filters {
  logic: "and" | "or";
  items: Filter[];
}

/** `threshold` and `weight` null: off, and as the embedding model advises. */
export interface Asked {
  question: string;
  method: Method;
  topK: number;
  threshold: number | null;
  weight: number | null;
  reranker: string | null;
  filters: Filters;
}

export const DEFAULTS: Asked = {
  question: "",
  method: "hybrid",
  topK: 5,
  threshold: null,
  weight: null,
  reranker: null,
  filters: { logic: "and", items: [] },
};

export const WITHOUT_VALUE: ReadonlySet<Operator> = new Set(["lacking", "empty", "not_empty"]);
export const WITH_SEVERAL: ReadonlySet<Operator> = new Set(["in", "not_in"]);

/** A filter that somebody has not written to its end asks nothing. */
export const isWhole = ({ name, attribute, operator, values }: Filter) =>
  (name !== "" || attribute !== undefined) && (WITHOUT_VALUE.has(operator) || values.some((one) => one !== ""));

const whole = ({ logic, items }: Filters): Filters => ({ logic, items: items.filter(isWhole) });

/** Of a hybrid search alone; the other methods know their weight. */
export const weightOf = ({ method, weight }: Asked) => (method === "hybrid" ? weight : null);

export function explainBody(datasetId: string, asked: Asked, chunkIds: string[] = []) {
  const weight = weightOf(asked);
  const filters = whole(asked.filters);
  return {
    dataset_ids: [datasetId],
    query: asked.question.trim(),
    method: asked.method,
    top_k: asked.topK,
    ...(asked.threshold === null ? {} : { threshold: asked.threshold }),
    ...(weight === null ? {} : { vector_weight: weight }),
    ...(asked.reranker === null ? {} : { reranker: asked.reranker }),
    ...(filters.items.length === 0 ? {} : { conditions: filters }),
    ...(chunkIds.length === 0 ? {} : { chunk_ids: chunkIds }),
  };
}

const DIFY_METHODS: Record<Method, string> = {
  hybrid: "hybrid_search",
  semantic: "semantic_search",
  full_text: "full_text_search",
  keyword: "keyword_search",
};
const DIFY_ATTRIBUTES: Record<Attribute, string> = {
  name: "document_name",
  uploader: "uploader",
  created: "upload_date",
  updated: "last_update_date",
};
const DIALECT_OPERATORS: Record<Operator, string> = {
  is: "is",
  is_not: "is not",
  contains: "contains",
  not_contains: "not contains",
  starts_with: "start with",
  ends_with: "end with",
  in: "in",
  not_in: "not in",
  greater: ">",
  less: "<",
  at_least: "≥",
  at_most: "≤",
  lacking: "empty",
  empty: "empty",
  not_empty: "not empty",
};

function valueOf({ operator, values }: Filter) {
  if (WITHOUT_VALUE.has(operator)) return {};
  return { value: WITH_SEVERAL.has(operator) ? values : values[0] };
}

export function difyBody(asked: Asked) {
  const weight = weightOf(asked);
  const filters = whole(asked.filters);
  return {
    query: asked.question.trim(),
    retrieval_model: {
      search_method: DIFY_METHODS[asked.method],
      top_k: asked.topK,
      reranking_enable: asked.reranker !== null,
      ...(asked.reranker === null ? {} : difyReranker(asked.reranker)),
      ...(weight === null ? {} : difyWeights(weight, asked.reranker === null)),
      score_threshold_enabled: asked.threshold !== null,
      ...(asked.threshold === null ? {} : { score_threshold: asked.threshold }),
      ...(filters.items.length === 0 ? {} : { metadata_filtering_conditions: difyFilters(filters) }),
    },
  };
}

const difyReranker = (name: string) => ({
  reranking_mode: "reranking_model",
  reranking_model: { reranking_provider_name: "", reranking_model_name: name },
});

const difyWeights = (weight: number, isMode: boolean) => ({
  ...(isMode ? { reranking_mode: "weighted_score" } : {}),
  weights: {
    weight_type: "customized",
    vector_setting: { vector_weight: weight },
    keyword_setting: { keyword_weight: rounded(1 - weight) },
  },
});

const difyFilters = ({ logic, items }: Filters) => ({
  logical_operator: logic,
  conditions: items.map((one) => ({
    name: one.attribute ? DIFY_ATTRIBUTES[one.attribute] : one.name,
    comparison_operator: DIALECT_OPERATORS[one.operator],
    ...valueOf(one),
  })),
});

/** RAGFlow's API knows no conditions on the document itself: those are left out. */
export function ragflowBody(datasetId: string, asked: Asked) {
  const { logic, items } = whole(asked.filters);
  const own = items.filter((one) => one.attribute === undefined);
  const weight = ragflowWeight(asked);
  return {
    question: asked.question.trim(),
    dataset_ids: [plainId(datasetId)],
    page_size: Math.min(asked.topK, 100),
    similarity_threshold: asked.threshold ?? 0,
    ...(weight === null ? {} : { vector_similarity_weight: weight }),
    ...(asked.reranker === null ? {} : { rerank_id: asked.reranker }),
    ...(own.length === 0 ? {} : { metadata_condition: { logic, conditions: own.map(ragflowFilter) } }),
  };
}

const ragflowFilter = (one: Filter) => ({
  name: one.name,
  comparison_operator: DIALECT_OPERATORS[one.operator],
  ...valueOf(one),
});

/** RAGFlow has one search, and its weight says which of ours it is. */
function ragflowWeight(asked: Asked): number | null {
  if (asked.method === "hybrid") return asked.weight;
  return asked.method === "semantic" ? 1 : 0;
}

const rounded = (value: number) => Math.round(value * 1e6) / 1e6;

export type Dialect = "dify" | "ragflow" | "explain";

export function curlOf(dialect: Dialect, base: string, datasetId: string, asked: Asked): string {
  const [path, body] = {
    dify: [`/v1/datasets/${datasetId}/retrieve`, difyBody(asked)],
    ragflow: ["/api/v1/retrieval", ragflowBody(datasetId, asked)],
    explain: ["/diglot/v1/explain", explainBody(datasetId, asked)],
  }[dialect] as [string, object];
  return [
    `curl -X POST "${base}${path}"`,
    `  -H "Authorization: Bearer $DIGLOT_KEY"`,
    `  -H "Content-Type: application/json"`,
    `  -d ${quoted(JSON.stringify(body, null, 2))}`,
  ].join(" \\\n");
}

/** For a shell: nothing in it is special. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** As an address keeps it; what is as usual is left out. */
export function toAddress(asked: Asked): URLSearchParams {
  const kept: [string, string][] = [["q", asked.question]];
  if (asked.method !== DEFAULTS.method) kept.push(["method", asked.method]);
  if (asked.topK !== DEFAULTS.topK) kept.push(["k", String(asked.topK)]);
  if (asked.threshold !== null) kept.push(["t", String(asked.threshold)]);
  if (asked.weight !== null) kept.push(["w", String(asked.weight)]);
  if (asked.reranker !== null) kept.push(["rerank", asked.reranker]);
  const filters = whole(asked.filters);
  if (filters.items.length > 0) kept.push(["filter", JSON.stringify(filters)]);
  return new URLSearchParams(kept);
}

/** Whatever an address says that cannot be is as usual. */
export function fromAddress(address: URLSearchParams): Asked {
  const method = METHODS.find((one) => one === address.get("method")) ?? DEFAULTS.method;
  return {
    question: address.get("q") ?? "",
    method,
    topK: Math.max(1, Math.round(numberIn(address, "k") ?? DEFAULTS.topK)),
    threshold: numberIn(address, "t"),
    weight: numberIn(address, "w"),
    reranker: address.get("rerank"),
    filters: filtersIn(address.get("filter")),
  };
}

function numberIn(address: URLSearchParams, name: string): number | null {
  const text = address.get(name);
  const value = text ? Number(text) : NaN;
  return Number.isFinite(value) ? value : null;
}

function filtersIn(text: string | null): Filters {
  if (!text) return DEFAULTS.filters;
  try {
    const { logic, items } = JSON.parse(text) as Filters;
    const known = items.filter((one) => OPERATORS.includes(one.operator) && Array.isArray(one.values));
    return { logic: logic === "or" ? "or" : "and", items: known };
  } catch {
    return DEFAULTS.filters;
  }
}
