/** How a dataset's documents to come are chunked, where nobody says otherwise: our own API, which loses nothing. */

import { useQuery } from "@tanstack/react-query";

import type { Form, Rules } from "./chunks";
import { request } from "./client";
import { plainId } from "./datasets";

export type RulesKind = "automatic" | "custom" | "hierarchical" | "method";

/** `is_chosen` false: they are those that were used last, or the server's automatic ones. */
export interface DatasetRules {
  kind: RulesKind;
  is_chosen: boolean;
  rules: Rules;
  form: Form | null;
}

/** In our own form, or by RAGFlow's method over what is there. */
export type RulesSent =
  { rules: Partial<Rules>; form?: Form } | { chunk_method: string; parser_config: Record<string, unknown> };

const pathOf = (datasetId: string) => `/diglot/v1/datasets/${plainId(datasetId)}/rules`;

export const rulesKey = (datasetId: string) => ["rules", plainId(datasetId)];

export const useRules = (datasetId: string) =>
  useQuery({ queryKey: rulesKey(datasetId), queryFn: () => request<DatasetRules>(pathOf(datasetId)) });
export const chooseRules = (datasetId: string, sent: RulesSent) =>
  request<DatasetRules>(pathOf(datasetId), { method: "PUT", json: sent });
