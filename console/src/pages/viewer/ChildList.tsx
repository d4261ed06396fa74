import { ActionIcon, Badge, Button, Group, Modal, Pagination, Skeleton, Stack, Text, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMayWrite } from "../../app/SessionGate";
import { useChildChanges, useChildren, type Child, type Chunk, type ShownDocument } from "../../api/chunks";
import { Confirm } from "../../parts/Confirm";
import { Failure } from "../../parts/Failure";
import { LongText } from "../../parts/LongText";
import { beginning } from "./words";
import classes from "./viewer.module.css";

interface Props {
  datasetId: string;
  document: ShownDocument;
  chunk: Chunk;
}

/** What a parent is found by. */
export function ChildList({ datasetId, document, chunk }: Props) {
  const { t } = useTranslation("viewer");
  const [page, setPage] = useState(1);
  const [isAdding, adding] = useDisclosure();
  const children = useChildren(datasetId, document.id, chunk.id, page);
  const { add } = useChildChanges(datasetId, document.id, chunk.id);
  const mayWrite = useMayWrite() && !document.archived;
  if (children.isPending) return <Skeleton h={60} />;
  if (children.error) return <Failure error={children.error} />;
  return (
    <Stack gap="xs" pt={4}>
      {children.data.data.map((child) => (
        <ChildRow key={child.id} datasetId={datasetId} document={document} chunk={chunk} child={child} />
      ))}
      <Group gap="xs">
        {mayWrite && (
          <Button
            size="compact-xs"
            variant="light"
            leftSection={<IconPlus size={14} />}
            aria-label={t("children.addTo", { position: chunk.position })}
            onClick={adding.open}
          >
            {t("children.add")}
          </Button>
        )}
        {children.data.total_pages > 1 && (
          <Pagination
            size="xs"
            total={children.data.total_pages}
            value={page}
            onChange={setPage}
            aria-label={t("children.pages", { position: chunk.position })}
            getControlProps={(control) => ({ "aria-label": t(`chunks.${control}`) })}
          />
        )}
      </Group>
      <ChildEditor
        title={t("children.adding", { position: chunk.position })}
        content=""
        isOpen={isAdding}
        isBusy={add.isPending}
        error={add.error}
        onSave={(content) => add.mutate(content, { onSuccess: adding.close })}
        onClose={adding.close}
      />
    </Stack>
  );
}

function ChildRow({ datasetId, document, chunk, child }: Props & { child: Child }) {
  const { t } = useTranslation("viewer");
  const place = `${chunk.position}.${child.position}`;
  const [isEditing, editing] = useDisclosure();
  const [isDeleting, deleting] = useDisclosure();
  const { edit, remove } = useChildChanges(datasetId, document.id, chunk.id);
  const mayWrite = useMayWrite() && !document.archived;
  return (
    <div className={classes.child}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Group gap={6}>
          <Text size="xs" c="dimmed">
            {place}
          </Text>
          {child.type === "customized" && (
            <Badge size="xs" variant="light">
              {t("children.customized")}
            </Badge>
          )}
        </Group>
        {mayWrite && (
          <Group gap={2} wrap="nowrap">
            <ActionIcon
              variant="subtle"
              color="gray"
              size="xs"
              aria-label={t("children.edit", { place })}
              onClick={editing.open}
            >
              <IconPencil size={14} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="red"
              size="xs"
              aria-label={t("children.delete", { place })}
              onClick={deleting.open}
            >
              <IconTrash size={14} />
            </ActionIcon>
          </Group>
        )}
      </Group>
      <LongText text={child.content} size="xs" name={t("children.name", { place })} />
      <ChildEditor
        title={t("children.edit", { place })}
        content={child.content}
        isOpen={isEditing}
        isBusy={edit.isPending}
        error={edit.error}
        onSave={(content) => edit.mutate({ id: child.id, content }, { onSuccess: editing.close })}
        onClose={editing.close}
      />
      <Confirm
        isOpen={isDeleting}
        title={t("children.delete", { place })}
        deed={t("common:actions.delete")}
        error={remove.error}
        isPending={remove.isPending}
        onConfirm={() => remove.mutate(child.id, { onSuccess: deleting.close })}
        onClose={deleting.close}
      >
        <Text size="sm">{t("children.sure", { beginning: beginning(child.content) })}</Text>
      </Confirm>
    </div>
  );
}

interface EditorProps {
  title: string;
  content: string;
  isOpen: boolean;
  isBusy: boolean;
  error: unknown;
  onSave: (content: string) => void;
  onClose: () => void;
}

function ChildEditor({ title, isOpen, onClose, ...rest }: EditorProps) {
  const { t } = useTranslation();
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} closeButtonProps={{ "aria-label": t("actions.close") }}>
      <ChildForm {...rest} onClose={onClose} />
    </Modal>
  );
}

function ChildForm({ content, isBusy, error, onSave, onClose }: Omit<EditorProps, "title" | "isOpen">) {
  const { t } = useTranslation("viewer");
  const [text, setText] = useState(content);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSave(text);
      }}
    >
      <Stack>
        <Textarea
          label={t("editor.content")}
          required
          data-autofocus
          autosize
          minRows={3}
          maxRows={14}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        {error ? <Failure error={error} /> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common:actions.cancel")}
          </Button>
          <Button type="submit" loading={isBusy} disabled={text.trim() === ""}>
            {t("common:actions.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
