import { Button, CloseButton, Group, Paper, Progress, ScrollArea, Stack, Text } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { forgetUploads, retryUpload, useUploads, type Upload } from "../../api/upload";
import { useFormats } from "../../parts/formats";

const FULL = 100;
const MOST_SHOWN = 100;
const SEEN_MS = 6000;

/** Files on their way, each with its own bar; what failed stays until somebody has seen to it. */
export function UploadList({ datasetId }: { datasetId: string }) {
  const { t } = useTranslation("documents");
  const uploads = useUploads(datasetId);
  useTidying(uploads);
  if (uploads.length === 0) return null;
  const stored = uploads.filter(({ state }) => state === "stored").length;
  const failed = uploads.filter(({ state }) => state === "failed");
  const shown = uploads.filter(({ state }) => state !== "stored").slice(0, MOST_SHOWN);
  const clear = () => forgetUploads(uploads.map(({ id }) => id));
  return (
    <Paper withBorder p="sm" component="section" aria-label={t("uploads.title")}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600} aria-live="polite">
          {t("uploads.count", { stored, count: uploads.length })}
          {failed.length > 0 && ` · ${t("uploads.failed", { count: failed.length })}`}
        </Text>
        <Group gap="xs">
          {failed.length > 1 && (
            <Button size="compact-xs" variant="default" onClick={() => failed.forEach(({ id }) => retryUpload(id))}>
              {t("uploads.retryAll")}
            </Button>
          )}
          <CloseButton size="sm" aria-label={t("uploads.clear")} onClick={clear} />
        </Group>
      </Group>
      <Progress mt={6} size="sm" value={(stored / uploads.length) * FULL} aria-label={t("uploads.title")} />
      {shown.length > 0 && (
        <ScrollArea.Autosize mah={240} mt="xs" type="auto" scrollbars="y">
          <Stack gap={6} component="ul" m={0} p={0}>
            {shown.map((one) => (
              <UploadLine key={one.id} upload={one} />
            ))}
          </Stack>
        </ScrollArea.Autosize>
      )}
    </Paper>
  );
}

/** When all have arrived the list goes by itself, after a moment. */
function useTidying(uploads: Upload[]): void {
  const isOver = uploads.length > 0 && uploads.every(({ state }) => state === "stored");
  const ids = uploads.map(({ id }) => id).join();
  useEffect(() => {
    if (!isOver) return;
    const timer = setTimeout(() => forgetUploads(ids.split(",").map(Number)), SEEN_MS);
    return () => clearTimeout(timer);
  }, [isOver, ids]);
}

function UploadLine({ upload }: { upload: Upload }) {
  const { t } = useTranslation("documents");
  const { t: tCommon } = useTranslation();
  const formats = useFormats();
  const { id, file, state, sent, error } = upload;
  return (
    <Group component="li" wrap="nowrap" gap="sm" align="center" style={{ listStyle: "none" }}>
      <div style={{ flex: 1, minWidth: 0 }}>
        <Text size="sm" truncate>
          {file.name}
        </Text>
        {state === "failed" && (
          <Text size="xs" c="red">
            {error || tCommon("failure.unknown")}
          </Text>
        )}
      </div>
      <Text size="xs" c="dimmed" visibleFrom="sm">
        {formats.bytes(file.size)}
      </Text>
      {state === "sending" && <Progress value={sent * FULL} w={110} size="sm" aria-label={file.name} />}
      {state === "waiting" && (
        <Text size="xs" c="dimmed" w={110}>
          {t("uploads.waiting")}
        </Text>
      )}
      {state === "failed" && (
        <Button size="compact-xs" variant="default" onClick={() => retryUpload(id)}>
          {tCommon("actions.retry")}
        </Button>
      )}
      {state !== "sending" && (
        <CloseButton
          size="sm"
          aria-label={t("uploads.forget", { name: file.name })}
          onClick={() => forgetUploads([id])}
        />
      )}
    </Group>
  );
}
