import { Alert, Card, Group, Select, Skeleton, Stack, Text, TextInput, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconCircleCheck, IconHelpCircle } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useChunks } from "../../api/chunks";
import { listDocuments } from "../../api/documents";
import { useAbsence, type AskedChunk, type Plan } from "../../api/explain";
import type { Asked } from "../../api/retrieval";
import { Failure } from "../../parts/Failure";
import { ChunkText, Origin } from "./HitCard";
import { HitExplained, Verdicts } from "./HitExplained";
import { ScoreBars } from "./ScoreBars";
import { useScore } from "./scores";
import classes from "./lab.module.css";

interface Props {
  datasetId: string;
  asked: Asked;
  chunkId: string;
  onChoose: (chunkId: string) => void;
}

/** What became of a chunk that was expected. */
export function WhyNot({ datasetId, asked, chunkId, onChoose }: Props) {
  const { t } = useTranslation("lab");
  const absence = useAbsence(datasetId, asked, chunkId);
  const told = absence.data?.chunks[0];
  return (
    <Card withBorder padding="md">
      <Stack gap="sm">
        <div>
          <Title order={2} size="h4">
            {t("why.title")}
          </Title>
          <Text size="sm" c="dimmed">
            {t("why.hint")}
          </Text>
        </div>
        <Picker datasetId={datasetId} chunkId={chunkId} onChoose={onChoose} />
        <div aria-live="polite">
          {absence.isLoading && <Skeleton h={70} aria-label={t("results.searching")} />}
          {absence.error ? <Failure error={absence.error} /> : null}
          {told && absence.data && <Told datasetId={datasetId} told={told} plan={absence.data.plan} />}
        </div>
      </Stack>
    </Card>
  );
}

const WAIT_MS = 300;
const SHOWN = 20;
const BEGINNING = 70;

function Picker({ datasetId, chunkId, onChoose }: Omit<Props, "asked">) {
  const { t } = useTranslation("lab");
  const [documentId, setDocument] = useState<string | null>(null);
  return (
    <Group gap="sm" align="flex-end">
      <DocumentSelect datasetId={datasetId} documentId={documentId} onChange={setDocument} />
      <ChunkSelect key={documentId} documentId={documentId} chunkId={chunkId} onChange={onChoose} />
      <TextInput
        key={chunkId}
        label={t("why.id")}
        placeholder={t("why.idHint")}
        flex={1}
        miw={220}
        defaultValue={chunkId}
        onBlur={({ currentTarget }) => currentTarget.value.trim() !== chunkId && onChoose(currentTarget.value.trim())}
        onKeyDown={({ key, currentTarget }) => key === "Enter" && onChoose(currentTarget.value.trim())}
      />
    </Group>
  );
}

interface DocumentProps {
  datasetId: string;
  documentId: string | null;
  onChange: (documentId: string | null) => void;
}

function DocumentSelect({ datasetId, documentId, onChange }: DocumentProps) {
  const { t } = useTranslation("lab");
  const [typed, setTyped] = useState("");
  const [keyword] = useDebouncedValue(typed, WAIT_MS);
  const documents = useQuery({
    queryKey: ["documents-to-pick", datasetId, keyword],
    queryFn: () => listDocuments(datasetId, { keyword, status: null, page: 1, limit: SHOWN }),
    placeholderData: keepPreviousData,
  });
  const rows = documents.data?.rows ?? [];
  return (
    <Select
      label={t("why.document")}
      placeholder={t("why.documentHint")}
      w={240}
      searchable
      clearable
      clearButtonProps={{ "aria-label": t("why.clear") }}
      nothingFoundMessage={t("why.nothing")}
      data={rows.map(({ id, name }) => ({ value: id, label: name }))}
      filter={({ options }) => options}
      value={documentId}
      // What was chosen is no longer what is looked for.
      onSearchChange={(text) => setTyped(rows.some(({ name }) => name === text) ? "" : text)}
      onChange={onChange}
    />
  );
}

interface ChunkProps {
  documentId: string | null;
  chunkId: string;
  onChange: (chunkId: string) => void;
}

function ChunkSelect({ documentId, chunkId, onChange }: ChunkProps) {
  const { t } = useTranslation("lab");
  const [typed, setTyped] = useState("");
  const [keyword] = useDebouncedValue(typed, WAIT_MS);
  const chunks = useChunks(documentId ?? "", { page: 1, keyword }, documentId !== null);
  const data = (chunks.data?.items ?? []).map(({ id, position, content }) => ({
    value: id,
    label: `#${position} ${content.slice(0, BEGINNING)}`,
  }));
  return (
    <Select
      label={t("why.chunk")}
      placeholder={t("why.chunkHint")}
      w={300}
      searchable
      disabled={documentId === null}
      nothingFoundMessage={t("why.nothing")}
      data={data}
      filter={({ options }) => options}
      value={data.some(({ value }) => value === chunkId) ? chunkId : null}
      onSearchChange={(text) => setTyped(data.some(({ label }) => label === text) ? "" : text)}
      onChange={(chosen) => chosen !== null && onChange(chosen)}
    />
  );
}

function Told({ datasetId, told, plan }: { datasetId: string; told: AskedChunk; plan: Plan }) {
  const { t } = useTranslation("lab");
  const words = useReason(told);
  const isThere = told.reason === "returned";
  const { failed } = told.facts;
  const advice = t(`advice.${told.reason}`, "");
  return (
    <Stack gap="sm">
      <Alert
        py="xs"
        color={isThere ? "teal" : "orange"}
        icon={isThere ? <IconCircleCheck /> : <IconHelpCircle />}
        title={words}
      >
        {advice && <Text size="sm">{advice}</Text>}
        {failed && <Verdicts verdicts={failed} />}
      </Alert>
      {told.document_id && (
        <Card withBorder padding="sm">
          <div className={classes.hit}>
            <Stack gap={6} miw={0}>
              <Origin datasetId={datasetId} chunk={told} />
              <ChunkText chunk={told} />
            </Stack>
            {told.scores && <ScoreBars scores={told.scores} />}
          </div>
          <HitExplained chunk={{ ...told, filters: failed ? [] : told.filters }} plan={plan} />
        </Card>
      )}
    </Stack>
  );
}

/** The reason in words, with the numbers that decided; of one that we have no words for, the server's. */
function useReason({ reason, facts, explanation, rank }: AskedChunk): string {
  const { t } = useTranslation("lab");
  const score = useScore();
  const numbers = Object.entries({ rank, ...facts }).map(([name, value]): [string, string] => [
    name,
    typeof value === "number" && !Number.isInteger(value) ? score(value) : String(value),
  ]);
  const stage = facts.status ? t(`viewer:stage.${facts.status}`, { defaultValue: facts.status }) : "";
  const values: Record<string, string> = { ...Object.fromEntries(numbers), stage };
  return t(`reasons.${reason}`, explanation, values);
}
