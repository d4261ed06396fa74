import { Box, Group, Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

import { SchemeSwitch } from "../../app/SchemeSwitch";
import { LanguageChoice } from "../../app/Shell";

interface EntranceProps {
  title: string;
  lead: string;
  children: ReactNode;
}

/** The frame of the pages that come before the console: a card in the middle, language and scheme above it. */
export function Entrance({ title, lead, children }: EntranceProps) {
  return (
    <Box component="main" mih="100vh" px="md" py="sm">
      <Group justify="flex-end" gap="xs">
        <LanguageChoice />
        <SchemeSwitch />
      </Group>
      <Stack maw={420} mx="auto" mt={{ base: "md", sm: "10vh" }} gap="lg">
        <Group gap="sm" justify="center">
          <img src="/console/icon.svg" alt="" width={36} height={36} />
          <Text fw={700} size="xl">
            Diglot
          </Text>
        </Group>
        <Paper withBorder radius="lg" p={{ base: "md", sm: "xl" }} shadow="sm">
          <Stack gap="md">
            <div>
              <Title order={1} size="h3">
                {title}
              </Title>
              <Text c="dimmed" size="sm" mt={4}>
                {lead}
              </Text>
            </div>
            {children}
          </Stack>
        </Paper>
      </Stack>
    </Box>
  );
}
