import type { Schema, Schemas } from "./openapi";

/** A schema without indirection. What may also be null says so; what may be one of several has them in `choices`. */
export interface Resolved extends Schema {
  name?: string;
  isNullable: boolean;
  choices: Schema[];
}

export interface Field {
  name: string;
  schema: Schema;
  isRequired: boolean;
}

const REFERENCE = "#/components/schemas/";

/** Models of one name in several modules are told apart by a prefix that says nothing to readers. */
const shortName = (reference: string) => reference.replace(REFERENCE, "").split("__").at(-1) ?? reference;

export function resolve(schema: Schema, schemas: Schemas): Resolved {
  if (schema.$ref) {
    const { $ref: reference, ...beside } = schema;
    const found = resolve(schemas[reference.replace(REFERENCE, "")] ?? {}, schemas);
    return { ...found, name: shortName(reference), ...withoutUndefined(beside) };
  }
  if (schema.allOf) {
    const { allOf: parts, ...beside } = schema;
    return parts.reduce<Resolved>((whole, part) => ({ ...resolve(part, schemas), ...withoutUndefined(whole) }), {
      ...beside,
      isNullable: false,
      choices: [],
    });
  }
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (!alternatives) return { ...schema, isNullable: schema.type === "null", choices: [] };
  return settled(schema, alternatives, schemas);
}

function settled(schema: Schema, alternatives: Schema[], schemas: Schemas): Resolved {
  const beside: Schema = { ...schema };
  delete beside.anyOf;
  delete beside.oneOf;
  const choices = alternatives.filter((one) => one.type !== "null");
  const isNullable = choices.length < alternatives.length;
  const [only] = choices;
  if (only && choices.length === 1) return { ...resolve(only, schemas), ...withoutUndefined(beside), isNullable };
  return { ...beside, isNullable, choices };
}

function withoutUndefined<T extends object>(value: T): Partial<T> {
  const kept = Object.entries(value).filter(([name, one]) => one !== undefined && !isEmptyChoice(name, one));
  return Object.fromEntries(kept) as Partial<T>;
}

/** What the outer schema does not say must not hide what the inner one says. */
const isEmptyChoice = (name: string, value: unknown) =>
  (name === "choices" && Array.isArray(value) && value.length === 0) || (name === "isNullable" && value === false);

/** Such as `array of Document`, `string or null`. The words are those of JSON Schema, in every language. */
export function typeName(schema: Schema, schemas: Schemas): string {
  const found = resolve(schema, schemas);
  const names = found.choices.length ? found.choices.map((one) => typeName(one, schemas)) : [plainName(found, schemas)];
  if (found.isNullable && found.type !== "null") names.push("null");
  return [...new Set(names)].join(" | ");
}

function plainName(found: Resolved, schemas: Schemas): string {
  if (found.type === "array") {
    const inner = found.items ? typeName(found.items, schemas) : "";
    return inner ? `array<${inner}>` : "array";
  }
  if (found.format) return `${found.type ?? "string"} (${found.format})`;
  if (found.const !== undefined) return JSON.stringify(found.const);
  if (found.name && found.type === "object") return found.name;
  return found.type ?? (found.enum ? "enum" : "any");
}

export function fieldsOf(schema: Schema, schemas: Schemas): Field[] {
  const found = resolve(schema, schemas);
  if (found.type === "array" && found.items) return fieldsOf(found.items, schemas);
  const required = new Set(found.required);
  const own = Object.entries(found.properties ?? {}).map(([name, one]) => ({
    name,
    schema: one,
    isRequired: required.has(name),
  }));
  if (own.length || found.choices.length === 0) return own;
  // Of several shapes the first with fields is shown: the others are the same for those who are refused.
  return found.choices.map((one) => fieldsOf(one, schemas)).find((fields) => fields.length > 0) ?? [];
}

/** Each of its limits in the signs of mathematics. */
export function limitsOf(schema: Schema, schemas: Schemas): string[] {
  const found = resolve(schema, schemas);
  const limits: [string, unknown][] = [
    ["≥ ", found.minimum],
    ["> ", found.exclusiveMinimum],
    ["≤ ", found.maximum],
    ["< ", found.exclusiveMaximum],
    ["length ≥ ", found.minLength ?? found.minItems],
    ["length ≤ ", found.maxLength ?? found.maxItems],
    ["matches ", found.pattern],
  ];
  return limits.filter(([, limit]) => limit !== undefined).map(([sign, limit]) => `${sign}${String(limit)}`);
}

export function valuesOf(schema: Schema, schemas: Schemas): unknown[] {
  const found = resolve(schema, schemas);
  if (found.enum) return found.enum;
  if (found.type === "array" && found.items) return valuesOf(found.items, schemas);
  return found.choices.flatMap((one) => valuesOf(one, schemas));
}

export function isFile(schema: Schema, schemas: Schemas): boolean {
  const found = resolve(schema, schemas);
  if (found.type === "array" && found.items) return isFile(found.items, schemas);
  return found.format === "binary";
}

export const isMany = (schema: Schema, schemas: Schemas) => resolve(schema, schemas).type === "array";

export const isJson = (schema: Schema, schemas: Schemas) => {
  const found = resolve(schema, schemas);
  return found.type === "object" || found.properties !== undefined;
};
