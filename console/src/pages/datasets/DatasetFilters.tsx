import { Group, MultiSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useTags, type DatasetsAsked } from "../../api/datasets";
import { SearchBox } from "../../parts/SearchBox";

interface DatasetFiltersProps {
  asked: DatasetsAsked;
  onAsk: (asked: DatasetsAsked) => void;
}

export function DatasetFilters({ asked, onAsk }: DatasetFiltersProps) {
  const { t } = useTranslation("datasets");
  const { data: tags } = useTags();
  const choices = (tags ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Group gap="sm">
      <SearchBox
        label={t("list.search")}
        value={asked.keyword}
        onSearch={(keyword) => onAsk({ ...asked, keyword, page: 1 })}
      />
      {choices.length > 0 && (
        <MultiSelect
          aria-label={t("list.byTags")}
          placeholder={asked.tagIds.length > 0 ? undefined : t("list.byTags")}
          data={choices}
          value={asked.tagIds}
          onChange={(tagIds) => onAsk({ ...asked, tagIds, page: 1 })}
          clearable
          searchable
          w={{ base: "100%", sm: 260 }}
        />
      )}
    </Group>
  );
}
