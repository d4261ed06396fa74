import { Button, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { changeMember, MEMBERS, type Member } from "../../../api/members";
import { Failure } from "../../../parts/Failure";
import { Dialog } from "../Dialog";
import { useChange } from "../useChange";
import { NewPassword } from "./NewPassword";
import { drawnPassword } from "./passwords";

interface ResetPasswordProps {
  member: Member;
  opened: boolean;
  onClose: () => void;
}

export function ResetPassword({ member, opened, onClose }: ResetPasswordProps) {
  const { t } = useTranslation("members");
  return (
    <Dialog opened={opened} title={t("reset.title", { name: member.name })} onClose={onClose}>
      <Reset member={member} onClose={onClose} />
    </Dialog>
  );
}

async function resetPassword(memberId: string): Promise<string> {
  const password = drawnPassword();
  await changeMember(memberId, { password });
  return password;
}

function Reset({ member, onClose }: Omit<ResetPasswordProps, "opened">) {
  const { t } = useTranslation(["members", "common"]);
  const resetting = useChange(resetPassword, MEMBERS);
  if (resetting.data) return <NewPassword member={member} password={resetting.data} onClose={onClose} />;
  return (
    <Stack gap="md">
      <Text size="sm">{t("reset.about")}</Text>
      {resetting.error && <Failure error={resetting.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t("common:actions.cancel")}
        </Button>
        <Button loading={resetting.isPending} onClick={() => resetting.mutate(member.id)}>
          {t("reset.now")}
        </Button>
      </Group>
    </Stack>
  );
}
