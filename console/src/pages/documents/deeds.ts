import { parseDocuments, stopDocuments, switchDocuments } from "../../api/documents";

export type Deed = "enable" | "disable" | "archive" | "un_archive" | "parse" | "stop";
type Doing = (datasetId: string, ids: string[]) => Promise<unknown>;

/** Those that stand in the menu. */
export const MENU: Deed[] = ["enable", "disable", "archive", "un_archive", "stop"];

export const DEEDS: Record<Deed, Doing> = {
  enable: (datasetId, ids) => switchDocuments(datasetId, "enable", ids),
  disable: (datasetId, ids) => switchDocuments(datasetId, "disable", ids),
  archive: (datasetId, ids) => switchDocuments(datasetId, "archive", ids),
  un_archive: (datasetId, ids) => switchDocuments(datasetId, "un_archive", ids),
  parse: parseDocuments,
  stop: stopDocuments,
};
