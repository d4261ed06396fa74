import { refusalsOf, successOf } from "./errors";
import { SAMPLES } from "./samples";
import { pretty, type Prepared } from "./prepared";
import type { Operation, Schema, Schemas } from "./openapi";
import { fieldsOf, limitsOf, typeName, valuesOf } from "./schema";

export type Words = (key: string) => string;
const DEPTH = 4;

/** The page of an operation as Markdown: for a note, an issue, a model. */
export function asMarkdown(operation: Operation, schemas: Schemas, request: Prepared, word: Words): string {
  return [
    `# ${operation.summary}`,
    `\`${operation.method} ${operation.path}\``,
    operation.description,
    ...section(word("parameters.title"), parameterLines(operation, schemas, word)),
    ...Object.entries(operation.requestBody?.content ?? {}).flatMap(([media, { schema }]) =>
      section(`${word("body.title")} (${media})`, fieldLines(schema ?? {}, schemas, word)),
    ),
    ...section("curl", [fenced("sh", SAMPLES.curl.write(request))]),
    ...Object.entries(operation.responses).flatMap(([status, answer]) => {
      const success = successOf(answer);
      return success ? section(status, [answer.description, fenced("json", asText(success.value))]) : [];
    }),
    ...section(word("errors.title"), errorLines(operation, word)),
  ].join("\n\n");
}

const section = (title: string, lines: string[]) => (lines.length ? [`## ${title}`, ...lines] : []);
const fenced = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\``;
const asText = (value: unknown) => (typeof value === "string" ? value : pretty(value));

function parameterLines(operation: Operation, schemas: Schemas, word: Words): string[] {
  const lines = operation.parameters.map((one) =>
    line(`${one.name} (${one.in})`, one.schema, one.required ?? false, one.description ?? "", schemas, word),
  );
  return lines.length ? [lines.join("\n")] : [];
}

function fieldLines(schema: Schema, schemas: Schemas, word: Words): string[] {
  const lines = nested(schema, schemas, word, 0);
  return lines.length ? [lines.join("\n")] : [];
}

function nested(schema: Schema, schemas: Schemas, word: Words, depth: number): string[] {
  if (depth === DEPTH) return [];
  return fieldsOf(schema, schemas).flatMap((field) => [
    "  ".repeat(depth) +
      line(field.name, field.schema, field.isRequired, field.schema.description ?? "", schemas, word),
    ...nested(field.schema, schemas, word, depth + 1),
  ]);
}

function line(name: string, schema: Schema, isRequired: boolean, text: string, schemas: Schemas, word: Words): string {
  const facts = [typeName(schema, schemas)];
  if (isRequired) facts.push(word("schema.required"));
  if (schema.default !== undefined && schema.default !== null) facts.push(`= ${JSON.stringify(schema.default)}`);
  facts.push(...limitsOf(schema, schemas));
  const values = valuesOf(schema, schemas);
  if (values.length) facts.push(values.map((value) => JSON.stringify(value)).join(" | "));
  return `- \`${name}\` ${facts.join(", ")}: ${text}`;
}

function errorLines(operation: Operation, word: Words): string[] {
  const rows = refusalsOf(operation).map((one) => `| ${one.status} | \`${one.code}\` | ${one.meaning} |`);
  if (!rows.length) return [];
  const head = `| ${word("errors.status")} | ${word("errors.code")} | ${word("errors.meaning")} |\n| --- | --- | --- |`;
  return [[head, ...rows].join("\n")];
}
