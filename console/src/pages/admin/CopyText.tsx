import { ActionIcon, Code, CopyButton, Group, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

interface CopyTextProps {
  text: string;
  /** What it is, for whoever hears the button. */
  name: string;
}

/** A piece of text to take along. */
export function CopyText({ text, name }: CopyTextProps) {
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Code block flex={1} miw={0} tabIndex={0} aria-label={name} fz="xs">
        {text}
      </Code>
      <CopyIcon text={text} name={name} />
    </Group>
  );
}

function CopyIcon({ text, name }: CopyTextProps) {
  const { t } = useTranslation();
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t("actions.copied") : t("actions.copy")}>
          <ActionIcon
            variant="default"
            size="lg"
            onClick={copy}
            aria-label={`${copied ? t("actions.copied") : t("actions.copy")}: ${name}`}
          >
            {copied ? <IconCheck size={18} /> : <IconCopy size={18} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}
