import { Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { changeDataset, type Dataset } from "../../api/datasets";
import { Confirm } from "../../parts/Confirm";
import { IndexFields, type IndexChoice } from "./IndexFields";
import { IndexState } from "./IndexState";
import { Section } from "./Section";
import { useChange } from "./useChange";

const presentOf = (dataset: Dataset): IndexChoice => ({
  indexing: dataset.indexing_technique ?? "high_quality",
  model: dataset.embedding_model,
});

export function IndexForm({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation("datasets");
  const { t: tCommon } = useTranslation();
  const present = presentOf(dataset);
  const [choice, setChoice] = useState(present);
  const [isOpen, { open, close }] = useDisclosure();
  const saving = useChange(() => changeDataset(dataset.id, changeOf(choice)), [["index", dataset.id]]);
  const isSame =
    choice.indexing === present.indexing && (choice.indexing === "economy" || choice.model === present.model);
  const save = () => saving.mutate(undefined, { onSuccess: close });
  return (
    <Section title={t("settings.index")} lead={t("settings.indexLead")}>
      <Stack gap="md">
        <IndexState datasetId={dataset.id} />
        <IndexFields choice={choice} onChoose={setChoice} />
        <Group>
          <Button onClick={open} disabled={isSame}>
            {tCommon("actions.save")}
          </Button>
        </Group>
      </Stack>
      <Confirm
        title={t("settings.indexAsk")}
        deed={t("settings.indexDeed")}
        isOpen={isOpen}
        isPending={saving.isPending}
        isHarmless
        error={saving.error}
        onConfirm={save}
        onClose={close}
      >
        <Text size="sm">{t("settings.indexWarning", { name: dataset.name })}</Text>
      </Confirm>
    </Section>
  );
}

function changeOf({ indexing, model }: IndexChoice) {
  const isEmbedded = indexing === "high_quality" && model;
  return { indexing_technique: indexing, ...(isEmbedded && { embedding_model: model }) };
}
