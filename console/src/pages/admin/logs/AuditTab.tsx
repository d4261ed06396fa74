import { Code, Stack, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useAudit, type AuditEntry } from "../../../api/logs";
import { useFormats } from "../../../parts/formats";
import { Listing } from "../Listing";
import { ListTable } from "../ListTable";
import { Pager } from "../Pager";
import { ProseCell } from "../ProseCell";
import { Tag } from "../Tag";
import { useCursors } from "../useCursors";

const A_PAGE = 50;

export function AuditTab() {
  const { t } = useTranslation("logs");
  const cursors = useCursors();
  const { data, error, isPending } = useAudit({ cursor: cursors.current, limit: A_PAGE });
  const columns = [
    { name: t("audit.columns.at"), width: 190 },
    { name: t("audit.columns.actor") },
    { name: t("audit.columns.what") },
    { name: t("audit.columns.object"), width: "32%" },
    { name: t("audit.columns.from") },
    { name: t("audit.columns.result"), width: 110 },
  ];
  return (
    <Stack gap="md">
      <Listing error={error} isPending={isPending} isEmpty={data?.items.length === 0} empty={t("audit.empty")}>
        <ListTable label={t("tabs.audit")} columns={columns} minWidth={860}>
          {data?.items.map((entry) => (
            <AuditRow key={entry.id} entry={entry} />
          ))}
        </ListTable>
      </Listing>
      <Pager cursors={cursors} next={data?.next} />
    </Stack>
  );
}

function AuditRow({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation("logs");
  const { time } = useFormats();
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" c="dimmed">
          {time(entry.at)}
        </Text>
      </Table.Td>
      <ProseCell>
        <Text size="sm" c={entry.actor === null ? "dimmed" : undefined}>
          {entry.actor ?? t("audit.nobody")}
        </Text>
        {entry.key_prefix && <Code fz="xs">{entry.key_prefix}…</Code>}
      </ProseCell>
      <Table.Td>
        <Text size="sm">{t(`audit.verbs.${entry.verb}`, entry.verb)}</Text>
      </Table.Td>
      <ProseCell>
        <Text size="sm">{entry.object_name}</Text>
        <Text size="xs" c="dimmed">
          {t(`audit.kinds.${entry.kind}`, entry.kind)}
        </Text>
      </ProseCell>
      <Table.Td>
        <Text size="sm" c="dimmed">
          {entry.ip}
        </Text>
      </Table.Td>
      <Table.Td>
        <Tag size="sm" color={entry.result === "refused" ? "red" : "teal"}>
          {t(`audit.results.${entry.result}`, entry.result)}
        </Tag>
      </Table.Td>
    </Table.Tr>
  );
}
