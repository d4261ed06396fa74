import { FileInput, JsonInput, SegmentedControl, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { FORM_TYPE, JSON_TYPE, type Operation, type Schemas } from "../model/openapi";
import { faultIn, partsOf, type Draft, type Part } from "../model/prepared";
import { Inputs } from "./Inputs";

interface Props {
  operation: Operation;
  schemas: Schemas;
  draft: Draft;
  onChange: (draft: Draft) => void;
}

export function BodyInput({ operation, schemas, draft, onChange }: Props) {
  const { t } = useTranslation("docs");
  const content = operation.requestBody?.content ?? {};
  const media = Object.keys(content);
  const setPart = (name: string, text: string) => onChange({ ...draft, parts: { ...draft.parts, [name]: text } });
  const setFiles = (name: string, files: File[]) => onChange({ ...draft, files: { ...draft.files, [name]: files } });
  return (
    <>
      {media.length > 1 && (
        <SegmentedControl
          aria-label={t("body.title")}
          data={media}
          value={draft.media}
          onChange={(chosen) => onChange({ ...draft, media: chosen })}
        />
      )}
      {draft.media === JSON_TYPE && (
        <CheckedJson
          label={t("body.json")}
          value={draft.json}
          onChange={(json) => onChange({ ...draft, json })}
          rows={6}
        />
      )}
      {draft.media === FORM_TYPE && (
        <Inputs legend={t("body.form")}>
          {partsOf(content[FORM_TYPE], schemas).map((part) => (
            <PartInput
              key={part.name}
              part={part}
              text={draft.parts[part.name] ?? ""}
              files={draft.files[part.name] ?? []}
              onText={(text) => setPart(part.name, text)}
              onFiles={(files) => setFiles(part.name, files)}
            />
          ))}
        </Inputs>
      )}
    </>
  );
}

interface PartProps {
  part: Part;
  text: string;
  files: File[];
  onText: (text: string) => void;
  onFiles: (files: File[]) => void;
}

/** A placeholder that says what to do is read like any text. */
const READABLE = { placeholder: { color: "var(--mantine-color-dimmed)" } };

function PartInput({ part, text, files, onText, onFiles }: PartProps) {
  const { t } = useTranslation("docs");
  const label = part.name;
  const placeholder = t("tryIt.chooseFile");
  if (part.kind === "json") return <CheckedJson label={label} value={text} onChange={onText} rows={4} />;
  if (part.kind === "file")
    return (
      <FileInput
        label={label}
        placeholder={placeholder}
        styles={READABLE}
        required={part.isRequired}
        clearable
        value={files[0] ?? null}
        onChange={(file) => onFiles(file ? [file] : [])}
      />
    );
  if (part.kind === "files")
    return (
      <FileInput
        label={label}
        placeholder={placeholder}
        styles={READABLE}
        required={part.isRequired}
        clearable
        multiple
        value={files}
        onChange={onFiles}
      />
    );
  return <TextInput label={label} value={text} onChange={(event) => onText(event.currentTarget.value)} />;
}

interface JsonProps {
  label: string;
  value: string;
  onChange: (text: string) => void;
  rows: number;
}

function CheckedJson({ label, value, onChange, rows }: JsonProps) {
  const { t } = useTranslation("docs");
  const fault = value.trim() ? faultIn(value) : null;
  return (
    <JsonInput
      label={label}
      value={value}
      onChange={onChange}
      autosize
      minRows={rows}
      maxRows={24}
      spellCheck={false}
      error={fault === null ? null : t("body.fault", { fault })}
    />
  );
}
