import { Button, CloseButton, Group, Stack, Text, TextInput } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { IconFileText, IconUpload } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { useTranslation } from "react-i18next";

import { TOLD_OF_DATASETS, type Dataset } from "../../api/datasets";
import { Failure } from "../../parts/Failure";
import { useFormats } from "../../parts/formats";
import { begin, textsOf } from "./firstAnswer";

const NAME_LENGTH = 40;

/** A name, and files or the sample text. */
export function FirstMaterial({ onMade }: { onMade: (dataset: Dataset, isSample: boolean) => void }) {
  const { t } = useTranslation("start");
  const [name, setName] = useState(t("welcome.material.usualName"));
  const [files, setFiles] = useState<File[]>([]);
  const queries = useQueryClient();
  const making = useMutation({
    mutationFn: (isSample: boolean) =>
      begin({ name: name.trim(), files, sample: isSample ? textsOf(t("welcome.sample.text")) : [] }),
    onSuccess: (dataset, isSample) => {
      TOLD_OF_DATASETS.forEach((queryKey) => void queries.invalidateQueries({ queryKey }));
      onMade(dataset, isSample);
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    making.mutate(files.length === 0);
  };
  const isNamed = name.trim() !== "";
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label={t("welcome.material.name")}
          maxLength={NAME_LENGTH}
          required
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Dropzone
          onDrop={(dropped) => setFiles([...files, ...dropped])}
          inputProps={{ "aria-label": t("welcome.material.drop") }}
          p="lg"
        >
          <Stack align="center" gap={4}>
            <IconUpload size={28} aria-hidden />
            <Text size="sm" ta="center">
              {t("welcome.material.drop")}
            </Text>
            <Text size="xs" c="dimmed" ta="center">
              {t("welcome.material.kinds")}
            </Text>
          </Stack>
        </Dropzone>
        <Chosen files={files} onRemove={(file) => setFiles(files.filter((one) => one !== file))} />
        {making.error && <Failure error={making.error} />}
        <Group>
          <Button type="submit" disabled={!isNamed || files.length === 0} loading={making.isPending}>
            {t("welcome.material.make")}
          </Button>
          <Button
            variant="default"
            leftSection={<IconFileText size={16} aria-hidden />}
            disabled={!isNamed || files.length > 0 || making.isPending}
            onClick={() => making.mutate(true)}
          >
            {t("welcome.material.sample")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Chosen({ files, onRemove }: { files: File[]; onRemove: (file: File) => void }) {
  const { t } = useTranslation("start");
  const formats = useFormats();
  if (files.length === 0) return null;
  return (
    <Stack component="ul" gap={2} m={0} p={0}>
      {files.map((file, index) => (
        <Group component="li" key={`${index}-${file.name}`} justify="space-between" wrap="nowrap">
          <Text size="sm" truncate>
            {file.name}
          </Text>
          <Group gap="xs" wrap="nowrap">
            <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
              {formats.bytes(file.size)}
            </Text>
            <CloseButton
              size="sm"
              aria-label={t("welcome.material.remove", { name: file.name })}
              onClick={() => onRemove(file)}
            />
          </Group>
        </Group>
      ))}
    </Stack>
  );
}
