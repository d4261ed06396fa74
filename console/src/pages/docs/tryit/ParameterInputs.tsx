import { NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Operation, Parameter, Schemas } from "../model/openapi";
import type { Draft } from "../model/prepared";
import { isMany, typeName, valuesOf } from "../model/schema";
import { useConnection } from "./Connection";
import { Inputs } from "./Inputs";

interface Props {
  operation: Operation;
  schemas: Schemas;
  draft: Draft;
  onChange: (draft: Draft) => void;
}

export function ParameterInputs({ operation, schemas, draft, onChange }: Props) {
  const { t } = useTranslation("docs");
  const { paths, setPath } = useConnection();
  const inPath = operation.parameters.filter((one) => one.in === "path");
  const inQuery = operation.parameters.filter((one) => one.in === "query");
  const setQuery = (name: string, value: string) => onChange({ ...draft, query: { ...draft.query, [name]: value } });
  return (
    <>
      {inPath.length > 0 && (
        <Inputs legend={t("tryIt.path")}>
          {inPath.map((one) => (
            <ValueInput
              key={one.name}
              parameter={one}
              schemas={schemas}
              value={paths[one.name] ?? ""}
              onChange={(value) => setPath(one.name, value)}
            />
          ))}
        </Inputs>
      )}
      {inQuery.length > 0 && (
        <Inputs legend={t("tryIt.query")}>
          {inQuery.map((one) => (
            <ValueInput
              key={one.name}
              parameter={one}
              schemas={schemas}
              value={draft.query[one.name] ?? ""}
              onChange={(value) => setQuery(one.name, value)}
            />
          ))}
        </Inputs>
      )}
      <Textarea
        label={t("tryIt.headers")}
        description={t("tryIt.headersHint")}
        autosize
        minRows={1}
        spellCheck={false}
        value={draft.headers}
        onChange={(event) => onChange({ ...draft, headers: event.currentTarget.value })}
      />
    </>
  );
}

interface ValueProps {
  parameter: Parameter;
  schemas: Schemas;
  value: string;
  onChange: (value: string) => void;
}

/** Choices where the document names them, else a text; of many values one a line. */
function ValueInput({ parameter, schemas, value, onChange }: ValueProps) {
  const { t } = useTranslation("docs");
  const common = {
    label: parameter.name,
    required: parameter.required ?? false,
    value,
    size: "sm",
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  };
  const isBoolean = typeName(parameter.schema, schemas).startsWith("boolean");
  const values = isBoolean ? [true, false] : valuesOf(parameter.schema, schemas);
  if (isMany(parameter.schema, schemas))
    return <Textarea {...common} autosize minRows={1} spellCheck={false} description={t("tryIt.oneALine")} />;
  if (values.length) return <NativeSelect {...common} data={["", ...values.map(String)]} />;
  const usual = parameter.schema.default;
  const placeholder = usual === undefined || usual === null ? "" : String(usual);
  return <TextInput {...common} placeholder={placeholder} spellCheck={false} autoComplete="off" />;
}
