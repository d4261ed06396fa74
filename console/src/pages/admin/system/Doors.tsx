import { Anchor, Grid, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { ServerState } from "../../../api/system";
import { CopyText } from "../CopyText";
import { doorsAt, type DoorSample } from "./doors";

export function Doors({ answered }: { answered: ServerState["doors"] }) {
  const { t } = useTranslation("system");
  const doors = doorsAt(location.origin).filter((door) => answered[door.answers]);
  return (
    <Stack gap="sm" component="section">
      <div>
        <Title order={2} size="h4">
          {t("doors.title")}
        </Title>
        <Text size="sm" c="dimmed" maw={720}>
          {t("doors.about")}{" "}
          <Anchor component={Link} to="/keys" size="sm" underline="always">
            {t("doors.keys")}
          </Anchor>
        </Text>
      </div>
      {doors.map((door) => (
        <DoorCard key={door.name} door={door} />
      ))}
    </Stack>
  );
}

function DoorCard({ door: { name, base, sample, docs } }: { door: DoorSample }) {
  const { t } = useTranslation("system");
  const title = t(`doors.${name}`);
  return (
    <Paper withBorder p="md">
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Group justify="space-between" gap="xs">
            <Title order={3} size="h5">
              {title}
            </Title>
            <Anchor href={docs} size="sm" aria-label={`${t("doors.docs")}: ${title}`}>
              {t("doors.docs")}
            </Anchor>
          </Group>
          <Text size="sm" c="dimmed" mb="xs">
            {t(`doors.${name}About`)}
          </Text>
          <Piece label={t("doors.base")} text={base} of={title} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Piece label={t("doors.sample")} text={sample} of={title} />
        </Grid.Col>
      </Grid>
    </Paper>
  );
}

function Piece({ label, text, of }: { label: string; text: string; of: string }) {
  return (
    <>
      <Text size="xs" c="dimmed" mb={4}>
        {label}
      </Text>
      <CopyText text={text} name={`${label}: ${of}`} />
    </>
  );
}
