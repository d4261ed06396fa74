import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useState, type SubmitEvent } from "react";
import { useTranslation } from "react-i18next";

import { changeMember, MEMBERS, type Member } from "../../../api/members";
import { Failure } from "../../../parts/Failure";
import { Dialog } from "../Dialog";
import { useChange } from "../useChange";

interface RenameMemberProps {
  member: Member;
  opened: boolean;
  onClose: () => void;
}

export function RenameMember({ member, opened, onClose }: RenameMemberProps) {
  const { t } = useTranslation("members");
  return (
    <Dialog opened={opened} title={t("rename.title", { name: member.name })} onClose={onClose}>
      <NameForm member={member} onClose={onClose} />
    </Dialog>
  );
}

function NameForm({ member, onClose }: Omit<RenameMemberProps, "opened">) {
  const { t } = useTranslation(["members", "common"]);
  const [name, setName] = useState(member.name);
  const renaming = useChange(() => changeMember(member.id, { name: name.trim() }), MEMBERS);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    renaming.mutate(undefined, { onSuccess: onClose });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label={t("form.name")}
          required
          data-autofocus
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        {renaming.error && <Failure error={renaming.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common:actions.cancel")}
          </Button>
          <Button type="submit" loading={renaming.isPending}>
            {t("common:actions.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
