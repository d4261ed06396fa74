import { Badge, Code, Group, Table, Text, Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { ApiKey } from "../../../api/keys";
import { useFormats } from "../../../parts/formats";
import { KeyActions } from "./KeyActions";

type State = "active" | "disabled" | "expired";
const COLORS: Record<State, string> = { active: "teal", disabled: "gray", expired: "orange" };

function stateOf({ is_disabled, expires_at }: ApiKey): State {
  if (is_disabled) return "disabled";
  return expires_at !== null && expires_at <= Date.now() ? "expired" : "active";
}

export function KeyRow({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation("keys");
  const { time } = useFormats();
  const state = stateOf(apiKey);
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={500}>
          {apiKey.name}
        </Text>
        <Text size="xs" c="dimmed">
          {t("by", { name: apiKey.user.name })}
        </Text>
      </Table.Td>
      <Table.Td>
        <Code>{apiKey.prefix}…</Code>
      </Table.Td>
      <Table.Td>
        <Group gap={4}>
          {apiKey.scopes.map((scope) => (
            <Badge key={scope} variant="light" color={scope === "admin" ? "grape" : "gray"} size="sm">
              {t(`scopes.${scope}`)}
            </Badge>
          ))}
        </Group>
      </Table.Td>
      <Table.Td>
        <Text size="sm">
          {apiKey.datasets === null ? t("allDatasets") : t("someDatasets", { count: apiKey.datasets.length })}
        </Text>
      </Table.Td>
      <Table.Td>
        <LastUse apiKey={apiKey} />
      </Table.Td>
      <Table.Td>
        <Text size="sm" c={apiKey.expires_at === null ? "dimmed" : undefined}>
          {apiKey.expires_at === null ? t("neverExpires") : time(apiKey.expires_at)}
        </Text>
      </Table.Td>
      <Table.Td>
        <Badge variant="light" color={COLORS[state]}>
          {t(`states.${state}`)}
        </Badge>
      </Table.Td>
      <Table.Td>
        <KeyActions apiKey={apiKey} mayRotate={state === "active"} />
      </Table.Td>
    </Table.Tr>
  );
}

function LastUse({ apiKey: { last_used_at, last_used_ip } }: { apiKey: ApiKey }) {
  const { t } = useTranslation("keys");
  const { time } = useFormats();
  if (last_used_at === null)
    return (
      <Text size="sm" c="dimmed">
        {t("neverUsed")}
      </Text>
    );
  return (
    <Tooltip label={t("from", { ip: last_used_ip })} disabled={last_used_ip === null}>
      <Text size="sm">{time(last_used_at)}</Text>
    </Tooltip>
  );
}
