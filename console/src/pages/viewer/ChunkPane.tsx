import { Box, Button, Center, Pagination, Skeleton, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { useMayWrite } from "../../app/SessionGate";
import { CHUNKS_A_PAGE, type ChunkPage, type ShownDocument } from "../../api/chunks";
import { plainId } from "../../api/datasets";
import { Failure } from "../../parts/Failure";
import { useFormats } from "../../parts/formats";
import { SearchBox } from "../../parts/SearchBox";
import { ChunkCard } from "./ChunkCard";
import { ChunkEditor } from "./ChunkEditor";
import classes from "./viewer.module.css";

interface Props {
  datasetId: string;
  document: ShownDocument;
  found: UseQueryResult<ChunkPage>;
  keyword: string;
  /** Another number: somebody else than who types has changed what is searched. */
  searches: number;
  chunkId: string | undefined;
  onSearch: (keyword: string) => void;
  onList: (page: number) => void;
  onPlace: (chunkId: string, page: number) => void;
  onAdded: (chunkId: string) => void;
  onDeleted: (chunkId: string) => void;
}

const BOX = { size: "xs", flex: 1, miw: 140 } as const;

/** The chunks of a document, a page of the list at a time. */
export function ChunkPane(props: Props) {
  const { datasetId, document, found, keyword, searches, chunkId, onSearch, onList, onPlace, onAdded, onDeleted } =
    props;
  const { t } = useTranslation("viewer");
  const { number } = useFormats();
  const [isAdding, { open, close }] = useDisclosure();
  const mayWrite = useMayWrite() && !document.archived;
  const total = found.data?.total ?? 0;
  const pages = Math.ceil(total / CHUNKS_A_PAGE);
  return (
    <Box component="section" className={classes.pane} aria-label={t("chunks.title")}>
      <div className={classes.bar}>
        <SearchBox key={searches} label={t("chunks.search")} value={keyword} onSearch={onSearch} shape={BOX} />
        <Text size="sm" c="dimmed" aria-live="polite">
          {found.data && t("counts.chunks", { count: total, number: number(total) })}
        </Text>
        {mayWrite && (
          <Button size="xs" variant="light" leftSection={<IconPlus size={14} />} onClick={open}>
            {t("chunks.add")}
          </Button>
        )}
      </div>
      <div className={classes.scroll}>
        {found.error ? <Failure error={found.error} /> : null}
        {found.isPending && <Skeleton h={300} aria-busy aria-label={t("loading")} />}
        {found.data?.isLost && (
          <Text c="dimmed" size="sm" pb="xs" role="status">
            {t("chunks.lost")}
          </Text>
        )}
        {found.data && total === 0 && <Nothing document={document} keyword={keyword} />}
        <Stack
          gap="xs"
          role="list"
          aria-label={t("chunks.title")}
          style={{ opacity: found.isPlaceholderData ? 0.6 : 1 }}
        >
          {found.data?.items.map((chunk) => (
            <ChunkCard
              key={chunk.id}
              datasetId={datasetId}
              document={document}
              chunk={chunk}
              keyword={keyword}
              isMarked={plainId(chunk.id) === plainId(chunkId ?? "")}
              onPlace={(page) => onPlace(chunk.id, page)}
              onDeleted={() => onDeleted(chunk.id)}
            />
          ))}
        </Stack>
      </div>
      {found.data && pages > 1 && (
        <Center p={6} className={classes.foot}>
          <Pagination
            size="sm"
            total={pages}
            value={found.data.page}
            onChange={onList}
            aria-label={t("chunks.pages")}
            getControlProps={(control) => ({ "aria-label": t(`chunks.${control}`) })}
            getItemProps={(page) => ({ "aria-label": t("chunks.page", { page: number(page) }) })}
          />
        </Center>
      )}
      <ChunkEditor datasetId={datasetId} document={document} isOpen={isAdding} onClose={close} onAdded={onAdded} />
    </Box>
  );
}

function Nothing({ document, keyword }: { document: ShownDocument; keyword: string }) {
  const { t } = useTranslation("viewer");
  const reason = keyword ? "nothing" : document.phase === "running" ? "notYet" : "none";
  return (
    <Text c="dimmed" ta="center" py="xl" size="sm">
      {t(`chunks.${reason}`, { keyword })}
    </Text>
  );
}
