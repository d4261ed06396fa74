import { Code, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";

import classes from "../docs.module.css";
import type { Schema, Schemas } from "../model/openapi";
import { limitsOf, typeName, valuesOf } from "../model/schema";
import { Prose } from "../parts/Prose";

interface Props {
  name: string;
  schema: Schema;
  schemas: Schemas;
  isRequired: boolean;
  description: string;
  place?: string;
}

/** All that is known of one field or parameter. */
export function FieldLine({ name, schema, schemas, isRequired, description, place }: Props) {
  const { t } = useTranslation("docs");
  const limits = limitsOf(schema, schemas);
  const values = valuesOf(schema, schemas);
  return (
    <>
      <Group gap={8} align="baseline">
        <span className={classes.fieldName}>{name}</span>
        <span className={classes.facts}>{typeName(schema, schemas)}</span>
        {place && <span className={classes.facts}>{place}</span>}
        {isRequired && <span className={classes.required}>{t("schema.required")}</span>}
        {schema.deprecated && <span className={classes.required}>{t("operation.deprecated")}</span>}
        {limits.map((limit) => (
          <span key={limit} className={classes.facts}>
            {limit}
          </span>
        ))}
        {saysSomething(schema.default) && (
          <span className={classes.facts}>
            {t("schema.default")} <Code>{JSON.stringify(schema.default)}</Code>
          </span>
        )}
      </Group>
      {description && <Prose text={description} size="sm" />}
      {values.length > 0 && (
        <div className={classes.facts}>
          {t("schema.values")}{" "}
          {values.map((value) => (
            <span key={JSON.stringify(value)}>
              <Code>{JSON.stringify(value)}</Code>{" "}
            </span>
          ))}
        </div>
      )}
    </>
  );
}

/** An empty text or list as a default only says that nothing is sent. */
const saysSomething = (value: unknown) =>
  value !== undefined && value !== null && !["[]", "{}", '""'].includes(JSON.stringify(value));
