import { Button, Group, Modal, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Failure } from "./Failure";

interface ConfirmProps {
  title: string;
  /** What the button says: the deed, not "OK". */
  deed: string;
  isOpen: boolean;
  isPending?: boolean;
  isAllowed?: boolean;
  isHarmless?: boolean;
  error?: Error | null;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** Asks before something is done that cannot be undone, or that others feel. */
export function Confirm({
  title,
  deed,
  isOpen,
  isPending = false,
  isAllowed = true,
  isHarmless = false,
  error,
  onConfirm,
  onClose,
  children,
}: ConfirmProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={title}
      centered
      closeButtonProps={{ "aria-label": t("actions.close") }}
    >
      <Stack gap="md">
        {children}
        {error && <Failure error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t("actions.cancel")}
          </Button>
          <Button color={isHarmless ? undefined : "red"} onClick={onConfirm} loading={isPending} disabled={!isAllowed}>
            {deed}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
