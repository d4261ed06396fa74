import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { skipToken, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { request } from "../../api/client";
import { plainId, useDatasets, type Dataset } from "../../api/datasets";

const OFFERED = 20;
const PAUSE_MS = 250;

interface DatasetFilterProps {
  value: string | null;
  onChange: (datasetId: string | null) => void;
}

/** One dataset out of however many: the server is asked for those whose names match. */
export function DatasetFilter({ value, onChange }: DatasetFilterProps) {
  const { t } = useTranslation("admin");
  const [typed, setTyped] = useState("");
  const [keyword] = useDebouncedValue(typed, PAUSE_MS);
  const chosen = useChosen(value);
  const { data } = useDatasets({
    keyword: keyword === chosen?.name ? "" : keyword,
    tagIds: [],
    page: 1,
    limit: OFFERED,
  });
  return (
    <Select
      aria-label={t("dataset.label")}
      placeholder={t("dataset.all")}
      nothingFoundMessage={t("dataset.none")}
      data={options([...(chosen ? [chosen] : []), ...(data?.data ?? [])])}
      value={value}
      onChange={onChange}
      searchable
      clearable
      clearButtonProps={{ "aria-label": t("dataset.all") }}
      // What is offered was found by the server already.
      filter={({ options }) => options}
      onSearchChange={setTyped}
      w={220}
      size="sm"
    />
  );
}

/** The name of one that is chosen may be on none of the pages that were fetched. */
function useChosen(id: string | null): Dataset | undefined {
  const { data } = useQuery({
    queryKey: ["dataset", id],
    queryFn: id === null ? skipToken : () => request<Dataset>(`/v1/datasets/${id}`),
  });
  return data;
}

export function options(datasets: readonly { id: string; name: string }[]): { value: string; label: string }[] {
  const named = new Map(datasets.map(({ id, name }) => [plainId(id), name]));
  return [...named].map(([value, label]) => ({ value, label }));
}
