import type { DocForm } from "../../api/datasets";
import type { UploadRules } from "../../api/upload";
import { isSized, USUAL_TOKENS } from "./methods";

export const KINDS = ["automatic", "custom", "hierarchical", "method"] as const;
export type Kind = (typeof KINDS)[number];
export type ParentMode = "paragraph" | "full-doc";

/** All that can be set, also what the present kind does not ask for: whoever comes back to a kind finds it as it was. */
export interface WizardRules {
  kind: Kind;
  separator: string;
  maxTokens: number;
  overlap: number;
  removesSpaces: boolean;
  removesAddresses: boolean;
  parentMode: ParentMode;
  childSeparator: string;
  childMaxTokens: number;
  method: string;
  methodTokens: number;
}

export const FIRST_RULES: WizardRules = {
  kind: "automatic",
  separator: "\\n\\n",
  maxTokens: 500,
  overlap: 50,
  removesSpaces: true,
  removesAddresses: false,
  parentMode: "paragraph",
  childSeparator: "\\n",
  childMaxTokens: 200,
  method: "naive",
  methodTokens: USUAL_TOKENS,
};

/** A dataset's first document settles the form of all; the methods make what they make. */
export function isOpen(kind: Kind, form: DocForm | null): boolean {
  if (form === null || kind === "method" || kind === "automatic") return true;
  return kind === "hierarchical" ? form === "hierarchical_model" : form === "text_model";
}

export function uploadRules(rules: WizardRules, form: DocForm | null): UploadRules {
  if (rules.kind === "method") return methodRules(rules);
  if (rules.kind === "automatic")
    return { kind: "process_rule", process_rule: { mode: "automatic" }, doc_form: form ?? "text_model" };
  const isHierarchical = rules.kind === "hierarchical";
  return {
    kind: "process_rule",
    process_rule: {
      mode: rules.kind,
      rules: {
        pre_processing_rules: [
          { id: "remove_extra_spaces", enabled: rules.removesSpaces },
          { id: "remove_urls_emails", enabled: rules.removesAddresses },
        ],
        segmentation: {
          separator: rules.separator,
          max_tokens: rules.maxTokens,
          chunk_overlap: isHierarchical ? 0 : rules.overlap,
        },
        ...(isHierarchical && childRules(rules)),
      },
    },
    doc_form: isHierarchical ? "hierarchical_model" : "text_model",
  };
}

function methodRules({ method, methodTokens }: WizardRules): UploadRules {
  const config = isSized(method) ? { chunk_token_num: methodTokens } : {};
  return { kind: "method", chunk_method: method, parser_config: config };
}

function childRules({ parentMode, childSeparator, childMaxTokens }: WizardRules) {
  return {
    parent_mode: parentMode,
    subchunk_segmentation: { separator: childSeparator, max_tokens: childMaxTokens },
  };
}

/** The same rules as a preview takes them. */
export function previewRules(rules: UploadRules): object {
  if (rules.kind === "dataset") return {};
  if (rules.kind === "process_rule") return { process_rule: rules.process_rule, doc_form: rules.doc_form };
  return { chunk_method: rules.chunk_method, parser_config: rules.parser_config };
}
