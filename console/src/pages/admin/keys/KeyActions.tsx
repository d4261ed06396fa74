import { Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlayerPause, IconPlayerPlay, IconRotateClockwise, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { changeKey, deleteKey, KEYS, type ApiKey } from "../../../api/keys";
import { Confirmation } from "../Confirmation";
import { IconAction } from "../IconAction";
import { useChange, useRefusals } from "../useChange";
import { RotateKey } from "./RotateKey";

interface KeyActionsProps {
  apiKey: ApiKey;
  mayRotate: boolean;
}

export function KeyActions({ apiKey, mayRotate }: KeyActionsProps) {
  const { t } = useTranslation("keys");
  const { name } = apiKey;
  const refused = useRefusals();
  const [isRotating, rotating] = useDisclosure();
  const [isDeleting, deleting] = useDisclosure();
  const switching = useChange((isDisabled: boolean) => changeKey(apiKey.id, { is_disabled: isDisabled }), KEYS);
  const removing = useChange(deleteKey, KEYS);
  const turn = apiKey.is_disabled ? "enable" : "disable";
  return (
    <Group gap={4} wrap="nowrap" justify="flex-end">
      {mayRotate && (
        <IconAction
          icon={IconRotateClockwise}
          label={t("rotate.label", { name })}
          tip={t("rotate.tip")}
          onClick={rotating.open}
        />
      )}
      <IconAction
        icon={apiKey.is_disabled ? IconPlayerPlay : IconPlayerPause}
        label={t(`${turn}.label`, { name })}
        tip={t(`${turn}.tip`)}
        loading={switching.isPending}
        onClick={() => switching.mutate(!apiKey.is_disabled, { onError: refused })}
      />
      <IconAction
        icon={IconTrash}
        label={t("delete.label", { name })}
        tip={t("delete.tip")}
        color="red"
        onClick={deleting.open}
      />
      <RotateKey apiKey={apiKey} opened={isRotating} onClose={rotating.close} />
      <Confirmation
        opened={isDeleting}
        title={t("delete.title", { name })}
        action={t("delete.now")}
        onConfirm={() => removing.mutateAsync(apiKey.id)}
        onClose={deleting.close}
      >
        <Text size="sm">{t("delete.about")}</Text>
      </Confirmation>
    </Group>
  );
}
