import { Button, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useState, type SubmitEvent } from "react";
import { useTranslation } from "react-i18next";

import { addMember, MEMBERS, ROLES } from "../../../api/members";
import type { Role } from "../../../api/session";
import { Failure } from "../../../parts/Failure";
import { Dialog } from "../Dialog";
import { useChange } from "../useChange";
import { NewPassword } from "./NewPassword";

interface AddMemberProps {
  opened: boolean;
  onClose: () => void;
}

export function AddMember({ opened, onClose }: AddMemberProps) {
  const { t } = useTranslation("members");
  return (
    <Dialog opened={opened} title={t("add")} onClose={onClose}>
      <MemberForm onClose={onClose} />
    </Dialog>
  );
}

function MemberForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["members", "common"]);
  const [name, setName] = useState("");
  const [login, setLogin] = useState("");
  const [role, setRole] = useState<Role>("editor");
  const adding = useChange(addMember, MEMBERS);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    adding.mutate({ name: name.trim(), login: login.trim(), role });
  };
  if (adding.data)
    return <NewPassword member={adding.data.member} password={adding.data.password ?? ""} onClose={onClose} />;
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack gap="md">
        <TextInput
          label={t("form.name")}
          required
          data-autofocus
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <TextInput
          label={t("form.login")}
          description={t("form.loginAbout")}
          required
          autoCapitalize="none"
          spellCheck={false}
          value={login}
          onChange={({ currentTarget }) => setLogin(currentTarget.value)}
        />
        <NativeSelect
          label={t("form.role")}
          description={t(`roles.${role}`)}
          value={role}
          onChange={({ currentTarget }) => setRole(ROLES.find((one) => one === currentTarget.value) ?? "viewer")}
          data={ROLES.map((one) => ({ value: one, label: t(`common:roles.${one}`) }))}
        />
        <Text size="sm" c="dimmed">
          {t("form.password")}
        </Text>
        {adding.error && <Failure error={adding.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common:actions.cancel")}
          </Button>
          <Button type="submit" loading={adding.isPending}>
            {t("form.add")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
