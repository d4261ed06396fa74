import { Group, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface PageHeadProps {
  title: string;
  lead: string;
  children?: ReactNode;
}

/** What a page is, and beside it what can be done on it. The title takes the focus when what had it is gone. */
export function PageHead({ title, lead, children }: PageHeadProps) {
  return (
    <Group justify="space-between" align="flex-start" gap="md">
      <div>
        <Title order={1} size="h2" tabIndex={-1}>
          {title}
        </Title>
        <Text c="dimmed" size="sm" maw={720}>
          {lead}
        </Text>
      </div>
      {children}
    </Group>
  );
}
