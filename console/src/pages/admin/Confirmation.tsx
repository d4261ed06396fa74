import { Button, Group, Stack } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Failure } from "../../parts/Failure";
import { Dialog } from "./Dialog";

interface ConfirmationProps {
  opened: boolean;
  title: string;
  /** What the button says. */
  action: string;
  /** What the other one says, where "cancel" would be understood as the deed. */
  refusal?: string;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
  children: ReactNode;
}

/** Asks before something is done that hurts. Closes once it is done; says so if it failed. */
export function Confirmation({ opened, title, onClose, ...content }: ConfirmationProps) {
  return (
    <Dialog opened={opened} title={title} onClose={onClose}>
      <Question onClose={onClose} {...content} />
    </Dialog>
  );
}

function Question({ action, refusal, onConfirm, onClose, children }: Omit<ConfirmationProps, "opened" | "title">) {
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    try {
      await onConfirm();
      onClose();
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack gap="md">
      {children}
      {error !== null && <Failure error={error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          {refusal ?? t("actions.cancel")}
        </Button>
        <Button color="red" loading={isBusy} onClick={() => void confirm()}>
          {action}
        </Button>
      </Group>
    </Stack>
  );
}
