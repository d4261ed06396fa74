import { Paper, Table, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { UsageDay } from "../../../api/logs";
import { useFormats } from "../../../parts/formats";
import { shortDay } from "./days";
import { useMilliseconds } from "./useMilliseconds";

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
        minWidth={380}
        maxHeight={HEIGHT}
        type="native"
        tabIndex={0}
        role="region"
        aria-label={t("usage.table")}
      >
        <Table stickyHeader verticalSpacing={4} aria-label={t("usage.table")}>
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
  const { i18n } = useTranslation();
  const { number } = useFormats();
  const ms = useMilliseconds();
  const cells = [number(day.queries), number(day.zero_hits), ms(day.p50_ms), ms(day.p95_ms), number(day.documents)];
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
