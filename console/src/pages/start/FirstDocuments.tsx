import { Badge, Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { DocumentRow } from "../../api/documents";
import { retryUpload, useUploads, type Upload } from "../../api/upload";
import { useReason } from "../../parts/useReason";
import { StageBadge } from "../documents/StageBadge";

const FULL = 100;

/** What is being sent, and how far each document has come. */
export function FirstDocuments({ datasetId, rows }: { datasetId: string; rows: DocumentRow[] }) {
  const { t } = useTranslation("start");
  const uploads = useUploads(datasetId).filter(({ state }) => state !== "stored");
  return (
    <Stack gap="sm" aria-live="polite">
      {uploads.map((one) => (
        <Sending key={one.id} upload={one} />
      ))}
      {rows.map((row) => (
        <Making key={row.id} row={row} />
      ))}
      {uploads.length + rows.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("welcome.ready.waiting")}
        </Text>
      )}
    </Stack>
  );
}

function Sending({ upload }: { upload: Upload }) {
  const { t } = useTranslation("start");
  const { t: tCommon } = useTranslation();
  return (
    <div>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" truncate>
          {upload.file.name}
        </Text>
        {upload.state === "failed" ? (
          <Button size="compact-xs" variant="default" onClick={() => retryUpload(upload.id)}>
            {tCommon("actions.retry")}
          </Button>
        ) : (
          <Badge variant="light">{t("welcome.ready.sending")}</Badge>
        )}
      </Group>
      {upload.state === "failed" ? (
        <Text size="sm" c="red">
          {upload.error || tCommon("failure.unknown")}
        </Text>
      ) : (
        <Progress value={upload.sent * FULL} size="sm" mt={4} aria-label={upload.file.name} />
      )}
    </div>
  );
}

function Making({ row }: { row: DocumentRow }) {
  const { t } = useTranslation("start");
  const reason = useReason();
  const isOver = row.stage === "available" || row.stage === "failed";
  return (
    <div>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" truncate>
          {row.name}
        </Text>
        <Group gap="xs" wrap="nowrap">
          {row.stage === "available" && (
            <Text size="xs" c="dimmed">
              {t("welcome.ready.chunks", { count: row.chunks })}
            </Text>
          )}
          <StageBadge stage={row.stage} />
        </Group>
      </Group>
      {!isOver && <Progress value={row.progress * FULL} size="sm" mt={4} animated aria-label={row.name} />}
      {row.failed && (
        <Text size="sm" c="red">
          {reason(row.failed)}
        </Text>
      )}
    </div>
  );
}
