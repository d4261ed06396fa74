import { Stack, Text } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { IconUpload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useMayWrite } from "../../app/SessionGate";

interface NoDocumentsProps {
  isNarrowed: boolean;
  onFiles: (files: File[]) => void;
}

export function NoDocuments({ isNarrowed, onFiles }: NoDocumentsProps) {
  const { t } = useTranslation("documents");
  const mayWrite = useMayWrite();
  if (isNarrowed || !mayWrite) return <Text c="dimmed">{t(isNarrowed ? "list.noneFound" : "list.empty")}</Text>;
  return (
    <Dropzone onDrop={onFiles} inputProps={{ "aria-label": t("list.emptyDrop") }} py={60}>
      <Stack align="center" gap="xs">
        <IconUpload size={36} aria-hidden />
        <Text fw={600}>{t("list.empty")}</Text>
        <Text c="dimmed" size="sm">
          {t("list.emptyDrop")}
        </Text>
      </Stack>
    </Dropzone>
  );
}
