import { Skeleton, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";

import { useDataset } from "../../api/datasets";
import { useRules } from "../../api/rules";
import { useMayWrite } from "../../app/SessionGate";
import { ApiSwitch } from "./ApiSwitch";
import { DangerZone } from "./DangerZone";
import { GeneralForm } from "./GeneralForm";
import { IndexForm } from "./IndexForm";
import { MetadataFields } from "./MetadataFields";
import { MethodForm } from "./MethodForm";
import { RetrievalForm } from "./RetrievalForm";
import { TagsForm } from "./TagsForm";

/** Forms begin with what the dataset has now; another dataset begins them anew. */
export default function SettingsTab() {
  const { t } = useTranslation("datasets");
  const { datasetId = "" } = useParams();
  const mayWrite = useMayWrite();
  const { data: dataset } = useDataset(datasetId);
  const { data: rules } = useRules(datasetId);
  if (!mayWrite) return <Text c="dimmed">{t("settings.viewersMayNot")}</Text>;
  if (!dataset) return <Skeleton height={320} />;
  return (
    <Stack maw={820} key={dataset.id}>
      <GeneralForm dataset={dataset} />
      <IndexForm dataset={dataset} />
      {rules ? <MethodForm dataset={dataset} present={rules} /> : <Skeleton height={240} />}
      <RetrievalForm dataset={dataset} />
      <TagsForm dataset={dataset} />
      <MetadataFields datasetId={dataset.id} />
      <ApiSwitch dataset={dataset} />
      <DangerZone dataset={dataset} />
    </Stack>
  );
}
