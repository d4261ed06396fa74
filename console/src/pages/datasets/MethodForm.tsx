import { Button, Group, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { setMethod, type Dataset, type Figures } from "../../api/datasets";
import { Failure } from "../../parts/Failure";
import { isMethod, USUAL_TOKENS } from "../documents/methods";
import { configOf, MethodFields, type MethodChoice } from "./MethodFields";
import { Section } from "./Section";
import { useChange } from "./useChange";

interface MethodFormProps {
  dataset: Dataset;
  figures: Figures;
}

export function MethodForm({ dataset, figures }: MethodFormProps) {
  const { t } = useTranslation("datasets");
  const { t: tCommon } = useTranslation();
  const [choice, setChoice] = useState(() => presentOf(figures));
  const saving = useChange(() => setMethod(dataset.id, choice.method ?? "naive", configOf(choice)));
  return (
    <Section title={t("settings.chunking")} lead={t("settings.chunkingLead")}>
      <Stack gap="md">
        <MethodFields label={t("fields.method")} choice={choice} onChoose={setChoice} />
        {saving.error && <Failure error={saving.error} />}
        <Group>
          <Button onClick={() => saving.mutate(undefined)} loading={saving.isPending}>
            {tCommon("actions.save")}
          </Button>
        </Group>
      </Stack>
    </Section>
  );
}

function presentOf({ chunk_method, parser_config }: Figures): MethodChoice {
  const size = parser_config.chunk_token_num;
  return {
    method: isMethod(chunk_method) ? chunk_method : "naive",
    tokens: typeof size === "number" ? size : USUAL_TOKENS,
  };
}
