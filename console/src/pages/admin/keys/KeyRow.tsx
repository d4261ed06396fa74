import { Code, Table, Text, Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { SCOPES, type ApiKey } from "../../../api/keys";
import { useFormats } from "../../../parts/formats";
import { ProseCell } from "../ProseCell";
import { Tag } from "../Tag";
import { KeyActions } from "./KeyActions";

type State = "active" | "disabled" | "expired";
const COLORS: Record<State, string> = { active: "teal", disabled: "gray", expired: "orange" };

function stateOf({ is_disabled, expires_at }: ApiKey): State {
  if (is_disabled) return "disabled";
  return expires_at !== null && expires_at <= Date.now() ? "expired" : "active";
}

export function KeyRow({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation("keys");
  const { date } = useFormats();
  const state = stateOf(apiKey);
  return (
    <Table.Tr>
      <ProseCell minWidth={240}>
        <Text size="sm" fw={500}>
          {apiKey.name}
        </Text>
        <Text size="xs" c="dimmed">
          <Code fz="xs">{apiKey.prefix}…</Code> {t("by", { name: apiKey.user.name })}
        </Text>
      </ProseCell>
      <Table.Td>
        <Text size="sm">
          {SCOPES.filter((scope) => apiKey.scopes.includes(scope))
            .map((scope) => t(`scopes.${scope}`))
            .join(", ")}
        </Text>
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
          {apiKey.expires_at === null ? t("neverExpires") : date(apiKey.expires_at)}
        </Text>
      </Table.Td>
      <Table.Td>
        <Tag color={COLORS[state]}>{t(`states.${state}`)}</Tag>
      </Table.Td>
      <Table.Td>
        <KeyActions apiKey={apiKey} mayRotate={state === "active"} />
      </Table.Td>
    </Table.Tr>
  );
}

function LastUse({ apiKey: { last_used_at, last_used_ip } }: { apiKey: ApiKey }) {
  const { t } = useTranslation("keys");
  const { date, time } = useFormats();
  if (last_used_at === null)
    return (
      <Text size="sm" c="dimmed">
        {t("neverUsed")}
      </Text>
    );
  return (
    <Tooltip
      label={last_used_ip === null ? time(last_used_at) : t("from", { time: time(last_used_at), ip: last_used_ip })}
    >
      <Text size="sm" tabIndex={0}>
        {date(last_used_at)}
      </Text>
    </Tooltip>
  );
}
