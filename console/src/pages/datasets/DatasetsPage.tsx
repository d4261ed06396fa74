import { Badge, Button, Group, Pagination, Skeleton, Stack, Table, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconSparkles } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";

import { useDatasets, useFigures, type DatasetsAsked } from "../../api/datasets";
import { useMayWrite } from "../../app/SessionGate";
import { Failure } from "../../parts/Failure";
import { useFormats } from "../../parts/formats";
import { CreateDataset } from "./CreateDataset";
import { DatasetFilters } from "./DatasetFilters";
import { DatasetRow } from "./DatasetRow";

const PER_PAGE = 20;
const SKELETONS = [1, 2, 3, 4];

export default function DatasetsPage() {
  const { t } = useTranslation("datasets");
  const [isOpen, { open, close }] = useDisclosure();
  const [asked, ask] = useAsked();
  const mayWrite = useMayWrite();
  const { data, error } = useDatasets(asked);
  const formats = useFormats();
  const isNarrowed = asked.keyword !== "" || asked.tagIds.length > 0;
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Group gap="sm" align="baseline">
          <Title order={1} size="h2">
            {t("list.title")}
          </Title>
          {data && <Text c="dimmed">{formats.number(data.total)}</Text>}
        </Group>
        {mayWrite && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
            {t("create.title")}
          </Button>
        )}
      </Group>
      <DatasetFilters asked={asked} onAsk={ask} />
      {error && <Failure error={error} />}
      {!data && !error && SKELETONS.map((one) => <Skeleton key={one} height={44} />)}
      {data?.total === 0 && <Nothing isNarrowed={isNarrowed} onCreate={open} />}
      {data && data.total > 0 && <DatasetTable asked={asked} />}
      {data && data.total > PER_PAGE && (
        <Pagination
          total={Math.ceil(data.total / PER_PAGE)}
          value={asked.page}
          onChange={(page) => ask({ ...asked, page })}
          getControlProps={(control) => ({ "aria-label": t(`paging.${control}`) })}
        />
      )}
      {isOpen && <CreateDataset onClose={close} />}
    </Stack>
  );
}

function DatasetTable({ asked }: { asked: DatasetsAsked }) {
  const { t } = useTranslation("datasets");
  const { data } = useDatasets(asked);
  const listed = data?.data ?? [];
  const { data: figures } = useFigures(listed.map(({ id }) => id));
  return (
    <Table.ScrollContainer minWidth={0}>
      <Table verticalSpacing="xs" highlightOnHover aria-label={t("list.title")}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("list.name")}</Table.Th>
            <Table.Th ta="right">{t("list.documents")}</Table.Th>
            <Table.Th ta="right" visibleFrom="sm">
              {t("list.chunks")}
            </Table.Th>
            <Table.Th ta="right" visibleFrom="md">
              {t("list.words")}
            </Table.Th>
            <Table.Th visibleFrom="lg">{t("list.model")}</Table.Th>
            <Table.Th visibleFrom="md">{t("list.updated")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {listed.map((dataset) => (
            <DatasetRow key={dataset.id} dataset={dataset} figures={figures} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Nothing({ isNarrowed, onCreate }: { isNarrowed: boolean; onCreate: () => void }) {
  const { t } = useTranslation("datasets");
  const mayWrite = useMayWrite();
  if (isNarrowed) return <Text c="dimmed">{t("list.noneFound")}</Text>;
  return (
    <Stack align="center" py={60} gap="sm">
      <Badge variant="light" size="lg" tt="none">
        {t("list.empty")}
      </Badge>
      <Text c="dimmed" ta="center" maw={460}>
        {t("list.emptyHint")}
      </Text>
      {mayWrite && (
        <Group justify="center">
          <Button component={Link} to="/welcome" leftSection={<IconSparkles size={16} aria-hidden />}>
            {t("list.guided")}
          </Button>
          <Button variant="default" onClick={onCreate}>
            {t("create.title")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

/** What is asked for stands in the address, so that going back shows the same list. */
function useAsked(): [DatasetsAsked, (asked: DatasetsAsked) => void] {
  const [parameters, setParameters] = useSearchParams();
  const asked = {
    keyword: parameters.get("q") ?? "",
    tagIds: parameters.getAll("tag"),
    page: Math.max(1, Number(parameters.get("page")) || 1),
    limit: PER_PAGE,
  };
  const ask = ({ keyword, tagIds, page }: DatasetsAsked) => {
    const next = new URLSearchParams(tagIds.map((id) => ["tag", id]));
    if (keyword) next.set("q", keyword);
    if (page > 1) next.set("page", String(page));
    setParameters(next, { replace: true });
  };
  return [asked, ask];
}
