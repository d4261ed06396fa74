import { useThrottledCallback } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { TOLD_OF_DATASETS, plainId } from "../../api/datasets";
import { documentsKey, told, type DocumentsPage } from "../../api/documents";
import { follow, type DocumentEvent } from "../../api/events";
import { useUploads } from "../../api/upload";

const CALM_MS = 1500;

/** Keeps the listed rows as the server tells of them; asks anew for what an event does not say, but not often. */
export function useLiveDocuments(datasetId: string): void {
  const queries = useQueryClient();
  const stored = useUploads(datasetId).filter(({ state }) => state === "stored").length;
  const askAnew = useThrottledCallback(() => {
    const keys = [documentsKey(datasetId), ...TOLD_OF_DATASETS];
    keys.forEach((queryKey) => void queries.invalidateQueries({ queryKey }));
  }, CALM_MS);
  useEffect(() => {
    if (stored > 0) askAnew();
  }, [stored, askAnew]);
  useEffect(() => {
    const leaving = new AbortController();
    const tell = (event: DocumentEvent) => {
      let isListed = false;
      queries.setQueriesData<DocumentsPage>({ queryKey: documentsKey(datasetId) }, (page) => {
        const next = page && withEvent(page, event);
        isListed ||= next !== page;
        return next;
      });
      if (!isListed || event.phase !== "running") askAnew();
    };
    void follow(plainId(datasetId), tell, leaving.signal);
    return () => leaving.abort();
  }, [datasetId, queries, askAnew]);
}

/** The same page where the document is not on it. */
function withEvent(page: DocumentsPage, event: DocumentEvent): DocumentsPage {
  if (!page.rows.some(({ id }) => plainId(id) === event.id)) return page;
  return { ...page, rows: page.rows.map((row) => (plainId(row.id) === event.id ? told(row, event) : row)) };
}
