import { Button, Group, Stack, Textarea, TextInput } from "@mantine/core";
import { useState, type SubmitEvent } from "react";
import { useTranslation } from "react-i18next";

import { changeDataset, type Dataset, type DatasetChange } from "../../api/datasets";
import { Failure } from "../../parts/Failure";
import { DESCRIPTION_LENGTH, NAME_LENGTH } from "./CreateDataset";
import { Section } from "./Section";
import { useChange } from "./useChange";

export function GeneralForm({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation("datasets");
  const { t: tCommon } = useTranslation();
  const [name, setName] = useState(dataset.name);
  const [description, setDescription] = useState(dataset.description ?? "");
  const saving = useChange(() => changeDataset(dataset.id, changed(dataset, name.trim(), description.trim())));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    saving.mutate(undefined);
  };
  const isSame = name.trim() === dataset.name && description.trim() === (dataset.description ?? "");
  return (
    <Section title={t("settings.general")}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label={t("fields.name")}
            required
            maxLength={Math.max(NAME_LENGTH, dataset.name.length)}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <Textarea
            label={t("fields.description")}
            autosize
            minRows={2}
            maxLength={DESCRIPTION_LENGTH}
            value={description}
            onChange={({ currentTarget }) => setDescription(currentTarget.value)}
          />
          {saving.error && <Failure error={saving.error} />}
          <Group>
            <Button type="submit" loading={saving.isPending} disabled={isSame || name.trim() === ""}>
              {tCommon("actions.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}

/** Only what is new: a name from another dialect may be longer than this door takes. */
function changed(dataset: Dataset, name: string, description: string): DatasetChange {
  return {
    ...(name !== dataset.name && { name }),
    ...(description !== (dataset.description ?? "") && { description }),
  };
}
