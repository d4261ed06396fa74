import { Anchor, Button, Group, NumberInput, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useMayWrite } from "../../app/SessionGate";
import { useMetadataChange, type ShownDocument } from "../../api/chunks";
import { useFields, type Field } from "../../api/datasets";
import { Failure } from "../../parts/Failure";
import { toLocal, toSeconds } from "../../parts/times";

type Value = string | number;

interface Props {
  datasetId: string;
  document: ShownDocument;
}

export function MetadataForm({ datasetId, document }: Props) {
  const { t } = useTranslation("viewer");
  const fields = useFields(datasetId);
  const mayWrite = useMayWrite();
  const change = useMetadataChange(datasetId, document.id);
  const [changed, setChanged] = useState<Record<string, Value>>({});
  if (fields.isPending) return <Skeleton h={80} />;
  if (fields.error) return <Failure error={fields.error} />;
  const own = fields.data.doc_metadata;
  if (own.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t("metadata.none")}{" "}
        <Anchor component={Link} to={`/datasets/${datasetId}/settings`} size="sm">
          {t("metadata.toFields")}
        </Anchor>
      </Text>
    );
  const save = () =>
    change.mutate(
      own
        .filter(({ name }) => name in changed)
        .map(({ id, name }) => ({ id, name, value: changed[name] === "" ? null : (changed[name] ?? null) })),
      { onSuccess: () => setChanged({}) },
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Stack gap="sm">
        {own.map((field) => (
          <FieldInput
            key={field.id}
            field={field}
            isReadOnly={!mayWrite}
            value={changed[field.name] ?? written(document.metadata[field.name])}
            onChange={(value) => setChanged((before) => ({ ...before, [field.name]: value }))}
          />
        ))}
        {change.error ? <Failure error={change.error} /> : null}
        {mayWrite && (
          <Group justify="flex-end">
            <Button type="submit" size="xs" loading={change.isPending} disabled={Object.keys(changed).length === 0}>
              {t("common:actions.save")}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}

interface FieldProps {
  field: Field;
  value: Value;
  isReadOnly: boolean;
  onChange: (value: Value) => void;
}

function FieldInput({ field: { name, type }, value, isReadOnly, onChange }: FieldProps) {
  const common = { label: name, readOnly: isReadOnly, size: "sm" };
  if (type === "number") return <NumberInput {...common} value={value} onChange={onChange} />;
  if (type === "time")
    return (
      <TextInput
        {...common}
        type="datetime-local"
        value={toLocal(value)}
        onChange={({ currentTarget }) => onChange(toSeconds(currentTarget.value))}
      />
    );
  return <TextInput {...common} value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)} />;
}

function written(value: unknown): Value {
  if (typeof value === "number" || typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(String).join(", ");
  return value === null || value === undefined ? "" : String(value);
}
