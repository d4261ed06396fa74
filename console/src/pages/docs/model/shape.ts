import type { Schema, Schemas } from "./openapi";
import { fieldsOf, resolve } from "./schema";

const DEPTH = 9;
const PLAIN: Record<string, unknown> = { string: "…", integer: 0, number: 0.0, boolean: true, object: {}, array: [] };

/** A value of the schema's form for those who look at an answer that has no example. */
export function shapeOf(schema: Schema, schemas: Schemas, depth = 0): unknown {
  const found = resolve(schema, schemas);
  if (found.const !== undefined) return found.const;
  if (found.enum) return found.enum[0];
  if (found.default !== undefined && found.default !== null) return found.default;
  const [first] = found.choices;
  if (first) return shapeOf(first, schemas, depth);
  if (depth === DEPTH) return null;
  if (found.type === "array") return found.items ? [shapeOf(found.items, schemas, depth + 1)] : [];
  const fields = found.properties ? fieldsOf(found, schemas) : [];
  if (!fields.length) return PLAIN[found.type ?? ""] ?? null;
  return Object.fromEntries(fields.map((field) => [field.name, shapeOf(field.schema, schemas, depth + 1)]));
}
