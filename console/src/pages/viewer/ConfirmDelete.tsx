import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { Failure } from "../../parts/Failure";

interface Props {
  isOpen: boolean;
  title: string;
  words: string;
  error: unknown;
  isBusy: boolean;
  onDelete: () => void;
  onClose: () => void;
}

export function ConfirmDelete({ isOpen, title, words, error, isBusy, onDelete, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} closeButtonProps={{ "aria-label": t("actions.close") }}>
      <Stack>
        <Text size="sm">{words}</Text>
        {error ? <Failure error={error} /> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t("actions.cancel")}
          </Button>
          <Button color="red" loading={isBusy} onClick={onDelete}>
            {t("actions.delete")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
