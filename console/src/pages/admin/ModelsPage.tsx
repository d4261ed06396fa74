import { Button, Stack, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useInstalledModels, type ModelType } from "../../api/models";
import { Listing } from "./Listing";
import { ListTable } from "./ListTable";
import { AddEndpoint } from "./models/AddEndpoint";
import { LocalModels } from "./models/LocalModels";
import { ModelRow } from "./models/ModelRow";
import { PageHead } from "./PageHead";

export default function ModelsPage() {
  const { t } = useTranslation("models");
  const [isAdding, adding] = useDisclosure();
  return (
    <Stack gap="lg" maw={1280}>
      <PageHead title={t("title")} lead={t("lead")}>
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={adding.open}>
          {t("add")}
        </Button>
      </PageHead>
      <Models type="embedding" title={t("embedding")} empty={t("noEmbedding")} />
      <Models type="rerank" title={t("rerank")} empty={t("noRerank")} />
      <LocalModels />
      <AddEndpoint opened={isAdding} onClose={adding.close} />
    </Stack>
  );
}

interface ModelsProps {
  type: ModelType;
  title: string;
  empty: string;
}

function Models({ type, title, empty }: ModelsProps) {
  const { t } = useTranslation(["models", "admin"]);
  const { data, error, isPending } = useInstalledModels();
  const models = data?.[type] ?? [];
  const columns = [
    { name: t("columns.name"), width: "26%" },
    { name: t("columns.kind") },
    ...(type === "embedding" ? [{ name: t("columns.dimension"), isNumber: true }] : []),
    { name: t("columns.languages") },
    ...(type === "embedding" ? [{ name: t("columns.used") }] : []),
    { name: t("columns.endpoint"), width: "26%" },
    { name: t("admin:actions"), isHidden: true, width: 56 },
  ];
  return (
    <Stack gap="xs" component="section">
      <Title order={2} size="h4">
        {title}
      </Title>
      <Listing error={error} isPending={isPending} isEmpty={models.length === 0} empty={empty}>
        <ListTable label={title} columns={columns} minWidth={760}>
          {models.map((model) => (
            <ModelRow key={model.name} model={model} type={type} />
          ))}
        </ListTable>
      </Listing>
    </Stack>
  );
}
