import { Card, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { DocsShell } from "./DocsShell";
import { GUIDES } from "./guides/guides";
import { APIS } from "./model/openapi";
import { PageTitle } from "./parts/PageTitle";

export function HomePage() {
  const { t } = useTranslation("docs");
  return (
    <DocsShell>
      <Stack gap="lg" maw={1080} mx="auto">
        <PageTitle>{t("home.title")}</PageTitle>
        <Text>{t("home.text")}</Text>
        <Title order={2} size="h4">
          {t("places.guides")}
        </Title>
        <Cards cards={GUIDES.map((name) => ({ to: `/guides/${name}`, key: `guides.${name}` }))} />
        <Title order={2} size="h4">
          {t("home.apis")}
        </Title>
        <Cards cards={APIS.map((name) => ({ to: `/${name}`, key: `home.${name}` }))} />
      </Stack>
    </DocsShell>
  );
}

function Cards({ cards }: { cards: { to: string; key: string }[] }) {
  const { t } = useTranslation("docs");
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
      {cards.map(({ to, key }) => (
        <Card key={to} withBorder component={Link} to={to} padding="md">
          <Text fw={600} mb={4}>
            {t(`${key}.title`)}
          </Text>
          <Text size="sm" c="dimmed">
            {t(`${key}.text`)}
          </Text>
        </Card>
      ))}
    </SimpleGrid>
  );
}
