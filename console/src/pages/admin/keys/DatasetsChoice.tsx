import { MultiSelect, Radio, Stack } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { plainId, useDatasets } from "../../../api/datasets";
import { options } from "../DatasetFilter";

const OFFERED = 20;
const PAUSE_MS = 250;

interface DatasetsChoiceProps {
  /** null: all. */
  value: string[] | null;
  onChange: (datasets: string[] | null) => void;
}

export function DatasetsChoice({ value, onChange }: DatasetsChoiceProps) {
  const { t } = useTranslation("keys");
  return (
    <Radio.Group
      label={t("form.datasets")}
      value={value === null ? "all" : "some"}
      onChange={(chosen) => onChange(chosen === "all" ? null : [])}
    >
      <Stack gap="xs" mt="xs">
        <Radio value="all" label={t("form.all")} />
        <Radio value="some" label={t("form.some")} />
        {value !== null && <Picker value={value} onChange={onChange} />}
      </Stack>
    </Radio.Group>
  );
}

interface PickerProps {
  value: string[];
  onChange: (datasets: string[]) => void;
}

function Picker({ value, onChange }: PickerProps) {
  const { t } = useTranslation(["keys", "admin"]);
  const [typed, setTyped] = useState("");
  const [keyword] = useDebouncedValue(typed, PAUSE_MS);
  const [picked, setPicked] = useState<{ id: string; name: string }[]>([]);
  const { data } = useDatasets({ keyword, tagIds: [], page: 1, limit: OFFERED });
  const offered = [...picked, ...(data?.data ?? [])];
  const pick = (ids: string[]) => {
    setPicked(offered.filter(({ id }) => ids.includes(plainId(id))));
    onChange(ids);
  };
  return (
    <MultiSelect
      aria-label={t("form.pick")}
      placeholder={t("form.pick")}
      nothingFoundMessage={t("admin:dataset.none")}
      data={options(offered)}
      value={value}
      onChange={pick}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      hidePickedOptions
    />
  );
}
