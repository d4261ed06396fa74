import { Anchor, Checkbox, Group, Progress, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { isUnderWay, type DocumentRow } from "../../api/documents";
import { useFormats } from "../../parts/formats";
import { useReason } from "../../parts/useReason";
import { StageBadge } from "./StageBadge";

const FULL = 100;

interface DocumentLineProps {
  datasetId: string;
  row: DocumentRow;
  isChosen: boolean;
  onChoose?: ((isChosen: boolean) => void) | undefined;
}

export function DocumentLine({ datasetId, row, isChosen, onChoose }: DocumentLineProps) {
  const { t } = useTranslation("documents");
  const formats = useFormats();
  const reason = useReason();
  return (
    <Table.Tr bg={isChosen ? "var(--mantine-color-default-hover)" : undefined}>
      {onChoose && (
        <Table.Td>
          <Checkbox
            size="xs"
            aria-label={t("list.choose", { name: row.name })}
            checked={isChosen}
            onChange={({ currentTarget }) => onChoose(currentTarget.checked)}
          />
        </Table.Td>
      )}
      <Table.Td>
        <Anchor
          component={Link}
          to={`/datasets/${datasetId}/documents/${row.id}`}
          size="sm"
          fw={500}
          style={{ overflowWrap: "anywhere" }}
        >
          {row.name}
        </Anchor>
        {row.failed && (
          <Text size="xs" c="red" lineClamp={3} style={{ overflowWrap: "anywhere" }}>
            {reason(row.failed)}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Progressing row={row} />
      </Table.Td>
      <Table.Td ta="right" visibleFrom="sm">
        {formats.number(row.chunks)}
      </Table.Td>
      <Table.Td ta="right" visibleFrom="md">
        {formats.number(row.words)}
      </Table.Td>
      <Table.Td ta="right" visibleFrom="md">
        {formats.bytes(row.size)}
      </Table.Td>
      <Table.Td visibleFrom="lg">
        <Text size="sm" title={formats.time(row.addedAt)} style={{ whiteSpace: "nowrap" }}>
          {formats.date(row.addedAt)}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}

function Progressing({ row }: { row: DocumentRow }) {
  const { t } = useTranslation("documents");
  const formats = useFormats();
  const isMoving = isUnderWay(row.stage) && row.stage !== "waiting";
  return (
    <>
      <Group gap={6} wrap="nowrap">
        <StageBadge stage={row.stage} />
        {isMoving && (
          <Text size="xs" c="dimmed">
            {formats.percent(row.progress)}
          </Text>
        )}
      </Group>
      {isMoving && (
        <Progress
          value={row.progress * FULL}
          size={4}
          mt={4}
          maw={130}
          aria-label={t("list.progressOf", { name: row.name })}
        />
      )}
    </>
  );
}
