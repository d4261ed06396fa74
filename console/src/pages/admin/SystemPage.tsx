import { Skeleton, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useServer } from "../../api/system";
import { Failure } from "../../parts/Failure";
import { PageHead } from "./PageHead";
import { Doors } from "./system/Doors";
import { Facts } from "./system/Facts";
import { SettingsForm } from "./system/SettingsForm";

export default function SystemPage() {
  const { t } = useTranslation("system");
  const { data, error } = useServer();
  return (
    <Stack gap="lg" maw={1280}>
      <PageHead title={t("title")} lead={t("lead")} />
      {error && <Failure error={error} />}
      {!data && !error && <Skeleton height={240} />}
      {data && <Facts server={data} />}
      {data && <Doors answered={data.doors} />}
      <SettingsForm />
    </Stack>
  );
}
