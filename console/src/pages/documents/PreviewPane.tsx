import { Alert, Badge, Box, Group, Loader, Pagination, Paper, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ApiError } from "../../api/client";
import { preview, type Previewed } from "../../api/documents";
import type { UploadRules } from "../../api/upload";
import { Failure } from "../../parts/Failure";
import { useFormats } from "../../parts/formats";
import { PreviewChunk } from "./PreviewChunk";
import { previewRules } from "./wizardRules";

const CALM_MS = 500;
const PER_PAGE = 20;
const MOST_TRIES = 5;
const USUAL_WAIT_S = 2;

interface PreviewPaneProps {
  file: File;
  rules: UploadRules;
}

/** What the file would become, made anew when the rules have changed and the typing has paused. */
export function PreviewPane({ file, rules }: PreviewPaneProps) {
  const { t } = useTranslation("documents");
  const [calm] = useDebouncedValue(rules, CALM_MS);
  const { data, error, isFetching } = usePreview(file, calm);
  return (
    <Paper withBorder p="md" component="section" aria-label={t("preview.title")} aria-busy={isFetching}>
      <Group justify="space-between" mb="xs" mih={28}>
        <Group gap="xs">
          <Title order={2} size="h4">
            {t("preview.title")}
          </Title>
          {isFetching && <Loader size="xs" aria-label={t("preview.making")} />}
        </Group>
        {data && <Counts previewed={data} />}
      </Group>
      <Text size="sm" c="dimmed" truncate mb="sm">
        {file.name}
      </Text>
      {error && <Failure error={error} />}
      {!data && !error && <Skeleton height={240} />}
      {data && !error && <Chunks previewed={data} />}
    </Paper>
  );
}

function usePreview(file: File, rules: UploadRules) {
  return useQuery({
    queryKey: ["preview", file.name, file.size, file.lastModified, rules],
    queryFn: ({ signal }) => preview(file, previewRules(rules), signal),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 60_000,
    // Few previews are made at once: whoever comes too many is told when to come again.
    retry: (count, error) => error instanceof ApiError && error.status === 429 && count < MOST_TRIES,
    retryDelay: (_count, error) => ((error instanceof ApiError && error.retryAfter) || USUAL_WAIT_S) * 1000,
  });
}

function Counts({ previewed: { counts, pages } }: { previewed: Previewed }) {
  const { t } = useTranslation("documents");
  const formats = useFormats();
  return (
    <Group gap={6} aria-live="polite">
      <Badge variant="light" tt="none">
        {t("preview.chunks", { count: counts.chunks, shown: formats.number(counts.chunks) })}
      </Badge>
      <Badge variant="light" color="gray" tt="none">
        {t("preview.tokens", { count: counts.tokens, shown: formats.number(counts.tokens) })}
      </Badge>
      {pages !== null && (
        <Badge variant="light" color="gray" tt="none">
          {t("preview.pages", { count: pages })}
        </Badge>
      )}
    </Group>
  );
}

function Chunks({ previewed: { chunks, notes } }: { previewed: Previewed }) {
  const { t } = useTranslation("documents");
  const [page, setPage] = useState(1);
  const last = Math.max(1, Math.ceil(chunks.length / PER_PAGE));
  const here = Math.min(page, last);
  return (
    <Stack gap="sm">
      {notes.length > 0 && (
        <Alert color="yellow" py="xs">
          {notes.map((note) => (
            <Text size="sm" key={note}>
              {note}
            </Text>
          ))}
        </Alert>
      )}
      {chunks.length === 0 && <Text c="dimmed">{t("preview.nothing")}</Text>}
      <Box mah="62vh" tabIndex={0} role="group" aria-label={t("preview.title")} style={{ overflowY: "auto" }}>
        <Stack gap="xs">
          {chunks.slice((here - 1) * PER_PAGE, here * PER_PAGE).map((chunk) => (
            <PreviewChunk key={chunk.position} chunk={chunk} />
          ))}
        </Stack>
      </Box>
      <Pagination
        size="sm"
        total={last}
        value={here}
        onChange={setPage}
        hideWithOnePage
        getControlProps={(control) => ({ "aria-label": t(`paging.${control}`) })}
      />
    </Stack>
  );
}
