import { Button, FileButton } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";

/** Files go in as the dataset's rules say, without more questions. */
export function QuickUpload({ onFiles }: { onFiles: (files: File[]) => void }) {
  const { t } = useTranslation("documents");
  const reset = useRef<() => void>(null);
  const send = (files: File[]) => {
    if (files.length === 0) return;
    onFiles(files);
    // The same file may be chosen again.
    reset.current?.();
  };
  return (
    <FileButton onChange={send} multiple resetRef={reset}>
      {(props) => (
        <Button {...props} leftSection={<IconUpload size={16} aria-hidden />}>
          {t("list.upload")}
        </Button>
      )}
    </FileButton>
  );
}
