import { Button, Group, Select, Skeleton, Stack, Switch, Table, Text, TextInput } from "@mantine/core";
import { useState, type SubmitEvent } from "react";
import { useTranslation } from "react-i18next";

import { addField, showBuiltInFields, useFields, type FieldType } from "../../api/datasets";
import { Failure } from "../../parts/Failure";
import { FieldRow } from "./FieldRow";
import { Section } from "./Section";
import { useChange } from "./useChange";

const TYPES: FieldType[] = ["string", "number", "time"];
const NAME_LENGTH = 255;

export function MetadataFields({ datasetId }: { datasetId: string }) {
  const { t } = useTranslation("datasets");
  const { data, error } = useFields(datasetId);
  const switching = useChange((isShown: boolean) => showBuiltInFields(datasetId, isShown), [["fields", datasetId]]);
  return (
    <Section title={t("settings.fields")} lead={t("settings.fieldsLead")}>
      <Stack gap="md">
        {error && <Failure error={error} />}
        {!data && !error && <Skeleton height={60} />}
        {data?.doc_metadata.length === 0 && (
          <Text size="sm" c="dimmed">
            {t("fieldsTable.none")}
          </Text>
        )}
        {data && data.doc_metadata.length > 0 && (
          <Table aria-label={t("settings.fields")}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("fieldsTable.name")}</Table.Th>
                <Table.Th>{t("fieldsTable.type")}</Table.Th>
                <Table.Th ta="right">{t("fieldsTable.count")}</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.doc_metadata.map((field) => (
                <FieldRow key={field.id} datasetId={datasetId} field={field} />
              ))}
            </Table.Tbody>
          </Table>
        )}
        <NewField datasetId={datasetId} />
        <Switch
          label={t("fieldsTable.builtIn")}
          description={t("fieldsTable.builtInHint")}
          checked={data?.built_in_field_enabled ?? false}
          disabled={!data || switching.isPending}
          onChange={({ currentTarget }) => switching.mutate(currentTarget.checked)}
        />
      </Stack>
    </Section>
  );
}

function NewField({ datasetId }: { datasetId: string }) {
  const { t } = useTranslation("datasets");
  const { t: tCommon } = useTranslation();
  const [name, setName] = useState("");
  const [type, setType] = useState<FieldType>("string");
  const adding = useChange(() => addField(datasetId, name.trim(), type), [["fields", datasetId]]);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    adding.mutate(undefined, { onSuccess: () => setName("") });
  };
  return (
    <form onSubmit={submit}>
      <Group align="flex-end" gap="sm">
        <TextInput
          label={t("fieldsTable.new")}
          maxLength={NAME_LENGTH}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Select
          label={t("fieldsTable.type")}
          data={TYPES.map((value) => ({ value, label: t(`fieldsTable.types.${value}`) }))}
          value={type}
          onChange={(value) => setType(TYPES.find((one) => one === value) ?? "string")}
          allowDeselect={false}
          w={140}
        />
        <Button type="submit" variant="default" loading={adding.isPending} disabled={name.trim() === ""}>
          {tCommon("actions.add")}
        </Button>
      </Group>
      {adding.error && <Failure error={adding.error} />}
    </form>
  );
}
