import { Anchor, Badge, Group, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { plainId, type Dataset, type Figures } from "../../api/datasets";
import { useFormats } from "../../parts/formats";

const SECOND_MS = 1000;

interface DatasetRowProps {
  dataset: Dataset;
  figures: Map<string, Figures> | undefined;
}

export function DatasetRow({ dataset, figures }: DatasetRowProps) {
  const { t } = useTranslation("datasets");
  const formats = useFormats();
  const beside = figures?.get(plainId(dataset.id));
  return (
    <Table.Tr>
      <Table.Td maw={420}>
        <Group gap="xs">
          <Anchor component={Link} to={`/datasets/${dataset.id}`} fw={600} size="sm">
            {dataset.name}
          </Anchor>
          {!dataset.enable_api && (
            <Badge size="sm" color="orange" variant="light" tt="none">
              {t("api.off")}
            </Badge>
          )}
          {dataset.tags.map((tag) => (
            <Badge key={tag.id} size="sm" variant="light" color="gray" tt="none">
              {tag.name}
            </Badge>
          ))}
        </Group>
        {dataset.description && (
          <Text size="xs" c="dimmed" lineClamp={1}>
            {dataset.description}
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="right">
        {formats.number(dataset.document_count)}
        {beside && <Troubles figures={beside} />}
      </Table.Td>
      <Table.Td ta="right" visibleFrom="sm">
        {beside ? formats.number(beside.chunk_count) : "–"}
      </Table.Td>
      <Table.Td ta="right" visibleFrom="md">
        {formats.number(dataset.word_count)}
      </Table.Td>
      <Table.Td visibleFrom="lg">
        <Text size="sm">{modelOf(dataset, t)}</Text>
      </Table.Td>
      <Table.Td visibleFrom="md">
        <Text size="sm" style={{ whiteSpace: "nowrap" }}>
          {formats.date(dataset.updated_at * SECOND_MS)}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}

function Troubles({ figures }: { figures: Figures }) {
  const { t } = useTranslation("datasets");
  return (
    <>
      {figures.running_count > 0 && (
        <Text size="xs" c="blue">
          {t("list.underWay", { count: figures.running_count })}
        </Text>
      )}
      {figures.fail_count > 0 && (
        <Text size="xs" c="red">
          {t("list.failed", { count: figures.fail_count })}
        </Text>
      )}
    </>
  );
}

function modelOf(dataset: Dataset, t: (key: "indexing.economyShort") => string): string {
  if (dataset.indexing_technique === "economy") return t("indexing.economyShort");
  return dataset.embedding_model ?? "–";
}
