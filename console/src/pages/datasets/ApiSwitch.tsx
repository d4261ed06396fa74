import { Stack, Switch, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";

import { switchApi, type Dataset } from "../../api/datasets";
import { Confirm } from "../../parts/Confirm";
import { Failure } from "../../parts/Failure";
import { Section } from "./Section";
import { useChange } from "./useChange";

/** To switch off is asked about first: every client stops. */
export function ApiSwitch({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation("datasets");
  const [isAsked, asking] = useDisclosure();
  const switching = useChange((isEnabled: boolean) => switchApi(dataset.id, isEnabled));
  return (
    <Section title={t("settings.api")} lead={t("settings.apiLead")}>
      <Stack gap="sm">
        <Switch
          label={t(dataset.enable_api ? "api.on" : "api.off")}
          checked={dataset.enable_api}
          disabled={switching.isPending}
          onChange={({ currentTarget }) => (currentTarget.checked ? switching.mutate(true) : asking.open())}
        />
        {switching.error && !isAsked && <Failure error={switching.error} />}
      </Stack>
      <Confirm
        title={t("api.ask", { name: dataset.name })}
        deed={t("api.deed")}
        isOpen={isAsked}
        isPending={switching.isPending}
        error={switching.error}
        onConfirm={() => switching.mutate(false, { onSuccess: asking.close })}
        onClose={asking.close}
      >
        <Text size="sm">{t("api.warning")}</Text>
      </Confirm>
    </Section>
  );
}
