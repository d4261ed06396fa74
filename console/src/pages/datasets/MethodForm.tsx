import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Dataset } from "../../api/datasets";
import { chooseRules, rulesKey, type DatasetRules } from "../../api/rules";
import { Failure } from "../../parts/Failure";
import { RulesForm } from "../documents/RulesForm";
import { isSame, sentRules, shownRules } from "./datasetRules";
import { Section } from "./Section";
import { useChange } from "./useChange";

interface MethodFormProps {
  dataset: Dataset;
  present: DatasetRules;
}

export function MethodForm({ dataset, present }: MethodFormProps) {
  const { t } = useTranslation("datasets");
  const { t: tCommon } = useTranslation();
  const shown = shownRules(present);
  const [choice, setChoice] = useState(shown);
  const saving = useChange(() => chooseRules(dataset.id, sentRules(choice, present)), [rulesKey(dataset.id)]);
  const form = dataset.document_count > 0 ? dataset.doc_form : null;
  return (
    <Section title={t("settings.chunking")} lead={t("settings.chunkingLead")}>
      <Stack gap="md">
        {!present.is_chosen && present.kind !== "automatic" && <Text size="sm">{t("settings.rulesOfLast")}</Text>}
        <RulesForm rules={choice} form={form} onChange={setChoice} />
        {saving.error && <Failure error={saving.error} />}
        <Group>
          <Button
            onClick={() => saving.mutate(undefined)}
            loading={saving.isPending}
            disabled={isSame(choice, shown) || lacksSeparator(choice)}
          >
            {tCommon("actions.save")}
          </Button>
        </Group>
      </Stack>
    </Section>
  );
}

function lacksSeparator({ kind, parentMode, separator, childSeparator }: ReturnType<typeof shownRules>): boolean {
  if (kind === "custom") return separator === "";
  return kind === "hierarchical" && (childSeparator === "" || (parentMode === "paragraph" && separator === ""));
}
