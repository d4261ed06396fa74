import { Alert, Button, Group, Stack } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { CopyText } from "./CopyText";

interface OnceProps {
  text: string;
  name: string;
  warning: ReactNode;
  onClose: () => void;
}

/** A secret that is shown this once. */
export function Once({ text, name, warning, onClose }: OnceProps) {
  const { t } = useTranslation("admin");
  return (
    <Stack gap="md">
      <CopyText text={text} name={name} />
      <Alert color="orange" icon={<IconAlertTriangle />} title={t("once")}>
        {warning}
      </Alert>
      <Group justify="flex-end">
        <Button onClick={onClose}>{t("kept")}</Button>
      </Group>
    </Stack>
  );
}
