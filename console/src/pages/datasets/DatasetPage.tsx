import { Anchor, Badge, Breadcrumbs, Group, Skeleton, Stack, Tabs, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, Outlet, useLocation, useNavigate, useParams } from "react-router";

import { plainId, useDataset, useFigures, type Dataset } from "../../api/datasets";
import { Failure } from "../../parts/Failure";
import { useFormats } from "../../parts/formats";

const TABS = [
  { value: "documents", path: "" },
  { value: "lab", path: "/lab" },
  { value: "settings", path: "/settings" },
] as const;

export default function DatasetPage() {
  const { datasetId = "" } = useParams();
  const { data: dataset, error } = useDataset(datasetId);
  if (error && !dataset) return <Failure error={error} />;
  return (
    <Stack gap="sm">
      {dataset ? <Header dataset={dataset} /> : <Skeleton height={56} />}
      <Places datasetId={datasetId} />
    </Stack>
  );
}

function Header({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation("datasets");
  return (
    <div>
      <Breadcrumbs separatorMargin={6}>
        <Anchor component={Link} to="/datasets" size="sm">
          {t("list.title")}
        </Anchor>
        <Text size="sm" c="dimmed" truncate maw="60vw">
          {dataset.name}
        </Text>
      </Breadcrumbs>
      <Group gap="sm" mt={4}>
        <Title order={1} size="h2" style={{ overflowWrap: "anywhere" }}>
          {dataset.name}
        </Title>
        <Badge color={dataset.enable_api ? "teal" : "orange"} variant="light" tt="none">
          {t(dataset.enable_api ? "api.on" : "api.off")}
        </Badge>
        {dataset.embedding_available === false && (
          <Badge color="red" variant="light" tt="none">
            {t("header.modelGone")}
          </Badge>
        )}
      </Group>
      {dataset.description && (
        <Text c="dimmed" size="sm">
          {dataset.description}
        </Text>
      )}
      <Counts dataset={dataset} />
    </div>
  );
}

function Counts({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation("datasets");
  const formats = useFormats();
  const { data } = useFigures([dataset.id]);
  const figures = data?.get(plainId(dataset.id));
  const counts = [
    t("header.documents", { count: dataset.document_count, shown: formats.number(dataset.document_count) }),
    ...(figures
      ? [t("header.chunks", { count: figures.chunk_count, shown: formats.number(figures.chunk_count) })]
      : []),
    t("header.words", { count: dataset.word_count, shown: formats.number(dataset.word_count) }),
    dataset.indexing_technique === "economy" ? t("indexing.economyShort") : dataset.embedding_model,
  ];
  return (
    <Text size="sm" c="dimmed">
      {counts.filter(Boolean).join(" · ")}
    </Text>
  );
}

/** Each tab has an address of its own. */
function Places({ datasetId }: { datasetId: string }) {
  const { t } = useTranslation("datasets");
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const root = `/datasets/${datasetId}`;
  const shown = TABS.find(({ path }) => path !== "" && pathname === root + path) ?? TABS[0];
  const go = (value: string | null) => {
    const tab = TABS.find((one) => one.value === value);
    if (tab) void navigate(root + tab.path);
  };
  return (
    <Tabs value={shown.value} onChange={go} activateTabWithKeyboard={false}>
      <Tabs.List>
        {TABS.map(({ value }) => (
          <Tabs.Tab key={value} value={value}>
            {t(`tabs.${value}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={shown.value} pt="md">
        <Outlet />
      </Tabs.Panel>
    </Tabs>
  );
}
