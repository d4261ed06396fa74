import { Anchor, Badge, Group, Paper, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { Dataset } from "../../api/datasets";
import { documentsKey, isUnderWay, listDocuments, type DocumentRow } from "../../api/documents";
import { useUploads } from "../../api/upload";
import { FirstDocuments } from "./FirstDocuments";
import { FirstMaterial } from "./FirstMaterial";
import { FirstQuestion } from "./FirstQuestion";

const FIRST_PAGE = { keyword: "", status: null, page: 1, limit: 20 };
const LOOK_AGAIN_MS = 700;
const NO_ROWS: DocumentRow[] = [];

/** From an empty server to the first answer. */
export default function WelcomePage() {
  const { t } = useTranslation("start");
  const [made, setMade] = useState<{ dataset: Dataset; isSample: boolean } | null>(null);
  const rows = useRows(made?.dataset.id ?? "");
  const isReady = rows.some(({ stage }) => stage === "available");
  return (
    <Stack maw={760} mx="auto" gap="md">
      <div>
        <Title order={1} size="h2">
          {t("welcome.title")}
        </Title>
        <Text c="dimmed" mt={4}>
          {t("welcome.lead")}
        </Text>
      </div>
      <Step number={1} title={t("welcome.material.title")} isDone={made !== null}>
        {made ? (
          <Group gap="xs">
            <Text size="sm">{made.dataset.name}</Text>
            <Badge variant="light">{t("welcome.material.made")}</Badge>
          </Group>
        ) : (
          <FirstMaterial onMade={(dataset, isSample) => setMade({ dataset, isSample })} />
        )}
      </Step>
      <Step number={2} title={t("welcome.ready.title")} isDone={isReady} isWaiting={!made}>
        {made && <FirstDocuments datasetId={made.dataset.id} rows={rows} />}
      </Step>
      <Step number={3} title={t("welcome.question.title")} isWaiting={!isReady}>
        {made && isReady && <FirstQuestion datasetId={made.dataset.id} isSample={made.isSample} />}
      </Step>
      <Anchor component={Link} to={made ? `/datasets/${made.dataset.id}` : "/datasets"} size="sm">
        {made ? t("welcome.toDataset") : t("welcome.skip")}
      </Anchor>
    </Stack>
  );
}

function useRows(datasetId: string): DocumentRow[] {
  const isSending = useUploads(datasetId).some(({ state }) => state === "waiting" || state === "sending");
  const { data } = useQuery({
    queryKey: [...documentsKey(datasetId), "first"],
    queryFn: () => listDocuments(datasetId, FIRST_PAGE),
    enabled: datasetId !== "",
    refetchInterval: ({ state }) => {
      const seen = state.data?.rows ?? NO_ROWS;
      const isOver = seen.length > 0 && !isSending && !seen.some(({ stage }) => isUnderWay(stage));
      return isOver ? false : LOOK_AGAIN_MS;
    },
  });
  return data?.rows ?? NO_ROWS;
}

interface StepProps {
  number: number;
  title: string;
  isDone?: boolean;
  isWaiting?: boolean;
  children: ReactNode;
}

function Step({ number, title, isDone = false, isWaiting = false, children }: StepProps) {
  return (
    <Paper withBorder p="lg" component="section" aria-disabled={isWaiting}>
      <Group gap="sm" mb={isWaiting ? 0 : "md"} wrap="nowrap">
        <ThemeIcon radius="xl" size="md" variant={isWaiting ? "default" : "filled"} color={isDone ? "teal" : undefined}>
          {isDone ? (
            <IconCheck size={16} aria-hidden />
          ) : (
            <Text size="sm" fw={600}>
              {number}
            </Text>
          )}
        </ThemeIcon>
        <Title order={2} size="h4" c={isWaiting ? "dimmed" : undefined}>
          {title}
        </Title>
      </Group>
      {!isWaiting && children}
    </Paper>
  );
}
