import { useThrottledCallback } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { TOLD_OF_DATASETS, plainId } from "../../api/datasets";
import { documentsKey, told, type DocumentsPage } from "../../api/documents";
import { follow, type DocumentEvent } from "../../api/events";
import { useUploads } from "../../api/upload";

const CALM_MS = 1500;
const FOLD_MS = 250;

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
    const heardOf = new Set<string>();
    const show = (events: Map<string, DocumentEvent>) => {
      queries.setQueriesData<DocumentsPage>({ queryKey: documentsKey(datasetId) }, (page) => withEvents(page, events));
      // One that goes on running says all that a list shows of it.
      const isNews = [...events.values()].some(({ id, phase }) => phase !== "running" || !heardOf.has(id));
      for (const id of events.keys()) heardOf.add(id);
      if (isNews) askAnew();
    };
    void follow(plainId(datasetId), folded(show, leaving.signal), leaving.signal);
    return () => leaving.abort();
  }, [datasetId, queries, askAnew]);
}

/** Hands on what was told of each document last, not often: thousands may change at once. */
function folded(show: (events: Map<string, DocumentEvent>) => void, signal: AbortSignal) {
  let untold = new Map<string, DocumentEvent>();
  const hand = () => {
    const events = untold;
    untold = new Map();
    if (!signal.aborted) show(events);
  };
  return (event: DocumentEvent) => {
    if (untold.size === 0) setTimeout(hand, FOLD_MS);
    untold.set(event.id, event);
  };
}

/** Undefined, which changes nothing, where none of the documents is on the page. */
function withEvents(page: DocumentsPage | undefined, events: Map<string, DocumentEvent>): DocumentsPage | undefined {
  if (!page?.rows.some(({ id }) => events.has(plainId(id)))) return undefined;
  const rows = page.rows.map((row) => {
    const event = events.get(plainId(row.id));
    return event ? told(row, event) : row;
  });
  return { ...page, rows };
}
