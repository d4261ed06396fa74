import { Button, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { KEYS, rotateKey, type ApiKey } from "../../../api/keys";
import { Failure } from "../../../parts/Failure";
import { Dialog } from "../Dialog";
import { useChange } from "../useChange";
import { MadeKey } from "./MadeKey";

const GRACES = { at_once: 0, hour: 3_600, day: 86_400, week: 604_800, month: 2_592_000 } as const;
const NAMES = ["at_once", "hour", "day", "week", "month"] as const;

interface RotateKeyProps {
  apiKey: ApiKey;
  opened: boolean;
  onClose: () => void;
}

export function RotateKey({ apiKey, opened, onClose }: RotateKeyProps) {
  const { t } = useTranslation("keys");
  return (
    <Dialog opened={opened} title={t("rotate.title", { name: apiKey.name })} onClose={onClose} size="lg">
      <Rotation apiKey={apiKey} onClose={onClose} />
    </Dialog>
  );
}

function Rotation({ apiKey, onClose }: Omit<RotateKeyProps, "opened">) {
  const { t } = useTranslation(["keys", "common"]);
  const [grace, setGrace] = useState<keyof typeof GRACES>("day");
  const rotating = useChange(() => rotateKey(apiKey.id, GRACES[grace]), KEYS);
  if (rotating.data) return <MadeKey made={rotating.data} onClose={onClose} />;
  return (
    <Stack gap="md">
      <Text size="sm">{t("rotate.about")}</Text>
      <NativeSelect
        label={t("rotate.grace")}
        value={grace}
        onChange={({ currentTarget }) => setGrace(NAMES.find((name) => name === currentTarget.value) ?? "day")}
        data={NAMES.map((name) => ({ value: name, label: t(`rotate.${name}`) }))}
      />
      {rotating.error && <Failure error={rotating.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("common:actions.cancel")}
        </Button>
        <Button loading={rotating.isPending} onClick={() => rotating.mutate(undefined)}>
          {t("rotate.now")}
        </Button>
      </Group>
    </Stack>
  );
}
