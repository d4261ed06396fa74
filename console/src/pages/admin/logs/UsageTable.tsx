import { Paper, Table, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { UsageDay } from "../../../api/logs";
import { useFormats } from "../../../parts/formats";
import { shortDay } from "./days";

const HEIGHT = 470;
const NUMBERS = ["queries", "zero", "p50", "p95", "documents"] as const;

/** What the charts show, the newest day first. */
export function UsageTable({ days }: { days: readonly UsageDay[] }) {
  const { t } = useTranslation("logs");
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h5" mb="xs">
        {t("usage.table")}
      </Title>
      <Table.ScrollContainer
        minWidth={340}
        maxHeight={HEIGHT}
        type="native"
        pos="relative"
        tabIndex={0}
        role="region"
        aria-label={t("usage.table")}
      >
        <Table
          stickyHeader
          verticalSpacing={4}
          horizontalSpacing={6}
          fz="xs"
          style={{ whiteSpace: "nowrap" }}
          aria-label={t("usage.table")}
        >
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t("usage.columns.day")}</Table.Th>
              {NUMBERS.map((name) => (
                <Table.Th key={name} scope="col" ta="right">
                  {t(`usage.columns.${name}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {[...days].reverse().map((day) => (
              <DayRow key={day.date} day={day} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}

function DayRow({ day }: { day: UsageDay }) {
  const { number } = useFormats();
  const { t, i18n } = useTranslation("logs");
  const some = (value: number | null) => (value === null ? t("usage.none") : number(value));
  const cells = [day.queries, day.zero_hits, day.p50_ms, day.p95_ms, day.documents].map(some);
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        {shortDay(day.date, i18n.language)}
      </Table.Th>
      {cells.map((cell, at) => (
        <Table.Td key={NUMBERS[at]} ta="right">
          {cell}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}
