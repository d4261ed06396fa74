import { Anchor, Group, Progress, Table, Text } from "@mantine/core";
import { IconRefresh, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { cancelJob, retryJob, type Job, type JobState } from "../../../api/jobs";
import { useFormats } from "../../../parts/formats";
import { useReason } from "../../../parts/useReason";
import { WRONG } from "../colors";
import { Confirmation } from "../Confirmation";
import { IconAction } from "../IconAction";
import { ProseCell } from "../ProseCell";
import { Tag } from "../Tag";
import { useChange, useRefusals } from "../useChange";

const COLORS: Record<JobState, string> = {
  queued: "gray",
  running: "blue",
  failed: "red",
  done: "teal",
  cancelled: "gray",
};

// What runs says so until its first step is noted.
const JUST_BEGUN = "waiting";

interface JobRowProps {
  job: Job;
  mayWrite: boolean;
}

export function JobRow({ job, mayWrite }: JobRowProps) {
  const { t } = useTranslation("jobs");
  const { time } = useFormats();
  const name = useName(job);
  return (
    <Table.Tr>
      <ProseCell minWidth={200}>
        <What job={job} name={name} />
      </ProseCell>
      <Table.Td>
        <Tag color={COLORS[job.state]}>{t(`states.${job.state}`)}</Tag>
      </Table.Td>
      <Table.Td>
        <Standing job={job} name={name} />
      </Table.Td>
      <ProseCell minWidth={200}>
        <Why job={job} />
      </ProseCell>
      <Table.Td>
        <Text size="sm" c="dimmed">
          {time(job.created_at)}
        </Text>
      </Table.Td>
      {mayWrite && (
        <Table.Td>
          <Actions job={job} name={name} />
        </Table.Td>
      )}
    </Table.Tr>
  );
}

/** The document, or the dataset where it is about all of one. */
function useName({ document_id, document_name, dataset_name }: Job): string {
  const { t } = useTranslation("jobs");
  if (document_id !== null) return document_name ?? t("gone");
  return dataset_name ?? t("goneDataset");
}

function What({ job, name }: { job: Job; name: string }) {
  const { t } = useTranslation("jobs");
  const dataset = job.dataset_name ?? t("goneDataset");
  const isThere = job.document_name !== null && job.dataset_name !== null;
  return (
    <>
      {isThere ? (
        <Anchor component={Link} to={`/datasets/${job.dataset_id}/documents/${job.document_id}`} size="sm" fw={500}>
          {name}
        </Anchor>
      ) : (
        <Text size="sm" fw={500}>
          {name}
        </Text>
      )}
      <Text size="xs" c="dimmed">
        {t(`kinds.${job.kind}`, job.kind)}
        {job.document_id !== null && ` · ${dataset}`}
      </Text>
    </>
  );
}

/** How far it is: of what waits or is over there is nothing to tell. */
function Standing({ job, name }: { job: Job; name: string }) {
  const { t } = useTranslation("jobs");
  const { percent } = useFormats();
  if (job.state !== "running") return null;
  return (
    <>
      <Text size="xs" c="dimmed" mb={4}>
        {job.stage && job.stage !== JUST_BEGUN && `${t(`stages.${job.stage}`, job.stage)} · `}
        {percent(job.progress)}
      </Text>
      <Progress value={job.progress * 100} size="sm" aria-label={t("progress", { name })} />
    </>
  );
}

/** What the server says in `waits_for`, in the language of the reader. */
function useWait({ waits_for, line, ahead, run_at, error }: Job): string | null {
  const { t } = useTranslation("jobs");
  const { time } = useFormats();
  if (waits_for === null) return null;
  if (line !== null && ahead !== null) return t(`waits.${line}`, { count: ahead });
  return run_at === null ? waits_for : t(error === null ? "waits.until" : "waits.again", { time: time(run_at) });
}

function Why({ job }: { job: Job }) {
  const { t } = useTranslation("jobs");
  const waitsFor = useWait(job);
  const reason = useReason();
  return (
    <>
      {waitsFor && <Text size="sm">{waitsFor}</Text>}
      {job.error && (
        <Text size="sm" c={job.state === "failed" ? WRONG : "dimmed"}>
          {reason(job)}
        </Text>
      )}
      {job.attempts > 1 && (
        <Text size="xs" c="dimmed">
          {t("attempts", { count: job.attempts })}
        </Text>
      )}
    </>
  );
}

/** What waits may be waiting for a later time: it is due at once when it is tried again. */
function mayRetry({ state, run_at, kind, document_name }: Job): boolean {
  if (state === "queued") return run_at !== null;
  const isThere = kind !== "ingest" || document_name !== null;
  return (state === "failed" || state === "cancelled") && isThere;
}

const mayCancel = ({ state, kind }: Job) => kind !== "purge" && (state === "queued" || state === "running");

function Actions({ job, name }: { job: Job; name: string }) {
  const { t } = useTranslation("jobs");
  const refused = useRefusals();
  const retrying = useChange(retryJob, ["jobs"]);
  const cancelling = useChange(cancelJob, ["jobs"]);
  const [isAsking, setAsking] = useState(false);
  return (
    <Group gap={4} wrap="nowrap" justify="flex-end">
      {mayRetry(job) && (
        <IconAction
          icon={IconRefresh}
          label={t("retryOf", { name })}
          tip={t("retry")}
          loading={retrying.isPending}
          onClick={() => retrying.mutate(job.id, { onError: refused })}
        />
      )}
      {mayCancel(job) && (
        <IconAction
          icon={IconX}
          label={t("cancelOf", { name })}
          tip={t("cancel")}
          color="red"
          onClick={() => setAsking(true)}
        />
      )}
      <Confirmation
        opened={isAsking}
        title={t("cancelTitle")}
        action={t("cancelNow")}
        refusal={t("keep")}
        onConfirm={() => cancelling.mutateAsync(job.id)}
        onClose={() => setAsking(false)}
      >
        <Text size="sm">{t(job.kind === "ingest" ? "cancelIngest" : "cancelOther", { name })}</Text>
      </Confirmation>
    </Group>
  );
}
