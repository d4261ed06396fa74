import { Group, NativeSelect, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { changeMember, MEMBERS, ROLES, type Member } from "../../../api/members";
import type { Role } from "../../../api/session";
import { useSession } from "../../../app/SessionGate";
import { useFormats } from "../../../parts/formats";
import { ProseCell } from "../ProseCell";
import { Tag } from "../Tag";
import { useChange, useRefusals } from "../useChange";
import { MemberActions } from "./MemberActions";

export function MemberRow({ member }: { member: Member }) {
  const { t } = useTranslation("members");
  const { date, time } = useFormats();
  const isYou = useSession().user.id === member.id;
  return (
    <Table.Tr>
      <ProseCell>
        <Group gap="xs">
          <Text size="sm" fw={500} c={member.is_disabled ? "dimmed" : undefined}>
            {member.name}
          </Text>
          {isYou && <Tag size="sm">{t("you")}</Tag>}
          {member.is_disabled && (
            <Tag size="sm" color="gray">
              {t("disabled")}
            </Tag>
          )}
        </Group>
      </ProseCell>
      <ProseCell>
        <Text size="sm" c={member.login === null ? "dimmed" : undefined}>
          {member.login ?? t("noLogin")}
        </Text>
      </ProseCell>
      <Table.Td>
        <RoleChoice member={member} isYou={isYou} />
      </Table.Td>
      <Table.Td>
        <Text size="sm" c={member.last_login_at === null ? "dimmed" : undefined}>
          {member.last_login_at === null ? t("neverIn") : time(member.last_login_at)}
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm" c="dimmed">
          {date(member.created_at)}
        </Text>
      </Table.Td>
      <Table.Td>
        <MemberActions member={member} isYou={isYou} />
      </Table.Td>
    </Table.Tr>
  );
}

/** One's own role is for another owner to change: nobody locks himself out by a slip. */
function RoleChoice({ member, isYou }: { member: Member; isYou: boolean }) {
  const { t } = useTranslation(["members", "common"]);
  const refused = useRefusals();
  const changing = useChange((role: Role) => changeMember(member.id, { role }), MEMBERS);
  const choose = (chosen: string) => {
    const role = ROLES.find((one) => one === chosen);
    if (role) changing.mutate(role, { onError: refused });
  };
  return (
    <NativeSelect
      size="xs"
      miw={110}
      aria-label={t("roleOf", { name: member.name })}
      value={changing.isPending ? changing.variables : member.role}
      disabled={isYou || changing.isPending}
      onChange={({ currentTarget }) => choose(currentTarget.value)}
      data={ROLES.map((one) => ({ value: one, label: t(`common:roles.${one}`) }))}
    />
  );
}
