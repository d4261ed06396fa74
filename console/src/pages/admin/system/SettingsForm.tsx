import { Button, Grid, Group, NumberInput, Paper, Skeleton, Stack, Switch, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState, type SubmitEvent } from "react";
import { useTranslation } from "react-i18next";

import { changeSettings, SETTINGS, useSettings, type Settings } from "../../../api/system";
import { useIsOwner } from "../../../app/SessionGate";
import { Failure } from "../../../parts/Failure";
import { useChange } from "../useChange";

const MOST_DAYS = 3650;

export function SettingsForm() {
  const { t } = useTranslation("system");
  const { data, error } = useSettings();
  return (
    <Stack gap="sm" component="section">
      <Title order={2} size="h4">
        {t("settings.title")}
      </Title>
      {error && <Failure error={error} />}
      {!data && !error && <Skeleton height={120} />}
      {data && (
        <Paper withBorder p="md">
          <Grid gap="xl">
            <Grid.Col span={{ base: 12, md: 6 }}>
              <LogForm log={data.query_log} audit={data.audit} />
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 6 }}>
              <Links links={data.links} />
            </Grid.Col>
          </Grid>
        </Paper>
      )}
    </Stack>
  );
}

function LogForm({ log, audit }: { log: Settings["query_log"]; audit: Settings["audit"] }) {
  const { t } = useTranslation(["system", "common"]);
  const [enabled, setEnabled] = useState(log.enabled);
  const [days, setDays] = useState<number | string>(log.days);
  const [auditDays, setAuditDays] = useState<number | string>(audit.days);
  const isOwner = useIsOwner();
  const saving = useChange(changeSettings, SETTINGS);
  const isChanged = enabled !== log.enabled || days !== log.days || auditDays !== audit.days;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const said = () => notifications.show({ color: "teal", message: t("settings.saved") });
    const kept = { query_log: { enabled, days: Number(days) }, audit: { days: Number(auditDays) } };
    saving.mutate(kept, { onSuccess: said });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Switch
          label={t("settings.log")}
          description={t("settings.logAbout")}
          checked={enabled}
          disabled={!isOwner}
          onChange={({ currentTarget }) => setEnabled(currentTarget.checked)}
        />
        <NumberInput
          label={t("settings.days")}
          description={t("settings.daysAbout")}
          min={1}
          max={MOST_DAYS}
          allowDecimal={false}
          required
          maw={240}
          value={days}
          disabled={!isOwner}
          onChange={setDays}
        />
        <NumberInput
          label={t("settings.auditDays")}
          description={t("settings.auditDaysAbout")}
          min={0}
          max={MOST_DAYS}
          allowDecimal={false}
          required
          maw={240}
          value={auditDays}
          disabled={!isOwner}
          onChange={setAuditDays}
        />
        {saving.error && <Failure error={saving.error} />}
        <Group>
          <Button type="submit" disabled={!isOwner || !isChanged} loading={saving.isPending}>
            {t("common:actions.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Links({ links }: { links: Settings["links"] }) {
  const { t } = useTranslation("system");
  return (
    <Stack gap="xs">
      <div>
        <Text size="sm" fw={500}>
          {t("settings.links")}
        </Text>
        <Text size="xs" c="dimmed">
          {t("settings.linksAbout")}
        </Text>
      </div>
      {(["edit", "report"] as const).map((name) => (
        <div key={name}>
          <Text size="xs" c="dimmed">
            {t(`settings.${name}`)}
          </Text>
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {links[name] ?? t("settings.unset")}
          </Text>
        </div>
      ))}
    </Stack>
  );
}
