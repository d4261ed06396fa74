import { ActionIcon, Tooltip } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";

interface IconActionProps {
  icon: Icon;
  /** What it does, to what. */
  label: string;
  /** What it does, in the tooltip. */
  tip: string;
  onClick: () => void;
  color?: string;
  disabled?: boolean;
  loading?: boolean;
}

export function IconAction({ icon: Drawn, label, tip, color = "gray", ...button }: IconActionProps) {
  return (
    <Tooltip label={tip}>
      <ActionIcon variant="subtle" color={color} aria-label={label} {...button}>
        <Drawn size={18} />
      </ActionIcon>
    </Tooltip>
  );
}
