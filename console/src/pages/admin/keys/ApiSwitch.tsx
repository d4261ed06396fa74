import { Alert, List, Paper, Skeleton, Stack, Switch, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { changeSettings, SETTINGS, useSettings } from "../../../api/system";
import { Failure } from "../../../parts/Failure";
import { Confirmation } from "../Confirmation";
import { useChange, useRefusals } from "../useChange";

/** Access by keys to everything. Off it goes only after saying what that stops. */
export function ApiSwitch() {
  const { t } = useTranslation("keys");
  const { data, error } = useSettings();
  const [isAsking, asking] = useDisclosure();
  const refused = useRefusals();
  const switching = useChange((enabled: boolean) => changeSettings({ api_enabled: enabled }), SETTINGS);
  if (error) return <Failure error={error} />;
  if (!data) return <Skeleton height={76} />;
  const isOn = data.api_enabled;
  return (
    <>
      {!isOn && <Alert color="orange" icon={<IconPlugConnectedX />} title={t("api.stopped")} role="status" />}
      <Paper withBorder p="md">
        <Switch
          label={t("api.label")}
          description={t(isOn ? "api.on" : "api.off")}
          checked={isOn}
          disabled={switching.isPending}
          onChange={() => (isOn ? asking.open() : switching.mutate(true, { onError: refused }))}
        />
      </Paper>
      <Confirmation
        opened={isAsking}
        title={t("api.offTitle")}
        action={t("api.offNow")}
        onConfirm={() => switching.mutateAsync(false)}
        onClose={asking.close}
      >
        <WhatItStops />
      </Confirmation>
    </>
  );
}

function WhatItStops() {
  const { t } = useTranslation("keys");
  return (
    <Stack gap="xs">
      <Text size="sm">{t("api.offAbout")}</Text>
      <List size="sm">
        <List.Item>{t("api.stops.search")}</List.Item>
        <List.Item>{t("api.stops.uploads")}</List.Item>
        <List.Item>{t("api.stops.links")}</List.Item>
      </List>
      <Text size="sm">{t("api.goesOn")}</Text>
    </Stack>
  );
}
