import { Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Media, Schemas } from "../model/openapi";
import { SchemaFields } from "./SchemaFields";

/** Each form in which the body may be sent. */
export function BodyShape({ content, schemas }: { content: Record<string, Media>; schemas: Schemas }) {
  const { t } = useTranslation("docs");
  return Object.entries(content).map(([media, { schema }]) => (
    <section key={media}>
      <Title order={2} size="h4">
        {t("body.title")}
      </Title>
      <Text size="xs" c="dimmed" ff="monospace">
        {media}
      </Text>
      <SchemaFields schema={schema ?? {}} schemas={schemas} />
    </section>
  ));
}
