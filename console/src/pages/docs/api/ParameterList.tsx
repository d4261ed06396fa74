import { Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import classes from "../docs.module.css";
import type { Parameter, Schemas } from "../model/openapi";
import { FieldLine } from "./FieldLine";

export function ParameterList({ parameters, schemas }: { parameters: Parameter[]; schemas: Schemas }) {
  const { t } = useTranslation("docs");
  if (!parameters.length) return null;
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {t("parameters.title")}
      </Title>
      <ul className={classes.fields}>
        {parameters.map((one) => (
          <li key={`${one.in} ${one.name}`}>
            <FieldLine
              name={one.name}
              schema={one.schema}
              schemas={schemas}
              isRequired={one.required ?? false}
              description={one.description ?? ""}
              place={t(`parameters.${one.in}`)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
