import { Button, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useDocuments } from "../../api/documents";
import { useFormats } from "../../parts/formats";
import { DocumentTable } from "./DocumentTable";
import { UploadList } from "./UploadList";
import { useLiveDocuments } from "./useLiveDocuments";

const NEWEST = { keyword: "", status: null, page: 1, limit: 25 };

interface SendingStepProps {
  datasetId: string;
  onMore: () => void;
}

/** The upload, and how far the newest documents have come. */
export function SendingStep({ datasetId, onMore }: SendingStepProps) {
  const { t } = useTranslation("documents");
  const formats = useFormats();
  const { data } = useDocuments(datasetId, NEWEST);
  useLiveDocuments(datasetId);
  return (
    <Stack gap="md">
      <UploadList datasetId={datasetId} />
      <Text size="sm" c="dimmed">
        {t("wizard.goesOn")}
      </Text>
      {data && data.rows.length > 0 && <DocumentTable datasetId={datasetId} rows={data.rows} />}
      {data && data.total > data.rows.length && (
        <Text size="sm" c="dimmed">
          {t("list.total", { count: data.total, shown: formats.number(data.total) })}
        </Text>
      )}
      <Group>
        <Button component={Link} to={`/datasets/${datasetId}`}>
          {t("wizard.toDocuments")}
        </Button>
        <Button variant="default" onClick={onMore}>
          {t("wizard.more")}
        </Button>
      </Group>
    </Stack>
  );
}
