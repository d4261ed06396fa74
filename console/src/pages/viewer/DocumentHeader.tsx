import {
  ActionIcon,
  Alert,
  Anchor,
  Badge,
  Breadcrumbs,
  Button,
  Group,
  List,
  Progress,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconAdjustments, IconAlertTriangle, IconDownload, IconX } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { downloadLink, type ShownDocument } from "../../api/chunks";
import { useDataset } from "../../api/datasets";
import { useFormats } from "../../parts/formats";
import { useReason } from "../../parts/useReason";
import { Details } from "./Details";

interface Props {
  datasetId: string;
  document: ShownDocument;
}

export function DocumentHeader({ datasetId, document }: Props) {
  const { t } = useTranslation("viewer");
  const { number, bytes, time } = useFormats();
  const dataset = useDataset(datasetId);
  const [isOpen, { open, close }] = useDisclosure();
  const counts = [
    t("counts.chunks", { count: document.chunk_count, number: number(document.chunk_count) }),
    t("counts.characters", { count: document.character_count, number: number(document.character_count) }),
    t("counts.tokens", { count: document.tokens, number: number(document.tokens) }),
    bytes(document.size),
    t("counts.added", { time: time(document.created_at) }),
  ];
  return (
    <Stack gap={6}>
      <Breadcrumbs component="nav" aria-label={t("path")} separatorMargin={6}>
        <Anchor component={Link} to="/datasets" size="sm">
          {t("common:places.datasets")}
        </Anchor>
        <Anchor component={Link} to={`/datasets/${datasetId}`} size="sm">
          {dataset.data?.name ?? "…"}
        </Anchor>
      </Breadcrumbs>
      <Group justify="space-between" align="flex-start" gap="xs">
        <Group gap="xs" miw={0} flex="1 1 16rem">
          <Title order={1} size="h3" style={{ overflowWrap: "anywhere" }}>
            {document.name}
          </Title>
          <StatusBadge document={document} />
        </Group>
        <Group gap="xs" wrap="nowrap">
          <DownloadButton datasetId={datasetId} documentId={document.id} />
          <Button variant="default" size="xs" leftSection={<IconAdjustments size={16} />} onClick={open}>
            {t("details.open")}
          </Button>
        </Group>
      </Group>
      <Text size="sm" c="dimmed">
        {counts.join(" · ")}
      </Text>
      <State document={document} />
      <Notes notes={document.notes} />
      <Details datasetId={datasetId} document={document} isOpen={isOpen} onClose={close} />
    </Stack>
  );
}

const COLORS: Record<string, string> = { failed: "red", running: "blue", cancelled: "gray", unstarted: "gray" };

function StatusBadge({ document }: { document: ShownDocument }) {
  const { t } = useTranslation("viewer");
  const isDone = document.phase === "done";
  const word = !isDone ? document.phase : document.archived ? "archived" : document.enabled ? "available" : "disabled";
  const color = COLORS[word] ?? (word === "available" ? "teal" : "gray");
  return (
    <Badge color={color} variant="light">
      {t(`state.${word}`)}
    </Badge>
  );
}

function State({ document }: { document: ShownDocument }) {
  const { t } = useTranslation("viewer");
  const reason = useReason();
  if (document.phase === "failed")
    return (
      <Alert color="red" icon={<IconAlertTriangle />} title={t("failed")} py="xs">
        {reason(document)}
      </Alert>
    );
  if (document.phase !== "running") return null;
  const percent = Math.round(document.progress * 100);
  return (
    <Stack gap={4} aria-live="polite">
      <Text size="sm">{t("running", { stage: t(`stage.${document.status}`), percent })}</Text>
      <Progress value={percent} size="sm" animated aria-label={t("progress")} />
    </Stack>
  );
}

const NOTES_SHOWN = 3;

function Notes({ notes }: { notes: string[] }) {
  const { t } = useTranslation("viewer");
  const [isWhole, { toggle }] = useDisclosure();
  const [isGone, { open: hide }] = useDisclosure();
  if (notes.length === 0 || isGone) return null;
  return (
    <Alert color="yellow" py="xs" title={t("notes", { count: notes.length })} role="note">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div>
          <List size="sm">
            {notes.slice(0, isWhole ? undefined : NOTES_SHOWN).map((note) => (
              <List.Item key={note}>{note}</List.Item>
            ))}
          </List>
          {notes.length > NOTES_SHOWN && (
            <Anchor component="button" type="button" size="sm" onClick={toggle} aria-expanded={isWhole}>
              {isWhole ? t("common:text.less") : t("notesAll", { count: notes.length })}
            </Anchor>
          )}
        </div>
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t("notesHide")} onClick={hide}>
          <IconX size={16} />
        </ActionIcon>
      </Group>
    </Alert>
  );
}

function DownloadButton({ datasetId, documentId }: { datasetId: string; documentId: string }) {
  const { t } = useTranslation("viewer");
  const link = useMutation({
    mutationFn: () => downloadLink(datasetId, documentId),
    onSuccess: ({ url }) => save(url),
    onError: (error) => notifications.show({ color: "red", title: t("common:failure.title"), message: error.message }),
  });
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconDownload size={16} />}
      loading={link.isPending}
      onClick={() => link.mutate()}
    >
      {t("download")}
    </Button>
  );
}

function save(url: string): void {
  const anchor = window.document.createElement("a");
  anchor.href = url;
  anchor.download = "";
  anchor.click();
}
