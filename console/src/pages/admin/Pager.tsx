import { Button, Group } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { Cursors } from "./useCursors";

interface PagerProps {
  cursors: Cursors;
  next: string | null | undefined;
}

/** Nothing where there is one page alone. */
export function Pager({ cursors, next }: PagerProps) {
  const { t } = useTranslation("admin");
  if (cursors.isFirst && !next) return null;
  return (
    <Group component="nav" aria-label={t("pages.label")} justify="flex-end" gap="xs">
      <Button
        variant="default"
        size="xs"
        leftSection={<IconChevronLeft size={14} aria-hidden />}
        disabled={cursors.isFirst}
        onClick={cursors.back}
      >
        {t("pages.back")}
      </Button>
      <Button
        variant="default"
        size="xs"
        rightSection={<IconChevronRight size={14} aria-hidden />}
        disabled={!next}
        onClick={() => next && cursors.onward(next)}
      >
        {t("pages.onward")}
      </Button>
    </Group>
  );
}
