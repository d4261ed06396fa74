import { Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconLock, IconPencil, IconTrash, IconUserCheck, IconUserOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { changeMember, MEMBERS, removeMember, type Member } from "../../../api/members";
import { Confirmation } from "../Confirmation";
import { IconAction } from "../IconAction";
import { useChange, useRefusals } from "../useChange";
import { RenameMember } from "./RenameMember";
import { ResetPassword } from "./ResetPassword";

interface MemberActionsProps {
  member: Member;
  isYou: boolean;
}

export function MemberActions({ member, isYou }: MemberActionsProps) {
  const { t } = useTranslation("members");
  const { name } = member;
  const [isRenaming, renaming] = useDisclosure();
  const [isResetting, resetting] = useDisclosure();
  return (
    <Group gap={4} wrap="nowrap" justify="flex-end">
      <IconAction icon={IconPencil} label={t("rename.label", { name })} tip={t("rename.tip")} onClick={renaming.open} />
      <RenameMember member={member} opened={isRenaming} onClose={renaming.close} />
      {!isYou && (
        <>
          {member.login !== null && (
            <IconAction
              icon={IconLock}
              label={t("reset.label", { name })}
              tip={t("reset.tip")}
              onClick={resetting.open}
            />
          )}
          <ResetPassword member={member} opened={isResetting} onClose={resetting.close} />
          <Access member={member} />
          <Removal member={member} />
        </>
      )}
    </Group>
  );
}

function Access({ member: { id, name, is_disabled } }: { member: Member }) {
  const { t } = useTranslation("members");
  const refused = useRefusals();
  const [isAsking, asking] = useDisclosure();
  const switching = useChange((disabled: boolean) => changeMember(id, { disabled }), MEMBERS);
  return (
    <>
      {is_disabled ? (
        <IconAction
          icon={IconUserCheck}
          label={t("enable.label", { name })}
          tip={t("enable.tip")}
          loading={switching.isPending}
          onClick={() => switching.mutate(false, { onError: refused })}
        />
      ) : (
        <IconAction
          icon={IconUserOff}
          label={t("disable.label", { name })}
          tip={t("disable.tip")}
          onClick={asking.open}
        />
      )}
      <Confirmation
        opened={isAsking}
        title={t("disable.title", { name })}
        action={t("disable.now")}
        onConfirm={() => switching.mutateAsync(true)}
        onClose={asking.close}
      >
        <Text size="sm">{t("disable.about")}</Text>
      </Confirmation>
    </>
  );
}

function Removal({ member: { id, name } }: { member: Member }) {
  const { t } = useTranslation("members");
  const [isAsking, asking] = useDisclosure();
  const removing = useChange(removeMember, MEMBERS);
  return (
    <>
      <IconAction
        icon={IconTrash}
        label={t("remove.label", { name })}
        tip={t("remove.tip")}
        color="red"
        onClick={asking.open}
      />
      <Confirmation
        opened={isAsking}
        title={t("remove.title", { name })}
        action={t("remove.now")}
        onConfirm={() => removing.mutateAsync(id)}
        onClose={asking.close}
      >
        <Text size="sm">{t("remove.about")}</Text>
      </Confirmation>
    </>
  );
}
