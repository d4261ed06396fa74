import { Button, Group, Paper, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { Failure } from "../../parts/Failure";
import { ask, QUESTION_LENGTH, type Found } from "./firstAnswer";

const SHOWN = 3;

export function FirstQuestion({ datasetId, isSample }: { datasetId: string; isSample: boolean }) {
  const { t } = useTranslation("start");
  const [question, setQuestion] = useState(isSample ? t("welcome.sample.question") : "");
  const asking = useMutation({ mutationFn: () => ask(datasetId, question.trim()) });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    asking.mutate();
  };
  return (
    <Stack gap="md">
      <form onSubmit={submit}>
        <Group align="flex-end" wrap="nowrap">
          <TextInput
            label={t("welcome.question.label")}
            flex={1}
            autoFocus
            required
            maxLength={QUESTION_LENGTH}
            value={question}
            onChange={({ currentTarget }) => setQuestion(currentTarget.value)}
          />
          <Button type="submit" loading={asking.isPending} disabled={question.trim() === ""}>
            {t("welcome.question.ask")}
          </Button>
        </Group>
      </form>
      <div aria-live="polite">
        {asking.error && <Failure error={asking.error} />}
        {asking.data && <Answer datasetId={datasetId} found={asking.data.slice(0, SHOWN)} />}
      </div>
    </Stack>
  );
}

function Answer({ datasetId, found }: { datasetId: string; found: Found[] }) {
  const { t } = useTranslation("start");
  if (found.length === 0) return <Text size="sm">{t("welcome.question.nothing")}</Text>;
  return (
    <Stack gap="sm">
      {found.map((one) => (
        <Hit key={one.segment.id} datasetId={datasetId} found={one} />
      ))}
      <Text size="sm" c="dimmed">
        {t("welcome.question.next")}
      </Text>
      <Group>
        <Button component={Link} to={`/datasets/${datasetId}`} variant="light">
          {t("welcome.question.open")}
        </Button>
        <Button component="a" href="/docs/dify" variant="default">
          {t("welcome.question.connect")}
        </Button>
      </Group>
    </Stack>
  );
}

function Hit({ datasetId, found: { segment, score } }: { datasetId: string; found: Found }) {
  const { t, i18n } = useTranslation("start");
  const shown = new Intl.NumberFormat(i18n.language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const place = `/datasets/${datasetId}/documents/${segment.document.id}?chunk=${segment.id}`;
  return (
    <Paper withBorder p="sm" radius="md">
      <Group justify="space-between" wrap="nowrap" mb={4}>
        <Text size="xs" c="dimmed" truncate component={Link} to={place}>
          {segment.document.name}
        </Text>
        <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
          {t("welcome.question.score", { score: shown.format(score) })}
        </Text>
      </Group>
      <Text size="sm" lineClamp={8} style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {segment.content}
        {segment.answer ? `\n${segment.answer}` : ""}
      </Text>
    </Paper>
  );
}
