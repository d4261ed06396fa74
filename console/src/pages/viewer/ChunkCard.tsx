import { ActionIcon, Badge, Button, Collapse, Group, Stack, Switch, Text, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconChevronDown, IconChevronRight, IconPencil, IconTrash } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { useMayWrite } from "../../app/SessionGate";
import { useChunkChanges, type Chunk, type ShownDocument } from "../../api/chunks";
import { Confirm } from "../../parts/Confirm";
import { LongText } from "../../parts/LongText";
import { occurrences } from "../../parts/Marked";
import { spotsOf } from "../../parts/Places";
import { useFormats } from "../../parts/formats";
import { ChildList } from "./ChildList";
import { ChunkEditor } from "./ChunkEditor";
import { beginning } from "./words";
import classes from "./viewer.module.css";

interface Props {
  datasetId: string;
  document: ShownDocument;
  chunk: Chunk;
  keyword: string;
  isMarked: boolean;
  onPlace: (page: number) => void;
  onDeleted: () => void;
}

export function ChunkCard({ datasetId, document, chunk, keyword, isMarked, onPlace, onDeleted }: Props) {
  const { t } = useTranslation("viewer");
  const card = useMarked(isMarked);
  const name = t("chunks.name", { position: chunk.position });
  return (
    <div
      ref={card}
      role="listitem"
      className={classes.chunk}
      tabIndex={-1}
      aria-label={name}
      aria-current={isMarked || undefined}
      data-marked={isMarked || undefined}
      data-off={!chunk.enabled || undefined}
    >
      <Stack gap={6}>
        <Group gap="xs" justify="space-between" wrap="nowrap" align="flex-start">
          <Facts chunk={chunk} />
          <Actions datasetId={datasetId} document={document} chunk={chunk} onDeleted={onDeleted} />
        </Group>
        <PlaceLine chunk={chunk} hasPages={document.has_pages} onPlace={onPlace} />
        <LongText text={chunk.content} ranges={occurrences(chunk.content, keyword)} name={name} />
        {chunk.answer !== null && (
          <div className={classes.child}>
            <Text size="xs" c="dimmed">
              {t("chunks.answer")}
            </Text>
            <LongText text={chunk.answer} name={t("chunks.answerOf", { position: chunk.position })} />
          </div>
        )}
        <Words chunk={chunk} />
        {chunk.error && (
          <Text size="xs" c="red">
            {chunk.error}
          </Text>
        )}
        {chunk.is_parent && <Children datasetId={datasetId} document={document} chunk={chunk} />}
      </Stack>
    </div>
  );
}

/** What becomes marked comes into sight; who chose it by keyboard goes there. */
function useMarked(isMarked: boolean) {
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isMarked) return;
    card.current?.scrollIntoView({ block: "nearest" });
    const isFromPage = window.document.activeElement?.closest("svg") ?? null;
    if (isFromPage?.querySelector(":focus-visible")) card.current?.focus({ preventScroll: true });
  }, [isMarked]);
  return card;
}

function Facts({ chunk }: { chunk: Chunk }) {
  const { t } = useTranslation("viewer");
  const { number } = useFormats();
  return (
    <Group gap={8}>
      <Text size="sm" fw={600}>
        #{chunk.position}
      </Text>
      {chunk.kind !== "text" && (
        <Badge size="sm" variant="light" color="grape">
          {t(`kind.${chunk.kind}`)}
        </Badge>
      )}
      {!chunk.enabled && (
        <Badge size="sm" variant="light" color="gray">
          {t("chunks.off")}
        </Badge>
      )}
      <Text size="xs" c="dimmed">
        {t("counts.tokens", { count: chunk.tokens, number: number(chunk.tokens) })}
        {" · "}
        {t("counts.characters", { count: chunk.characters, number: number(chunk.characters) })}
      </Text>
    </Group>
  );
}

const PAGES_SHOWN = 6;

