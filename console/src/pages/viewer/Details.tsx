import { Drawer, Stack, Table, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Rules, ShownDocument } from "../../api/chunks";
import { useFormats } from "../../parts/formats";
import { MetadataForm } from "./MetadataForm";

interface Props {
  datasetId: string;
  document: ShownDocument;
  isOpen: boolean;
  onClose: () => void;
}

/** How a document was made, and what is noted of it. */
export function Details({ datasetId, document, isOpen, onClose }: Props) {
  const { t } = useTranslation("viewer");
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      position="right"
      size="md"
      title={t("details.title", { name: document.name })}
      closeButtonProps={{ "aria-label": t("common:actions.close") }}
    >
      <Stack>
        <Title order={2} size="h5">
          {t("rules.title")}
        </Title>
        <RulesTable document={document} />
        <Title order={2} size="h5">
          {t("metadata.title")}
        </Title>
        <MetadataForm key={document.updated_at} datasetId={datasetId} document={document} />
      </Stack>
    </Drawer>
  );
}

function RulesTable({ document }: { document: ShownDocument }) {
  const { t } = useTranslation("viewer");
  const { number, time } = useFormats();
  const { rules } = document;
  const ways = rules.method === "general" ? generalRows(rules) : optionRows(rules);
  const rows: [string, string][] = [
    ["file", document.media_type],
    ["method", rules.method === "general" ? t(`rules.modes.${rules.mode}`) : t("rules.named", { name: rules.method })],
    ["form", t(`rules.forms.${document.form}`)],
    ...[...ways, ...childRows(rules)].map(([name, value]): [string, string] => [name, shown(value)]),
    ["completed", document.completed_at === null ? "–" : time(document.completed_at)],
  ];
  function shown(value: string | number | boolean): string {
    if (typeof value === "boolean") return t(value ? "rules.yes" : "rules.no");
    return typeof value === "number" ? number(value) : value;
  }
  return (
    <Table variant="vertical" fz="sm" captionSide="top" aria-label={t("rules.title")}>
      <Table.Tbody>
        {rows.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th w="45%" scope="row">
              {t(`rules.${name}`)}
            </Table.Th>
            <Table.Td style={{ overflowWrap: "anywhere" }}>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

type Row = [string, string | number | boolean];

/** The automatic rules are the server's own: their numbers are not what was chosen. */
function generalRows(rules: Rules): Row[] {
  if (rules.mode === "automatic") return [];
  return [
    ["separator", visible(rules.separator)],
    ["max_tokens", rules.max_tokens],
    ["overlap", rules.overlap],
    ["remove_extra_spaces", rules.cleaning.remove_extra_spaces],
    ["remove_urls_emails", rules.cleaning.remove_urls_emails],
  ];
}

function optionRows({ options }: Rules): Row[] {
  return [
    ["chunk_tokens", options.chunk_tokens],
    ["separator", visible(options.delimiter)],
    ["overlap_percent", options.overlap_percent],
  ];
}

function childRows({ children }: Rules): Row[] {
  if (!children) return [];
  return [
    ["child_separator", children.separators.map(visible).join("  ")],
    ["child_tokens", children.max_tokens],
  ];
}

/** Line ends and tabs as they are written in rules. */
const visible = (text: string) => text.replaceAll("\n", "\\n").replaceAll("\t", "\\t");
