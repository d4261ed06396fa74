import { Group, Table, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { deleteModel, MODELS, type InstalledModel, type ModelType } from "../../../api/models";
import { useFormats } from "../../../parts/formats";
import { Confirmation } from "../Confirmation";
import { IconAction } from "../IconAction";
import { ProseCell } from "../ProseCell";
import { Tag } from "../Tag";
import { useChange } from "../useChange";

const BUILT_IN = "lexical";
// Operators may call a language what they like; of what is no code there is no name.
const LANGUAGE_CODE = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i;

interface ModelRowProps {
  model: InstalledModel;
  type: ModelType;
}

export function ModelRow({ model, type }: ModelRowProps) {
  const { t } = useTranslation("models");
  const { number } = useFormats();
  return (
    <Table.Tr>
      <ProseCell>
        <Group gap="xs">
          <Text size="sm" fw={500}>
            {model.name}
          </Text>
          {model.is_default && <Tag size="sm">{t("default")}</Tag>}
        </Group>
      </ProseCell>
      <Table.Td>
        <Text size="sm">{t(`kinds.${model.kind}`, model.kind)}</Text>
      </Table.Td>
      {type === "embedding" && (
        <Table.Td ta="right">
          <Text size="sm">{model.dimension ? number(model.dimension) : "–"}</Text>
        </Table.Td>
      )}
      <ProseCell>
        <Languages model={model} />
      </ProseCell>
      {type === "embedding" && (
        <Table.Td>
          <Text size="sm" c={model.dataset_count ? undefined : "dimmed"}>
            {model.dataset_count ? t("datasets", { count: model.dataset_count }) : t("unused")}
          </Text>
        </Table.Td>
      )}
      <ProseCell>
        <Endpoint model={model} />
      </ProseCell>
      <Table.Td>{model.kind !== BUILT_IN && <Deletion model={model} />}</Table.Td>
    </Table.Tr>
  );
}

function Languages({ model: { languages } }: { model: InstalledModel }) {
  const { t, i18n } = useTranslation("models");
  const names = new Intl.DisplayNames(i18n.language, { type: "language", fallback: "code" });
  const nameOf = (code: string) => (LANGUAGE_CODE.test(code) ? names.of(code) : code);
  return <Text size="sm">{languages?.length ? languages.map(nameOf).join(", ") : t("anyLanguage")}</Text>;
}

function Endpoint({ model: { base_url, key_hint } }: { model: InstalledModel }) {
  const { t } = useTranslation("models");
  if (!base_url) return null;
  return (
    <>
      <Text size="sm">{base_url}</Text>
      <Text size="xs" c="dimmed">
        {key_hint ? t("key", { hint: key_hint }) : t("noKey")}
      </Text>
    </>
  );
}

function Deletion({ model: { name, dataset_count } }: { model: InstalledModel }) {
  const { t } = useTranslation("models");
  const [isAsking, asking] = useDisclosure();
  const deleting = useChange(deleteModel, MODELS);
  return (
    <>
      <IconAction
        icon={IconTrash}
        label={t("delete.label", { name })}
        tip={t(dataset_count ? "delete.inUse" : "delete.tip")}
        color="red"
        disabled={dataset_count > 0}
        onClick={asking.open}
      />
      <Confirmation
        opened={isAsking}
        title={t("delete.title", { name })}
        action={t("delete.now")}
        onConfirm={() => deleting.mutateAsync(name)}
        onClose={asking.close}
      >
        <Text size="sm">{t("delete.about")}</Text>
      </Confirmation>
    </>
  );
}
