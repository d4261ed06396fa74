import { Alert, Loader } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useIndex } from "../../api/datasets";

/** Tells of a new index that is being built beside the one that answers. */
export function IndexState({ datasetId }: { datasetId: string }) {
  const { t } = useTranslation("datasets");
  const { data } = useIndex(datasetId);
  const building = data?.building;
  if (!building) return null;
  const model = building.embedding_model ?? t("indexing.economyShort");
  return (
    <Alert
      color={building.trouble ? "orange" : "blue"}
      icon={<Loader size={16} />}
      title={t("index.building", { model })}
    >
      {building.trouble ? t("index.trouble", { reason: building.trouble }) : t("index.meanwhile")}
    </Alert>
  );
}
