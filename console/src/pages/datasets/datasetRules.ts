/** The rules of a dataset as the form shows them, and back; whatever the form does not show stays. Pure functions. */

import type { Rules } from "../../api/chunks";
import type { DatasetRules, RulesSent } from "../../api/rules";
import { isSized } from "../documents/methods";
import { FIRST_RULES, type WizardRules } from "../documents/wizardRules";

const WRITTEN: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const MEANT: Record<string, string> = { "\\": "\\", n: "\n", r: "\r", t: "\t" };

/** Line ends and tabs as one types them. */
export const written = (text: string) => text.replaceAll(/[\\\n\r\t]/g, (one) => WRITTEN[one] ?? one);
export const meant = (typed: string) => typed.replaceAll(/\\([nrt\\])/g, (all, letter: string) => MEANT[letter] ?? all);

/** What the present kind does not use is as it would be in a new form. */
export function shownRules({ kind, rules }: DatasetRules): WizardRules {
  if (kind === "automatic") return FIRST_RULES;
  if (kind === "method")
    return { ...FIRST_RULES, kind, method: rules.method, methodTokens: rules.options.chunk_tokens };
  const shown = {
    ...FIRST_RULES,
    kind,
    separator: written(rules.separator),
    maxTokens: rules.max_tokens,
    overlap: rules.overlap,
    removesSpaces: rules.cleaning.remove_extra_spaces,
    removesAddresses: rules.cleaning.remove_urls_emails,
  };
  return rules.children ? { ...shown, ...shownChildren(rules.children) } : shown;
}

function shownChildren(children: NonNullable<Rules["children"]>): Partial<WizardRules> {
  return {
    parentMode: children.parent_mode === "full_document" ? "full-doc" : "paragraph",
    childSeparator: written(children.separators[0] ?? ""),
    childMaxTokens: children.max_tokens,
  };
}

export function sentRules(chosen: WizardRules, present: DatasetRules): RulesSent {
  if (chosen.kind === "method") return methodSent(chosen);
  if (chosen.kind === "automatic") return { rules: {} };
  const isHierarchical = chosen.kind === "hierarchical";
  const before = present.kind === chosen.kind ? present.rules : { overlap: 0 };
  const rules = {
    ...before,
    mode: chosen.kind,
    separator: meant(chosen.separator),
    max_tokens: chosen.maxTokens,
    cleaning: { remove_extra_spaces: chosen.removesSpaces, remove_urls_emails: chosen.removesAddresses },
    ...(isHierarchical ? { children: childrenOf(chosen, present.rules.children) } : { overlap: chosen.overlap }),
  };
  return { rules, form: isHierarchical ? "hierarchical" : "text" };
}

function methodSent({ method, methodTokens }: WizardRules): RulesSent {
  return { chunk_method: method, parser_config: isSized(method) ? { chunk_token_num: methodTokens } : {} };
}

/** There may be several separators, of which the form shows the first: they stay until that one is changed. */
function childrenOf(chosen: WizardRules, before: Rules["children"]): NonNullable<Rules["children"]> {
  const separator = meant(chosen.childSeparator);
  return {
    overlap: 0,
    ...before,
    parent_mode: chosen.parentMode === "full-doc" ? "full_document" : "paragraph",
    separators: before?.separators[0] === separator ? before.separators : [separator],
    max_tokens: chosen.childMaxTokens,
  };
}

export const isSame = (one: WizardRules, other: WizardRules) => JSON.stringify(one) === JSON.stringify(other);
