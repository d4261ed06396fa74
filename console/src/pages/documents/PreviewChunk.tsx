import { Badge, Group, Paper, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Anchor, PreviewedChunk } from "../../api/documents";
import { useFormats } from "../../parts/formats";
import { playingTimes } from "../../parts/playingTime";

export function PreviewChunk({ chunk }: { chunk: PreviewedChunk }) {
  const { t } = useTranslation("documents");
  const formats = useFormats();
  const place = usePlace(chunk.anchors);
  return (
    <Paper bg="var(--mantine-color-default-hover)" p="sm" radius="md">
      <Group gap={6} mb={4}>
        <Text size="xs" fw={700}>
          #{chunk.position}
        </Text>
        <Text size="xs" c="dimmed">
          {t("preview.tokens", { count: chunk.tokens, shown: formats.number(chunk.tokens) })}
        </Text>
        {chunk.kind !== "text" && (
          <Badge size="xs" variant="light" tt="none">
            {t(`preview.kinds.${chunk.kind === "table" ? "table" : "image"}`)}
          </Badge>
        )}
        {place && (
          <Text size="xs" c="dimmed" truncate maw="100%">
            {place}
          </Text>
        )}
      </Group>
      <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {chunk.content}
      </Text>
      {chunk.answer && (
        <Text size="sm" mt={4} pl="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {chunk.answer}
        </Text>
      )}
      {chunk.children.length > 0 && <Children contents={chunk.children.map(({ content }) => content)} />}
    </Paper>
  );
}

function Children({ contents }: { contents: string[] }) {
  const { t } = useTranslation("documents");
  return (
    <details>
      <Text component="summary" size="xs" c="dimmed" mt={6} style={{ cursor: "pointer" }}>
        {t("preview.children", { count: contents.length })}
      </Text>
      <ol>
        {contents.map((content, index) => (
          <Text component="li" size="xs" key={index} mb={4} style={{ overflowWrap: "anywhere" }}>
            {content}
          </Text>
        ))}
      </ol>
    </details>
  );
}

/** Where the chunk begins, as far as its file has places, and when it is said. */
function usePlace(anchors: Anchor[]): string {
  const { t } = useTranslation("documents");
  const [anchor] = anchors;
  if (!anchor) return "";
  const parts = [
    anchor.part,
    anchor.page && t("preview.page", { page: anchor.page }),
    anchor.slide && t("preview.slide", { slide: anchor.slide }),
    anchor.sheet,
    anchor.cells,
    playingTimes(anchors),
    anchor.headings?.join(" › "),
  ];
  return parts.filter(Boolean).join(" · ");
}
