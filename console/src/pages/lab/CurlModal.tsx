import { Button, Code, CopyButton, Modal, Stack, Tabs, Text } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { curlOf, type Asked, type Dialect } from "../../api/retrieval";

interface Props {
  datasetId: string;
  asked: Asked;
  isOpen: boolean;
  onClose: () => void;
}

const DIALECTS: Dialect[] = ["dify", "ragflow", "explain"];

/** The same search for a shell, in the words of each API. */
export function CurlModal({ datasetId, asked, isOpen, onClose }: Props) {
  const { t } = useTranslation("lab");
  const leftOut = asked.filters.items.filter(({ attribute }) => attribute !== undefined).length;
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      size="xl"
      title={t("curl.title")}
      closeButtonProps={{ "aria-label": t("common:actions.close") }}
    >
      <Tabs defaultValue="dify" keepMounted={false}>
        <Tabs.List>
          {DIALECTS.map((dialect) => (
            <Tabs.Tab key={dialect} value={dialect}>
              {t(`curl.${dialect}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {DIALECTS.map((dialect) => (
          <Tabs.Panel key={dialect} value={dialect} pt="sm">
            <Stack gap="xs">
              <Command text={curlOf(dialect, window.location.origin, datasetId, asked)} />
              {dialect === "ragflow" && leftOut > 0 && (
                <Text size="sm" c="dimmed">
                  {t("curl.leftOut", { count: leftOut })}
                </Text>
              )}
              <Text size="sm" c="dimmed">
                {t("curl.key")}
              </Text>
            </Stack>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Modal>
  );
}

function Command({ text }: { text: string }) {
  const { t } = useTranslation("lab");
  return (
    <>
      <Code block tabIndex={0} aria-label={t("curl.command")}>
        {text}
      </Code>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button
            size="xs"
            variant="light"
            leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            onClick={copy}
            aria-live="polite"
          >
            {t(copied ? "common:actions.copied" : "common:actions.copy")}
          </Button>
        )}
      </CopyButton>
    </>
  );
}
