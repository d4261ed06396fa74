import { ActionIcon, Button, Group, Table, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useState, type SubmitEvent } from "react";
import { useTranslation } from "react-i18next";

import { deleteField, renameField, type Field } from "../../api/datasets";
import { Confirm } from "../../parts/Confirm";
import { Failure } from "../../parts/Failure";
import { useFormats } from "../../parts/formats";
import { useChange } from "./useChange";

interface FieldRowProps {
  datasetId: string;
  field: Field;
}

export function FieldRow({ datasetId, field }: FieldRowProps) {
  const { t } = useTranslation("datasets");
  const formats = useFormats();
  const [isEdited, editing] = useDisclosure();
  const [isAsked, asking] = useDisclosure();
  const removing = useChange(() => deleteField(datasetId, field.id), [["fields", datasetId]]);
  return (
    <Table.Tr>
      <Table.Td>
        {isEdited ? <Rename datasetId={datasetId} field={field} onDone={editing.close} /> : field.name}
      </Table.Td>
      <Table.Td>{t(`fieldsTable.types.${field.type}`)}</Table.Td>
      <Table.Td ta="right">{formats.number(field.count)}</Table.Td>
      <Table.Td>
        <Group gap={4} justify="flex-end" wrap="nowrap">
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("fieldsTable.rename", { name: field.name })}
            onClick={editing.toggle}
          >
            <IconPencil size={16} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={t("fieldsTable.delete", { name: field.name })}
            onClick={asking.open}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
        <Confirm
          title={t("fieldsTable.delete", { name: field.name })}
          deed={t("fieldsTable.deed")}
          isOpen={isAsked}
          isPending={removing.isPending}
          error={removing.error}
          onConfirm={() => removing.mutate(undefined, { onSuccess: asking.close })}
          onClose={asking.close}
        >
          <Text size="sm">{t("fieldsTable.deleteWarning", { name: field.name, count: field.count })}</Text>
        </Confirm>
      </Table.Td>
    </Table.Tr>
  );
}

function Rename({ datasetId, field, onDone }: FieldRowProps & { onDone: () => void }) {
  const { t } = useTranslation("datasets");
  const { t: tCommon } = useTranslation();
  const [name, setName] = useState(field.name);
  const renaming = useChange(() => renameField(datasetId, field.id, name.trim()), [["fields", datasetId]]);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    renaming.mutate(undefined, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit}>
      <Group gap="xs" wrap="nowrap">
        <TextInput
          size="xs"
          autoFocus
          aria-label={t("fieldsTable.rename", { name: field.name })}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          onKeyDown={({ key }) => key === "Escape" && onDone()}
        />
        <Button size="compact-xs" type="submit" loading={renaming.isPending} disabled={name.trim() === ""}>
          {tCommon("actions.save")}
        </Button>
      </Group>
      {renaming.error && <Failure error={renaming.error} />}
    </form>
  );
}
