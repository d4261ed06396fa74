import { Stack, Tabs } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { AuditTab } from "./logs/AuditTab";
import { QueriesTab } from "./logs/QueriesTab";
import { UsageTab } from "./logs/UsageTab";
import { PageHead } from "./PageHead";

const TABS = ["queries", "usage", "audit"] as const;

export default function LogsPage() {
  const { t } = useTranslation("logs");
  const [parameters, setParameters] = useSearchParams();
  const tab = TABS.find((one) => one === parameters.get("tab")) ?? "queries";
  return (
    <Stack gap="md" maw={1280}>
      <PageHead title={t("title")} lead={t("lead")} />
      <Tabs value={tab} onChange={(chosen) => setParameters({ tab: chosen ?? "queries" })} keepMounted={false}>
        <Tabs.List mb="md">
          {TABS.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t(`tabs.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="queries">
          <QueriesTab />
        </Tabs.Panel>
        <Tabs.Panel value="usage">
          <UsageTab />
        </Tabs.Panel>
        <Tabs.Panel value="audit">
          <AuditTab />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
