import { Button, CloseButton, Group, ScrollArea, Stack, Text } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { IconUpload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useFormats } from "../../parts/formats";

interface FilesStepProps {
  files: File[];
  onFiles: (files: File[]) => void;
  onNext: () => void;
}

export function FilesStep({ files, onFiles, onNext }: FilesStepProps) {
  const { t } = useTranslation("documents");
  return (
    <Stack maw={720} gap="md">
      <Dropzone
        onDrop={(dropped) => onFiles([...files, ...dropped])}
        inputProps={{ "aria-label": t("wizard.drop") }}
        py={40}
      >
        <Stack align="center" gap={4}>
          <IconUpload size={32} aria-hidden />
          <Text>{t("wizard.drop")}</Text>
          <Text size="sm" c="dimmed" ta="center">
            {t("wizard.kinds")}
          </Text>
        </Stack>
      </Dropzone>
      <ChosenFiles files={files} onFiles={onFiles} />
      <Group>
        <Button onClick={onNext} disabled={files.length === 0}>
          {t("wizard.next")}
        </Button>
      </Group>
    </Stack>
  );
}

function ChosenFiles({ files, onFiles }: Omit<FilesStepProps, "onNext">) {
  const { t } = useTranslation("documents");
  const formats = useFormats();
  if (files.length === 0) return null;
  const size = files.reduce((sum, file) => sum + file.size, 0);
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600} aria-live="polite">
        {t("wizard.chosen", { count: files.length, size: formats.bytes(size) })}
      </Text>
      <ScrollArea.Autosize mah={320} type="auto" scrollbars="y">
        <Stack component="ul" gap={0} m={0} p={0}>
          {files.map((file, index) => (
            <Group component="li" key={`${index}-${file.name}`} justify="space-between" wrap="nowrap" py={2}>
              <Text size="sm" truncate>
                {file.name}
              </Text>
              <Group gap="xs" wrap="nowrap">
                <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
                  {formats.bytes(file.size)}
                </Text>
                <CloseButton
                  size="sm"
                  aria-label={t("uploads.forget", { name: file.name })}
                  onClick={() => onFiles(files.filter((one) => one !== file))}
                />
              </Group>
            </Group>
          ))}
        </Stack>
      </ScrollArea.Autosize>
    </Stack>
  );
}
