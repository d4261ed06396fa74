import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { isUnderWay, type Stage } from "../../api/documents";

const COLORS: Partial<Record<Stage, string>> = {
  available: "teal",
  failed: "red",
  cancelled: "orange",
  paused: "yellow",
  disabled: "gray",
  archived: "gray",
  unstarted: "gray",
  waiting: "gray",
};

export function StageBadge({ stage }: { stage: Stage }) {
  const { t } = useTranslation("documents");
  const color = COLORS[stage] ?? (isUnderWay(stage) ? "blue" : "gray");
  return (
    <Badge color={color} variant="light" tt="none" fw={600} style={{ flexShrink: 0 }}>
      {t(`stages.${stage}`)}
    </Badge>
  );
}
