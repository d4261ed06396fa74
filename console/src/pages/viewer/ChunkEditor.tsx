import { Alert, Button, Checkbox, Group, Modal, Stack, TagsInput, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useChunkChanges, type Chunk, type ShownDocument, type Written } from "../../api/chunks";
import { Failure } from "../../parts/Failure";

interface Props {
  datasetId: string;
  document: ShownDocument;
  /** Absent where a new one is written. */
  chunk?: Chunk;
  isOpen: boolean;
  onClose: () => void;
  onAdded?: (chunkId: string) => void;
}

export function ChunkEditor({ isOpen, onClose, ...rest }: Props) {
  const { t } = useTranslation("viewer");
  const title = rest.chunk ? t("chunks.edit", { position: rest.chunk.position }) : t("chunks.adding");
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      size="lg"
      title={title}
      closeButtonProps={{ "aria-label": t("common:actions.close") }}
    >
      <EditorForm {...rest} onClose={onClose} />
    </Modal>
  );
}

function EditorForm({ datasetId, document, chunk, onClose, onAdded }: Omit<Props, "isOpen">) {
  const { t } = useTranslation("viewer");
  const changes = useChunkChanges(datasetId, document.id);
  const [content, setContent] = useState(chunk?.content ?? "");
  const [answer, setAnswer] = useState(chunk?.answer ?? "");
  const [keywords, setKeywords] = useState(chunk?.keywords ?? []);
  const [regenerates, setRegenerates] = useState(true);
  const isPair = document.form === "question_answer";
  const isWritten = content.trim() !== "" && (!isPair || answer.trim() !== "");
  const sent: Written = { content, keywords, ...(isPair ? { answer } : {}) };
  const save = () => {
    if (chunk) changes.edit.mutate({ id: chunk.id, sent, regenerates }, { onSuccess: onClose });
    else changes.add.mutate(sent, { onSuccess: (said) => (onClose(), added(said.data, onAdded)) });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Stack>
        {chunk && !chunk.enabled && (
          <Alert color="yellow" py="xs">
            {t("editor.switchesOn")}
          </Alert>
        )}
        <Textarea
          label={t(isPair ? "editor.question" : "editor.content")}
          required
          data-autofocus
          autosize
          minRows={isPair ? 2 : 6}
          maxRows={20}
          value={content}
          onChange={({ currentTarget }) => setContent(currentTarget.value)}
        />
        {isPair && (
          <Textarea
            label={t("editor.answer")}
            required
            autosize
            minRows={4}
            maxRows={20}
            value={answer}
            onChange={({ currentTarget }) => setAnswer(currentTarget.value)}
          />
        )}
        <TagsInput
          label={t("editor.keywords")}
          description={t("editor.keywordsHint")}
          value={keywords}
          onChange={setKeywords}
        />
        {chunk?.is_parent && (
          <Checkbox
            label={t("editor.regenerates")}
            description={t("editor.regeneratesHint")}
            checked={regenerates}
            onChange={({ currentTarget }) => setRegenerates(currentTarget.checked)}
          />
        )}
        {(changes.edit.error ?? changes.add.error) ? <Failure error={changes.edit.error ?? changes.add.error} /> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common:actions.cancel")}
          </Button>
          <Button type="submit" disabled={!isWritten} loading={changes.edit.isPending || changes.add.isPending}>
            {t("common:actions.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function added([first]: { id: string }[], tell: Props["onAdded"]): void {
  if (first) tell?.(first.id);
}
