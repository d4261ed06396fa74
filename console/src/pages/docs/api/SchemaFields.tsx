import { useTranslation } from "react-i18next";

import classes from "../docs.module.css";
import type { Schema, Schemas } from "../model/openapi";
import { fieldsOf, resolve } from "../model/schema";
import { Disclosure } from "../parts/Disclosure";
import { FieldLine } from "./FieldLine";

/** The fields of an object, and theirs when they are asked for. */
export function SchemaFields({ schema, schemas }: { schema: Schema; schemas: Schemas }) {
  const { t } = useTranslation("docs");
  const fields = fieldsOf(schema, schemas);
  return (
    <ul className={classes.fields}>
      {fields.map((field) => {
        const inner = fieldsOf(field.schema, schemas);
        return (
          <li key={field.name}>
            <FieldLine
              {...field}
              schemas={schemas}
              description={field.schema.description ?? resolve(field.schema, schemas).description ?? ""}
            />
            {inner.length > 0 && (
              <Disclosure label={t("schema.fields", { name: field.name, count: inner.length })}>
                <SchemaFields schema={field.schema} schemas={schemas} />
              </Disclosure>
            )}
          </li>
        );
      })}
    </ul>
  );
}