function PlaceLine({ chunk, hasPages, onPlace }: { chunk: Chunk; hasPages: boolean; onPlace: (page: number) => void }) {
  const { t } = useTranslation("viewer");
  const { pages, headings, others } = spotsOf(chunk.anchors);
  if (pages.length + headings.length + others.length === 0) return null;
  return (
    <Group gap={6}>
      {pages.slice(0, PAGES_SHOWN).map((page) =>
        hasPages ? (
          <Button
            key={page}
            size="compact-xs"
            variant="light"
            aria-label={t("place.go", { page, position: chunk.position })}
            onClick={() => onPlace(page)}
          >
            {t("place.page", { page })}
          </Button>
        ) : (
          <Badge key={page} size="sm" variant="default">
            {t("place.page", { page })}
          </Badge>
        ),
      )}
      {others.map(({ kind, text }) => (
        <Badge key={kind + text} size="sm" variant="default" tt="none">
          {t(`place.${kind}`, { text })}
        </Badge>
      ))}
      {headings.length > 0 && (
        <Text size="xs" c="dimmed">
          {headings.join(" › ")}
        </Text>
      )}
    </Group>
  );
}

function Words({ chunk }: { chunk: Chunk }) {
  const { t } = useTranslation("viewer");
  const kinds = [
    { name: "keywords", words: chunk.keywords, color: "cyan" },
    { name: "questions", words: chunk.questions, color: "indigo" },
    { name: "tags", words: chunk.tags, color: "gray" },
  ].filter(({ words }) => words.length > 0);
  return kinds.map(({ name, words, color }) => (
    <Group key={name} gap={4} role="group" aria-label={t(`words.${name}`)}>
      <Text size="xs" c="dimmed" aria-hidden>
        {t(`words.${name}`)}
      </Text>
      {words.map((word) => (
        <Badge key={word} size="sm" variant="outline" color={color} tt="none" fw={400}>
          {word}
        </Badge>
      ))}
    </Group>
  ));
}

interface ActionsProps {
  datasetId: string;
  document: ShownDocument;
  chunk: Chunk;
}

function Actions({ datasetId, document, chunk, onDeleted }: ActionsProps & Pick<Props, "onDeleted">) {
  const { t } = useTranslation("viewer");
  const [isEditing, editing] = useDisclosure();
  const [isDeleting, deleting] = useDisclosure();
  const changes = useChunkChanges(datasetId, document.id);
  const mayWrite = useMayWrite() && !document.archived;
  if (!mayWrite) return null;
  const flip = (isOn: boolean) =>
    changes.switch.mutate(
      { id: chunk.id, isOn },
      { onError: ({ message }) => notifications.show({ color: "red", title: t("common:failure.title"), message }) },
    );
  const remove = () => changes.remove.mutate(chunk.id, { onSuccess: () => (deleting.close(), onDeleted()) });
  return (
    <Group gap={4} wrap="nowrap">
      <Tooltip label={t(chunk.enabled ? "chunks.isOn" : "chunks.isOff")}>
        <Switch
          size="xs"
          aria-label={t("chunks.switch", { position: chunk.position })}
          checked={changes.switch.isPending ? changes.switch.variables.isOn : chunk.enabled}
          onChange={({ currentTarget }) => flip(currentTarget.checked)}
        />
      </Tooltip>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        aria-label={t("chunks.edit", { position: chunk.position })}
        onClick={editing.open}
      >
        <IconPencil size={16} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="red"
        size="sm"
        aria-label={t("chunks.delete", { position: chunk.position })}
        onClick={deleting.open}
      >
        <IconTrash size={16} />
      </ActionIcon>
      <ChunkEditor datasetId={datasetId} document={document} chunk={chunk} isOpen={isEditing} onClose={editing.close} />
      <Confirm
        isOpen={isDeleting}
        title={t("chunks.delete", { position: chunk.position })}
        deed={t("common:actions.delete")}
        error={changes.remove.error}
        isPending={changes.remove.isPending}
        onConfirm={() => remove()}
        onClose={deleting.close}
      >
        <Text size="sm">{t("chunks.sure", { position: chunk.position, beginning: beginning(chunk.content) })}</Text>
      </Confirm>
    </Group>
  );
}

function Children({ datasetId, document, chunk }: ActionsProps) {
  const { t } = useTranslation("viewer");
  const { number } = useFormats();
  const [isOpen, { toggle }] = useDisclosure();
  const counted = { count: chunk.child_count, number: number(chunk.child_count) };
  return (
    <div>
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        aria-label={t("children.countOf", { ...counted, position: chunk.position })}
        aria-expanded={isOpen}
        leftSection={isOpen ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
        onClick={toggle}
      >
        {t("children.count", counted)}
      </Button>
      <Collapse expanded={isOpen}>
        {isOpen && <ChildList datasetId={datasetId} document={document} chunk={chunk} />}
      </Collapse>
    </div>
  );
}
