import { Box, Skeleton, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";

import { useChunks, useShownDocument, type ShownDocument } from "../../api/chunks";
import { plainId } from "../../api/datasets";
import { Failure } from "../../parts/Failure";
import { spotsOf } from "../../parts/Places";
import { ChunkPane } from "./ChunkPane";
import { DocumentHeader } from "./DocumentHeader";
import { PagePane } from "./PagePane";
import { useWhere } from "./where";
import classes from "./viewer.module.css";

export default function DocumentPage() {
  const { datasetId = "", documentId = "" } = useParams();
  const { data, error, isPending } = useShownDocument(documentId);
  const { t } = useTranslation("viewer");
  if (isPending)
    return (
      <Stack aria-busy aria-label={t("loading")}>
        <Skeleton h={34} w="40%" />
        <Skeleton h={20} w="60%" />
        <Skeleton h="60vh" />
      </Stack>
    );
  if (error) return <Failure error={error} />;
  return (
    <Stack gap="sm" className={classes.screen}>
      <DocumentHeader datasetId={datasetId} document={data} />
      <SideBySide key={data.id} datasetId={datasetId} document={data} />
    </Stack>
  );
}

/** The source and its chunks: what is marked on one side is marked on the other. */
function SideBySide({ datasetId, document }: { datasetId: string; document: ShownDocument }) {
  const [where, go] = useWhere();
  const [{ keyword, searches }, setSearch] = useState({ keyword: "", searches: 0 });
  const followed = where.list === undefined ? where.chunk : undefined;
  const chunks = useChunks(document.id, {
    keyword,
    ...(followed ? { chunkId: followed } : { page: where.list ?? 1 }),
  });
  const items = chunks.data?.items ?? [];
  const marked = items.find(({ id }) => plainId(id) === plainId(where.chunk ?? ""));
  const markedPage = marked && spotsOf(marked.anchors).pages[0];
  // Of a chunk that is followed nobody knows the page before the list is there.
  const isUnknown = where.page === undefined && followed !== undefined && chunks.isPending;
  const page = isUnknown ? undefined : (where.page ?? markedPage ?? 1);

  const turn = (to: number) => go({ ...where, list: where.list ?? chunks.data?.page, page: to });
  const choose = (chunkId: string) => {
    const isListed = items.some(({ id }) => id === chunkId);
    if (!isListed && keyword) setSearch({ keyword: "", searches: searches + 1 });
    go({ page, chunk: chunkId, list: isListed ? (where.list ?? chunks.data?.page) : undefined });
  };
  return (
    <Box className={document.has_pages ? classes.sides : classes.alone}>
      {document.has_pages && (
        <PagePane document={document} page={page} chunkId={where.chunk} onTurn={turn} onChoose={choose} />
      )}
      <ChunkPane
        datasetId={datasetId}
        document={document}
        found={chunks}
        keyword={keyword}
        searches={searches}
        chunkId={where.chunk}
        onSearch={(asked) => {
          setSearch({ keyword: asked, searches });
          if (where.list !== 1) go({ page, list: 1 });
        }}
        onList={(list) => go({ page, list })}
        onPlace={(chunkId, to) => go({ page: to, chunk: chunkId, list: chunks.data?.page })}
        onDeleted={(chunkId) =>
          plainId(chunkId) === plainId(where.chunk ?? "") && go({ page, list: chunks.data?.page })
        }
        onAdded={(chunkId) => go({ page, chunk: chunkId })}
      />
    </Box>
  );
}
