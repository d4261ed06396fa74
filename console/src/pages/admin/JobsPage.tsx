import { Button, Chip, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";

import { JOB_STATES, useJobs, type JobCounts, type JobState } from "../../api/jobs";
import { useMayWrite } from "../../app/SessionGate";
import { useFormats } from "../../parts/formats";
import { DatasetFilter } from "./DatasetFilter";
import { JobRow } from "./jobs/JobRow";
import { Listing } from "./Listing";
import { ListTable } from "./ListTable";
import { PageHead } from "./PageHead";
import { Pager } from "./Pager";
import { useCursors } from "./useCursors";

const A_PAGE = 50;

export default function JobsPage() {
  const { t } = useTranslation(["jobs", "admin"]);
  const { state, datasetId, choose } = useFilters();
  const cursors = useCursors(`${state} ${datasetId}`);
  const { data, error, isPending } = useJobs({ state, datasetId, cursor: cursors.current, limit: A_PAGE });
  const mayWrite = useMayWrite();
  const columns = [
    { name: t("columns.what"), width: "30%" },
    { name: t("columns.state") },
    { name: t("columns.progress"), width: 160 },
    { name: t("columns.why"), width: "28%" },
    { name: t("columns.asked") },
    ...(mayWrite ? [{ name: t("admin:actions"), isHidden: true, width: 88 }] : []),
  ];
  return (
    <Stack gap="md" maw={1280}>
      <PageHead title={t("title")} lead={t("lead")} />
      <Group justify="space-between" gap="sm">
        <StateChoice value={state} counts={data?.counts} onChange={(next) => choose("state", next)} />
        <DatasetFilter value={datasetId} onChange={(next) => choose("dataset", next)} />
      </Group>
      <Summary counts={data?.counts} />
      <Listing
        error={error}
        isPending={isPending}
        isEmpty={data?.items.length === 0}
        empty={<Nothing isFiltered={state !== null || datasetId !== null} />}
      >
        <ListTable label={t("title")} columns={columns} minWidth={860}>
          {data?.items.map((job) => (
            <JobRow key={job.id} job={job} mayWrite={mayWrite} />
          ))}
        </ListTable>
      </Listing>
      <Pager cursors={cursors} next={data?.next} />
    </Stack>
  );
}

/** Kept in the address, so that a look at what failed can be shared. */
function useFilters() {
  const [parameters, setParameters] = useSearchParams();
  const choose = (name: "state" | "dataset", value: string | null) =>
    setParameters(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === null) next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  const state = JOB_STATES.find((one) => one === parameters.get("state")) ?? null;
  return { state, datasetId: parameters.get("dataset"), choose };
}

interface StateChoiceProps {
  value: JobState | null;
  counts: JobCounts | undefined;
  onChange: (state: JobState | null) => void;
}

const EVERY = "all";

function StateChoice({ value, counts, onChange }: StateChoiceProps) {
  const { t } = useTranslation("jobs");
  const { number } = useFormats();
  const counted = (state: JobState) => (counts && state in counts ? counts[state as keyof JobCounts] : 0);
  const choose = (chosen: string | null) => onChange(JOB_STATES.find((one) => one === chosen) ?? null);
  return (
    <Chip.Group value={value ?? EVERY} onChange={choose}>
      <Group gap={6} role="radiogroup" aria-label={t("filter")}>
        <Chip size="sm" value={EVERY}>
          {t("all")}
        </Chip>
        {JOB_STATES.map((state) => (
          <Chip size="sm" key={state} value={state}>
            {t(`states.${state}`)}
            {counted(state) > 0 && ` ${number(counted(state))}`}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  );
}

function Summary({ counts }: { counts: JobCounts | undefined }) {
  const { t } = useTranslation("jobs");
  const { number } = useFormats();
  if (!counts) return null;
  const { queued, running, failed } = counts;
  return (
    <Text size="sm" c="dimmed" aria-live="polite">
      {t("summary", { queued: number(queued), running: number(running), failed: number(failed) })}
    </Text>
  );
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  const { t } = useTranslation("jobs");
  if (isFiltered) return t("emptyState");
  return (
    <Stack align="center" gap="sm">
      {t("empty")}
      <Button component={Link} to="/datasets" variant="light">
        {t("toDatasets")}
      </Button>
    </Stack>
  );
}
