import { Alert, Anchor, Group, Stack, Switch } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useQueryLog } from "../../../api/logs";
import { useSettings } from "../../../api/system";
import { DatasetFilter } from "../DatasetFilter";
import { Listing } from "../Listing";
import { ListTable } from "../ListTable";
import { Pager } from "../Pager";
import { useCursors } from "../useCursors";
import { QueryRow } from "./QueryRow";

const A_PAGE = 50;

export function QueriesTab() {
  const { t } = useTranslation("logs");
  const [datasetId, setDatasetId] = useState<string | null>(null);
  const [zeroHits, setZeroHits] = useState(false);
  const cursors = useCursors(`${datasetId} ${zeroHits}`);
  const { data, error, isPending } = useQueryLog({ datasetId, zeroHits, cursor: cursors.current, limit: A_PAGE });
  const names = new Map(Object.entries(data?.dataset_names ?? {}));
  const columns = [
    { name: t("queries.columns.at") },
    { name: t("queries.columns.question"), width: "32%" },
    { name: t("queries.columns.where") },
    { name: t("queries.columns.who") },
    { name: t("queries.columns.hits"), isNumber: true },
    { name: t("queries.columns.score"), isNumber: true },
    { name: t("queries.columns.ms"), isNumber: true },
  ];
  const isFiltered = datasetId !== null || zeroHits;
  return (
    <Stack gap="md">
      <SwitchedOff />
      <Group justify="space-between">
        <Switch
          label={t("queries.zero")}
          checked={zeroHits}
          onChange={({ currentTarget }) => setZeroHits(currentTarget.checked)}
        />
        <DatasetFilter value={datasetId} onChange={setDatasetId} />
      </Group>
      <Listing
        error={error}
        isPending={isPending}
        isEmpty={data?.items.length === 0}
        empty={t(isFiltered ? "queries.emptyFiltered" : "queries.empty")}
      >
        <ListTable label={t("tabs.queries")} columns={columns} minWidth={880}>
          {data?.items.map((query) => (
            <QueryRow key={query.id} query={query} names={names} />
          ))}
        </ListTable>
      </Listing>
      <Pager cursors={cursors} next={data?.next} />
    </Stack>
  );
}

function SwitchedOff() {
  const { t } = useTranslation("logs");
  const { data } = useSettings();
  if (!data || data.query_log.enabled) return null;
  return (
    <Alert color="orange">
      {t("queries.off")}{" "}
      <Anchor component={Link} to="/system" size="sm" underline="always">
        {t("queries.switch")}
      </Anchor>
    </Alert>
  );
}
