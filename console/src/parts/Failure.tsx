import { Alert } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

/** An error as it may be shown: in the door's own words. */
export function Failure({ error }: { error: unknown }) {
  const { t } = useTranslation();
  return (
    <Alert color="red" icon={<IconAlertCircle />} title={t("failure.title")} role="alert">
      {error instanceof Error && error.message ? error.message : t("failure.unknown")}
    </Alert>
  );
}
