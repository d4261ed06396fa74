import { Grid, Group, NativeSelect, Paper, SimpleGrid, Skeleton, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useUsage, type Usage, type UsageSum } from "../../../api/logs";
import { Failure } from "../../../parts/Failure";
import { useFormats } from "../../../parts/formats";
import { CountsChart } from "./CountsChart";
import { TimesChart } from "./TimesChart";
import { UsageTable } from "./UsageTable";
import { useMilliseconds } from "./useMilliseconds";

const PERIODS = [7, 30, 90, 365];
const USUAL = 30;

export function UsageTab() {
  const { t } = useTranslation("logs");
  const [days, setDays] = useState(USUAL);
  const { data, error } = useUsage(days);
  return (
    <Stack gap="md">
      <Group align="flex-end" gap="md">
        <NativeSelect
          label={t("usage.period")}
          value={String(days)}
          onChange={({ currentTarget }) => setDays(Number(currentTarget.value))}
          data={PERIODS.map((count) => ({ value: String(count), label: t("usage.days", { count }) }))}
        />
        <Text size="sm" c="dimmed" pb={6}>
          {t("usage.utc")}
        </Text>
      </Group>
      {error ? <Failure error={error} /> : data ? <Report usage={data} /> : <Skeleton height={420} />}
    </Stack>
  );
}

function Report({ usage }: { usage: Usage }) {
  const { t } = useTranslation("logs");
  const isQuiet = usage.totals.queries === 0;
  return (
    <Stack gap="md">
      <Totals totals={usage.totals} />
      {isQuiet && (
        <Paper withBorder p="xl" ta="center">
          <Text c="dimmed">{t("usage.empty")}</Text>
        </Paper>
      )}
      <Grid>
        {!isQuiet && (
          <Grid.Col span={{ base: 12, lg: 7 }}>
            <Stack gap="md">
              <CountsChart usage={usage} />
              <TimesChart usage={usage} />
            </Stack>
          </Grid.Col>
        )}
        <Grid.Col span={{ base: 12, lg: isQuiet ? 12 : 5 }}>
          <UsageTable days={usage.days} />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

function Totals({ totals }: { totals: UsageSum }) {
  const { t } = useTranslation("logs");
  const { number, percent } = useFormats();
  const ms = useMilliseconds();
  const share = totals.queries > 0 ? percent(totals.zero_hits / totals.queries) : "";
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="sm">
      <Total name={t("usage.totals.queries")} value={number(totals.queries)} />
      <Total name={t("usage.totals.zero")} value={number(totals.zero_hits)} beside={share} />
      <Total name={t("usage.totals.p50")} value={ms(totals.p50_ms)} />
      <Total name={t("usage.totals.p95")} value={ms(totals.p95_ms)} />
      <Total name={t("usage.totals.documents")} value={number(totals.documents)} />
    </SimpleGrid>
  );
}

function Total({ name, value, beside }: { name: string; value: string; beside?: string }) {
  return (
    <Paper withBorder p="sm">
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Group gap="xs" align="baseline">
        <Text size="xl" fw={600}>
          {value}
        </Text>
        {beside && (
          <Text size="sm" c="dimmed">
            {beside}
          </Text>
        )}
      </Group>
    </Paper>
  );
}
