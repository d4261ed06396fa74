import {
  ActionIcon,
  Group,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useFields, type Field } from "../../api/datasets";
import {
  ATTRIBUTES,
  WITH_SEVERAL,
  WITHOUT_VALUE,
  type Attribute,
  type Filter,
  type Filters,
  type Operator,
} from "../../api/retrieval";
import { toLocal, toSeconds } from "../../parts/times";
import classes from "./lab.module.css";

interface Props {
  datasetId: string;
  filters: Filters;
  onChange: (filters: Filters) => void;
}

type Kind = "string" | "number" | "time";

const OF_TEXT: Operator[] = ["is", "is_not", "contains", "not_contains", "starts_with", "ends_with", "in", "not_in"];
const OF_KIND: Record<Kind, Operator[]> = {
  string: [...OF_TEXT, "lacking", "not_empty"],
  number: ["is", "is_not", "greater", "at_least", "less", "at_most", "lacking", "not_empty"],
  time: ["greater", "at_least", "less", "at_most", "lacking", "not_empty"],
};
const OF_ATTRIBUTE: Record<Attribute, Kind> = { name: "string", uploader: "string", created: "time", updated: "time" };
// What is marked by this cannot be the name of a field.
const MARK = "\u0000";

/** Conditions on the metadata of documents, of which all hold or any. */
export function FilterBuilder({ datasetId, filters, onChange }: Props) {
  const { t } = useTranslation("lab");
  const fields = useFields(datasetId);
  const change = (index: number, filter: Filter) =>
    onChange({ ...filters, items: filters.items.map((one, at) => (at === index ? filter : one)) });
  const remove = (index: number) => onChange({ ...filters, items: filters.items.filter((_, at) => at !== index) });
  return (
    <Stack gap="xs" role="group" aria-label={t("filters.title")} className={classes.filters}>
      <Group gap="xs">
        <Text size="sm" fw={500}>
          {t("filters.title")}
        </Text>
        {filters.items.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label={t("filters.logic")}
            value={filters.logic}
            onChange={(logic) => onChange({ ...filters, logic: logic === "or" ? "or" : "and" })}
            data={[
              { value: "and", label: t("filters.and") },
              { value: "or", label: t("filters.or") },
            ]}
          />
        )}
      </Group>
      {filters.items.map((filter, index) => (
        <FilterRow
          key={index}
          filter={filter}
          fields={fields.data?.doc_metadata ?? []}
          onChange={(changed) => change(index, changed)}
          onRemove={() => remove(index)}
        />
      ))}
    </Stack>
  );
}

interface RowProps {
  filter: Filter;
  fields: Field[];
  onChange: (filter: Filter) => void;
  onRemove: () => void;
}

function FilterRow({ filter, fields, onChange, onRemove }: RowProps) {
  const { t } = useTranslation("lab");
  const kind = kindOf(filter, fields);
  const operators = OF_KIND[kind].includes(filter.operator) ? OF_KIND[kind] : [filter.operator, ...OF_KIND[kind]];
  const choose = (chosen: string) => {
    const attribute = ATTRIBUTES.find((one) => MARK + one === chosen);
    const next = attribute ? { name: "", attribute } : { name: chosen };
    const [first = "is"] = OF_KIND[kindOf({ ...filter, attribute: undefined, ...next }, fields)];
    onChange({ ...next, operator: first, values: [] });
  };
  const known = fields.map(({ name }) => name);
  const named = filter.name === "" || known.includes(filter.name) ? known : [...known, filter.name];
  return (
    <Group gap="xs" align="center">
      <Select
        size="xs"
        w={180}
        searchable
        aria-label={t("filters.field")}
        placeholder={t("filters.field")}
        nothingFoundMessage={t("filters.noField")}
        data={[
          ...(named.length > 0 ? [{ group: t("filters.metadata"), items: named }] : []),
          {
            group: t("filters.document"),
            items: ATTRIBUTES.map((one) => ({ value: MARK + one, label: t(`attributes.${one}`) })),
          },
        ]}
        value={filter.attribute ? MARK + filter.attribute : filter.name || null}
        onChange={(chosen) => chosen !== null && choose(chosen)}
      />
      <Select
        size="xs"
        w={150}
        aria-label={t("filters.operator")}
        allowDeselect={false}
        data={operators.map((value) => ({ value, label: t(`operators.${kind}.${value}`, t(`operators.${value}`)) }))}
        value={filter.operator}
        onChange={(chosen) => onChange({ ...filter, operator: operators.find((one) => one === chosen) ?? "is" })}
      />
      {!WITHOUT_VALUE.has(filter.operator) && <ValueInput filter={filter} kind={kind} onChange={onChange} />}
      <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t("filters.remove")} onClick={onRemove}>
        <IconTrash size={16} />
      </ActionIcon>
    </Group>
  );
}

function kindOf({ name, attribute }: Pick<Filter, "name" | "attribute">, fields: Field[]): Kind {
  if (attribute) return OF_ATTRIBUTE[attribute];
  return fields.find((one) => one.name === name)?.type ?? "string";
}

function ValueInput({ filter, kind, onChange }: { filter: Filter; kind: Kind; onChange: (filter: Filter) => void }) {
  const { t } = useTranslation("lab");
  const [value = ""] = filter.values;
  const set = (next: string | number) => onChange({ ...filter, values: next === "" ? [] : [next] });
  const common = { size: "xs", "aria-label": t("filters.value"), flex: 1, miw: 160 };
  if (WITH_SEVERAL.has(filter.operator))
    return (
      <TagsInput
        {...common}
        placeholder={t("filters.several")}
        value={filter.values.map(String)}
        onChange={(values) => onChange({ ...filter, values })}
      />
    );
  if (kind === "number") return <NumberInput {...common} value={value} onChange={set} />;
  if (kind === "time")
    return (
      <TextInput
        {...common}
        type="datetime-local"
        value={toLocal(value)}
        onChange={({ currentTarget }) => set(toSeconds(currentTarget.value))}
      />
    );
  return <TextInput {...common} value={value} onChange={({ currentTarget }) => set(currentTarget.value)} />;
}
