import { Paper, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface SectionProps {
  title: string;
  lead?: string;
  isDangerous?: boolean;
  children: ReactNode;
}

export function Section({ title, lead, isDangerous = false, children }: SectionProps) {
  return (
    <Paper withBorder p="lg" component="section" bd={isDangerous ? "1px solid var(--mantine-color-red-6)" : undefined}>
      <Title order={2} size="h4" mb={lead ? 2 : "md"}>
        {title}
      </Title>
      {lead && (
        <Text size="sm" c="dimmed" mb="md">
          {lead}
        </Text>
      )}
      {children}
    </Paper>
  );
}
