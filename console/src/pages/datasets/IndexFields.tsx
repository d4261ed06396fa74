import { Group, Radio, Select, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useEmbeddingModels, type Indexing } from "../../api/datasets";

export interface IndexChoice {
  indexing: Indexing;
  /** None: the server's usual model. */
  model: string | null;
}

interface IndexFieldsProps {
  choice: IndexChoice;
  onChoose: (choice: IndexChoice) => void;
}

const INDEXINGS: Indexing[] = ["high_quality", "economy"];

/** Words and vectors by a model, or words alone. */
export function IndexFields({ choice, onChoose }: IndexFieldsProps) {
  const { t } = useTranslation("datasets");
  const { data: models } = useEmbeddingModels();
  const names = (models ?? []).map(({ model }) => model);
  return (
    <Stack gap="md">
      <Radio.Group
        label={t("indexing.title")}
        value={choice.indexing}
        onChange={(value) => onChoose({ ...choice, indexing: value as Indexing })}
      >
        <Group mt={6} grow align="stretch">
          {INDEXINGS.map((one) => (
            <Radio.Card key={one} value={one} p="sm" radius="md" aria-label={t(`indexing.${one}.name`)}>
              <Group wrap="nowrap" align="flex-start">
                <Radio.Indicator />
                <div>
                  <Text size="sm" fw={600}>
                    {t(`indexing.${one}.name`)}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {t(`indexing.${one}.for`)}
                  </Text>
                </div>
              </Group>
            </Radio.Card>
          ))}
        </Group>
      </Radio.Group>
      {choice.indexing === "high_quality" && (
        <Select
          label={t("indexing.model")}
          placeholder={t("indexing.usualModel")}
          data={choice.model && !names.includes(choice.model) ? [choice.model, ...names] : names}
          value={choice.model}
          onChange={(model) => onChoose({ ...choice, model })}
          searchable
          allowDeselect={false}
        />
      )}
    </Stack>
  );
}
