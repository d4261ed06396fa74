import { Anchor, Table, Text, Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { withQuery } from "../../../api/client";
import type { LoggedQuery } from "../../../api/logs";
import { useFormats } from "../../../parts/formats";
import { ProseCell } from "../ProseCell";
import { Tag } from "../Tag";

const SCORE_DIGITS = 3;

interface QueryRowProps {
  query: LoggedQuery;
  names: Map<string, string>;
}

export function QueryRow({ query, names }: QueryRowProps) {
  const { t } = useTranslation("logs");
  const { time, number } = useFormats();
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" c="dimmed">
          {time(query.at)}
        </Text>
      </Table.Td>
      <ProseCell minWidth={200}>
        <Question query={query} names={names} />
        <Text size="xs" c="dimmed">
          {t(`queries.methods.${query.method}`, query.method)}
        </Text>
      </ProseCell>
      <ProseCell>
        <Where ids={query.dataset_ids} names={names} />
      </ProseCell>
      <Table.Td>
        <Text size="sm">{query.user_name}</Text>
        <Text size="xs" c="dimmed">
          {t(`queries.doors.${query.dialect}`, query.dialect)}
          {query.key_prefix && ` · ${query.key_prefix}…`}
        </Text>
      </Table.Td>
      <Table.Td ta="right">
        {query.hits === 0 ? (
          <Tag color="orange" size="sm">
            {t("queries.noHit")}
          </Tag>
        ) : (
          <Text size="sm">{number(query.hits)}</Text>
        )}
      </Table.Td>
      <Table.Td ta="right">
        <Text size="sm">{query.best_score?.toFixed(SCORE_DIGITS)}</Text>
      </Table.Td>
      <Table.Td ta="right">
        <Text size="sm">{t("queries.ms", { ms: number(Math.round(query.ms)) })}</Text>
      </Table.Td>
    </Table.Tr>
  );
}

/** Where one dataset was asked that is there still, the question leads to its lab, to be asked again. */
function Question({ query: { question, dataset_ids }, names }: QueryRowProps) {
  const { t } = useTranslation("logs");
  const [only, ...others] = dataset_ids;
  const text = (
    <Text component="span" size="sm" lineClamp={3}>
      {question}
    </Text>
  );
  if (only === undefined || others.length > 0 || !names.has(only)) return text;
  return (
    <Tooltip label={t("queries.again")}>
      <Anchor
        component={Link}
        to={withQuery(`/datasets/${only}/lab`, { q: question })}
        size="sm"
        c="var(--mantine-color-text)"
      >
        {text}
      </Anchor>
    </Tooltip>
  );
}

function Where({ ids, names }: { ids: string[]; names: Map<string, string> }) {
  const { t } = useTranslation("logs");
  const [first, ...others] = ids;
  if (first === undefined) return null;
  const nameOf = (id: string) => names.get(id) ?? t("queries.gone");
  if (others.length > 0)
    return (
      <Tooltip label={ids.map(nameOf).join(", ")} multiline maw={320}>
        <Text size="sm" tabIndex={0}>
          {t("queries.several", { count: ids.length })}
        </Text>
      </Tooltip>
    );
  if (!names.has(first))
    return (
      <Text size="sm" c="dimmed">
        {nameOf(first)}
      </Text>
    );
  return (
    <Anchor component={Link} to={`/datasets/${first}`} size="sm">
      {nameOf(first)}
    </Anchor>
  );
}
