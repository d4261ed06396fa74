import { Paper, Progress, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { ServerState } from "../../../api/system";
import { useFormats } from "../../../parts/formats";
import { WRONG } from "../colors";

const COUNTS = ["datasets", "documents", "chunks", "queued"] as const;
const NEARLY_FULL = 0.95;

export function Facts({ server }: { server: ServerState }) {
  const { t } = useTranslation("system");
  const { number, time } = useFormats();
  const { extras } = server;
  return (
    <Stack gap="sm" component="section">
      <Title order={2} size="h4">
        {t("facts.title")}
      </Title>
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
        {COUNTS.map((name) => (
          <Paper key={name} withBorder p="sm">
            <Text size="xs" c="dimmed">
              {t(`counts.${name}`)}
            </Text>
            <Text size="xl" fw={600}>
              {number(server.counts[name])}
            </Text>
          </Paper>
        ))}
      </SimpleGrid>
      <Paper withBorder p="md">
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} m={0} renderRoot={(list) => <dl {...list} />}>
          <Fact name={t("facts.version")}>{server.version}</Fact>
          <Fact name={t("facts.since")}>{time(server.started_at)}</Fact>
          <Fact name={t("facts.catalog")}>{t(`facts.${server.catalog}`)}</Fact>
          <Fact name={t("facts.disk")}>
            <Disk disk={server.disk} />
          </Fact>
          <Fact name={t("facts.ocr")}>{t(extras.ocr ? "facts.ocrOn" : "facts.ocrOff")}</Fact>
          <Fact name={t("facts.legacy")}>{t(extras.legacy ? "facts.legacyOn" : "facts.legacyOff")}</Fact>
        </SimpleGrid>
      </Paper>
    </Stack>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <Text component="dt" size="xs" c="dimmed">
        {name}
      </Text>
      <Text component="dd" size="sm" m={0}>
        {children}
      </Text>
    </div>
  );
}

function Disk({ disk: { free, total } }: { disk: ServerState["disk"] }) {
  const { t } = useTranslation("system");
  const { bytes } = useFormats();
  const used = total > 0 ? 1 - free / total : 0;
  const isLow = used > NEARLY_FULL;
  return (
    <>
      {t("facts.free", { free: bytes(free), total: bytes(total) })}
      <Progress value={used * 100} size="sm" mt={4} color={isLow ? "red" : undefined} aria-label={t("facts.used")} />
      {isLow && (
        <Text size="xs" c={WRONG} mt={4}>
          {t("facts.low")}
        </Text>
      )}
    </>
  );
}
