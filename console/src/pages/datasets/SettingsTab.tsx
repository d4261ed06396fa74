import { Skeleton, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";

import { plainId, useDataset, useFigures } from "../../api/datasets";
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
  const { data: figures } = useFigures([datasetId]);
  const beside = figures?.get(plainId(datasetId));
  if (!mayWrite) return <Text c="dimmed">{t("settings.viewersMayNot")}</Text>;
  if (!dataset) return <Skeleton height={320} />;
  return (
    <Stack maw={820} key={dataset.id}>
      <GeneralForm dataset={dataset} />
      <IndexForm dataset={dataset} />
      {beside && <MethodForm dataset={dataset} figures={beside} />}
      <RetrievalForm dataset={dataset} />
      <TagsForm dataset={dataset} />
      <MetadataFields datasetId={dataset.id} />
      <ApiSwitch dataset={dataset} />
      <DangerZone dataset={dataset} />
    </Stack>
  );
}
