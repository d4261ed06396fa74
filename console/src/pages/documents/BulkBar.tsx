import { Button, CloseButton, Group, Menu, Paper, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconChevronDown, IconDownload, IconRefresh, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { TOLD_OF_DATASETS, useDataset } from "../../api/datasets";
import { deleteDocuments, documentsKey, downloadZip } from "../../api/documents";
import { useMayWrite } from "../../app/SessionGate";
import { Confirm } from "../../parts/Confirm";
import { useFormats } from "../../parts/formats";
import { DEEDS, MENU, type Deed } from "./deeds";
import { saveFile } from "./saveFile";

interface BulkBarProps {
  datasetId: string;
  ids: string[];
  onClear: () => void;
}

/** What can be done with the chosen documents. */
export function BulkBar({ datasetId, ids, onClear }: BulkBarProps) {
  const { t } = useTranslation("documents");
  const formats = useFormats();
  const mayWrite = useMayWrite();
  const [isAsked, asking] = useDisclosure();
  const doing = useDeed(datasetId, ids);
  const removing = useRemoval(datasetId, ids, onClear);
  const packing = usePacking(datasetId, ids);
  const count = ids.length;
  const shown = formats.number(count);
  return (
    <Paper withBorder px="sm" py={6} role="region" aria-label={t("bulk.title")}>
      <Group gap="xs">
        <CloseButton size="sm" aria-label={t("bulk.clear")} onClick={onClear} />
        <Text size="sm" fw={600} mr="xs" aria-live="polite">
          {t("bulk.chosen", { count, shown })}
        </Text>
        {mayWrite && (
          <>
            <Menu>
              <Menu.Target>
                <Button
                  size="compact-sm"
                  variant="default"
                  rightSection={<IconChevronDown size={14} aria-hidden />}
                  loading={doing.isPending}
                >
                  {t("bulk.more")}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {MENU.map((deed) => (
                  <Menu.Item key={deed} onClick={() => doing.mutate(deed)}>
                    {t(`bulk.${deed}`)}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconRefresh size={14} aria-hidden />}
              loading={doing.isPending}
              onClick={() => doing.mutate("parse")}
            >
              {t("bulk.parse")}
            </Button>
          </>
        )}
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden />}
          loading={packing.isPending}
          onClick={() => packing.mutate()}
        >
          {t("bulk.download")}
        </Button>
        {mayWrite && (
          <Button
            size="compact-sm"
            variant="light"
            color="red"
            leftSection={<IconTrash size={14} aria-hidden />}
            onClick={asking.open}
          >
            {t("bulk.delete")}
          </Button>
        )}
      </Group>
      <Confirm
        title={t("bulk.deleteAsk", { count, shown })}
        deed={t("bulk.delete")}
        isOpen={isAsked}
        isPending={removing.isPending}
        error={removing.error}
        onConfirm={() => removing.mutate()}
        onClose={asking.close}
      >
        <Text size="sm">{t("bulk.deleteWarning")}</Text>
        <ChosenNames datasetId={datasetId} ids={ids} />
      </Confirm>
    </Paper>
  );
}

const NAMED = 8;

/** Those of the chosen whose names have been seen; of many the first few. */
function ChosenNames({ datasetId, ids }: { datasetId: string; ids: string[] }) {
  const queries = useQueryClient();
  const { t } = useTranslation("documents");
  const pages = queries.getQueriesData<{ rows: { id: string; name: string }[] }>({ queryKey: documentsKey(datasetId) });
  const names = new Map(pages.flatMap(([, page]) => page?.rows ?? []).map(({ id, name }) => [id, name]));
  const shown = ids.flatMap((id) => names.get(id) ?? []).slice(0, NAMED);
  return (
    <ul>
      {shown.map((name, index) => (
        <li key={`${index}-${name}`}>
          <Text size="sm">{name}</Text>
        </li>
      ))}
      {ids.length > shown.length && (
        <li>
          <Text size="sm">{t("bulk.others", { count: ids.length - shown.length })}</Text>
        </li>
      )}
    </ul>
  );
}

function useDone(datasetId: string) {
  const queries = useQueryClient();
  return () =>
    [documentsKey(datasetId), ...TOLD_OF_DATASETS].forEach((queryKey) => void queries.invalidateQueries({ queryKey }));
}

function useDeed(datasetId: string, ids: string[]) {
  const { t } = useTranslation("documents");
  const done = useDone(datasetId);
  return useMutation({
    mutationFn: (deed: Deed) => DEEDS[deed](datasetId, ids),
    onSuccess: (_answer, deed) => notifications.show({ color: "teal", message: t(`bulk.done.${deed}`) }),
    onError: (error) => notifications.show({ color: "red", message: error.message }),
    onSettled: done,
  });
}

function useRemoval(datasetId: string, ids: string[], onClear: () => void) {
  const done = useDone(datasetId);
  return useMutation({
    mutationFn: () => deleteDocuments(datasetId, ids),
    onSuccess: onClear,
    onSettled: done,
  });
}

function usePacking(datasetId: string, ids: string[]) {
  const { data: dataset } = useDataset(datasetId);
  return useMutation({
    mutationFn: () => downloadZip(datasetId, ids),
    onSuccess: (archive) => saveFile(archive, `${dataset?.name ?? "documents"}.zip`),
    onError: (error) => notifications.show({ color: "red", message: error.message }),
  });
}
