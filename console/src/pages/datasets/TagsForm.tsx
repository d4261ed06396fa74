import { Button, Group, Stack, TagsInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { bindTags, createTag, unbindTags, useTags, type Dataset, type Tag } from "../../api/datasets";
import { Failure } from "../../parts/Failure";
import { Section } from "./Section";
import { useChange } from "./useChange";

const NAME_LENGTH = 50;

/** Tags are the workspace's; one that is not there yet is made. */
async function setTags(dataset: Dataset, names: string[], known: Tag[]): Promise<void> {
  const gone = dataset.tags.filter(({ name }) => !names.includes(name));
  const added = names.filter((name) => !dataset.tags.some((tag) => tag.name === name));
  const ids = await Promise.all(
    added.map(async (name) => (known.find((tag) => tag.name === name) ?? (await createTag(name))).id),
  );
  if (ids.length > 0) await bindTags(dataset.id, ids);
  if (gone.length > 0) {
    await unbindTags(
      dataset.id,
      gone.map(({ id }) => id),
    );
  }
}

export function TagsForm({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation("datasets");
  const { t: tCommon } = useTranslation();
  const { data: known = [] } = useTags();
  const present = dataset.tags.map(({ name }) => name);
  const [names, setNames] = useState(present);
  const saving = useChange(() => setTags(dataset, names, known), [["tags"]]);
  const isSame = names.length === present.length && names.every((name) => present.includes(name));
  return (
    <Section title={t("settings.tags")} lead={t("settings.tagsLead")}>
      <Stack gap="md">
        <TagsInput
          aria-label={t("settings.tags")}
          placeholder={names.length > 0 ? undefined : t("settings.tagsHint")}
          data={known.map(({ name }) => name)}
          value={names}
          onChange={(chosen) => setNames(chosen.map((name) => name.trim().slice(0, NAME_LENGTH)).filter(Boolean))}
          clearable
        />
        {saving.error && <Failure error={saving.error} />}
        <Group>
          <Button onClick={() => saving.mutate(undefined)} loading={saving.isPending} disabled={isSame}>
            {tCommon("actions.save")}
          </Button>
        </Group>
      </Stack>
    </Section>
  );
}
