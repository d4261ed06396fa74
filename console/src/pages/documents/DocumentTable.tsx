import { Checkbox, Table } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { DocumentRow } from "../../api/documents";
import { DocumentLine } from "./DocumentLine";

interface DocumentTableProps {
  datasetId: string;
  rows: DocumentRow[];
  /** Absent where there is nothing to choose for. */
  chosen?: ReadonlySet<string>;
  onChoose?: (chosen: ReadonlySet<string>) => void;
}

const NONE: ReadonlySet<string> = new Set();

/** What is chosen on other pages stays chosen. */
export function DocumentTable({ datasetId, rows, chosen = NONE, onChoose }: DocumentTableProps) {
  const { t } = useTranslation("documents");
  const here = rows.filter(({ id }) => chosen.has(id)).length;
  const isAll = rows.length > 0 && here === rows.length;
  const toggle = (ids: string[], isChosen: boolean) => {
    const next = new Set(chosen);
    ids.forEach((id) => (isChosen ? next.add(id) : next.delete(id)));
    onChoose?.(next);
  };
  const all = rows.map(({ id }) => id);
  return (
    <Table.ScrollContainer minWidth={0}>
      <Table verticalSpacing={6} highlightOnHover aria-label={t("list.title")} layout="fixed">
        <Table.Thead>
          <Table.Tr>
            {onChoose && (
              <Table.Th w={40}>
                <Checkbox
                  size="xs"
                  aria-label={t("list.chooseAll")}
                  checked={isAll}
                  indeterminate={here > 0 && !isAll}
                  onChange={() => toggle(all, !isAll)}
                />
              </Table.Th>
            )}
            <Table.Th>{t("list.name")}</Table.Th>
            <Table.Th w={{ base: 120, sm: 170 }}>{t("list.status")}</Table.Th>
            <Table.Th ta="right" w={90} visibleFrom="sm">
              {t("list.chunks")}
            </Table.Th>
            <Table.Th ta="right" w={100} visibleFrom="md">
              {t("list.words")}
            </Table.Th>
            <Table.Th ta="right" w={90} visibleFrom="md">
              {t("list.size")}
            </Table.Th>
            <Table.Th w={150} visibleFrom="lg">
              {t("list.added")}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <DocumentLine
              key={row.id}
              datasetId={datasetId}
              row={row}
              isChosen={chosen.has(row.id)}
              onChoose={onChoose && ((isChosen) => toggle([row.id], isChosen))}
            />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
